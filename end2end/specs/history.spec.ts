import { expect, test } from "../support/chat";

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `Message ${from + i}`);

test("everything is there after the server was stopped and started", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.says("Before");
  await ana.sees("Before");
  chat.breaksTheNetwork();
  await chat.program.stop();
  await chat.program.start();
  await ana.page.reload();
  await ana.connected();
  await ana.seesExactly(["Before"]);
  const ben = await chat.register("Ben", "Okafor");
  await ben.seesExactly(["Before"]);
});

test("a room opens at its newest message, and asks for older ones when one scrolls up", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 120));
  const sent: string[] = [];
  ana.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  await ana.page.reload();
  await ana.connected();
  await expect(ana.message("Message 120")).toBeInViewport();
  const asked = () => sent.filter((frame) => frame.includes('"history"')).length;
  await expect(async () => {
    await ana.scrollsTo("oldest");
    await expect(ana.message("Message 1")).toBeInViewport({ timeout: 300 });
  }).toPass();
  expect(asked()).toBe(2);
  await expect(ana.timeline.getByText("This is the beginning of General.")).toBeVisible();
});

test("a conversation is found where its reader left it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 60));
  const ben = await chat.register("Ben", "Okafor");
  await ben.sees("Message 60");
  // Somewhere in the middle, and then elsewhere and back.
  await ben.message("Message 30").scrollIntoViewIfNeeded();
  await expect(ben.page.getByRole("button", { name: /Jump to latest/ })).toBeVisible();
  const place = () => ben.message("Message 30").evaluate((row) => Math.round(row.getBoundingClientRect().top));
  const before = await place();
  await ben.page.getByRole("link", { name: "New direct message" }).click();
  await expect(ben.page.getByRole("heading", { name: "People" })).toBeVisible();
  await ben.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "General" }).click();
  await expect(ben.message("Message 30")).toBeInViewport();
  await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThanOrEqual(2);
});

test("a jump to the latest arrives there, however slow the network, and says when it cannot", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 160));
  // The answer to "latest" is held back; the first is a refusal.
  let asked = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await ana.page.routeWebSocket(/\/ws$/, (near) => {
    const far = near.connectToServer();
    near.onMessage(async (text) => {
      const frame = JSON.parse(String(text));
      if (frame.type !== "history") return far.send(text);
      // The next page is never answered, so that only the jump leads there.
      if (frame.at !== "latest") return;
      asked += 1;
      if (asked === 1) {
        return near.send(JSON.stringify({ type: "refused", request: frame.request, error: { code: "unavailable", message: "Not now." } }));
      }
      await held;
      far.send(text);
    });
  });
  await ana.goes("/c/1?before=60");
  await ana.connected();
  await expect(ana.message("Message 40")).toHaveCount(1);
  const jump = ana.page.getByRole("button", { name: /Jump to latest/ });
  await jump.click();
  await expect(ana.timeline.getByText("Could not load newer messages.")).toBeVisible();
  await ana.timeline.getByRole("button", { name: "Try again" }).click();
  await expect.poll(() => asked).toBe(2);
  await expect(jump).toBeHidden();
  release();
  await expect(ana.message("Message 160")).toBeInViewport();
  await expect(jump).toBeHidden();
});

test("what was written today is yesterday's after midnight", async ({ chat }) => {
  chat.breaksTheNetwork();
  const ana = await chat.register("Ana", "Ruiz");
  await ana.says("Late");
  await ana.sees("Late");
  // The page's clock stands shortly before midnight of this very day.
  const evening = new Date();
  evening.setUTCHours(22, 30, 0, 0);
  await ana.page.clock.install({ time: evening });
  await ana.page.reload();
  await ana.connected();
  await expect(ana.timeline.getByText("Today", { exact: true })).toBeVisible();
  await ana.page.clock.fastForward("02:00:00");
  await expect(ana.timeline.getByText("Yesterday", { exact: true })).toBeVisible();
});

test("one who reads older messages is not moved by new ones, and is told of them", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 40));
  await ana.page.reload();
  await ana.connected();
  const ben = await chat.register("Ben", "Okafor");
  await ana.scrollsTo("oldest");
  await expect(ana.message("Message 1")).toBeInViewport();
  const before = await ana.message("Message 1").boundingBox();

  await ben.says("News");
  await ana.sees("News");
  const pill = ana.page.getByRole("button", { name: /latest/i });
  await expect(pill).toContainText("1");
  expect((await ana.message("Message 1").boundingBox())!.y).toBeCloseTo(before!.y, 0);
  await pill.click();
  await expect(ana.message("News")).toBeInViewport();
  await expect(pill).toHaveCount(0);

  // At the bottom one stays at the bottom.
  await ben.says("More news");
  await expect(ana.message("More news")).toBeInViewport();
});

test("one's own message is always brought into view", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 40));
  await ana.page.reload();
  await ana.connected();
  await ana.scrollsTo("oldest");
  await ana.says("Mine");
  await expect(ana.message("Mine")).toBeInViewport();
});

test("one's own message is brought into view although the page has not been drawn since one scrolled away", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 40));
  await ana.page.reload();
  await ana.connected();
  await ana.composer.fill("Mine");
  // In one task: the browser tells of scrolling only when it draws the next frame.
  await ana.composer.evaluate((composer) => {
    document.querySelector(".timeline")!.scrollBy(0, -1e6);
    composer.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  });
  await ana.sees("Mine");
  await expect(ana.message("Mine")).toBeInViewport();
});
