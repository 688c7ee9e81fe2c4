// The client at ten times today's use: a room of 10,000 messages read back and forth, 1,000 conversations in the list, and
// fifty messages a second into the open room while somebody types.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import http from "node:http";
import path from "node:path";
import { launch, signedIn } from "./browser.mjs";
import { median } from "./machine.mjs";
import { request } from "./rooms.mjs";

export const title = "client at ten times today's use";
const MESSAGES = 12_000;
const READ = 10_000;
const CONVERSATIONS = 1_000;
/** How many messages a second come, and for how long (seconds). */
const RATE = 50;
const TYPING_FOR = 20;
const COUNTED_FOR = 10;
const APPLY = "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\ndb.executescript(sys.stdin.read())\ndb.commit()";

/** Ana's rooms, each made by Ben. The rows are what the program itself would have written. */
const ROOMS = `
insert into conversations (kind, name, name_key, topic, owner_id, rev, row_rev, head_seq, member_count, created_at, at, search_key)
with recursive n (i) as (select 1 union all select i + 1 from n where i < ${CONVERSATIONS})
select 'public', 'Room ' || i, 'room ' || i, '', ben.id, 2, 2, 2, 2, 1, 1, char(10) || 'room ' || i || char(10) from n, users ben where ben.username = 'ben';
insert into members (conversation_id, user_id, state, rev, joined_at)
select c.id, ben.id, 'joined', 1, 1 from conversations c, users ben where c.name like 'Room %' and ben.username = 'ben';
insert into members (conversation_id, user_id, state, rev, joined_at, read_seq)
select c.id, ana.id, 'joined', 2, 1, 2 from conversations c, users ana where c.name like 'Room %' and ana.username = 'ana';
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, notice)
select id, 1, 1, owner_id, randomblob(16), zeroblob(32), '', 1, '{"type":"created"}' from conversations where name like 'Room %';
insert into messages (conversation_id, seq, rev, author_id, id, hash, body, at, notice)
select c.id, 2, 2, ana.id, randomblob(16), zeroblob(32), '', 1, '{"type":"joined"}' from conversations c, users ana
where c.name like 'Room %' and ana.username = 'ana';
update users set user_rev = user_rev + ${CONVERSATIONS} where username in ('ana', 'ben');`;

export async function measure(rooms) {
  const { program, cookies } = await rooms.holding(MESSAGES);
  const filled = spawnSync("python3", ["-c", APPLY, path.join(program.data, "hubbub.db")], { input: ROOMS, stdio: ["pipe", "inherit", "inherit"] });
  if (filled.status !== 0) throw new Error("The rooms could not be made.");
  await program.start();
  const browser = await launch();
  try {
    const page = await signedIn(browser, program.url, "ana");
    // In the list, beside General and what the program makes for everyone.
    const listed = await page.locator(".list a.conv").count();
    if (listed < CONVERSATIONS) throw new Error(`The list has ${listed} conversations.`);
    const back = await page.evaluate(reads, { messages: READ, up: true });
    const forth = await page.evaluate(reads, { messages: READ, up: false });
    const frames = [...back.frames, ...forth.frames];
    const long = frames.filter((took) => took > 50).length;
    const each = `${READ.toLocaleString("en")} messages back and forth among ${listed.toLocaleString("en")} conversations`;

    // The timeline is full: so much has been held since it was read.
    const posters = cookies.slice(1);
    const stop = posts(program.url, posters);
    await page.waitForTimeout(2_000);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    const before = await busy(devtools, page);
    await page.waitForTimeout(COUNTED_FOR * 1_000);
    const after = await busy(devtools, page);
    const came = after.head - before.head;
    const message = ((after.seconds - before.seconds) * 1_000) / came;

    await page.evaluate(noteKeys);
    await page.getByRole("textbox", { name: "Message General" }).focus();
    for (let i = 0; i < TYPING_FOR * 8; i += 1) {
      await page.keyboard.press("abcdefgh"[i % 8]);
      await page.waitForTimeout(125);
    }
    const keys = (await page.evaluate(() => window.keys)).sort((a, b) => a - b);
    const posted = await stop();
    const rate = (posted.count / posted.seconds).toFixed(0);
    return [
      { figure: "frames over 50 ms while reading", note: `${each}; ${long} of ${frames.length} frames`, value: (100 * long) / frames.length, bar: 5, unit: "%" },
      { figure: "run-aways while reading", note: "frames that show a message more than a hundred away", value: back.strayed + forth.strayed, bar: 0, unit: "" },
      { figure: "rows in the page at most", note: each, value: Math.max(back.rows, forth.rows), bar: 200, unit: "" },
      { figure: "reading back", note: `to the ${READ.toLocaleString("en")}th message, half a pane a frame`, value: back.seconds, unit: "s" },
      { figure: "script and layout for a message into the open room", note: `${came} messages, ${rate} a second`, value: message, bar: 4, unit: "ms" },
      { figure: "a key to its paint meanwhile, 95 of 100", note: `${keys.length} keys, median ${median(keys).toFixed(0)} ms`, value: keys[Math.floor(keys.length * 0.95)], bar: 50, unit: "ms" },
    ];
  } finally {
    await browser.close();
    await program.stop();
  }
}

/**
 * Scrolls by half a pane a frame until so many messages have passed, or until the newest one. The room has a message a
 * minute, by which it is seen how far a frame went.
 */
async function reads({ messages, up }) {
  const pane = document.querySelector(".timeline");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const uppermost = () => {
    const top = pane.getBoundingClientRect().top;
    const row = [...pane.querySelectorAll("article.message")].find((row) => row.getBoundingClientRect().bottom > top && row.querySelector("time"));
    return row ? Date.parse(row.querySelector("time").dateTime) / 60_000 : undefined;
  };
  const [frames, from] = [[], performance.now()];
  let [strayed, rows, last, start] = [0, 0, await frame(), uppermost()];
  const first = start;
  while (up ? first - start < messages : pane.scrollTop < -1) {
    pane.scrollBy(0, ((up ? -1 : 1) * pane.clientHeight) / 2);
    const now = await frame();
    frames.push(now - last);
    last = now;
    const seen = uppermost();
    if (seen === undefined || Math.abs(seen - start) > 100) strayed += 1;
    start = seen ?? start;
    rows = Math.max(rows, pane.querySelectorAll("article.message").length);
    if (performance.now() - from > 240_000) throw new Error(`After four minutes, ${first - start} messages were read.`);
  }
  return { frames, strayed, rows, seconds: (performance.now() - from) / 1_000 };
}

/** How long the page has computed, and how many messages have come. */
async function busy(devtools, page) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  const head = await page.evaluate(() => Number(/of those that come (\d+)/.exec([...document.querySelectorAll("article.message .body")].at(-1).textContent)[1]));
  return { seconds: of("ScriptDuration") + of("LayoutDuration") + of("RecalcStyleDuration"), head };
}

/** Notes for each key how long it took until the next frame had been drawn. */
function noteKeys() {
  window.keys = [];
  document.addEventListener("keydown", ({ timeStamp }) => {
    requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - timeStamp)));
  });
}

/** Posts at a steady rate until it is stopped; then it says how many there were. */
function posts(url, cookies) {
  const agents = cookies.map(() => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  const from = performance.now();
  let [count, running, failed] = [0, true, undefined];
  const done = (async () => {
    const open = new Set();
    while (running && !failed) {
      const due = ((performance.now() - from) / 1_000) * RATE;
      while (count < due) {
        const poster = count % cookies.length;
        count += 1;
        const form = new URLSearchParams({ conversation: "1", id: identifier(), body: `One of those that come ${count}` });
        const headers = { Origin: url, Cookie: cookies[poster], "Content-Type": "application/x-www-form-urlencoded" };
        const sent = request(`${url}/api/post-message`, { method: "POST", agent: agents[poster], headers, body: String(form) })
          .then(({ status, body }) => {
            if (status >= 400) throw new Error(`A message was refused: ${status} ${body}`);
          })
          .catch((error) => (failed = error))
          .finally(() => open.delete(sent));
        open.add(sent);
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000 / RATE));
    }
    await Promise.all(open);
    agents.forEach((agent) => agent.destroy());
    if (failed) throw failed;
    return { count, seconds: (performance.now() - from) / 1_000 };
  })();
  return () => {
    running = false;
    return done;
  };
}

/** A UUID of version 7. */
function identifier() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
