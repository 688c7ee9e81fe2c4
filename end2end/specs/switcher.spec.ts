import { expect, type Person, test } from "../support/chat";

const dialog = (person: Person) => person.page.getByRole("dialog", { name: "Find or go to" });
const field = (person: Person) => dialog(person).getByRole("textbox", { name: "Find or go to" });
const log = (person: Person, name: string) => person.page.getByRole("log", { name: `Messages in ${name}` });

async function makes(person: Person, name: string) {
  await person.goes("/rooms/new");
  await person.connected();
  await person.page.getByLabel("Name", { exact: true }).fill(name);
  await person.page.getByRole("button", { name: "Create room" }).click();
  await expect(log(person, name)).toBeVisible();
}

test.describe("The switcher", () => {
  test("leads by a few keys to a conversation, a room to join and a person", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Boats and repairs");
    await ana.page.keyboard.press("Control+k");
    await expect(field(ana)).toBeFocused();
    await ana.page.keyboard.type("gener");
    await expect(dialog(ana).getByRole("link", { name: "General" })).toBeVisible();
    await expect(dialog(ana).getByRole("link", { name: "Boats" })).toHaveCount(0);
    await ana.page.keyboard.press("Enter");
    await expect(log(ana, "General")).toBeVisible();
    await expect(dialog(ana)).toBeHidden();

    await ben.page.getByRole("link", { name: "Find or go to…" }).click();
    await field(ben).fill("REPAIR");
    await expect(dialog(ben).getByRole("button", { name: /Boats and repairs/ })).toBeVisible();
    await ben.page.keyboard.press("ArrowDown");
    await expect(dialog(ben).getByRole("button", { name: /Boats and repairs/ })).toBeFocused();
    await ben.page.keyboard.press("Enter");
    await expect(log(ben, "Boats and repairs")).toBeVisible();
    await expect(dialog(ben)).toBeHidden();

    await ben.page.keyboard.press("Control+k");
    await ben.page.keyboard.type("ruiz");
    await expect(dialog(ben).getByRole("button", { name: /Ana Ruiz/ })).toBeVisible();
    await ben.page.keyboard.press("Enter");
    await expect(log(ben, "Ana Ruiz")).toBeVisible();
    await ben.page.keyboard.press("Control+k");
    await ben.page.keyboard.type("nobody is called this");
    await expect(dialog(ben).getByText("No conversation, room or person is called anything like this.")).toBeVisible();
    await ben.page.keyboard.press("Escape");
    await expect(dialog(ben)).toBeHidden();
  });

  test("Enter takes what was typed, also from who is faster than the answer", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Boats");
    await makes(ana, "Kitchen");
    await ana.page.keyboard.press("Control+k");
    await expect(dialog(ana).getByRole("link").first()).toBeVisible();
    await ana.page.route("**/api/server-page*", async (route) => {
      // Held back until Enter has been pressed.
      await pressed;
      await route.continue();
    });
    let press = () => {};
    const pressed = new Promise<void>((resolve) => (press = resolve));
    await ana.page.keyboard.type("boa");
    await ana.page.keyboard.press("Enter");
    press();
    await expect(log(ana, "Boats")).toBeVisible();
    await expect(dialog(ana)).toBeHidden();
  });

  test("on a phone it opens from within a conversation", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz", { browser: { viewport: { width: 390, height: 844 } } });
    await ana.goes("/c/1");
    await ana.connected();
    await ana.page.keyboard.press("Control+k");
    await expect(field(ana)).toBeFocused();
    await expect(field(ana)).toBeInViewport();
  });

  test("the arrow keys with Alt walk through the list", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Boats");
    await ana.page.keyboard.press("Alt+ArrowUp");
    await expect(log(ana, "General")).toBeVisible();
    await ana.page.keyboard.press("Alt+ArrowUp");
    await expect(log(ana, "General")).toBeVisible();
    await ana.page.keyboard.press("Alt+ArrowDown");
    await expect(log(ana, "Boats")).toBeVisible();
  });

  test("it is a page of its own without scripts", async ({ chat }) => {
    await chat.register("Ben", "Okafor");
    const ana = await chat.stranger("Ana", "Ruiz", { browser: { javaScriptEnabled: false } });
    await ana.registers();
    await ana.page.getByRole("link", { name: "Find or go to…" }).click();
    await ana.page.getByRole("searchbox", { name: "Find or go to" }).fill("oka");
    await ana.page.getByRole("button", { name: "Find" }).click();
    await ana.page.getByRole("button", { name: /Ben Okafor/ }).click();
    await expect(ana.page.getByRole("heading", { name: "Ben Okafor" }).first()).toBeVisible();
  });
});
