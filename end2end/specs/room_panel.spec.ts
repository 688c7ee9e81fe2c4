import { AxeBuilder } from "@axe-core/playwright";
import { type Chat, expect, inEveryLook, type Person, test } from "../support/chat";

const panel = (person: Person) => person.page.getByRole("complementary");
const log = (person: Person, name: string) => person.page.getByRole("log", { name: `Messages in ${name}` });
const opener = (person: Person) => person.page.getByRole("link", { name: /About this room/ });

/** Makes a room by the form that also works without scripts. */
async function makes(person: Person, name: string) {
  await person.goes("/rooms/new");
  await person.connected();
  await person.page.getByLabel("Name", { exact: true }).fill(name);
  await person.page.getByRole("button", { name: "Create room" }).click();
  await expect(log(person, name)).toBeVisible();
}

/** Makes an account by the plain form's address: quicker than typing where typing is not the point. */
async function registers(chat: Chat, first: string) {
  const { context } = await chat.stranger(first, "Berg");
  const username = first.toLowerCase();
  const form = { username, first_name: first, last_name: "Berg", email: `${username}@harbour.example`, password: "Harbour-77-rowing" };
  const answer = await context.request.post(`${chat.url}/api/register`, { headers: { Origin: chat.url }, form, maxRedirects: 0 });
  expect(answer.status(), await answer.text()).toBeLessThan(400);
}

test.describe("The panel of a room", () => {
  test("opens beside the conversation under an address of its own, and back closes it", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Harbour");
    const conversation = new URL(ana.page.url()).pathname;
    await expect(opener(ana)).toHaveAttribute("aria-expanded", "false");
    await opener(ana).click();
    await expect(panel(ana)).toBeVisible();
    await expect(log(ana, "Harbour")).toBeVisible();
    await expect(ana.page).toHaveURL(new RegExp(`${conversation}/about$`));
    await expect(opener(ana)).toHaveAttribute("aria-expanded", "true");
    await expect(panel(ana).getByRole("listitem").filter({ hasText: "Ana Ruiz" }).getByText("Owner")).toBeVisible();
    await ana.page.goBack();
    await expect(panel(ana)).toHaveCount(0);
    await expect(log(ana, "Harbour")).toBeVisible();
    // The address alone opens it as well.
    await ana.goes(`${conversation}/about`);
    await ana.connected();
    await expect(panel(ana)).toBeVisible();
    await expect(log(ana, "Harbour")).toBeVisible();
  });

  test("works with the keyboard alone", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await chat.register("Ben", "Okafor");
    await makes(ana, "Harbour");
    await opener(ana).focus();
    await ana.page.keyboard.press("Enter");
    await expect(panel(ana).getByRole("heading", { name: "# Harbour" })).toBeFocused();
    await panel(ana).getByRole("tab", { name: /Members/ }).focus();
    await ana.page.keyboard.press("ArrowRight");
    await expect(panel(ana).getByRole("tab", { name: "Details" })).toBeFocused();
    await expect(panel(ana).getByRole("tabpanel", { name: "Details" })).toBeVisible();
    await ana.page.keyboard.press("ArrowLeft");
    await panel(ana).getByRole("button", { name: "Add people" }).press("Enter");
    await expect(panel(ana).getByRole("searchbox")).toBeFocused();
    await panel(ana).getByRole("button", { name: "Add Ben Okafor" }).press("Enter");
    await expect(panel(ana).getByRole("button", { name: "Added Ben Okafor" })).toBeVisible();
    await panel(ana).getByRole("button", { name: "Back to the members" }).press("Enter");
    const more = panel(ana).getByRole("button", { name: "More about Ben Okafor" });
    await more.press("Enter");
    await expect(panel(ana).getByRole("menuitem").first()).toBeFocused();
    await ana.page.keyboard.press("Escape");
    await expect(more).toBeFocused();
    await expect(panel(ana).getByRole("menuitem")).toHaveCount(0);
    await more.press("Enter");
    await expect(panel(ana).getByRole("menuitem").first()).toBeFocused();
    await ana.page.keyboard.press("End");
    await expect(panel(ana).getByRole("menuitem").last()).toBeFocused();
    await ana.page.keyboard.press("Enter");
    const dialog = ana.page.getByRole("alertdialog");
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    await ana.page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(more).toBeFocused();
    await expect(panel(ana).getByRole("listitem")).toHaveCount(2);
    await ana.page.keyboard.press("Escape");
    await expect(panel(ana)).toHaveCount(0);
    await expect(opener(ana)).toBeFocused();
  });

  test("follows who joins and leaves, and keeps what is shown when it cannot", async ({ chat }) => {
    chat.tolerates(/status of 503/);
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Harbour");
    await opener(ana).click();
    await expect(panel(ana).getByRole("listitem")).toHaveCount(1);
    await ben.page.getByRole("link", { name: "All rooms" }).click();
    await ben.page.getByRole("button", { name: "Join Harbour" }).click();
    await expect(log(ben, "Harbour")).toBeVisible();
    await expect(panel(ana).getByRole("listitem").filter({ hasText: "Ben Okafor" })).toBeVisible();
    await expect(panel(ana).getByRole("tab", { name: "Members 2" })).toBeVisible();
    await ana.page.route("**/api/room-details*", (route) => route.fulfill({ status: 503, body: "" }));
    await opener(ben).click();
    await panel(ben).getByRole("tab", { name: "Details" }).click();
    await panel(ben).getByRole("button", { name: "Leave the room…" }).click();
    await ben.page.getByRole("alertdialog").getByRole("button", { name: "Leave the room" }).click();
    await expect(panel(ana).getByRole("alert").filter({ hasText: "Try again" })).toBeVisible();
    await expect(panel(ana).getByRole("listitem").first()).toBeVisible();
    await ana.page.unroute("**/api/room-details*");
    await panel(ana).getByRole("button", { name: "Try again" }).click();
    await expect(panel(ana).getByRole("listitem")).toHaveCount(1);
    await expect(panel(ana).getByRole("alert").filter({ hasText: "Try again" })).toHaveCount(0);
  });

  test("filters the members of a larger room by their names", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    for (let i = 0; i < 11; i += 1) await registers(chat, `Person${String.fromCharCode(65 + i)}`);
    await ana.goes("/c/1/about");
    await ana.connected();
    await expect(panel(ana).getByRole("listitem")).toHaveCount(12);
    await panel(ana).getByRole("searchbox", { name: "Find a member" }).fill("berg persong");
    await expect(panel(ana).getByRole("listitem")).toHaveCount(1);
    await panel(ana).getByRole("searchbox", { name: "Find a member" }).fill("nobody");
    await expect(panel(ana).getByText("No member is called anything like this.")).toBeVisible();
  });

  test("passes axe in both schemes, wide and on a phone, where it is a pane of its own", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Harbour");
    await opener(ana).click();
    await expect(panel(ana).getByRole("listitem")).toHaveCount(1);
    await inEveryLook(ana.page, async (look) => {
      for (const tab of [/Members/, /Details/]) {
        await panel(ana).getByRole("tab", { name: tab }).click();
        const { violations } = await new AxeBuilder({ page: ana.page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
        expect(violations, look).toEqual([]);
      }
    });
    await ana.page.setViewportSize({ width: 390, height: 844 });
    await expect(log(ana, "Harbour")).toBeHidden();
    await panel(ana).getByRole("link", { name: "Close" }).click();
    await expect(log(ana, "Harbour")).toBeVisible();
  });

  test("its code is fetched when it is first opened, and again after a failure", async ({ chat }) => {
    chat.breaksTheNetwork();
    chat.tolerates(/TypeError: Failed to fetch/);
    const ana = await chat.register("Ana", "Ruiz");
    const code = /split_room_panel\.wasm$/;
    let asked = 0;
    await ana.page.route(code, (route) => ((asked += 1) === 1 ? route.abort() : route.continue()));
    await ana.page.reload();
    await ana.connected();
    expect(asked).toBe(0);
    await opener(ana).click();
    await expect(panel(ana).getByRole("alert").first()).toHaveText("This part of the page could not be loaded.");
    await panel(ana).getByRole("button", { name: "Try again" }).click();
    await expect(panel(ana).getByRole("listitem")).toHaveCount(1);
    expect(asked).toBe(2);
  });

  test("is a page of its own without scripts", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz", { browser: { javaScriptEnabled: false } });
    await ana.registers();
    await ana.page.getByRole("link", { name: /About this room/ }).click();
    await expect(ana.page.getByRole("heading", { name: "1 member in this room" })).toBeVisible();
  });
});

test.describe("The lists of rooms and people", () => {
  test("search while one types, from both ways in", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Boats");
    await makes(ana, "Kitchen");
    for (const way of ["link", "address"]) {
      if (way === "link") await ben.page.getByRole("link", { name: "All rooms" }).click();
      else await ben.goes("/rooms");
      await ben.connected();
      await expect(ben.page.getByRole("heading", { level: 2 }).filter({ hasText: "Kitchen" })).toBeVisible();
      await expect(ben.page.getByRole("button", { name: "Find", exact: true })).toHaveCount(0);
      await ben.page.getByRole("searchbox", { name: "Find a room" }).fill("boa");
      await expect(ben.page.locator(".rows-box").getByRole("listitem")).toHaveCount(1);
      await ben.page.getByRole("searchbox", { name: "Find a room" }).fill("nothing like it");
      await expect(ben.page.getByText("No public room is called anything like this.").first()).toBeVisible();
    }
    await ben.page.getByRole("link", { name: "New direct message" }).click();
    await ben.page.getByRole("searchbox", { name: "Find somebody" }).fill("rui");
    await ben.page.getByRole("button", { name: "Message Ana Ruiz" }).click();
    await expect(log(ben, "Ana Ruiz")).toBeVisible();
  });

  test("a failure says so, keeps what is shown, and is tried again", async ({ chat }) => {
    chat.breaksTheNetwork();
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Boats");
    await ana.page.getByRole("link", { name: "All rooms" }).click();
    const rows = ana.page.locator(".rows-box").getByRole("listitem");
    await expect(rows).toHaveCount(2);
    await ana.page.route("**/api/browse-rooms*", (route) => route.abort());
    await ana.page.getByRole("searchbox", { name: "Find a room" }).fill("boa");
    await expect(ana.page.getByRole("alert").filter({ hasText: "could not be reached" })).toBeVisible();
    await expect(rows.first()).toBeVisible();
    await ana.page.unroute("**/api/browse-rooms*");
    await ana.page.getByRole("button", { name: "Try again" }).click();
    await expect(rows).toHaveCount(1);
  });
});
