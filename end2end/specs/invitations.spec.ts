import { AxeBuilder } from "@axe-core/playwright";
import { type Chat, expect, inEveryLook, type Person, test } from "../support/chat";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What the browser prints when the server refuses: the refusal is what the test is about. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;

test.use({ settings: { HUBBUB_REGISTRATION: "invite" } });

/** The owner, without the link that the first visit makes. */
async function owner(chat: Chat): Promise<Person> {
  const ana = await chat.stranger("Ana", "Ruiz");
  const { first: first_name, last: last_name, username, email, password } = ana.account;
  const form = { first_name, last_name, username, email, password };
  const answer = await ana.context.request.post(`${chat.url}/api/register`, { headers: { Origin: chat.url }, form, maxRedirects: 0 });
  expect(answer.status(), await answer.text()).toBeLessThan(400);
  await ana.goes("/");
  await ana.arrives();
  await ana.connected();
  return ana;
}

async function opens(person: Person, label: string): Promise<void> {
  await person.menu.click();
  await person.page.getByRole("link", { name: label, exact: true }).click();
  await expect(person.page.getByRole("heading", { name: label, level: 1 })).toBeVisible();
}

/** The rows of the links, the newest first. */
function links(person: Person) {
  return person.page.getByRole("region", { name: /^Link …/ });
}

/** Makes a link on the page of invitations, and gives its address. */
async function makes(person: Person, uses: string): Promise<string> {
  const before = await links(person).count();
  await person.page.getByLabel("Lets in").selectOption(uses);
  await person.page.getByRole("button", { name: "Make a link" }).click();
  await expect(links(person)).toHaveCount(before + 1);
  return links(person).first().getByRole("textbox", { name: "Link" }).inputValue();
}

/** Registers by a link. */
async function comes(guest: Person, link: string): Promise<void> {
  await guest.page.goto(link);
  await expect(guest.page.getByText("Ana Ruiz invites you.")).toBeVisible();
  await guest.fillsRegistration();
  await guest.createsAccount.click();
  await guest.arrives();
}

/** Comes by a link in vain, and reads this. */
async function isRefused(chat: Chat, link: string, sentence: string): Promise<void> {
  const eve = await chat.stranger("Eve", "Moss");
  await eve.page.goto(link);
  await expect(eve.page.getByText(sentence)).toBeVisible();
  await expect(eve.createsAccount).toHaveCount(0);
}

test("the owner makes a link, and who opens it elsewhere registers and is in General", async ({ chat }) => {
  chat.tolerates(REFUSED);
  const ana = await owner(chat);
  await opens(ana, "Invitations");
  await expect(ana.page.getByText("There are no invitations yet.")).toBeVisible();
  await expect(ana.page.getByLabel("Good for")).toHaveValue("7");
  const link = await makes(ana, "1");
  await expect(ana.page.getByText("The link is made. Copy it, and pass it on.")).toBeVisible();
  expect(link.startsWith(`${ana.url}/register?invite=`), link).toBe(true);
  await expect(links(ana)).toContainText("0 of 1 used · expires in 7 days");

  const ben = await chat.stranger("Ben", "Okafor");
  await comes(ben, link);
  await ben.connected();
  await ben.says("Thank you for the link.");
  await ben.menu.click();
  await expect(ben.page.getByRole("link", { name: "Devices" })).toBeVisible();
  await expect(ben.page.getByRole("link", { name: "Invitations" })).toHaveCount(0);
  await ben.goes("/invitations");
  await expect(ben.page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();

  await ana.page.reload();
  await expect(links(ana)).toContainText("Used up");
  await expect(links(ana)).toContainText("1 of 1 used");
  await expect(links(ana)).toContainText("Registered with it: Ben Okafor");
  await expect(links(ana).getByRole("textbox")).toHaveCount(0);
  await isRefused(chat, link, "This invitation has been used up.");
  await ana.goes("/");
  await ana.sees("Thank you for the link.");
});

test("the page of invitations says who registers while it is open", async ({ chat }) => {
  const ana = await owner(chat);
  await opens(ana, "Invitations");
  const link = await makes(ana, "5");
  const ben = await chat.stranger("Ben", "Okafor");
  await comes(ben, link);
  await expect(links(ana)).toContainText("Registered with it: Ben Okafor");
  await expect(links(ana)).toContainText("1 of 5 used");
});

test("a link is copied at a press", async ({ chat }) => {
  const ana = await owner(chat);
  await ana.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await opens(ana, "Invitations");
  const link = await makes(ana, "5");
  await links(ana).getByRole("button", { name: "Copy" }).click();
  await expect(ana.page.getByText("Copied.")).toBeVisible();
  expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
});

test("a link that was revoked, altered or left out opens no form, and says why", async ({ chat }) => {
  chat.tolerates(REFUSED);
  const ana = await owner(chat);
  await opens(ana, "Invitations");
  const link = await makes(ana, "5");
  // Somebody has the form open while the link is revoked.
  const ben = await chat.stranger("Ben", "Okafor");
  await ben.page.goto(link);
  await ben.fillsRegistration();
  await links(ana).getByRole("button", { name: "Revoke" }).click();
  await expect(ana.page.getByText("The link is revoked.")).toBeVisible();
  await expect(links(ana).getByText("Revoked", { exact: true })).toBeVisible();
  await ben.createsAccount.click();
  await expect(ben.page.getByRole("alert")).toHaveText("This invitation was revoked.");

  await isRefused(chat, link, "This invitation was revoked.");
  await isRefused(chat, `${link.slice(0, -1)}x`, "This invitation is not valid. Ask for a new one.");
  await isRefused(chat, `${ana.url}/register`, "An account here needs an invitation. Please ask somebody who is here for one.");
  await ben.goes("/sign-in");
  await expect(ben.page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(ben.page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
});

test("the owner lets somebody invite, whose open page learns of it, and takes it back with their links", async ({ chat }) => {
  chat.tolerates(REFUSED);
  const ana = await owner(chat);
  await opens(ana, "Invitations");
  const tom = await chat.stranger("Tom", "Okafor");
  await comes(tom, await makes(ana, "5"));
  await tom.connected();
  await tom.menu.click();
  await expect(tom.page.getByRole("link", { name: "Devices" })).toBeVisible();
  await expect(tom.page.getByRole("link", { name: "Invitations" })).toHaveCount(0);

  await opens(ana, "Accounts");
  const row = ana.page.getByRole("region", { name: "Tom Okafor" });
  await expect(ana.page.getByRole("region", { name: "Ana Ruiz" }).getByRole("button")).toHaveCount(0);
  await row.getByRole("button", { name: "Let invite" }).click();
  await expect(row.getByText("May invite", { exact: true })).toBeVisible();
  await tom.page.getByRole("link", { name: "Invitations" }).click();
  await expect(links(tom)).toHaveCount(0);
  const link = await makes(tom, "25");

  await opens(ana, "Invitations");
  await expect(links(ana)).toHaveCount(2);
  await expect(links(ana).first()).toContainText("by Tom Okafor");
  await opens(ana, "Accounts");
  await row.getByRole("button", { name: "No more inviting" }).click();
  await expect(row.getByText("May invite", { exact: true })).toHaveCount(0);
  await isRefused(chat, link, "This invitation was revoked.");
});

test("without JavaScript links are made, used and revoked as well", async ({ chat }) => {
  const plain = { javaScriptEnabled: false };
  const ana = await chat.stranger("Ana", "Ruiz", { browser: plain });
  await ana.registers();
  await ana.arrives();
  await opens(ana, "Invitations");
  const link = await makes(ana, "5");
  await expect(links(ana).first().getByRole("button", { name: "Copy" })).toBeHidden();

  const ben = await chat.stranger("Ben", "Okafor", { browser: plain });
  await ben.page.goto(link);
  await ben.fillsRegistration({ ...ben.account, password: "harbour77" });
  await ben.createsAccount.click();
  await expect(ben.page.getByText("A password needs a capital letter.")).toBeVisible();
  // The refusal has not lost the invitation.
  await ben.page.getByLabel("Password", { exact: true }).fill("Harbour-77-rowing");
  await ben.createsAccount.click();
  await ben.arrives();
  await expect(ben.composer).toBeVisible();

  await ana.page.reload();
  await expect(links(ana).first()).toContainText("1 of 5 used");
  await links(ana).first().getByRole("button", { name: "Revoke" }).click();
  await expect(links(ana).first().getByText("Revoked", { exact: true })).toBeVisible();
  const eve = await chat.stranger("Eve", "Moss", { browser: plain });
  await eve.page.goto(link);
  await expect(eve.page.getByText("This invitation was revoked.")).toBeVisible();
  await eve.goes("/sign-in");
  await expect(eve.page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
});

test("nothing that axe can find is wrong with the pages of invitations", async ({ chat }) => {
  chat.tolerates(REFUSED);
  const ana = await owner(chat);
  const passes = (person: Person) =>
    inEveryLook(person.page, async (look) => {
      const { violations } = await new AxeBuilder({ page: person.page }).withTags(WCAG).analyze();
      expect.soft(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`)), look).toEqual([]);
    });
  await ana.goes("/invitations");
  await ana.connected();
  await passes(ana);
  const link = await makes(ana, "5");
  await makes(ana, "1");
  await links(ana).first().getByRole("button", { name: "Revoke" }).click();
  await expect(ana.page.getByText("The link is revoked.")).toBeVisible();
  await passes(ana);

  const ben = await chat.stranger("Ben", "Okafor");
  for (const address of [link, `${ana.url}/register`]) {
    await ben.page.goto(address);
    await expect(ben.page.locator("html")).toHaveAttribute("data-hydrated", "true");
    await passes(ben);
  }
  await comes(ben, link);
  await ana.goes("/accounts");
  await ana.connected();
  await ana.page.getByRole("button", { name: "Let invite" }).click();
  await expect(ana.page.getByText("May invite", { exact: true })).toBeVisible();
  await passes(ana);
});
