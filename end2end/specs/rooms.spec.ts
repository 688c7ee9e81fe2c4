import { expect, test } from "../support/chat";
import type { Person } from "../support/person";

const item = (person: Person, name: string) => person.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name });
const log = (person: Person, name: string) => person.page.getByRole("log", { name: `Messages in ${name}` });
const panel = (person: Person) => person.page.getByRole("complementary");
const box = (person: Person, name: string) => person.page.getByRole("textbox", { name: `Message ${name}` });

async function makes(person: Person, name: string, { secret = false } = {}) {
  await person.page.getByRole("link", { name: "New room" }).first().click();
  await person.page.getByLabel("Name", { exact: true }).fill(name);
  if (secret) await person.page.getByRole("checkbox").check();
  await person.page.getByRole("button", { name: "Create room" }).click();
  await expect(log(person, name)).toBeVisible();
}

async function joins(person: Person, name: string) {
  await person.page.getByRole("link", { name: "All rooms" }).click();
  await person.page.getByRole("listitem").filter({ hasText: name }).getByRole("button", { name: `Join ${name}` }).click();
  await expect(log(person, name)).toBeVisible();
}

async function opensPanel(person: Person) {
  await person.page.getByRole("link", { name: /About this room/ }).click();
  await expect(panel(person)).toBeVisible();
}

/** Chooses something from a member's menu, and confirms it. */
async function does(person: Person, name: string, entry: RegExp, confirm: string) {
  await panel(person).getByRole("listitem").filter({ hasText: name }).hover();
  await panel(person).getByRole("button", { name: `More about ${name}` }).click();
  await panel(person).getByRole("menuitem", { name: entry }).click();
  await person.page.getByRole("alertdialog").getByRole("button", { name: confirm, exact: true }).click();
  await expect(person.page.getByRole("alertdialog")).toBeHidden();
}

async function writes(person: Person, where: string, text: string) {
  await box(person, where).fill(text);
  await box(person, where).press("Enter");
  await expect(log(person, where).getByText(text, { exact: true })).toBeVisible();
}

async function writesTo(person: Person, other: Person, text: string) {
  await person.page.getByRole("link", { name: "New direct message" }).click();
  await person.page.getByRole("button", { name: `Message ${other.name}` }).click();
  await writes(person, other.name, text);
}

test.describe("Rooms", () => {
  test("a draft stays in the room where it was typed, however often one goes from room to room", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Harbour crew");
    await box(ana, "Harbour crew").fill("For the crew alone");
    await item(ana, "General").click();
    await expect(box(ana, "General")).toHaveValue("");
    await box(ana, "General").fill("For everyone");
    await item(ana, "Harbour crew").click();
    await expect(box(ana, "Harbour crew")).toHaveValue("For the crew alone");
    await item(ana, "General").click();
    await expect(box(ana, "General")).toHaveValue("For everyone");
    await box(ana, "General").press("Enter");
    await expect(log(ana, "General").getByText("For everyone")).toBeVisible();
    await item(ana, "Harbour crew").click();
    await box(ana, "Harbour crew").press("Enter");
    await expect(log(ana, "Harbour crew").getByText("For the crew alone")).toBeVisible();
    await expect(log(ana, "Harbour crew").getByText("For everyone")).toHaveCount(0);
  });

  test("one makes a room, another finds and joins it, and both talk there", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Harbour crew");
    await expect(log(ana, "Harbour crew")).toContainText("Ana Ruiz made this room");
    await joins(ben, "Harbour crew");
    await expect(log(ana, "Harbour crew")).toContainText("Ben Okafor joined");
    await writes(ben, "Harbour crew", "Is the varnish dry?");
    await expect(log(ana, "Harbour crew").getByText("Is the varnish dry?")).toBeVisible();
    await expect(item(ana, "Harbour crew")).toHaveAttribute("aria-current", "page");
    await item(ana, "General").click();
    await expect(log(ana, "General")).not.toContainText("varnish");
  });

  test("a name that is taken or no name is refused under its field", async ({ chat }) => {
    chat.tolerates(/status of 422/);
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Harbour");
    await ana.goes("/rooms/new");
    await ana.connected();
    await ana.page.getByRole("button", { name: "Create room" }).click();
    await expect(ana.page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/Give the room a name/);
    await ana.page.getByLabel("Name", { exact: true }).fill("HARB0UR");
    await ana.page.getByRole("button", { name: "Create room" }).click();
    await expect(ana.page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/public room of this name already/);
  });

  test("a private room is found by those alone who were brought in, and is lost with its page when one is removed", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Committee", { secret: true });
    await writes(ana, "Committee", "Only between us");
    await ben.goes("/rooms");
    await expect(ben.page.getByRole("listitem").filter({ hasText: "Committee" })).toHaveCount(0);
    await opensPanel(ana);
    await panel(ana).getByRole("button", { name: "Add people" }).click();
    await panel(ana).getByRole("button", { name: "Add Ben Okafor" }).click();
    await expect(panel(ana).getByRole("button", { name: "Added Ben Okafor" })).toBeVisible();
    await panel(ana).getByRole("button", { name: "Back to the members" }).click();
    await item(ben, "Committee").click();
    await expect(log(ben, "Committee").getByText("Only between us")).toBeVisible();
    await does(ana, "Ben Okafor", /Remove from this room/, "Remove");
    await expect(panel(ana).getByRole("listitem")).toHaveCount(1);
    await expect(ben.page.getByRole("alert").filter({ hasText: "no longer open to you" })).toBeVisible();
    await expect(item(ben, "Committee")).toHaveCount(0);
    await ben.page.getByRole("link", { name: "Go to General" }).click();
    await expect(log(ben, "General")).toBeVisible();
  });

  test("a deleted room leaves everyone in a sensible place, and its name is free", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await makes(ana, "Regatta");
    await joins(ben, "Regatta");
    await opensPanel(ana);
    await panel(ana).getByRole("tab", { name: "Details" }).click();
    await panel(ana).getByRole("button", { name: "Delete the room…" }).click();
    await ana.page.getByRole("alertdialog", { name: "Delete “Regatta”?" }).getByRole("button", { name: "Delete the room" }).click();
    await expect(log(ana, "General")).toBeVisible();
    await expect(ben.page.getByText("“Regatta” is no longer open to you")).toBeVisible();
    await expect(item(ben, "Regatta")).toHaveCount(0);
    await ana.goes("/");
    await makes(ana, "Regatta");
  });
});

test("a run of notices is one line until it is unfolded, and what is said after it bears its author's name", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  await makes(ana, "Harbour");
  for (let i = 0; i < 2; i += 1) {
    await ben.page.getByRole("link", { name: "All rooms" }).click();
    await joins(ben, "Harbour");
    await opensPanel(ben);
    await panel(ben).getByRole("tab", { name: "Details" }).click();
    await panel(ben).getByRole("button", { name: "Leave the room…" }).click();
    await ben.page.getByRole("alertdialog").getByRole("button", { name: "Leave the room" }).click();
    await expect(item(ben, "Harbour")).toHaveCount(0);
  }
  const lines = log(ana, "Harbour").locator("article");
  await expect(lines).toHaveCount(1);
  await log(ana, "Harbour").getByRole("button", { name: "4 more: Ben Okafor" }).click();
  await expect(lines.filter({ visible: true })).toHaveCount(5);
  await log(ana, "Harbour").getByRole("button", { name: "Show less" }).click();
  await expect(lines.filter({ visible: true })).toHaveCount(1);
  await writes(ana, "Harbour", "Anybody there?");
  await expect(lines.last().locator(".who")).toContainText("Ana Ruiz");
});

test("the ownership of a room is transferred, and its new owner may change it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  const kim = await chat.register("Kim", "Berg");
  await makes(ben, "Regatta");
  await joins(kim, "Regatta");
  await opensPanel(ben);
  await does(ben, "Kim Berg", /Make owner/, "Make owner");
  await expect(panel(ben).getByRole("listitem").filter({ hasText: "Kim Berg" }).getByText("Owner")).toBeVisible();
  await panel(ben).getByRole("tab", { name: "Details" }).click();
  await expect(panel(ben).getByText("Its owner is Kim Berg.")).toBeVisible();
  await expect(panel(ben).getByRole("button", { name: "Change name and topic" })).toHaveCount(0);
  await opensPanel(kim);
  await panel(kim).getByRole("tab", { name: "Details" }).click();
  await panel(kim).getByRole("button", { name: "Change name and topic" }).click();
  await panel(kim).getByLabel("Topic (optional)").fill("First heat at 07:30");
  await panel(kim).getByRole("button", { name: "Save" }).click();
  await expect(panel(ben).getByText("First heat at 07:30")).toBeVisible();
  // Who is not in it sees that it is there, and no more.
  await ana.page.getByRole("link", { name: "All rooms" }).click();
  await ana.page.getByRole("searchbox", { name: "Find a room" }).fill("gatt");
  await expect(ana.page.getByRole("listitem").filter({ has: ana.page.getByRole("heading") })).toHaveCount(1);
  await ana.page.getByRole("link", { name: "Regatta" }).click();
  await expect(ana.page.getByRole("button", { name: "Join this room Regatta" })).toBeVisible();
  await expect(ana.page.getByText("Kim Berg")).toHaveCount(0);
});

test.describe("Direct conversations", () => {
  test("what one writes to another reaches a third by no page and no frame", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    const eve = await chat.register("Eve", "Nosy");
    const heard: string[] = [];
    eve.page.on("websocket", (socket) => socket.on("framereceived", (frame) => heard.push(String(frame.payload))));
    await eve.page.reload();
    await eve.connected();
    await writesTo(ana, ben, "For your eyes only");
    await item(ben, "Ana Ruiz").click();
    await expect(log(ben, "Ana Ruiz").getByText("For your eyes only")).toBeVisible();
    const place = new URL(ben.page.url()).pathname;
    // Something that Eve does hear, said after it: what was to come has come.
    await item(ana, "General").click();
    await writes(ana, "General", "Good morning, all");
    await expect(log(eve, "General").getByText("Good morning, all")).toBeVisible();
    await expect(item(eve, "Ana Ruiz")).toHaveCount(0);
    expect(heard.some((frame) => frame.includes("Good morning"))).toBe(true);
    expect(heard.filter((frame) => frame.includes("eyes only"))).toEqual([]);
    const answer = await eve.context.request.get(eve.url + place);
    expect(await answer.text()).not.toContain("eyes only");
  });
});

test.describe("Unread", () => {
  test("it counts, stands in the title, is cleared by reading, on both devices of a person", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    const phone = await chat.stranger("Ben", "Okafor");
    await phone.signsIn("ben");
    await phone.connected();
    await makes(ana, "Harbour");
    await joins(ben, "Harbour");
    await item(ben, "General").click();
    await expect(log(ben, "General")).toBeVisible();
    await writes(ana, "Harbour", "one");
    await writes(ana, "Harbour", "two");
    for (const device of [ben, phone]) {
      await expect(item(device, "Harbour")).toHaveAccessibleName(/2 unread messages/);
      await expect(device.page).toHaveTitle(/^\(2\) /);
    }
    await item(ben, "Harbour").click();
    await expect(log(ben, "Harbour").locator(".new")).toBeVisible();
    for (const device of [ben, phone]) {
      await expect(item(device, "Harbour")).not.toHaveAccessibleName(/unread/);
      await expect(device.page).not.toHaveTitle(/^\(/);
    }
  });

  test("what one has read is read also when the page is left at once", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    const device = await chat.device(ben);
    await makes(device, "Elsewhere");
    await ben.goes("/rooms");
    await ben.connected();
    await ana.says("Read me");
    await expect(item(device, "General")).toHaveAccessibleName(/1 unread message/);
    await expect(item(ben, "General")).toHaveAccessibleName(/1 unread message/);
    await item(ben, "General").click();
    await expect(item(ben, "General")).not.toHaveAccessibleName(/unread/);
    await ben.page.goto("about:blank");
    await expect(item(device, "General")).not.toHaveAccessibleName(/unread/);
  });

  test("marked as unread it stays so until one has been elsewhere or presses Escape", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await writes(ana, "General", "read me later");
    await ben.sees("read me later");
    await ben.message("read me later").hover();
    await ben.message("read me later").getByRole("button", { name: "Mark as unread" }).click();
    await expect(item(ben, "General")).toHaveAccessibleName(/1 unread message/);
    await ben.composer.press("Escape");
    await expect(item(ben, "General")).not.toHaveAccessibleName(/unread/);
  });
});

test("typing is seen while it lasts, and ends with the message", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  await ana.composer.pressSequentially("Hel");
  await expect(ben.page.getByText("Ana Ruiz is typing…")).toBeVisible();
  await expect(ana.page.getByText("is typing…")).toHaveCount(0);
  await ana.composer.press("Enter");
  await ben.sees("Hel");
  await expect(ben.page.getByText("is typing…")).toHaveCount(0);
  await ana.composer.pressSequentially("Again");
  await expect(ben.page.getByText("Ana Ruiz is typing…")).toBeVisible();
  // Six seconds of silence end it.
  await expect(ben.page.getByText("is typing…")).toHaveCount(0, { timeout: 15_000 });
});
