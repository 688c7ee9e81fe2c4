import { AxeBuilder } from "@axe-core/playwright";
import { expect, inEveryLook, type Person, test } from "../support/chat";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

test.describe("Nothing that axe can find is wrong", () => {
  test("with the sign-in page", async ({ chat }) => {
    await chat.register("Ben", "Okafor");
    const ana = await chat.stranger("Ana", "Ruiz");
    await ana.goes("/sign-in");
    await passesAxe(ana);
  });

  test("with the first visit of a new server and its refusals", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz");
    await ana.goes("/");
    await passesAxe(ana);
    await ana.createsAccount.click();
    await expect(ana.page.getByText("Give the workspace a name.")).toBeVisible();
    await passesAxe(ana);
  });

  test("with the registration page and its refusals", async ({ chat }) => {
    await chat.register("Ben", "Okafor");
    const ana = await chat.stranger("Ana", "Ruiz");
    await ana.goes("/register");
    await passesAxe(ana);
    await ana.createsAccount.click();
    await expect(ana.page.getByText("Please give your first name.")).toBeVisible();
    await passesAxe(ana);
  });

  test("with an empty room and a full one", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await passesAxe(ana, "/");
    await passesAxe(ana, "/c/1");
    const ben = await chat.register("Ben", "Okafor");
    for (const text of ["Good morning", "> quoted\n\n`code` and [a link](https://harbour.example)", "```\nlong code\n```", "- a\n- list"]) {
      await ana.says(text);
      await ben.says(text);
    }
    await expect(ana.rows).toHaveCount(8);
    await passesAxe(ana);
  });

  test("with the menu open, the diagnostics and a page that does not exist", async ({ chat }) => {
    chat.tolerates(/status of 404/);
    const ana = await chat.register("Ana", "Ruiz");
    await ana.menu.click();
    await expect(ana.page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await expect.poll(() => violations(ana)).toEqual([]);
    await ana.goes("/diagnostics");
    await ana.connected();
    await passesAxe(ana);
    await ana.goes("/no/such/page");
    await passesAxe(ana);
  });

  test("with the rooms, a refused new one, a room's page, the people, and what the switcher finds", async ({ chat }) => {
    chat.tolerates(/status of 422/);
    const ana = await chat.register("Ana", "Ruiz");
    await chat.register("Ben", "Okafor");
    await ana.goes("/rooms/new");
    await ana.connected();
    await ana.page.getByRole("button", { name: "Create room" }).click();
    await expect(ana.page.getByText("Give the room a name.")).toBeVisible();
    await passesAxe(ana);
    await ana.page.getByLabel("Name", { exact: true }).fill("Harbour");
    await ana.page.getByRole("button", { name: "Create room" }).click();
    await ana.page.getByRole("link", { name: /About this room/ }).click();
    await ana.page.getByRole("tab", { name: "Details" }).click();
    await ana.page.getByRole("button", { name: "Delete the room…" }).click();
    await expect(ana.page.getByRole("alertdialog")).toBeVisible();
    await passesAxe(ana);
    for (const path of ["/rooms", "/people", "/find?search=a"]) {
      await ana.goes(path);
      await ana.connected();
      await passesAxe(ana);
    }
    await ana.page.keyboard.press("Control+k");
    await ana.page.keyboard.type("oka");
    await expect(ana.page.getByRole("dialog").getByRole("option", { name: /Ben Okafor/ })).toBeVisible();
    await passesAxe(ana);
  });

  test("while the connection is gone and messages wait or have failed", async ({ chat }) => {
    chat.breaksTheNetwork();
    const ana = await chat.register("Ana", "Ruiz");
    await ana.goes("/c/1");
    await ana.connected();
    await chat.program.kill();
    await ana.linkIs("connecting", "waiting", "offline");
    await ana.says("It waits");
    await expect(ana.banner).toBeVisible();
    await passesAxe(ana);
  });
});

test("everything from registering to posting can be done by keyboard, and one always sees where one is", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz");
  const { page } = ana;
  await ana.goes("/register");
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "true");
  const answers: Record<string, string> = {
    Name: "Hubbub",
    "First name": "Ana",
    "Last name": "Ruiz",
    Username: "ana",
    Email: "ana@harbour.example",
    Password: "Harbour-77-rowing",
  };
  for (const [label, text] of Object.entries(answers)) {
    await tabsTo(ana, page.getByLabel(label, { exact: true }));
    await page.keyboard.type(text);
  }
  await tabsTo(ana, ana.createsAccount);
  await page.keyboard.press("Enter");
  await ana.connected();

  // One is where one writes at once.
  await expect(ana.composer).toBeFocused();
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await ana.sees("By keyboard");
  await page.keyboard.type("Twice");
  await page.keyboard.press("Enter");
  await ana.sees("Twice");

  // The timeline is one stop, and the arrows walk through it.
  await page.keyboard.press("Shift+Tab");
  await expect(ana.rows.last()).toBeFocused();
  await seesFocus(ana);
  await page.keyboard.press("ArrowUp");
  await expect(ana.rows.first()).toBeFocused();
  await seesFocus(ana);
  await page.keyboard.press("End");
  await expect(ana.rows.last()).toBeFocused();
  await page.keyboard.press("Home");
  await expect(ana.rows.first()).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(ana.composer).toBeFocused();

  await tabsTo(ana, ana.menu);
  await page.keyboard.press("Enter");
  await tabsTo(ana, page.getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the list of messages is one stop of the Tab key, however many there are", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  await ben.posts(Array.from({ length: 30 }, (_, i) => `Message ${i + 1}`));
  await ana.sees("Message 30");
  await ana.composer.focus();
  await ana.page.keyboard.press("Shift+Tab");
  await expect(ana.message("Message 30").getByRole("button", { name: "Mark as unread" })).toBeFocused();
  await ana.page.keyboard.press("Shift+Tab");
  await expect(ana.message("Message 30")).toBeFocused();
  await ana.page.keyboard.press("Shift+Tab");
  await expect(ana.page.locator(".timeline *:focus")).toHaveCount(0);
});

test("where colours are forced, the current room, presence and the field that one writes in can be told apart", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.page.emulateMedia({ forcedColors: "active" });
  const lines = (selector: string) => ana.page.locator(selector).first().evaluate((element) => {
    const { outlineStyle, outlineWidth, borderTopStyle, borderTopWidth } = getComputedStyle(element);
    const width = (style: string, width: string) => (style === "none" ? 0 : parseFloat(width));
    return width(outlineStyle, outlineWidth) + width(borderTopStyle, borderTopWidth);
  });
  expect(await lines(".conv[aria-current]")).toBeGreaterThan(0);
  await ana.composer.blur();
  const blurred = await lines(".composer");
  await ana.composer.focus();
  expect(await lines(".composer")).toBeGreaterThan(blurred);
  const dot = ana.page.locator(".user-menu .dot");
  expect(await dot.evaluate((element) => getComputedStyle(element).forcedColorAdjust)).toBe("none");
});

test("the colours follow the choice, and the choice survives a reload", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const background = () => ana.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await ana.page.emulateMedia({ colorScheme: "light" });
  const light = await background();
  await ana.page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await ana.menu.click();
  await choose(ana, "Light");
  await expect.poll(background).toBe(light);
  await ana.page.reload();
  await ana.connected();
  expect(await background()).toBe(light);
  await ana.menu.click();
  await choose(ana, "System");
  await expect.poll(background).toBe(dark);
});

async function choose(person: Person, theme: string): Promise<void> {
  await person.page.locator("label", { hasText: new RegExp(`^${theme}$`) }).click();
  await expect(person.page.getByRole("radio", { name: theme, exact: true })).toBeChecked();
}

async function violations(person: Person): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page: person.page }).withTags(WCAG).analyze();
  return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} (${node.failureSummary})`));
}

async function passesAxe(person: Person, path?: string): Promise<void> {
  if (path) await person.goes(path);
  await inEveryLook(person.page, async (look) => expect.soft(await violations(person), look).toEqual([]));
}

/** Presses Tab until the element has the focus; every stop on the way must show that it has it. */
async function tabsTo(person: Person, element: ReturnType<Person["page"]["locator"]>): Promise<void> {
  for (let stops = 0; stops < 30; stops += 1) {
    if (await element.evaluate((node) => node === document.activeElement)) return seesFocus(person);
    await person.page.keyboard.press("Tab");
    if (await person.page.evaluate(() => document.activeElement !== document.body)) await seesFocus(person);
  }
  throw new Error(`${element} cannot be reached with Tab.`);
}

/** The focused element, or what encloses it, is drawn in another way than without the focus. */
async function seesFocus(person: Person): Promise<void> {
  const shown = await person.page.evaluate(() => {
    const rings = (node: Element) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(node);
      return JSON.stringify([outlineStyle, outlineStyle === "none" ? "" : outlineWidth, boxShadow, borderColor, backgroundColor]);
    };
    const focused = document.activeElement as HTMLElement;
    // A field may leave the drawing to its frame, a choice to its label.
    const around = [focused, focused.parentElement, focused.nextElementSibling, focused.closest("form")].filter((node): node is HTMLElement => !!node);
    const withFocus = around.map(rings);
    focused.blur();
    const without = around.map(rings);
    focused.focus({ preventScroll: true, focusVisible: true } as FocusOptions);
    return withFocus.some((ring, i) => ring !== without[i]) ? "" : focused.outerHTML.slice(0, 120);
  });
  expect(shown, "an element that does not show that it has the focus").toBe("");
}
