import { type Chat, expect, type Person, test } from "../support/chat";

test.beforeEach(({ chat }) => chat.breaksTheNetwork());

test("connecting and disconnecting is noticed on both sides", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.goes("/diagnostics");
  await ana.connected();
  await seesClients(ana, 1);
  const ben = await chat.register("Ben", "Okafor");
  await seesClients(ana, 2);
  await ben.page.close();
  await seesClients(ana, 1);

  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await expect(ana.banner).toBeVisible();
  await chat.program.start();
  await ana.linkIs("connected");
  await expect(ana.banner).toBeHidden();
  await seesClients(ana, 1);
});

test("the server restarts under two talking people, and nothing is missing or doubled", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  // So high that all rows are in the page.
  for (const person of [ana, ben]) await person.page.setViewportSize({ width: 1280, height: 4_000 });
  await ana.says("Ana 0");
  await ben.sees("Ana 0");
  for (const [round, end] of (["kill", "stop"] as const).entries()) {
    const talking = Promise.all([ana, ben].map((person) => talks(person, round)));
    await expect.poll(() => ana.rows.count()).toBeGreaterThan(2 * LINES * round + LINES / 2);
    await chat.program[end]();
    await talking;
    await chat.program.start();
    for (const person of [ana, ben]) {
      await person.linkIs("connected");
      await expect(person.rows).toHaveCount(1 + 2 * LINES * (round + 1), { timeout: 30_000 });
      await expect(person.timeline.locator(".queued")).toHaveCount(0);
    }
  }
  await endsEqual(chat, [ana, ben], ["Ana 0", ...["Ana", "Ben"].flatMap((name) => [0, 1].flatMap((round) => lines(name, round)))]);
});

test("what is written without a connection waits, is counted, and is sent once it is back", async ({ chat }) => {
  const wire = await chat.wire();
  const ana = await chat.register("Ana", "Ruiz", { at: wire.url });
  const ben = await chat.register("Ben", "Okafor");
  await wire.cut();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("One");
  await ana.says("Two");
  for (const text of ["One", "Two"]) await expect(ana.message(text)).toHaveClass(/queued/);
  await expect(ana.banner).toContainText("2 messages wait");
  await ben.says("Meanwhile");
  await ben.seesExactly(["Meanwhile"]);

  await wire.mend();
  await ana.linkIs("connected");
  await expect(ana.banner).toBeHidden();
  for (const person of [ana, ben]) await person.seesExactly(["Meanwhile", "One", "Two"]);
});

test("a browser that goes offline says so, and catches up when it is back", async ({ chat }) => {
  const wire = await chat.wire();
  const ana = await chat.register("Ana", "Ruiz", { at: wire.url });
  const ben = await chat.register("Ben", "Okafor");
  await ana.context.setOffline(true);
  // Chromium leaves sockets that stand alone when it plays offline.
  wire.snap();
  await ana.linkIs("offline");
  await expect(ana.banner).toBeVisible();
  await ana.says("From the boat");
  await expect(ana.message("From the boat")).toHaveClass(/queued/);
  await expect(ana.banner).toContainText("One message waits");
  await ben.says("From the shore");

  await ana.context.setOffline(false);
  await ana.linkIs("connected");
  for (const person of [ana, ben]) await person.seesExactly(["From the shore", "From the boat"]);
});

test("a short cut goes unnoticed: no banner, nothing lost", async ({ chat }) => {
  const wire = await chat.wire();
  const ana = await chat.register("Ana", "Ruiz", { at: wire.url });
  const ben = await chat.register("Ben", "Okafor");
  // Noted by the page itself, so that no blink of it escapes.
  await ana.page.evaluate(() => {
    const noted = window as unknown as { bannerSeen: boolean };
    noted.bannerSeen = false;
    const look = () => (noted.bannerSeen ||= !!document.querySelector(".banner:not(.empty-live-region)"));
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  for (let i = 1; i <= 3; i += 1) {
    wire.snap();
    await ben.says(`Ben ${i}`);
    await ana.says(`Ana ${i}`);
    await ana.sees(`Ben ${i}`);
    await ana.sees(`Ana ${i}`);
    await ana.linkIs("connected");
  }
  expect(await ana.page.evaluate(() => (window as unknown as { bannerSeen: boolean }).bannerSeen)).toBe(false);
  await endsEqual(chat, [ana, ben], [1, 2, 3].flatMap((i) => [`Ana ${i}`, `Ben ${i}`]));
});

test("a message that waits survives a reload while the server is down, and is sent once", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("Before the reload");
  await expect(ana.message("Before the reload")).toHaveClass(/queued/);
  // The page goes away; it cannot come back from a server that is down. (A reload that fails ends in a page of the
  // browser's own, which comes when it likes and would get in the way of the next one.)
  await ana.page.goto("about:blank");

  await chat.program.start();
  await ana.goes("/");
  await ana.connected();
  await ana.seesExactly(["Before the reload"]);
  await ben.linkIs("connected");
  await ben.seesExactly(["Before the reload"]);
  await ana.page.reload();
  await ana.connected();
  await ana.seesExactly(["Before the reload"]);
});

test("two tabs that come back together send what waits once", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const tab = await chat.tab(ana);
  await tab.goes("/");
  await tab.connected();
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("Only once");
  await expect(ana.message("Only once")).toHaveClass(/queued/);
  await chat.program.start();
  await tab.page.reload();
  for (const place of [ana, tab]) {
    await place.connected();
    await place.seesExactly(["Only once"]);
  }
});

test("more than two hundred changes missed are made up by a fresh window", async ({ chat }) => {
  const wire = await chat.wire();
  const ana = await chat.register("Ana", "Ruiz", { at: wire.url });
  const ben = await chat.register("Ben", "Okafor");
  // So high that a whole window is in the page.
  for (const person of [ana, ben]) await person.page.setViewportSize({ width: 1280, height: 4_000 });
  await ben.says("Hello");
  await ana.sees("Hello");
  await wire.cut();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("Waiting");
  const missed = Array.from({ length: 260 }, (_, i) => `Missed ${i + 1}`);
  await ben.posts(missed);
  await wire.mend();
  await ana.linkIs("connected");
  await ana.sees("Waiting");
  const shown = await ana.messages();
  expect(shown.length).toBeGreaterThanOrEqual(50);
  expect(shown).toEqual(["Hello", ...missed, "Waiting"].slice(-shown.length));
  // Whoever wrote them opens the room at the newest.
  await ben.page.reload();
  await ben.connected();
  await expect.poll(async () => (await ben.messages()).slice(-50)).toEqual([...missed, "Waiting"].slice(-50));
});

test("a message that the server refuses says so, and can be sent again or discarded", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const ben = await chat.register("Ben", "Okafor");
  let refusals = 2;
  await ana.page.routeWebSocket(/\/ws$/, (near) => {
    const far = near.connectToServer();
    near.onMessage((text) => {
      const frame = JSON.parse(String(text));
      if (frame.type === "post" && refusals > 0) {
        refusals -= 1;
        near.send(JSON.stringify({ type: "refused", id: frame.id, error: { code: "forbidden", message: "This is not yours to do." } }));
      } else far.send(text);
    });
  });
  await ana.page.reload();
  await ana.connected();
  await ana.says("Again");
  await ana.says("Never");
  for (const text of ["Again", "Never"]) {
    await expect(ana.message(text)).toContainText("Not sent");
    await expect(ana.message(text)).toContainText("This is not yours to do.");
  }
  // What failed stays until its author decides, also across a reload.
  await ana.page.reload();
  await ana.connected();
  await ana.message("Again").getByRole("button", { name: "Retry" }).click();
  await ana.message("Never").getByRole("button", { name: "Discard" }).click();
  for (const person of [ana, ben]) await person.seesExactly(["Again"]);
});

test("a session that ends elsewhere leads to the sign-in page, and what waited is kept", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const tab = await chat.tab(ana);
  await tab.goes("/");
  await tab.connected();
  await tab.signsOut();
  await expect(ana.page).toHaveURL(/\/sign-in/);
  await ana.fillsSignIn();
  await ana.page.getByRole("button", { name: "Sign in" }).click();
  await ana.connected();
});

/** How many messages each person writes in a round. */
const LINES = 12;

function lines(name: string, round: number): string[] {
  return Array.from({ length: LINES }, (_, i) => `${name} ${round * LINES + i + 1}`);
}

async function talks(person: Person, round: number): Promise<void> {
  for (const line of lines(person.account.first, round)) await person.says(line);
}

/** Everyone sees the same, each of the texts once, and a fresh load shows nothing else. */
async function endsEqual(chat: Chat, people: Person[], texts: string[]): Promise<void> {
  const order = await people[0].messages();
  expect([...order].sort()).toEqual([...texts].sort());
  for (const person of people) {
    await person.seesExactly(order);
    await person.page.reload();
    await person.connected();
    // A fresh load shows the newest fifty.
    await person.seesExactly(order.slice(-50));
  }
}

async function seesClients(person: Person, count: number): Promise<void> {
  await expect(async () => {
    await person.page.getByRole("button", { name: "Refresh" }).click();
    await expect(person.page.getByRole("main")).toContainText(count === 1 ? " 1 client connected" : ` ${count} clients connected`, { timeout: 500 });
  }).toPass();
}
