import { expect, type Person, test } from "../support/chat";

test.beforeEach(({ chat }) => chat.breaksTheNetwork());

/** The keys that the browser keeps of this site. */
function stored(person: Person): Promise<string[]> {
  return person.page.evaluate(() => Object.keys(localStorage));
}

test("a tab that closes with something queued leaves it to another, which sends it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const tab = await chat.tab(ana);
  await tab.goes("/");
  await tab.connected();
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("First");
  await ana.says("Second");
  // What waits in one tab is shown in the other.
  for (const text of ["First", "Second"]) await expect(tab.message(text)).toHaveClass(/queued/);
  await ana.page.close();
  await chat.program.start();
  await tab.linkIs("connected");
  await tab.seesExactly(["First", "Second"]);
  expect((await stored(tab)).filter((key) => key.includes("outbox"))).toEqual([]);
});

test("a message that has waited for more than a day asks before it is sent", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  for (const text of ["Yesterday's news", "No longer true"]) await ana.says(text);
  await ana.page.goto("about:blank");
  await chat.program.start();
  await ana.goes("/icon.svg");
  await ana.page.evaluate(() => {
    for (const [key, text] of Object.entries(localStorage)) {
      if (key.includes("outbox")) localStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), at: Date.now() - 25 * 60 * 60 * 1000 }));
    }
  });
  await ana.goes("/");
  await ana.connected();
  const news = ana.message("Yesterday's news");
  await expect(news).toContainText("waiting for more than a day");
  await news.getByRole("button", { name: "Send now" }).click();
  await ana.sees("Yesterday's news");
  await expect(news).not.toContainText("waiting for more than a day");
  await ana.message("No longer true").getByRole("button", { name: "Discard" }).click();
  await ana.seesExactly(["Yesterday's news"]);
  await ana.page.reload();
  await ana.connected();
  await ana.seesExactly(["Yesterday's news"]);
});

test("a browser that keeps nothing says that unsent messages are lost with the page", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz");
  await ana.page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  await ana.registers();
  await ana.arrives();
  await ana.connected();
  await expect(ana.banner).toBeHidden();
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("Only here");
  await expect(ana.banner).toContainText("This browser does not keep unsent messages");
  await chat.program.start();
  await ana.linkIs("connected");
  await ana.sees("Only here");
  await expect(ana.banner).toBeHidden();
});

test("signing out with unsent messages asks, and then removes drafts and unsent messages from the browser", async ({ chat }) => {
  const wire = await chat.wire();
  const ana = await chat.register("Ana", "Ruiz", { at: wire.url });
  await ana.page.routeWebSocket("**/ws", () => {});
  await ana.page.reload();
  await expect(ana.page.locator("html")).toHaveAttribute("data-hydrated", "true");
  await ana.says("Not sent yet");
  await ana.composer.fill("A draft");
  await expect.poll(() => stored(ana)).toEqual(expect.arrayContaining([expect.stringContaining("outbox"), expect.stringContaining("draft")]));

  const dialog = ana.page.getByRole("dialog", { name: "Sign out with unsent messages?" });
  await ana.menu.click();
  await ana.page.getByRole("button", { name: "Sign out" }).click();
  await expect(dialog).toContainText("One message has not been sent");
  await dialog.getByRole("button", { name: "Stay signed in" }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.message("Not sent yet")).toBeVisible();

  await ana.menu.click();
  await ana.page.getByRole("button", { name: "Sign out" }).click();
  await dialog.getByRole("button", { name: "Sign out and discard" }).click();
  await expect(ana.page).toHaveURL(/\/sign-in/);
  expect((await stored(ana)).filter((key) => /outbox|draft/.test(key))).toEqual([]);
});
