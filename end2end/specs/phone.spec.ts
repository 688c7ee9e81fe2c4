import { expect, type Person, test } from "../support/chat";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("a phone shows one pane at a time, and both ways back work", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  const list = ana.page.getByRole("navigation", { name: "Conversations" });
  await expect(list).toBeVisible();
  await expect(ana.composer).toBeHidden();

  await list.getByRole("link", { name: "General" }).click();
  await expect(ana.page).toHaveURL(/\/c\/1$/);
  await expect(ana.composer).toBeVisible();
  await expect(list).toBeHidden();
  await ana.linkIs("connected");
  await ana.says("From the pocket");
  await ana.sees("From the pocket");
  await fits(ana);

  await ana.page.getByRole("link", { name: "Conversations" }).click();
  await expect(list).toBeVisible();
  await expect(ana.composer).toBeHidden();
  await fits(ana);

  await list.getByRole("link", { name: "General" }).click();
  await expect(ana.composer).toBeVisible();
  await ana.page.goBack();
  await expect(list).toBeVisible();
  await expect(ana.composer).toBeHidden();
});

test("Enter on a touch keyboard breaks the line, and the button sends", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  await ana.goes("/c/1");
  await ana.connected();
  await ana.composer.tap();
  await ana.page.keyboard.type("first");
  await ana.page.keyboard.press("Enter");
  await ana.page.keyboard.type("second");
  await expect(ana.composer).toHaveValue("first\nsecond");
  await ana.page.getByRole("button", { name: "Send" }).tap();
  await ana.seesExactly(["first\nsecond"]);
});

test("long words and wide code do not push the page sideways", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  await ana.goes("/c/1");
  await ana.connected();
  await ana.says("w".repeat(400));
  await ana.says("```\n" + "code ".repeat(80) + "\n```");
  await ana.says("https://harbour.example/" + "p".repeat(300));
  await expect(ana.rows).toHaveCount(3);
  await fits(ana);
});

test("what one touches is large enough, and the keyboard of a phone does not zoom the page", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  await ana.goes("/c/1");
  await ana.connected();
  for (const touched of [ana.page.getByRole("button", { name: "Send" }), ana.page.getByRole("link", { name: "Conversations" })]) {
    const box = await touched.boundingBox();
    expect(Math.min(box!.width, box!.height), String(touched)).toBeGreaterThanOrEqual(24);
  }
  const size = await ana.composer.evaluate((field) => parseFloat(getComputedStyle(field).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
});

test("the actions of a message show when one taps it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  const ben = await chat.register("Ben", "Okafor");
  await ben.says("Is the varnish dry?");
  await ana.goes("/c/1");
  await ana.connected();
  const action = ana.message("Is the varnish dry?").getByRole("button", { name: "Mark as unread" });
  await expect(action).toHaveCSS("opacity", "0");
  await ana.message("Is the varnish dry?").tap();
  await expect(action).toHaveCSS("opacity", "1");
  await action.tap();
  await ana.page.getByRole("link", { name: "Conversations" }).tap();
  await expect(ana.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /General ?, 1 unread message/ })).toBeVisible();
});

/** Nothing sticks out of the screen. */
async function fits(person: Person): Promise<void> {
  const over = await person.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
}
