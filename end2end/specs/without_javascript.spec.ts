import { expect, test } from "../support/chat";

const plain = { javaScriptEnabled: false };

test.describe("Without JavaScript", () => {
  test("one can register, post, read, sign out and sign in", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz", { browser: plain });
    await ana.registers();
    await ana.arrives();
    await ana.composer.fill("A plain form will do.");
    await ana.page.getByRole("button", { name: "Send" }).click();
    await expect(ana.message("A plain form will do.")).toHaveCount(1);
    await expect(ana.message("A plain form will do.").locator(".who b")).toHaveText("Ana Ruiz");
    await expect(ana.composer).toHaveValue("");

    const ben = await chat.register("Ben", "Okafor");
    await ben.sees("A plain form will do.");
    await ben.says("**Bravo**");
    // A page without scripts shows what stands when it is loaded: not before it is acknowledged.
    await expect(ben.rows.last()).toContainText("Bravo");
    await expect(ben.page.locator("article.queued")).toHaveCount(0);
    await ana.page.reload();
    await expect(ana.rows.last().locator("strong")).toHaveText("Bravo");

    await ana.signsOut();
    await ana.goes("/c/1");
    await expect(ana.page).toHaveURL(/\/sign-in/);
    await ana.fillsSignIn("ana@harbour.example");
    await ana.page.getByRole("button", { name: "Sign in" }).click();
    await expect(ana.page).toHaveURL(/\/c\/1$/);
    await expect(ana.message("A plain form will do.")).toHaveCount(1);
  });

  test("a refused form says why, in the words of the live one", async ({ chat }) => {
    await chat.register("Ana", "Ruiz");
    const ben = await chat.stranger("Ben", "Okafor", { browser: plain, username: "ana", password: "harbour77" });
    await ben.registers();
    await expect(ben.page).toHaveURL(/\/register/);
    await expect(ben.page.getByText("A password needs a capital letter.")).toBeVisible();
    // What was typed is still there, all but the password; and it stands in no address.
    await expect(ben.page.getByLabel("First name", { exact: true })).toHaveValue("Ben");
    await expect(ben.page.getByLabel("Last name", { exact: true })).toHaveValue("Okafor");
    await expect(ben.page.getByLabel("Username", { exact: true })).toHaveValue("ana");
    await expect(ben.page.getByLabel("Email", { exact: true })).toHaveValue(ben.account.email);
    await expect(ben.page.getByLabel("Password", { exact: true })).toHaveValue("");
    expect(ben.page.url()).not.toContain("Okafor");
    await ben.page.getByLabel("Password", { exact: true }).fill("Harbour-77-rowing");
    await ben.createsAccount.click();
    await expect(ben.page.getByLabel("Username", { exact: true })).toHaveAccessibleDescription(/taken|already/i);

    await ben.signsIn("ana", "wrong");
    await expect(ben.page.getByRole("alert")).toContainText("That username or email and password do not go together.");
    await expect(ben.page.getByLabel("Username or email", { exact: true })).toHaveValue("ana");
    // It is told once: who comes later to this browser finds an empty form.
    await ben.goes("/register");
    await expect(ben.page.getByLabel("Username", { exact: true })).toHaveValue("");
    // What was typed into the form must not stand in an address, where histories and logs keep it.
    expect(ben.page.url()).not.toContain("wrong");
  });

  test("the way back to where one wanted to go survives a wrong password", async ({ chat }) => {
    await chat.register("Ana", "Ruiz");
    const ana = await chat.stranger("Ana", "Ruiz", { browser: plain });
    await ana.goes("/diagnostics");
    await ana.fillsSignIn("ana", "Wrong-77-one");
    await ana.page.getByRole("button", { name: "Sign in" }).click();
    await expect(ana.page.getByRole("alert")).toBeVisible();
    await ana.fillsSignIn();
    await ana.page.getByRole("button", { name: "Sign in" }).click();
    await expect(ana.page).toHaveURL(/\/diagnostics$/);
  });

  test("rooms are made, refused, changed, joined and left, and people are written to", async ({ chat }) => {
    const ben = await chat.register("Ben", "Okafor");
    const ana = await chat.stranger("Ana", "Ruiz", { browser: plain });
    await ana.registers();
    await ana.page.getByRole("link", { name: "New room" }).click();
    await ana.page.getByLabel("Name", { exact: true }).fill("x".repeat(81));
    await ana.page.getByLabel("Topic (optional)").fill("Kept");
    await ana.page.getByRole("button", { name: "Create room" }).click();
    await expect(ana.page.getByText("A room's name has up to 80 characters.")).toBeVisible();
    await expect(ana.page.getByLabel("Topic (optional)")).toHaveValue("Kept");
    await ana.page.getByLabel("Name", { exact: true }).fill("Harbour");
    await ana.page.getByRole("button", { name: "Create room" }).click();
    await expect(ana.page.getByRole("heading", { name: /Harbour/ }).first()).toBeVisible();
    await ana.page.getByRole("link", { name: /About this room/ }).click();
    await ana.page.getByRole("button", { name: "Add Ben Okafor" }).click();
    await expect(ana.page.getByText("2 members in this room")).toBeVisible();
    await expect(ben.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "Harbour" })).toBeVisible();
    await ana.page.getByRole("button", { name: "Remove Ben Okafor" }).click();
    await expect(ana.page.getByText("1 member in this room")).toBeVisible();
    await ana.goes("/people");
    await ana.page.getByRole("button", { name: "Message Ben Okafor" }).click();
    await expect(ana.page.getByRole("heading", { name: "Ben Okafor" }).first()).toBeVisible();
    await ana.goes("/rooms");
    await ana.page.getByRole("link", { name: "Harbour" }).last().click();
    await expect(ana.page.getByRole("heading", { name: /Harbour/ }).first()).toBeVisible();
  });

  test("older messages are a link away, and so are the newest", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz", { browser: plain });
    await ana.registers();
    await ana.arrives();
    const all = Array.from({ length: 120 }, (_, i) => `Message ${i + 1}`);
    await ana.posts(all);
    await ana.goes("/c/1");
    expect(await ana.messages()).toEqual(all.slice(-50));
    await ana.page.getByRole("link", { name: "Older messages" }).click();
    await expect(ana.message("Message 70")).toHaveCount(1);
    expect(await ana.messages()).toEqual(all.slice(20, 70));
    await ana.page.getByRole("link", { name: "Older messages" }).click();
    await expect(ana.message("Message 1")).toHaveCount(1);
    await expect(ana.page.getByRole("link", { name: "Older messages" })).toHaveCount(0);
    await ana.page.getByRole("link", { name: "Newest messages" }).click();
    await expect(ana.message("Message 120")).toHaveCount(1);
  });

  test("sending the same form again posts nothing twice", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz", { browser: plain });
    await ana.registers();
    await ana.arrives();
    await ana.composer.fill("Once");
    const fields = await ana.page.locator("form", { has: ana.composer }).locator("input[type=hidden]").evaluateAll((inputs) =>
      Object.fromEntries(inputs.map((input) => [(input as HTMLInputElement).name, (input as HTMLInputElement).value])),
    );
    for (let i = 0; i < 2; i += 1) {
      const answer = await ana.context.request.post(`${ana.url}/api/post-message`, {
        headers: { Origin: ana.url },
        form: { ...fields, body: "Once" },
        maxRedirects: 0,
      });
      expect(answer.status()).toBeLessThan(400);
    }
    await ana.goes("/");
    expect(await ana.messages()).toEqual(["Once"]);
  });
});
