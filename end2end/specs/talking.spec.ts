import { expect, test } from "../support/chat";

test("a message typed here is read there, under its author's name", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  await ana.says("The four is rigged.");
  await ana.sees("The four is rigged.");
  await ben.sees("The four is rigged.");
  await expect(ben.message("The four is rigged.").locator(".who b")).toHaveText("Ana Ruiz");
  await ben.says("Coffee at the slip?");
  await ana.sees("Coffee at the slip?");
  await expect(ana.message("Coffee at the slip?").locator(".who b")).toHaveText("Ben Okafor");
});

test("one's own other tab and other device show what one says", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const tab = await chat.tab(ana);
  await tab.goes("/");
  await tab.connected();
  const laptop = await chat.device(ana);
  await ana.says("Everywhere at once");
  for (const place of [ana, tab, laptop]) await place.seesExactly(["Everywhere at once"]);
});

test("Markdown is shown, and what looks like a page's own code is only text", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  await ana.says("**bold** *slanted* ~~gone~~ `code` https://harbour.example/sat");
  const body = ben.rows.last().locator(".body");
  await expect(body.locator("strong")).toHaveText("bold");
  await expect(body.locator("em")).toHaveText("slanted");
  await expect(body.locator("del, s")).toHaveText("gone");
  await expect(body.locator("code")).toHaveText("code");
  await expect(body.locator("a")).toHaveAttribute("href", "https://harbour.example/sat");
  await expect(body.locator("a")).toHaveAttribute("rel", /noopener/);

  await ana.says("```\nfn main() {}\n```\n\n> quoted\n\n- one\n- two");
  await expect(ben.rows.last().locator("pre code")).toHaveText(/fn main\(\) \{\}/);
  await expect(ben.rows.last().locator("blockquote")).toHaveText("quoted");
  await expect(ben.rows.last().locator("li")).toHaveText(["one", "two"]);

  let alerted = false;
  ben.page.on("dialog", (dialog) => ((alerted = true), void dialog.dismiss()));
  await ana.says("<img src=x onerror=alert(1)><script>alert(2)</script> [here](javascript:alert(3))");
  await expect(ben.rows.last()).toContainText("<script>alert(2)</script>");
  await expect(ben.rows.last().locator(".body img, .body script")).toHaveCount(0);
  await expect(ben.rows.last().locator(".body a[href^='javascript']")).toHaveCount(0);
  expect(alerted).toBe(false);
});

test("Enter sends, Shift and Enter break the line, and nothing is not sent", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.composer.fill("first");
  await ana.composer.press("Shift+Enter");
  await ana.composer.pressSequentially("second");
  await expect(ana.composer).toHaveValue("first\nsecond");
  await ana.composer.press("Enter");
  await expect(ana.composer).toHaveValue("");
  await ana.seesExactly(["first\nsecond"]);

  await ana.composer.fill("   ");
  await ana.composer.press("Enter");
  await ana.composer.fill("by the button");
  await ana.page.getByRole("button", { name: "Send" }).click();
  await ana.seesExactly(["first\nsecond", "by the button"]);
});

test("a text above the limit is not sent and not lost", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.composer.fill("x".repeat(8001));
  await ana.composer.press("Enter");
  await expect(ana.composer).toHaveValue("x".repeat(8001));
  await expect(ana.rows).toHaveCount(0);
  await ana.composer.fill("x".repeat(8000));
  await ana.composer.press("Enter");
  await expect(ana.rows).toHaveCount(1);
});

test("a draft survives a reload and goes with its message", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.composer.fill("Half a thought");
  await ana.page.reload();
  await ana.connected();
  await expect(ana.composer).toHaveValue("Half a thought");
  await ana.composer.press("Enter");
  await ana.sees("Half a thought");
  await ana.page.reload();
  await ana.connected();
  await expect(ana.composer).toHaveValue("");
});

test("two who post twenty each at once see one and the same order", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  const lines = (name: string) => Array.from({ length: 20 }, (_, i) => `${name} ${i + 1}`);
  await Promise.all([ana, ben].map(async (person) => {
    for (const line of lines(person.account.first)) await person.says(line);
  }));
  for (const person of [ana, ben]) {
    // So high that all rows are in the page.
    await person.page.setViewportSize({ width: 1280, height: 3_000 });
    await expect(person.rows).toHaveCount(40);
    await expect(person.timeline.locator(".queued")).toHaveCount(0);
  }
  const order = await ana.messages();
  expect(await ben.messages()).toEqual(order);
  // Each one's own messages stand as they were typed.
  for (const name of ["Ana", "Ben"]) expect(order.filter((line) => line.startsWith(name))).toEqual(lines(name));
  await ben.page.reload();
  await ben.connected();
  await ben.seesExactly(order);
});
