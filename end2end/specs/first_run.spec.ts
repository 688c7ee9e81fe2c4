import { AxeBuilder } from "@axe-core/playwright";
import { expect, inEveryLook, type Person, test } from "../support/chat";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const plain = { javaScriptEnabled: false };
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;

const log = (person: Person, name: string) => person.page.getByRole("log", { name: `Messages in ${name}` });
const box = (person: Person, name: string) => person.page.getByRole("textbox", { name: `Message ${name}` });
const panel = (person: Person) => person.page.getByRole("complementary");
const side = (person: Person) => person.page.getByRole("navigation", { name: "Conversations" });
const ready = (person: Person, name: string) => person.page.getByRole("heading", { name: `${name} is ready` });

async function starts(person: Person, workspace: string): Promise<void> {
  await person.goes("/");
  await person.fillsRegistration();
  await person.page.getByLabel("Name", { exact: true }).fill(workspace);
  await person.page.getByRole("button", { name: "Create and start" }).click();
  await person.arrives();
}

async function makes(person: Person, name: string, topic = ""): Promise<void> {
  await person.goes("/rooms/new");
  await person.page.getByLabel("Name", { exact: true }).fill(name);
  await person.page.getByLabel("Topic (optional)").fill(topic);
  await person.page.getByRole("button", { name: "Create room" }).click();
  await expect(log(person, name)).toBeVisible();
}

async function passesAxe(person: Person): Promise<void> {
  await inEveryLook(person.page, async (look) => {
    const { violations } = await new AxeBuilder({ page: person.page }).withTags(WCAG).analyze();
    expect(violations, look).toEqual([]);
  });
}

for (const [how, browser] of [["with scripts", {}], ["without JavaScript", plain]] as const) {
  test.describe(`The first minute of an empty server, ${how}`, () => {
    test.use({ settings: { HUBBUB_REGISTRATION: "invite" } });

    test("makes the owner's account, a name for the workspace, and a link for the first people", async ({ chat }) => {
      const ana = await chat.stranger("Ana", "Ruiz", { browser });
      await ana.goes("/");
      await expect(ana.page.getByRole("heading", { name: "Your server is running" })).toBeVisible();
      await expect(ana.page.getByText("Nobody can join until you invite them.")).toBeVisible();
      await expect(ana.page.getByRole("link", { name: "Sign in" })).toHaveCount(0);
      await starts(ana, "Harbour Rowing");
      await expect(ready(ana, "Harbour Rowing")).toBeVisible();
      await expect(ana.page).toHaveTitle("General · Harbour Rowing");
      await expect(side(ana).getByRole("link", { name: "Harbour Rowing" })).toBeVisible();

      const link = await ana.page.getByLabel("Invite link").inputValue();
      await expect(ana.page.getByText("For 25 people. It expires in 7 days.")).toBeVisible();
      const ben = await chat.stranger("Ben", "Okafor", { browser });
      await ben.page.goto(link);
      await expect(ben.page.getByText("Ana Ruiz invites you.")).toBeVisible();
      await expect(ben.page).toHaveTitle("Create an account · Harbour Rowing");
      await ben.fillsRegistration();
      await ben.createsAccount.click();
      await ben.arrives();
      await expect(ready(ben, "Harbour Rowing")).toHaveCount(0);
      await expect(ben.page.getByText("It is quiet in here")).toBeVisible();
      // Who has company needs no link there any more.
      if (browser === plain) await ana.page.reload();
      await expect(ready(ana, "Harbour Rowing")).toHaveCount(0);
    });

    test("leads from there to a room of one's own", async ({ chat }) => {
      const ana = await chat.stranger("Ana", "Ruiz", { browser });
      await starts(ana, "Harbour Rowing");
      await ana.page.getByRole("link", { name: "Add a room" }).click();
      await expect(ana.page.getByRole("heading", { name: "New room", level: 1 })).toBeVisible();
    });
  });

  test(`A room that one has just made offers people and a topic, ${how}`, async ({ chat }) => {
    await chat.register("Ben", "Okafor");
    const ana = await chat.stranger("Ana", "Ruiz", { browser });
    await ana.registers();
    await ana.arrives();
    await makes(ana, "Winter camp");
    await expect(log(ana, "Winter camp").getByRole("heading", { name: "This is the start of # Winter camp" })).toBeVisible();
    // One made it to write in it.
    await expect(box(ana, "Winter camp")).toBeFocused();
    await log(ana, "Winter camp").getByRole("link", { name: "Add people" }).click();
    if (browser === plain) {
      await ana.page.getByRole("listitem").filter({ hasText: "Ben Okafor" }).getByRole("button", { name: "Add" }).click();
      await ana.page.getByRole("link", { name: "Back" }).click();
    } else {
      await expect(panel(ana).getByRole("heading", { name: "Add people" })).toBeVisible();
      await expect(panel(ana).getByRole("searchbox")).toBeFocused();
      await panel(ana).getByRole("listitem").filter({ hasText: "Ben Okafor" }).getByRole("button", { name: "Add" }).click();
    }
    await expect(log(ana, "Winter camp")).toContainText("Ben Okafor");

    await log(ana, "Winter camp").getByRole("link", { name: "Set a topic" }).click();
    const topic = ana.page.getByLabel("Topic (optional)");
    await expect(topic).toBeFocused();
    await topic.fill("Where we sleep and who drives");
    await ana.page.getByRole("button", { name: "Save" }).click();
    await expect(ana.page.locator(".head .topic")).toHaveText("Where we sleep and who drives");
    await expect(log(ana, "Winter camp").getByRole("link", { name: "Set a topic" })).toHaveCount(0);
  });

  test(`The address of a public room that one has not joined leads to its page, and after joining into it, ${how}`, async ({ chat }) => {
    chat.tolerates(REFUSED);
    const ben = await chat.register("Ben", "Okafor");
    await makes(ben, "Boats", "Hulls and sails");
    const address = new URL(ben.page.url()).pathname;
    await makes(ben, "Committee");
    const ana = await chat.stranger("Ana", "Ruiz", { browser });
    await ana.registers();
    await ana.arrives();

    await ana.goes(address);
    await expect(ana.page).toHaveURL(new RegExp(`${address}/about$`));
    await expect(ana.page.getByText("Hulls and sails")).toBeVisible();
    await ana.page.getByRole("button", { name: "Join this room" }).click();
    await expect(ana.page).toHaveURL(new RegExp(`${address}$`));
    await expect(box(ana, "Boats")).toBeVisible();
  });
}

test.describe("With scripts", () => {
  test("a link in a message leads to a room that one has not joined without a page being loaded, and Back leads back", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const ben = await chat.register("Ben", "Okafor");
    await makes(ben, "Boats");
    const address = new URL(ben.page.url()).pathname;
    const ana = await chat.register("Ana", "Ruiz");
    await ana.goes("/people");
    await ana.connected();
    await ana.page.evaluate(() => ((window as unknown as { kept: boolean }).kept = true));
    const follow = (to: string) =>
      ana.page.evaluate((to) => {
        history.pushState(null, "", to);
        dispatchEvent(new Event("popstate"));
      }, to);
    await follow(address);
    await expect(ana.page).toHaveURL(new RegExp(`${address}/about$`));
    await expect(ana.page.getByRole("button", { name: "Join this room" })).toBeVisible();
    await ana.page.goBack();
    await expect(ana.page).toHaveURL(/\/people$/);
    await follow(address);
    await ana.page.getByRole("button", { name: "Join this room" }).click();
    await expect(box(ana, "Boats")).toBeVisible();
    expect(await ana.page.evaluate(() => (window as unknown as { kept?: boolean }).kept), "no page was loaded").toBe(true);
  });

  test("a private room and one that does not exist look alike", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const ben = await chat.register("Ben", "Okafor");
    await ben.goes("/rooms/new");
    await ben.page.getByLabel("Name", { exact: true }).fill("Committee");
    await ben.page.getByRole("checkbox").check();
    await ben.page.getByRole("button", { name: "Create room" }).click();
    await expect(log(ben, "Committee")).toBeVisible();
    const ana = await chat.register("Ana", "Ruiz");
    for (const address of [new URL(ben.page.url()).pathname, "/c/987654"]) {
      await ana.goes(address);
      await expect(ana.page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
      await expect(ana.page).toHaveURL(new RegExp(`${address}$`));
    }
  });

  test("of two who start the server at once, one is the owner and the other is told", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const [ana, ben] = [await chat.stranger("Ana", "Ruiz"), await chat.stranger("Ben", "Okafor")];
    await ben.goes("/");
    await starts(ana, "Of Ana");
    await ben.fillsRegistration();
    await ben.page.getByRole("button", { name: "Create and start" }).click();
    await expect(ben.page.getByRole("alert")).toContainText("Somebody else has just made the first account, and is the owner.");
    await ben.page.reload();
    await expect(ben.page.getByRole("heading", { name: "Join the conversation" })).toBeVisible();
    await expect(ben.page).toHaveTitle("Create an account · Of Ana");
  });

  test("the owner renames the workspace, and everybody sees it at once", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await expect(ben.page).toHaveTitle("General · Hubbub");
    await ben.menu.click();
    await expect(ben.page.getByRole("link", { name: "Workspace" })).toHaveCount(0);
    await ana.menu.click();
    await ana.page.getByRole("link", { name: "Workspace" }).click();
    await ana.page.getByLabel("Name", { exact: true }).fill("Harbour Rowing");
    await ana.page.getByRole("button", { name: "Save" }).click();
    await expect(ana.page.getByText("The workspace has its new name.")).toBeVisible();
    for (const person of [ana, ben]) {
      await expect(side(person).getByRole("link", { name: "Harbour Rowing" })).toBeVisible();
    }
    await expect(ben.page).toHaveTitle("General · Harbour Rowing");
    await ben.page.reload();
    await expect(ben.page).toHaveTitle("General · Harbour Rowing");
  });

  test("the link is copied by its button, and the first message takes nothing away", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz", { browser: { permissions: ["clipboard-read", "clipboard-write"] } });
    await starts(ana, "Harbour Rowing");
    await ana.connected();
    await expect(ana.page.getByText("Whoever reaches this address can make an account.")).toHaveCount(0);
    await ana.page.getByRole("button", { name: "Copy link" }).click();
    await expect(ana.page.getByText("Copied.")).toBeVisible();
    expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(`${ana.url}/register`);
    await ana.says("Good morning");
    await ana.sees("Good morning");
    await expect(ana.page.getByText("This is the beginning of General.")).toBeVisible();
    await expect(ana.page.getByLabel("Invite link")).toHaveValue(`${ana.url}/register`);
  });

  test("the panel's tabs and the links of a new room agree on what is shown", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await makes(ana, "Winter camp");
    const adds = log(ana, "Winter camp").getByRole("link", { name: "Add people" });
    await adds.click();
    await panel(ana).getByRole("button", { name: "Back to the members" }).click();
    await expect(panel(ana).getByRole("button", { name: "Add people" })).toBeVisible();
    await adds.click();
    await expect(panel(ana).getByRole("heading", { name: "Add people" })).toBeVisible();
    await log(ana, "Winter camp").getByRole("link", { name: "Set a topic" }).click();
    await expect(panel(ana).getByLabel("Topic (optional)")).toBeFocused();
  });
});

test.describe("Nothing that axe can find is wrong", () => {
  test.use({ settings: { HUBBUB_REGISTRATION: "invite" } });

  test("with the first room, a new one, and the page of the workspace", async ({ chat }) => {
    const ana = await chat.stranger("Ana", "Ruiz");
    await starts(ana, "Harbour Rowing");
    await ana.goes("/c/1");
    await ana.connected();
    await passesAxe(ana);
    await makes(ana, "Winter camp");
    await passesAxe(ana);
    await ana.goes("/workspace");
    await ana.connected();
    await passesAxe(ana);
  });
});

test("every page says what it is to those who find it elsewhere", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  for (const path of ["/", "/c/1", "/rooms", "/people"]) {
    await ana.goes(path);
    await expect(ana.page.locator("meta[name=description]")).toHaveAttribute("content", /team chat/i);
    await expect(ana.page.locator("meta[name=application-name]")).toHaveAttribute("content", "Hubbub");
  }
});
