import { account, expect, test } from "../support/chat";

/** What the browser prints when the server refuses a form: the refusal is what the test is about. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;

test.describe("Registering", () => {
  test("the first account is told that it becomes the owner, the second is not", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz");
    await ana.goes("/register");
    await expect(ana.page.getByRole("heading", { name: "Your server is running" })).toBeVisible();
    await expect(ana.page.getByText("You are the owner")).toBeVisible();
    await ana.registers();
    await expect(ana.composer).toBeVisible();

    const ben = await chat.stranger("Ben", "Okafor");
    await ben.goes("/register");
    await expect(ben.page.getByRole("heading", { name: "Join the conversation" })).toBeVisible();
    await expect(ben.page.getByText("You are the owner")).toHaveCount(0);
  });

  test("each rule of the password is ticked as it is met", async ({ chat }) => {
    const { page } = await chat.stranger("Ana", "Ruiz").then(async (ana) => (await ana.goes("/register"), ana));
    await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
    const password = page.getByLabel("Password", { exact: true });
    const met = () => page.locator(".rules li.met").allInnerTexts().then((labels) => labels.map((label) => label.split(":")[0].trim()));
    for (const [typed, rules] of [
      ["harb", ["a small letter"]],
      ["harbourrow", ["8 characters", "a small letter"]],
      ["Harbourrow", ["8 characters", "a capital", "a small letter"]],
      ["Harbour-77-rowing", ["8 characters", "a capital", "a small letter", "a digit"]],
    ] as const) {
      await password.fill(typed);
      await expect.poll(met, typed).toEqual(rules);
    }
  });

  test("a password that is easy to guess, or holds one's own name, is refused by the server under its field", async ({ chat }) => {
    chat.tolerates(/status of 422/);
    const ana = await chat.stranger("Ana", "Ruiz", { password: "Password1" });
    await ana.goes("/register");
    await ana.fillsRegistration();
    const [password, create] = [ana.page.getByLabel("Password", { exact: true }), ana.createsAccount];
    await create.click();
    await expect(password).toHaveAccessibleDescription(/This password is easy to guess\. It is one of the most common ones\./);
    await password.fill("Rowing-with-Ruiz-42");
    await create.click();
    await expect(password).toHaveAccessibleDescription(/This password contains the last name\. Please choose one without it\./);
    await expect(password).toBeFocused();
    await password.fill("Rowing-at-dawn-42");
    await create.click();
    await expect(ana.page).toHaveURL(/\/$/);
  });

  test("every field that breaks a rule says so before anything is sent", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz");
    await ana.goes("/register");
    await expect(ana.page.locator("html")).toHaveAttribute("data-hydrated", "true");
    const sent: string[] = [];
    ana.page.on("request", (request) => request.method() === "POST" && request.url().includes("/api/register") && sent.push(request.url()));
    await ana.fillsRegistration({ first: " ", last: "", username: "_ana", email: "ana@harbour", password: "harbour77" });
    await ana.createsAccount.click();
    for (const [label, problem] of [
      ["First name", "Please give your first name."],
      ["Last name", "Please give your last name."],
      ["Username", "A username begins with a letter or a digit."],
      ["Email", "This does not look like an email address."],
      ["Password", "A password needs a capital letter."],
    ]) {
      const field = ana.page.getByLabel(label, { exact: true });
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(new RegExp(problem.replaceAll(".", "\\.")));
      await expect(ana.page.getByText(problem)).toBeVisible();
    }
    await expect(ana.page.getByLabel("First name", { exact: true })).toBeFocused();
    expect(sent).toEqual([]);
  });

  test("a username and an email address that are taken are refused under their fields, whatever their case", async ({ chat }) => {
    await chat.register("Ana", "Ruiz");
    chat.tolerates(REFUSED);
    const other = await chat.stranger("Anna", "Roe", { username: "ANA", email: "Ana@Harbour.Example" });
    await other.registers();
    for (const label of ["Username", "Email"]) {
      const field = other.page.getByLabel(label, { exact: true });
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveAccessibleDescription(/taken|already|account/i);
    }
    await expect(other.page).toHaveURL(/\/register/);
  });
});

test.describe("Signing in", () => {
  test("the username and the email address both open the door", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    for (const login of ["ana", " ANA ", "ana@harbour.example", "Ana@Harbour.example"]) {
      await ana.signsOut();
      await ana.signsIn(login);
      await expect(ana.composer).toBeVisible();
    }
    await ana.connected();
  });

  test("a wrong password and an unknown name are refused in the same words", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await ana.signsOut();
    chat.tolerates(REFUSED);
    for (const [login, password] of [
      ["ana", "Harbour-78-rowing"],
      ["nobody-here", "Harbour-77-rowing"],
    ]) {
      await ana.signsIn(login, password);
      await expect(ana.page.getByRole("alert")).toContainText("That username or email and password do not go together.");
      await expect(ana.page).toHaveURL(/\/sign-in/);
    }
    await ana.fillsSignIn();
    await ana.page.getByRole("button", { name: "Sign in" }).click();
    await expect(ana.composer).toBeVisible();
  });

  test("one must sign in first, and is led back to where one wanted to go", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await ana.signsOut();
    for (const [path, arrived] of [
      ["/diagnostics", /\/diagnostics$/],
      ["/c/1", /\/c\/1$/],
      ["/", /\/$/],
    ] as const) {
      await ana.goes(path);
      await expect(ana.page).toHaveURL(/\/sign-in/);
      await expect(ana.composer).toHaveCount(0);
      await ana.fillsSignIn();
      await ana.page.getByRole("button", { name: "Sign in" }).click();
      await expect(ana.page).toHaveURL(arrived);
      await ana.connected();
      await ana.goes("/");
      await ana.signsOut();
    }
  });

  test("the way over registering leads back as well", async ({ chat }) => {
    await chat.register("Ben", "Okafor");
    const ana = await chat.stranger("Ana", "Ruiz");
    await ana.goes("/diagnostics");
    await ana.page.getByRole("link", { name: "Create an account" }).click();
    await ana.fillsRegistration();
    await ana.createsAccount.click();
    await expect(ana.page).toHaveURL(/\/diagnostics$/);
  });

  test("nobody is led to a foreign site", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    for (const next of ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]) {
      await ana.signsOut();
      await ana.goes(`/sign-in?next=${encodeURIComponent(next)}`);
      await ana.fillsSignIn();
      await ana.page.getByRole("button", { name: "Sign in" }).click();
      await expect(ana.composer).toBeVisible();
      expect(new URL(ana.page.url()).origin).toBe(ana.url);
    }
  });
});

test("signing out closes the door behind one", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const cookies = await ana.context.cookies();
  await ana.signsOut();
  await ana.goes("/");
  await expect(ana.page).toHaveURL(/\/sign-in/);

  // The old cookie opens nothing either: the session itself has ended.
  await ana.context.addCookies(cookies);
  await ana.goes("/");
  await expect(ana.page).toHaveURL(/\/sign-in/);
});

test("the session's cookie is out of reach of scripts and of other sites", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const cookies = await ana.context.cookies();
  const session = cookies.filter((cookie) => cookie.httpOnly);
  expect(session).toHaveLength(1);
  expect(session[0].sameSite).toBe("Lax");
  // Thirty days, give or take the time of the test.
  expect(session[0].expires - Date.now() / 1000).toBeGreaterThan(29.9 * 86_400);
  expect(session[0].expires - Date.now() / 1000).toBeLessThan(30.1 * 86_400);
});

test("who has an account comes from the form alone: names of any script and any length fit", async ({ chat }) => {
  const noor = await chat.register("نور", "الهاشمي", { username: "noor" });
  await noor.says("مرحبا");
  await noor.sees("مرحبا");
  const long = account("Bartholomew-Maximilian", "F".repeat(100), { username: "b".repeat(32) });
  const barty = await chat.register(long.first, long.last, long);
  await expect(barty.message("مرحبا").locator(".who b")).toHaveText("نور الهاشمي");
  const overflow = await barty.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
