import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Person, test } from "../support/chat";

const dialog = (person: Person) => person.page.getByRole("dialog", { name: "Find or go to" });
const field = (person: Person) => dialog(person).getByRole("combobox", { name: "Find or go to" });
const option = (person: Person, name: RegExp) => dialog(person).getByRole("option", { name });
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
    await expect(option(ana, /General/)).toBeVisible();
    await expect(option(ana, /Boats/)).toHaveCount(0);
    await expect(option(ana, /General/).locator("mark")).toHaveText("Gener");
    await ana.page.keyboard.press("Enter");
    await expect(log(ana, "General")).toBeVisible();
    await expect(dialog(ana)).toBeHidden();

    // A room that one is not in leads to the way to join it.
    await ben.page.getByRole("link", { name: "Find or go to…" }).click();
    await field(ben).fill("REPAIR");
    await option(ben, /Boats and repairs/).click();
    await ben.page.getByRole("button", { name: "Join this room Boats and repairs" }).click();
    await expect(log(ben, "Boats and repairs")).toBeVisible();

    await ben.page.keyboard.press("Control+k");
    await ben.page.keyboard.type("ruiz an");
    await expect(option(ben, /Ana Ruiz/)).toHaveAttribute("aria-selected", "true");
    await ben.page.keyboard.press("Enter");
    await expect(log(ben, "Ana Ruiz")).toBeVisible();
    await ben.page.keyboard.press("Control+k");
    await ben.page.keyboard.type("nobody is called this");
    await expect(dialog(ben).getByText("No conversation, room or person is called anything like this.").first()).toBeVisible();
    await ben.page.keyboard.press("Escape");
    await expect(dialog(ben)).toBeHidden();
  });

  test("filters what the client holds without asking the server, also while that cannot be reached", async ({ chat }) => {
    chat.breaksTheNetwork();
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Kitchen");
    await makes(ana, "Régate de printemps");
    // What has been open since the page was loaded is held.
    await ana.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "General" }).click();
    await expect(log(ana, "General")).toBeVisible();
    await ana.context.setOffline(true);
    await ana.page.keyboard.press("Control+k");
    await expect(dialog(ana).getByRole("option")).toHaveCount(3);
    await ana.page.keyboard.type("printemps reg");
    await expect(option(ana, /Régate de printemps/)).toHaveAttribute("aria-selected", "true");
    await expect(option(ana, /Régate/).locator("mark")).toHaveText(["Rég", "printemps"]);
    // What is missing is said, and what is held stays.
    await expect(dialog(ana).getByRole("alert")).toContainText("Rooms and people were not searched.");
    await expect(dialog(ana).getByRole("option")).toHaveCount(1);
    await ana.page.keyboard.press("Enter");
    await expect(log(ana, "Régate de printemps")).toBeVisible();
    await ana.context.setOffline(false);
    await ana.connected();
  });

  test("what the server finds comes below and leaves the selection where it is", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Boats");
    await makes(ben, "Boatyard");
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await ana.page.route("**/api/browse-rooms*", async (route) => {
      await answered;
      await route.continue();
    });
    await ana.page.keyboard.press("Control+k");
    await ana.page.keyboard.type("boat");
    await expect(option(ana, /Boats/)).toHaveAttribute("aria-selected", "true");
    await expect(option(ana, /Boatyard/)).toHaveCount(0);
    answer();
    await expect(option(ana, /Boatyard/)).toBeVisible();
    await expect(dialog(ana).getByRole("group")).toHaveCount(2);
    await expect(option(ana, /Boats/)).toHaveAttribute("aria-selected", "true");
    await expect(dialog(ana).getByRole("status").last()).toHaveText("2 results");
  });

  test("is a combobox whose options the arrow keys, Home and End select", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Boats");
    await makes(ana, "Kitchen");
    await ana.page.keyboard.press("Control+k");
    const options = dialog(ana).getByRole("option");
    await expect(options).toHaveCount(3);
    await expect(field(ana)).toHaveAttribute("aria-expanded", "true");
    for (const [key, at] of [["ArrowDown", 1], ["End", 2], ["ArrowDown", 2], ["Home", 0], ["ArrowUp", 0], ["End", 2], ["ArrowUp", 1]] as const) {
      await ana.page.keyboard.press(key);
      await expect(options.nth(at)).toHaveAttribute("aria-selected", "true");
      await expect(dialog(ana).getByRole("option", { selected: true })).toHaveCount(1);
      await expect(field(ana)).toHaveAttribute("aria-activedescendant", (await options.nth(at).getAttribute("id")) ?? "");
      await expect(field(ana)).toBeFocused();
    }
    const { violations } = await new AxeBuilder({ page: ana.page }).include("dialog").analyze();
    expect(violations).toEqual([]);
  });

  test("Enter takes what was typed, also from who is faster than the answer", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await chat.register("Ben", "Okafor");
    let press = () => {};
    const pressed = new Promise<void>((resolve) => (press = resolve));
    await ana.page.route("**/api/list-people*", async (route) => {
      // Held back until Enter has been pressed.
      await pressed;
      await route.continue();
    });
    await ana.page.keyboard.press("Control+k");
    await expect(field(ana)).toBeFocused();
    await ana.page.keyboard.type("oka");
    await ana.page.keyboard.press("Enter");
    press();
    await expect(log(ana, "Ben Okafor")).toBeVisible();
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

  test("the arrow keys with Alt lead to the conversation below and above", async ({ chat }) => {
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
