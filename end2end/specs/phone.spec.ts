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

test("nothing that one touches is smaller than a fingertip, on any page", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  const ben = await chat.register("Ben", "Okafor");
  await ben.says("Is the varnish dry?");
  await ana.goes("/rooms/new");
  await ana.connected();
  await ana.page.getByLabel("Name", { exact: true }).fill("Harbour");
  await ana.page.getByRole("button", { name: "Create room" }).tap();
  await expect(ana.page.getByRole("log", { name: "Messages in Harbour" })).toBeVisible();
  const room = new URL(ana.page.url()).pathname;
  expect(await ana.tooSmallToTouch(".main"), "a room of one's own").toEqual([]);
  const panel = ana.page.getByRole("complementary");
  await ana.page.getByRole("link", { name: /About this room/ }).tap();
  await expect(panel.getByRole("listitem")).toHaveCount(1);
  for (const tab of [/Members/, /Details/]) {
    await panel.getByRole("tab", { name: tab }).tap();
    expect(await ana.tooSmallToTouch(".panel"), `the panel, ${tab}`).toEqual([]);
  }
  await panel.getByRole("tab", { name: /Members/ }).tap();
  await panel.getByRole("button", { name: "Add people" }).tap();
  await expect(panel.getByRole("searchbox")).toBeVisible();
  expect(await ana.tooSmallToTouch(".panel"), "adding people").toEqual([]);
  for (const page of ["/c/1", "/c/1/about", "/people", "/rooms", "/find", "/devices", "/accounts", "/workspace", "/password", `${room}/about`]) {
    await ana.goes(page);
    await ana.connected();
    expect(await ana.tooSmallToTouch(".app-shell"), page).toEqual([]);
  }
  const stranger = await chat.stranger("Tom", "Berg", { browser: phone });
  for (const page of ["/sign-in", "/register"]) {
    await stranger.goes(page);
    await expect(stranger.page.getByRole("button").first()).toBeVisible();
    expect(await stranger.tooSmallToTouch("main"), page).toEqual([]);
  }
});

test("the keyboard of a phone does not zoom the page", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  await ana.goes("/c/1");
  await ana.connected();
  const size = await ana.composer.evaluate((field) => parseFloat(getComputedStyle(field).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
});

test("a keyboard that lies over the page does not cover the composer", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  await ana.posts(Array.from({ length: 40 }, (_, at) => `Message ${at}`));
  await ana.goes("/c/1");
  await ana.connected();
  // As Safari tells of it: what is visible of the page becomes smaller, the page does not.
  const keyboard = (height: number | undefined) =>
    ana.page.evaluate((height) => {
      if (height === undefined) Reflect.deleteProperty(visualViewport!, "height");
      else Object.defineProperty(visualViewport, "height", { value: height, configurable: true });
      visualViewport!.dispatchEvent(new Event("resize"));
    }, height);
  const bottom = () => ana.composer.evaluate((field) => field.getBoundingClientRect().bottom);
  expect(await bottom()).toBeGreaterThan(500);
  await keyboard(500);
  await expect.poll(bottom).toBeLessThanOrEqual(500);
  await expect(ana.message("Message 39")).toBeInViewport();
  await expect.poll(() => ana.message("Message 39").evaluate((row) => row.getBoundingClientRect().bottom)).toBeLessThanOrEqual(450);
  await keyboard(undefined);
  await expect.poll(bottom).toBeGreaterThan(500);
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

test("what is written while one looks at the list is unread", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz", { browser: phone });
  const ben = await chat.register("Ben", "Okafor");
  await ana.goes("/");
  await ana.connected();
  const general = ana.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /^General/ });
  await expect(general).toBeVisible();
  await ben.says("Is the varnish dry?");
  await expect(general).toHaveAccessibleName(/1 unread message/);
  // It is sent after two seconds at the latest that somebody has read.
  await ana.page.reload();
  await ana.connected();
  await expect(general).toHaveAccessibleName(/1 unread message/);
  await general.tap();
  await expect(ana.message("Is the varnish dry?")).toBeInViewport();
  await ana.page.goBack();
  await expect(general).not.toHaveAccessibleName(/unread/);
});
