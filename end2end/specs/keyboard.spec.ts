import { expect, test } from "../support/chat";

test("the first stop of the Tab key skips the list, and a followed link leads into its page", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.page.reload();
  await ana.connected();
  await ana.composer.blur();
  const skip = ana.page.getByRole("link", { name: "Skip to the page" });
  await skip.focus();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await ana.page.keyboard.press("Enter");
  await expect(ana.page.getByRole("main").and(ana.page.locator("#main"))).toBeFocused();

  const list = ana.page.getByRole("navigation", { name: "Conversations" });
  await list.getByRole("link", { name: "All rooms" }).focus();
  await ana.page.keyboard.press("Enter");
  await expect(ana.page.getByRole("heading", { name: "Rooms", level: 1 })).toBeVisible();
  await expect.poll(() => ana.page.evaluate(() => !!document.activeElement?.closest("#main"))).toBe(true);
});
