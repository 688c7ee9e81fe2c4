import type { WebSocketRoute } from "@playwright/test";
import { type Chat, expect, Person, test } from "../support/chat";

// A server that is one release ahead: the real one, whose frames are changed on their way to the page.

type Frame = Record<string, unknown> & { type: string };

/** What a newer server makes of a frame: nothing, the frame, or several. */
type Newer = (frame: Frame) => Frame[];

/** Someone whose page talks to a newer server, and how often it has connected. */
async function withNewerServer(chat: Chat, first: string, last: string, newer: { now: Newer }): Promise<{ person: Person; connections: () => number }> {
  const person = await chat.stranger(first, last);
  let connections = 0;
  await person.page.routeWebSocket("**/ws", (page: WebSocketRoute) => {
    connections += 1;
    const server = page.connectToServer();
    server.onMessage((text) => {
      for (const frame of newer.now(JSON.parse(String(text)) as Frame)) page.send(JSON.stringify(frame));
    });
    page.onMessage((text) => {
      const frame = JSON.parse(String(text)) as Frame;
      if (frame.type === "post" && frame.body === "costs money") {
        const error = { code: "payment_required", message: "Pay first.", fields: [{ field: "card", message: "Missing." }] };
        page.send(JSON.stringify({ type: "refused", id: frame.id, error }));
      } else server.send(text);
    });
  });
  await person.registers();
  await person.arrives();
  return { person, connections: () => connections };
}

/** New frames, fields, kinds, notices, states and content types, beside what there is today. */
function ahead(frame: Frame): Frame[] {
  const told = JSON.parse(
    JSON.stringify(frame, (key, value: unknown) => {
      if (key === "content" && isText(value, "a poll")) return { type: "poll", question: "When?", options: ["Today", { at: 1 }] };
      if (key === "content" && isText(value, "a pin")) return { type: "notice", notice: { type: "pinned", message: 3 } };
      if (key === "state" && value === "online") return "in_a_call";
      const known = value !== null && typeof value === "object" && !Array.isArray(value) && key !== "of_tomorrow";
      return known ? { ...value, of_tomorrow: { deep: [1, null] } } : value;
    }),
  ) as Frame;
  if (told.type === "welcome") {
    const state = told.initial_state as { conversations: object[] };
    const row = { id: 9_007, rev: 1, kind: "broadcast", name: "Announcements", topic: "", member_count: 2 };
    state.conversations.push({ conversation: row, rev: 1, head: 0, at: 1_700_000_000_000, others_message_count: 0, read: { seq: 0, others_message_count: 0 } });
  }
  return [{ type: "poll_closed", poll: "x", request: [] }, told];
}

function isText(content: unknown, body: string): boolean {
  return typeof content === "object" && content !== null && "body" in content && content.body === body;
}

test("a client works with a server that sends kinds, notices, codes, fields and frames of tomorrow", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const { person: ben, connections } = await withNewerServer(chat, "Ben", "Okafor", { now: ahead });
  await ben.connected();
  await expect(ben.page.getByRole("link", { name: /Announcements/ })).toBeVisible();

  await ana.says("hello");
  await ben.sees("hello");
  await ana.says("a poll");
  await expect(ben.rows.filter({ hasText: "Update to see this" })).toHaveCount(1);
  await ana.says("a pin");
  await expect(ben.rows.filter({ hasText: "Update to see this" })).toHaveCount(2);

  await ben.says("costs money");
  const refused = ben.rows.filter({ hasText: "Pay first." });
  await expect(refused).toContainText("Not sent");
  await refused.getByRole("button", { name: "Discard" }).click();

  await ben.says("goodbye");
  for (const person of [ana, ben]) await person.sees("goodbye");
  expect(connections(), "it never had to connect again").toBe(1);
});

test("a welcome of another protocol asks for a reload, keeps what waits, and does not loop", async ({ chat }) => {
  const newer = { now: (frame: Frame): Frame[] => [frame.type === "welcome" ? { type: "welcome", session: "of another protocol" } : frame] };
  const { person: ben, connections } = await withNewerServer(chat, "Ben", "Okafor", newer);
  await ben.linkIs("outdated");
  await expect(ben.banner).toContainText("new");
  await expect(ben.banner.getByRole("button", { name: "Reload" })).toBeVisible();
  await ben.says("kept");
  await expect(ben.message("kept")).toHaveClass(/queued/);
  // What makes a page try at once elsewhere changes nothing here.
  await ben.page.evaluate(() => {
    for (const name of ["online", "focus"]) window.dispatchEvent(new Event(name));
  });
  await ben.linkIs("outdated");
  expect(connections()).toBe(1);

  newer.now = (frame) => [frame];
  await ben.banner.getByRole("button", { name: "Reload" }).click();
  await ben.connected();
  await ben.sees("kept");
});
