import { AxeBuilder } from "@axe-core/playwright";
import { type Chat, expect, inEveryLook, type Person, test } from "../support/chat";
import { Colleague, inManyRooms, roomName } from "../support/rooms";

const sidebar = (person: Person) => person.page.getByRole("navigation", { name: "Conversations" });
const link = (person: Person, name: string | RegExp) => sidebar(person).getByRole("link", { name });
const section = (person: Person, name: RegExp) => sidebar(person).getByRole("button", { name });
const log = (person: Person, name: string) => person.page.getByRole("log", { name: `Messages in ${name}` });
const choice = (person: Person, name: string) => sidebar(person).getByRole("button", { name, exact: true });

/** Whether all of a conversation's link can be seen and pressed in the list: nothing covers it. */
const isSeen = (person: Person, name: string | RegExp) =>
  link(person, name).evaluate((element) => {
    const { left, top, bottom } = element.getBoundingClientRect();
    return [top + 1, bottom - 1].every((y) => element.contains(document.elementFromPoint(left + 20, y)));
  });

/** The names of the list's links that are shown, from top to bottom. */
const shown = (person: Person) => person.page.locator(".list a.conv:visible .name").allInnerTexts();

/** Ana with 300 rooms and direct messages of two colleagues. */
async function inThreeHundredRooms(chat: Chat) {
  const crowded = await inManyRooms(chat, 300);
  for (const colleague of crowded.colleagues.slice(0, 2)) await colleague.writesTo(1, "Are you there?");
  return crowded;
}

test.describe("The conversation list with 300 rooms", () => {
  test("does not bury the direct messages: their heading stays in view, and a press leads to them", async ({ chat }) => {
    const { ana, colleagues } = await inThreeHundredRooms(chat);
    const heading = section(ana, /^Direct messages/);
    await expect(heading).toBeInViewport({ ratio: 1 });
    await expect(heading).toHaveAttribute("aria-expanded", "true");
    expect(await isSeen(ana, new RegExp(colleagues[0].name))).toBe(false);
    await heading.click();
    await expect.poll(() => isSeen(ana, new RegExp(colleagues[0].name))).toBe(true);
    await expect(heading).toHaveAttribute("aria-expanded", "true");
    // What is in view collapses.
    await expect(section(ana, /^Rooms/)).toBeInViewport({ ratio: 1 });
    await section(ana, /^Rooms/).click();
    await expect(section(ana, /^Rooms/)).toHaveAttribute("aria-expanded", "false");
    await expect.poll(() => isSeen(ana, new RegExp(colleagues[0].name))).toBe(true);
  });

  test("has sections that collapse, say what is unread in them, and stay so in this browser", async ({ chat }) => {
    const { ana, colleagues, rooms } = await inThreeHundredRooms(chat);
    await section(ana, /^Rooms/).click();
    await expect(section(ana, /^Rooms/)).toHaveAttribute("aria-expanded", "false");
    // The open conversation says where one is.
    await expect.poll(() => shown(ana)).toEqual(["General", colleagues[1].name, colleagues[0].name]);
    await colleagues[0].writes(rooms[0], "One");
    await colleagues[1].writes(rooms[1], "Two");
    await expect(section(ana, /^Rooms ?, 2 unread messages/)).toBeVisible();
    // The server renders it as it was left: nothing jumps when the page wakes up.
    const page = await ana.context.request.get(ana.url, { headers: { Accept: "text/html" } });
    expect(await page.text()).toMatch(/aria-expanded="false" aria-controls="rooms-list"/);
    await ana.page.reload();
    await ana.connected();
    await expect(section(ana, /^Rooms ?, 2 unread messages/)).toHaveAttribute("aria-expanded", "false");
    await expect.poll(() => shown(ana)).toEqual(["General", colleagues[1].name, colleagues[0].name]);
    // By keys.
    await section(ana, /^Rooms/).focus();
    await ana.page.keyboard.press("Enter");
    await expect(section(ana, /^Rooms/)).toHaveAttribute("aria-expanded", "true");
    expect((await shown(ana)).length).toBe(303);
    await section(ana, /^Direct messages/).focus();
    await ana.page.keyboard.press("Space");
    await expect(section(ana, /^Direct messages ?, 2 unread messages/)).toHaveAttribute("aria-expanded", "false");
    expect((await shown(ana)).length).toBe(301);
  });

  test("without JavaScript shows everything, whatever was collapsed", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const plain = await chat.stranger("Ana", "Ruiz", { browser: { javaScriptEnabled: false } });
    await plain.context.addCookies([{ name: "list", value: "rooms-collapsed.direct-collapsed", url: ana.url }]);
    const tom = await Colleague.register(chat, "Tom", "Okafor");
    await tom.makesRoom("Kitchen", 1);
    await tom.writesTo(1, "Are you there?");
    await plain.signsIn();
    for (const name of ["General", "Kitchen", "Tom Okafor"]) await expect(link(plain, name)).toBeVisible();
    await expect(link(plain, "All rooms")).toBeVisible();
  });

  test("has unread first by choice, and reading moves a conversation away only when it is left", async ({ chat }) => {
    const { ana, colleagues, rooms } = await inThreeHundredRooms(chat);
    await link(ana, "General").click();
    await colleagues[1].writes(rooms[241], "Far below");
    await colleagues[2].writes(rooms[200], "Also far below");
    await expect(link(ana, /Room 242 ?, 1 unread message/)).toHaveCount(1);
    await expect(choice(ana, "A to Z")).toHaveAttribute("aria-pressed", "true");
    await choice(ana, "Unread first").click();
    await expect(choice(ana, "Unread first")).toHaveAttribute("aria-pressed", "true");
    await expect.poll(async () => (await shown(ana)).slice(0, 4)).toEqual(["Room 201", "Room 242", "General", "Room 001"]);
    await ana.page.reload();
    await ana.connected();
    await expect(choice(ana, "Unread first")).toHaveAttribute("aria-pressed", "true");
    await expect.poll(async () => (await shown(ana)).slice(0, 4)).toEqual(["Room 201", "Room 242", "General", "Room 001"]);
    await link(ana, /Room 201/).click();
    await expect(log(ana, "Room 201")).toBeVisible();
    await expect(link(ana, /Room 201.*unread/)).toHaveCount(0);
    expect((await shown(ana)).slice(0, 3)).toEqual(["Room 201", "Room 242", "General"]);
    // From there the key leads to the next unread one.
    await ana.page.keyboard.press("Alt+ArrowDown");
    await expect(log(ana, "Room 242")).toBeVisible();
    await expect.poll(async () => (await shown(ana)).slice(0, 3)).toEqual(["Room 242", "General", "Room 001"]);
    await choice(ana, "A to Z").click();
    await expect.poll(async () => (await shown(ana)).slice(0, 3)).toEqual(["General", "Room 001", "Room 002"]);
  });

  test("says how many more are unread below and above, and leads there", async ({ chat }) => {
    const { ana, colleagues, rooms } = await inManyRooms(chat, 300);
    const below = sidebar(ana).getByRole("button", { name: /more unread below/ });
    const above = sidebar(ana).getByRole("button", { name: /more unread above/ });
    await expect(below).toHaveCount(0);
    await colleagues[0].writes(rooms[99], "In the middle");
    await expect(below).toHaveText("1 more unread below");
    await colleagues[0].writes(rooms[99], "The same room again");
    await colleagues[2].writes(rooms[299], "At the end");
    await expect(below).toHaveText("2 more unread below");
    await below.click();
    await expect.poll(() => isSeen(ana, /Room 100/)).toBe(true);
    await expect(link(ana, /Room 100/)).toBeFocused();
    await expect(below).toHaveText("1 more unread below");
    await below.click();
    await expect.poll(() => isSeen(ana, /Room 300/)).toBe(true);
    await expect(below).toHaveCount(0);
    await expect(above).toHaveText("1 more unread above");
    await above.focus();
    await ana.page.keyboard.press("Enter");
    await expect.poll(() => isSeen(ana, /Room 100/)).toBe(true);
    await expect(above).toHaveCount(0);
    // Reading one elsewhere takes it away as well.
    await link(ana, /Room 100/).click();
    await expect(log(ana, "Room 100")).toBeVisible();
    await sidebar(ana).locator(".list").evaluate((list) => list.scrollTo(0, 0));
    await expect(below).toHaveText("1 more unread below");
  });

  test("scrolls the current conversation into view on opening and by Alt+↓ and Alt+↑", async ({ chat }) => {
    const { ana, rooms } = await inManyRooms(chat, 300);
    await ana.goes(`/c/${rooms[249]}`);
    await ana.connected();
    await expect.poll(() => isSeen(ana, roomName(249))).toBe(true);
    for (let at = 250; at < 290; at += 1) await ana.page.keyboard.press("Alt+ArrowDown");
    await expect(log(ana, roomName(289))).toBeVisible();
    await expect.poll(() => isSeen(ana, roomName(289))).toBe(true);
    for (let at = 288; at >= 260; at -= 1) await ana.page.keyboard.press("Alt+ArrowUp");
    await expect(log(ana, roomName(260))).toBeVisible();
    await expect.poll(() => isSeen(ana, roomName(260))).toBe(true);
    // Wherever it was opened from.
    await ana.page.keyboard.press("Control+k");
    await ana.page.getByRole("combobox", { name: "Find or go to" }).fill(roomName(4));
    await ana.page.getByRole("option", { name: roomName(4) }).click();
    await expect(log(ana, roomName(4))).toBeVisible();
    await expect.poll(() => isSeen(ana, roomName(4))).toBe(true);
  });

  test("marks drafts, also those that another tab keeps, until they are sent", async ({ chat }) => {
    const { ana, rooms } = await inManyRooms(chat, 12);
    const other = await chat.tab(ana);
    await other.goes("/");
    await other.connected();
    await ana.goes(`/c/${rooms[4]}`);
    await ana.connected();
    const field = ana.page.getByRole("textbox", { name: `Message ${roomName(4)}` });
    await field.fill("   ");
    await expect(link(ana, /draft/)).toHaveCount(0);
    await field.fill("Half a thought");
    const marked = /Room 005 ?, draft/;
    await expect(link(ana, marked)).toBeVisible();
    await expect(link(other, marked)).toBeVisible();
    await expect(link(ana, marked).locator("svg").last()).toBeVisible();
    await ana.goes("/");
    await ana.connected();
    await expect(link(ana, marked)).toBeVisible();
    await expect(link(ana, /draft/)).toHaveCount(1);
    await link(ana, marked).click();
    await expect(field).toHaveValue("Half a thought");
    await field.press("Enter");
    await expect(link(ana, /draft/)).toHaveCount(0);
    await expect(link(other, /draft/)).toHaveCount(0);
  });

  test("touches one line for a message, with 1,000 conversations in the list", async ({ chat }) => {
    const { ana, colleagues, rooms } = await inManyRooms(chat, 999);
    await expect(sidebar(ana).locator(".list a.conv")).toHaveCount(1_000);
    /** Begins to note which lines are changed in any way; returns what has been noted. */
    const noteTouched = async () => {
      await ana.page.evaluate(() => {
        const touched = new Set<string>();
        Object.assign(window, { touched });
        new MutationObserver((changes) => {
          for (const { target } of changes) {
            const element = target instanceof Element ? target : target.parentElement;
            touched.add(element?.closest("li")?.querySelector(".name")?.textContent ?? element?.outerHTML.slice(0, 80) ?? "");
          }
        }).observe(document.querySelector(".list")!, { subtree: true, childList: true, attributes: true, characterData: true });
      });
      return () => ana.page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched].sort());
    };
    const unread = link(ana, /Room 001.*unread/);
    for (const order of ["A to Z", "Unread first"]) {
      await choice(ana, order).click();
      await colleagues[0].writes(rooms[0], "Unread from now on");
      await expect(unread).toBeVisible();
      const before = await unread.innerText();
      const touched = await noteTouched();
      await colleagues[0].writes(rooms[0], "One more");
      await expect.poll(() => unread.innerText()).not.toBe(before);
      expect(await touched(), order).toEqual(["Room 001"]);
    }
    // From one conversation to another: the line that is left, and the one that is opened.
    await choice(ana, "A to Z").click();
    await link(ana, "Room 500").click();
    await expect(log(ana, "Room 500")).toBeVisible();
    const touched = await noteTouched();
    await ana.page.keyboard.press("Alt+ArrowDown");
    await expect(log(ana, "Room 501")).toBeVisible();
    expect(await touched()).toEqual(["Room 500", "Room 501"]);
  });
});

test.describe("The sidebar", () => {
  for (const [name, viewport] of [["phone", { width: 390, height: 844 }], ["tablet", { width: 1024, height: 768 }]] as const) {
    test(`has nothing to touch on a ${name} that is smaller than 44 px`, async ({ chat }) => {
      const { colleagues, rooms, ana: desk } = await inManyRooms(chat, 30);
      await colleagues[0].writes(rooms[29], "Unread");
      await colleagues[0].writesTo(1, "Are you there?");
      const ana = await chat.device(desk, { browser: { viewport, hasTouch: true, isMobile: true } });
      await ana.goes("/");
      await ana.connected();
      await expect(sidebar(ana).getByRole("button", { name: /more unread below/ })).toBeVisible();
      expect(await ana.tooSmallToTouch(".side")).toEqual([]);
      await ana.menu.tap();
      await expect(ana.page.getByRole("button", { name: "Sign out" })).toBeVisible();
      expect(await ana.tooSmallToTouch(".side")).toEqual([]);
      await ana.menu.tap();
      await sidebar(ana).getByRole("link", { name: "Find or go to" }).tap();
      await expect(ana.page.getByRole("option").first()).toBeVisible();
      expect(await ana.tooSmallToTouch(".side")).toEqual([]);
    });
  }

  test("passes axe with everything in it, and says in forced colours what is chosen", async ({ chat }) => {
    const { ana, colleagues, rooms } = await inManyRooms(chat, 40);
    await colleagues[0].writes(rooms[39], "Unread");
    await choice(ana, "A to Z").click();
    await section(ana, /^Direct messages/).press("Enter");
    await expect(sidebar(ana).getByRole("button", { name: /more unread below/ })).toBeVisible();
    await inEveryLook(ana.page, async (look) => {
      // What the headings at the list's edges cover of a row is scrolled out from under them; sizes have a test of their own.
      const axe = new AxeBuilder({ page: ana.page }).withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]);
      const { violations } = await axe.disableRules("target-size").analyze();
      expect.soft(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`)), look).toEqual([]);
    });
    await ana.page.setViewportSize({ width: 1440, height: 900 });
    await ana.page.emulateMedia({ forcedColors: "active" });
    const outline = (name: string) => choice(ana, name).evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(await outline("A to Z")).toBe("solid");
    expect(await outline("Unread first")).toBe("none");
  });
});
