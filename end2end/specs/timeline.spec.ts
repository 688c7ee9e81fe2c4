import { expect, type Person, test } from "../support/chat";

const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => `Message ${from + i}`);
const jump = (person: Person) => person.page.getByRole("button", { name: /Jump to latest/ });
const general = (person: Person) =>
  person.page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: /^General/ });

/** Says whether somebody looks at the window. */
async function looks(person: Person, at: boolean) {
  await person.page.evaluate((at) => {
    document.hasFocus = () => at;
    window.dispatchEvent(new Event(at ? "focus" : "blur"));
  }, at);
}

/** Goes to the page of people, so that nothing of General is seen. */
async function goesElsewhere(person: Person) {
  await person.page.getByRole("link", { name: "New direct message" }).click();
  await expect(person.page.getByRole("heading", { name: "People" })).toBeVisible();
}

type Drawing = { drawn: () => Promise<void> };

/**
 * Scrolls by so many pixels every second frame until nothing more moves, waiting where something is being loaded. Tells by
 * how many pixels a message moved at most otherwise than it was scrolled, and how many rows the page had at most.
 */
async function scrollsAlong(person: Person, by: number): Promise<{ strayed: number; rows: number }> {
  await person.drawn();
  return person.timeline.evaluate(async (pane, by) => {
    const { drawn } = window as unknown as Drawing;
    // What one reads is a message's text: its author above it comes and goes with the message before.
    const middle = () => {
      const box = pane.getBoundingClientRect();
      const line = box.top + box.height / 2;
      return [...pane.querySelectorAll("article.message .body")].find((text) => text.getBoundingClientRect().bottom > line);
    };
    let [strayed, rows, still] = [0, 0, 0];
    await drawn();
    while (still < 60) {
      const text = middle();
      if (!text) throw new Error("Nothing is where the reader looks.");
      const [top, position] = [text.getBoundingClientRect().top, pane.scrollTop];
      pane.scrollBy(0, by);
      const moved = pane.scrollTop - position;
      for (let frame = 0; frame < 2; frame++) {
        await drawn();
        const now = text.isConnected ? text.getBoundingClientRect().top : Infinity;
        strayed = Math.max(strayed, Math.abs(now - (top - moved)));
        rows = Math.max(rows, pane.querySelectorAll("article.message").length);
      }
      still = moved === 0 ? still + 1 : 0;
    }
    return { strayed, rows };
  }, by);
}

test("reading far up and back moves every message by what was scrolled, and the page holds a bounded number", async ({ chat }) => {
  const wire = await chat.wire();
  const ana = await chat.register("Ana", "Ruiz", { at: wire.url });
  const all = numbered(1, 700).map((text, at) => (at % 9 === 0 ? `${text}\n\n${"and so on ".repeat(at % 60)}` : text));
  await ana.posts(all);
  await ana.page.reload();
  await ana.connected();
  const up = await scrollsAlong(ana, -350);
  expect(up.strayed).toBeLessThanOrEqual(2);
  expect(up.rows).toBeLessThanOrEqual(200);
  await expect(ana.timeline.getByText("This is the beginning of General.")).toBeInViewport();

  // What was read comes back without the network.
  await ana.context.setOffline(true);
  wire.snap();
  // The banner takes room from who follows the newest message.
  await expect(ana.banner).toBeVisible();
  const down = await scrollsAlong(ana, 350);
  expect(down.strayed).toBeLessThanOrEqual(2);
  expect(down.rows).toBeLessThanOrEqual(200);
  await expect(ana.message("Message 700")).toBeInViewport();
  await expect(jump(ana)).toHaveCount(0);
  // A jump over everything, as by the scroll bar.
  await ana.scrollsTo("oldest");
  await expect(ana.timeline.getByText("This is the beginning of General.")).toBeInViewport();
  await expect(ana.rows.first()).toContainText("Message 1");
  await ana.scrollsTo("newest");
  await expect(ana.message("Message 700")).toBeInViewport();
});

test("messages that arrive together do not shift what one reads, however many they are", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 80));
  await ana.page.reload();
  await ana.connected();
  const ben = await chat.register("Ben", "Okafor");
  await ana.timeline.evaluate((pane) => pane.scrollBy(0, -900));
  await expect(jump(ana)).toBeVisible();
  await ana.drawn();
  const row = await ana.timeline.evaluateHandle(async (pane) => {
    await (window as unknown as Drawing).drawn();
    const edge = pane.getBoundingClientRect().top;
    const row = [...pane.querySelectorAll("article.message")].find((row) => row.getBoundingClientRect().top >= edge)!;
    return { row, top: row.getBoundingClientRect().top };
  });
  const watched = ana.timeline.evaluate(
    async (pane, { row, top }) => {
      let [strayed, rows] = [0, 0];
      do {
        await (window as unknown as Drawing).drawn();
        strayed = row.isConnected ? Math.max(strayed, Math.abs(row.getBoundingClientRect().top - top)) : Infinity;
        rows = Math.max(rows, pane.querySelectorAll("article.message").length);
      } while (document.querySelector(".jump .hidden-text")?.textContent !== "450 new messages");
      return { strayed, rows };
    },
    row,
  );
  // Several at a time: they come in one frame.
  const news = numbered(1001, 1450);
  const lanes = [0, 1, 2, 3, 4, 5].map((lane) => ben.posts(news.filter((_, at) => at % 6 === lane)));
  await Promise.all(lanes);
  const { strayed, rows } = await watched;
  expect(strayed).toBeLessThanOrEqual(2);
  expect(rows).toBeLessThanOrEqual(200);
  await jump(ana).click();
  await expect(ana.rows.last()).toBeInViewport();
  await expect(jump(ana)).toHaveCount(0);
});

test("a conversation with much unread opens at the first unread message, and the badge stays until it is read", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 60));
  const ben = await chat.register("Ben", "Okafor");
  await ben.sees("Message 60");
  await goesElsewhere(ben);
  await ana.posts(numbered(61, 190));
  await expect(general(ben)).toHaveAccessibleName(/130 unread|99\+/);
  const isAtFirstUnread = async () => {
    await expect(ben.timeline.getByText("New", { exact: true })).toBeInViewport();
    await expect(ben.message("Message 61")).toBeInViewport();
    await expect(ben.message("Message 60")).toBeInViewport();
    await expect(jump(ben)).toContainText("130 new messages");
    await expect(general(ben)).toHaveAccessibleName(/130 unread|99\+/);
  };
  // What is held already, and what the server renders.
  await general(ben).click();
  await isAtFirstUnread();
  await ben.page.reload();
  await ben.connected();
  await isAtFirstUnread();

  // The pill leads to the newest one, and back.
  await jump(ben).click();
  await expect(ben.message("Message 190")).toBeInViewport();
  await expect(general(ben)).not.toHaveAccessibleName(/unread/);
});

test("who has jumped over what is new is led back to it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 60));
  const ben = await chat.register("Ben", "Okafor");
  await ben.sees("Message 60");
  // Messages come while nobody looks at the window, which stays at the newest.
  await looks(ben, false);
  await ana.posts(numbered(61, 190));
  await expect(ben.message("Message 190")).toBeInViewport();
  await looks(ben, true);
  const back = ben.page.getByRole("button", { name: "130 new messages", exact: true });
  await back.click();
  await expect(ben.timeline.getByText("New", { exact: true })).toBeInViewport();
  await expect(ben.message("Message 61")).toBeInViewport();
  await expect(back).toHaveCount(0);
});

test("“New” stands where it first stood while one reads, and moves when one returns to the window", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.says("First");
  const ben = await chat.register("Ben", "Okafor");
  await ben.sees("First");
  const isAbove = async (text: string) => {
    const row = ben.timeline.locator(".timeline-row").filter({ has: ben.page.locator(".new") });
    await expect(row).toHaveCount(1);
    await expect(row).toContainText(text);
  };
  await looks(ben, false);
  await ana.says("Second");
  await isAbove("Second");
  await looks(ben, true);
  await ana.says("Third");
  await ben.sees("Third");
  await expect(general(ben)).not.toHaveAccessibleName(/unread/);
  await isAbove("Second");
  await looks(ben, false);
  await ana.says("Fourth");
  await isAbove("Fourth");
  await looks(ben, true);
  await isAbove("Fourth");
});

test("Home and End lead to the first and the last message that is held, in the page or not", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 300));
  await ana.page.reload();
  await ana.connected();
  await scrollsAlong(ana, -350);
  await ana.scrollsTo("newest");
  await expect(ana.message("Message 300")).toBeInViewport();
  await ana.rows.last().focus();
  await ana.page.keyboard.press("Home");
  await expect(ana.message("Message 1")).toBeFocused();
  await ana.page.keyboard.press("ArrowDown");
  await expect(ana.message("Message 2")).toBeFocused();
  await ana.page.keyboard.press("End");
  await expect(ana.message("Message 300")).toBeFocused();
  await ana.page.keyboard.press("ArrowUp");
  await expect(ana.message("Message 299")).toBeFocused();
});

test("who is at the beginning stays there when the window grows", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 60));
  await ana.page.reload();
  await ana.connected();
  const beginning = ana.timeline.getByText("This is the beginning of General.");
  await expect(async () => {
    await ana.scrollsTo("oldest");
    await expect(beginning).toBeInViewport({ timeout: 500 });
  }).toPass();
  await ana.page.setViewportSize({ width: 1280, height: 1100 });
  await ana.drawn();
  await expect(beginning).toBeInViewport();
  await ana.page.setViewportSize({ width: 1280, height: 800 });
  await ana.drawn();
  await expect(beginning).toBeInViewport();
});

test("whoever is brought to the newest message by a larger window follows it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 60));
  await ana.page.reload();
  await ana.connected();
  await ana.timeline.evaluate((pane) => pane.scrollBy(0, -100));
  await expect(jump(ana)).toBeVisible();
  await ana.page.setViewportSize({ width: 1280, height: 1100 });
  await expect(jump(ana)).toHaveCount(0);
  const ben = await chat.register("Ben", "Okafor");
  await ben.says("News");
  await expect(ana.message("News")).toBeInViewport();
});

test("whoever scrolls up, by however little, is not taken back by a message", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 60));
  await ana.page.reload();
  await ana.connected();
  const ben = await chat.register("Ben", "Okafor");
  await ana.sees("Message 60");
  await ana.timeline.evaluate((pane) => pane.scrollBy(0, -12));
  await ana.drawn();
  const top = () => ana.message("Message 50").evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  await ben.says("News");
  await ana.sees("News");
  await ana.drawn();
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
  await expect(jump(ana)).toContainText("1");
});

test("whoever scrolls while the client is loading stays there", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 50));
  let load = () => {};
  const asked = new Promise<void>((resolve) => (load = resolve));
  await ana.page.route(/hubbub\.wasm$/, async (route) => {
    await asked;
    await route.continue();
  });
  await ana.page.reload({ waitUntil: "commit" });
  await expect(ana.message("Message 50")).toBeInViewport();
  // The script of the page's head has run.
  await expect(ana.timeline).toHaveAttribute("data-start", "0");
  await ana.timeline.evaluate((pane) => pane.scrollBy(0, -500));
  const top = () => ana.message("Message 30").evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  load();
  await ana.connected();
  await ana.drawn();
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
  await expect(jump(ana)).toBeVisible();
});

test("End leads to the newest message by one request, however far away it is", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.posts(numbered(1, 700));
  // At the beginning the link for the first people is asked for: that does not move the reader either.
  const sent: string[] = [];
  ana.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  await ana.goes("/c/1?before=100");
  await ana.connected();
  await expect(ana.message("Message 99")).toBeInViewport();
  // Not a message: rows come and go here while pages of the history arrive.
  await ana.timeline.focus();
  const requests = () => sent.filter((frame) => frame.includes("history")).length;
  const before = requests();
  await ana.page.keyboard.press("End");
  await expect(ana.message("Message 700")).toBeInViewport();
  // What lies above the newest message may be asked for as well; page after page there were twelve.
  expect(requests() - before).toBeLessThanOrEqual(6);
});
