import { expect, type Person, test } from "../support/chat";

const row = (person: Person, other: Person) => person.page.getByRole("listitem").filter({ hasText: other.name });

test.describe("Presence", () => {
  test("a reload does not flicker, a closed lid does after the grace, and coming back is seen", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await ana.page.getByRole("link", { name: "New direct message" }).click();
    await expect(row(ana, ben).getByText("Online")).toBeVisible();
    // What is shown from here on, in its order.
    await row(ana, ben).locator(".avatar-with-presence").evaluate((avatar) => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      new MutationObserver(() => seen.push(avatar.getAttribute("data-state") ?? "")).observe(avatar, { attributeFilter: ["data-state"] });
    });
    await ben.page.reload();
    await ben.connected();
    await ben.page.goto("about:blank");
    await expect(row(ana, ben).getByText(/Offline, last seen/)).toBeVisible({ timeout: 20_000 });
    await ben.goes("/");
    await ben.connected();
    await expect(row(ana, ben).getByText("Online")).toBeVisible();
    const seen = await ana.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen.filter((state, i) => state !== seen[i - 1])).toEqual(["offline", "online"]);
  });

  test("signing out takes effect at once, and a direct conversation says since when", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    const ben = await chat.register("Ben", "Okafor");
    await ana.page.getByRole("link", { name: "New direct message" }).click();
    await ana.page.getByRole("button", { name: `Message ${ben.name}` }).click();
    const head = ana.page.locator("header.head");
    await expect(head.getByText("Online")).toBeVisible();
    const box = ana.page.getByRole("textbox", { name: `Message ${ben.name}` });
    await box.fill("Are you there?");
    await box.press("Enter");
    const line = ana.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: ben.name });
    await expect(line).toHaveAccessibleName(/, online/);
    const before = Date.now();
    await ben.signsOut();
    await expect(head.getByText(/^Offline since \d/)).toBeVisible();
    expect(Date.now() - before).toBeLessThan(9_000);
    await expect(line).toHaveAccessibleName(/, offline/);
    await ben.signsIn();
    await ben.connected();
    await expect(head.getByText("Online")).toBeVisible();
    await expect(ben.page.getByRole("link", { name: /Ana Ruiz.*1 unread message/ })).toBeVisible();
  });
});
