import { AxeBuilder } from "@axe-core/playwright";
import { type Chat, expect, inEveryLook, type Person, test } from "../support/chat";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** What the browser prints when the server refuses: the refusal is what the test is about. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d|WebSocket connection to .* failed/;
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";

/** Goes to a page by the menu. */
async function opens(person: Person, label: string, heading = label): Promise<void> {
  await person.menu.click();
  await person.page.getByRole("link", { name: label, exact: true }).click();
  await expect(person.page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
}

function device(person: Person, name: string) {
  return person.page.getByRole("region", { name });
}

/** Ana at home and on her phone. */
async function twoDevices(chat: Chat): Promise<[Person, Person]> {
  const ana = await chat.register("Ana", "Ruiz");
  const phone = await chat.device(ana, { browser: { userAgent: IPHONE } });
  return [ana, phone];
}

async function changesPassword(person: Person, current: string, next: string): Promise<void> {
  await person.page.getByLabel("Current password", { exact: true }).fill(current);
  await person.page.getByLabel("New password", { exact: true }).fill(next);
  await person.page.getByRole("button", { name: "Change password" }).click();
}

test.describe("Devices", () => {
  test("the page of a device that is signed out from another leads to signing in", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const [ana, phone] = await twoDevices(chat);
    await opens(ana, "Devices");
    await expect(device(ana, "Chrome on Linux")).toContainText("This device");
    await expect(device(ana, "Chrome on Linux").getByRole("button")).toHaveCount(0);
    await expect(device(ana, "Safari on iPhone")).toContainText("127.0.0.1 · now");
    await device(ana, "Safari on iPhone").getByRole("button", { name: "Sign out" }).click();

    await expect(phone.page).toHaveURL(/\/sign-in/);
    await expect(device(ana, "Safari on iPhone")).toHaveCount(0);
    await expect(ana.page.getByText("That device is signed out.")).toBeVisible();
    await expect(ana.page.getByText("You are signed in on this device alone.")).toBeVisible();
    await expect(ana.page.getByRole("button", { name: "Sign out everywhere else" })).toBeHidden();
    await ana.linkIs("connected");
    await phone.goes("/");
    await expect(phone.page).toHaveURL(/\/sign-in/);
  });

  test("signing out everywhere else leaves this device alone", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const [ana, phone] = await twoDevices(chat);
    const tablet = await chat.device(ana);
    const tom = await chat.register("Tom", "Okafor");
    await opens(ana, "Devices");
    await ana.page.getByRole("button", { name: "Sign out everywhere else" }).click();
    await expect(phone.page).toHaveURL(/\/sign-in/);
    await expect(tablet.page).toHaveURL(/\/sign-in/);
    await expect(ana.page.getByRole("region", { name: /on/ })).toHaveCount(1);
    await ana.linkIs("connected");
    await tom.linkIs("connected");
  });

  test("without JavaScript the forms do the same", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const phone = await chat.register("Ana", "Ruiz", { browser: { userAgent: IPHONE } });
    const ana = await chat.stranger("Ana", "Ruiz", { browser: { javaScriptEnabled: false } });
    await ana.signsIn();
    await ana.arrives();
    await opens(ana, "Devices");
    await device(ana, "Safari on iPhone").getByRole("button", { name: "Sign out" }).click();
    await expect(phone.page).toHaveURL(/\/sign-in/);
    await expect(ana.page.getByText("You are signed in on this device alone.")).toBeVisible();

    await opens(ana, "Change password");
    await changesPassword(ana, "Wrong-77-one", "Harbour-78-rowing");
    await expect(ana.page.getByText("This is not your current password.")).toBeVisible();
    expect(ana.page.url()).not.toContain("Harbour");
    await changesPassword(ana, "Harbour-77-rowing", "Harbour-78-rowing");
    await expect(ana.page.getByText("Your password is changed.")).toBeVisible();
  });
});

test("changing the password asks for the old one, refuses under the fields, and signs the other devices out", async ({ chat }) => {
  chat.tolerates(REFUSED);
  const [ana, phone] = await twoDevices(chat);
  await opens(ana, "Change password");
  const [current, next] = ["Current password", "New password"].map((label) => ana.page.getByLabel(label, { exact: true }));

  await changesPassword(ana, "Harbour-77-rowing", "harbour");
  await expect(next).toHaveAccessibleDescription(/A password has at least 8 characters\./);
  await changesPassword(ana, "Harbour-77-rowing", "Harbour-77-rowing");
  await expect(next).toHaveAccessibleDescription(/This is your current password\. Please choose another\./);
  await changesPassword(ana, "Wrong-77-one", "Harbour-78-rowing");
  await expect(current).toHaveAccessibleDescription("This is not your current password.");
  await expect(current).toBeFocused();
  await phone.linkIs("connected");

  await changesPassword(ana, "Harbour-77-rowing", "Harbour-78-rowing");
  await expect(ana.page.getByText("Your password is changed. All other devices are signed out.")).toBeVisible();
  await expect(current).toHaveValue("");
  await expect(next).toHaveValue("");
  await expect(phone.page).toHaveURL(/\/sign-in/);
  await ana.page.reload();
  await ana.connected();
  await phone.signsIn("ana", "Harbour-77-rowing");
  await expect(phone.page.getByRole("alert")).toContainText("do not go together");
  await phone.signsIn("ana", "Harbour-78-rowing");
  await phone.arrives();
});

test.describe("The owner", () => {
  test("disables an account, whose open page leads to signing in, and enables it again", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const ana = await chat.register("Ana", "Ruiz");
    const tom = await chat.register("Tom", "Okafor");
    await opens(ana, "Accounts");
    const row = ana.page.getByRole("region", { name: "Tom Okafor" });
    await expect(ana.page.getByRole("region", { name: "Ana Ruiz" })).toContainText("Owner");
    await expect(ana.page.getByRole("region", { name: "Ana Ruiz" }).getByText("Disable…")).toHaveCount(0);

    // What it means comes first, and one can keep it.
    await row.getByText("Disable…").click();
    await expect(row.getByText("They are signed out everywhere at once")).toBeVisible();
    await row.getByText("Keep it").click();
    await expect(row.getByRole("button", { name: "Disable the account" })).toBeHidden();
    await tom.linkIs("connected");

    await row.getByText("Disable…").click();
    await row.getByRole("button", { name: "Disable the account" }).click();
    await expect(tom.page).toHaveURL(/\/sign-in/);
    await expect(row.getByText("Disabled", { exact: true })).toBeVisible();
    await tom.signsIn();
    await expect(tom.page.getByRole("alert")).toContainText("do not go together");

    await row.getByRole("button", { name: "Enable" }).click();
    await expect(row.getByText("Disabled", { exact: true })).toBeHidden();
    await tom.signsIn();
    await tom.arrives();
  });

  test("finds an account by the beginning of a name, and nobody else has the page", async ({ chat }) => {
    chat.tolerates(REFUSED);
    const ana = await chat.register("Ana", "Ruiz");
    const tom = await chat.register("Tom", "Okafor");
    await opens(ana, "Devices");
    await expect(device(ana, "Chrome on Linux")).toBeVisible();
    await opens(ana, "Accounts");
    await expect(ana.page.getByRole("region", { name: "Tom Okafor" })).toBeVisible();
    await expect(device(ana, "Chrome on Linux")).toHaveCount(0);
    await ana.page.getByRole("searchbox", { name: "Find an account" }).fill("oka");
    await ana.page.getByRole("button", { name: "Find" }).click();
    await expect(ana.page.getByRole("region", { name: "Tom Okafor" })).toBeVisible();
    await expect(ana.page.getByRole("region", { name: "Ana Ruiz" })).toHaveCount(0);
    await ana.page.getByRole("searchbox", { name: "Find an account" }).fill("xyz");
    await ana.page.keyboard.press("Enter");
    await expect(ana.page.getByText("Nobody has a name that begins like this.")).toBeVisible();

    await tom.menu.click();
    await expect(tom.page.getByRole("link", { name: "Devices" })).toBeVisible();
    await expect(tom.page.getByRole("link", { name: "Accounts" })).toHaveCount(0);
    await tom.goes("/accounts");
    await expect(tom.page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  });
});

test("nothing that axe can find is wrong with the three pages", async ({ chat }) => {
  chat.tolerates(REFUSED);
  const [ana] = await twoDevices(chat);
  await chat.register("Tom", "Okafor");
  const passes = () =>
    inEveryLook(ana.page, async (look) => {
      const { violations } = await new AxeBuilder({ page: ana.page }).withTags(WCAG).analyze();
      expect.soft(violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`)), look).toEqual([]);
    });
  await ana.goes("/devices");
  await ana.connected();
  await passes();
  await ana.page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(ana.page.getByText("All other devices are signed out.")).toBeVisible();
  await passes();

  await ana.goes("/password");
  await ana.connected();
  await changesPassword(ana, "", "harbour");
  await expect(ana.page.getByText("Type your current password.")).toBeVisible();
  await passes();

  await ana.goes("/accounts");
  await ana.connected();
  const row = ana.page.getByRole("region", { name: "Tom Okafor" });
  await row.getByText("Disable…").click();
  await passes();
  await row.getByRole("button", { name: "Disable the account" }).click();
  await expect(row.getByRole("button", { name: "Enable" })).toBeVisible();
  await passes();
});
