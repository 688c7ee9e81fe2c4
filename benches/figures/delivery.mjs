// From the click on Send to the text in another person's page: two browsers' pages, the real server, durable on disk
// in between.
import { launch, signedIn } from "./browser.mjs";
import { median } from "./machine.mjs";

export const title = "delivery";
const WARM_UP = 5;
const MESSAGES = 50;

export async function measure(rooms) {
  const { program } = await rooms.holding(200);
  await program.start();
  const browser = await launch();
  try {
    const ana = await signedIn(browser, program.url, "ana");
    const ben = await signedIn(browser, program.url, "ben");
    await ana.evaluate(noteClicks);
    await ben.evaluate(noteTexts);
    const times = [];
    for (let i = 1; i <= WARM_UP + MESSAGES; i += 1) {
      const text = `Message number ${i} of those that are timed`;
      await ana.getByRole("textbox", { name: "Message General" }).fill(text);
      await ana.getByRole("button", { name: "Send" }).click();
      const shown = await ben.evaluate((text) => window.shown.get(text) ?? new Promise((tell) => (window.awaited = { text, tell })), text);
      const clicked = await ana.evaluate(() => window.clicked);
      if (i > WARM_UP) times.push(shown - clicked);
    }
    const worst = Math.max(...times).toFixed(0);
    return [{ figure: "click on Send to the text in the other browser's page", note: `median of ${MESSAGES}, worst ${worst} ms`, value: median(times), bar: 50, unit: "ms" }];
  } finally {
    await browser.close();
    await program.stop();
  }
}

// Both pages live in one browser on one machine: the time of an event and the time of its page's origin together are
// one clock for both.

function noteClicks() {
  const note = (event) => (window.clicked = performance.timeOrigin + event.timeStamp);
  document.addEventListener("click", note, { capture: true });
}

function noteTexts() {
  window.shown = new Map();
  new MutationObserver((changes) => {
    const now = performance.timeOrigin + performance.now();
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        const text = /Message number \d+ of those that are timed/.exec(node.textContent)?.[0];
        if (!text || window.shown.has(text)) continue;
        window.shown.set(text, now);
        if (window.awaited?.text === text) window.awaited.tell(now);
      }
    }
  }).observe(document.querySelector("[role=log]"), { subtree: true, childList: true });
}
