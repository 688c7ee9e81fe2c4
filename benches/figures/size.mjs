// How much code a browser transfers for a conversation: on the first visit and on the second, and for each lazy chunk.
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { connected, launch, signedIn } from "./browser.mjs";

export const title = "size of the client";

const KILO = 1000;
/** The switcher and what it shares with other chunks. */
const AHEAD = /^(split_switcher|chunk_\d+)\.wasm$/;
const SITE = fileURLToPath(new URL("../../target/site/pkg", import.meta.url));

export async function measure(rooms) {
  const { program } = await rooms.holding(200);
  await program.start();
  const browser = await launch();
  try {
    // Signing in is the first visit: its page loads these files as well.
    const page = await signedIn(browser, program.url, "ana");
    // Once one can read and write, the switcher follows, so that it opens at once and without a connection.
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("split_switcher")));
    await page.waitForLoadState("networkidle");
    const all = await code(page);
    const [first, ahead] = [false, true].map((later) => all.filter(({ name }) => AHEAD.test(name) === later));
    await page.goto(`${program.url}/c/1`);
    await connected(page);
    const second = await code(page);
    const weight = (ending) => first.filter(({ name }) => name.endsWith(ending)).reduce((sum, { size }) => sum + size, 0) / KILO;
    const [wasm, js, css] = [".wasm", ".js", ".css"].map(weight);
    return [
      {
        figure: "first load of a conversation, in brotli",
        note: `${wasm.toFixed(0)} kB wasm, ${js.toFixed(0)} kB js, ${css.toFixed(0)} kB css`,
        value: wasm + js + css,
        bar: 360,
        unit: "kB",
      },
      {
        figure: "fetched ahead after that: the switcher, in brotli",
        value: ahead.reduce((sum, { size }) => sum + size, 0) / KILO,
        unit: "kB",
      },
      {
        figure: "code transferred on the second visit",
        note: `${second.length} files`,
        value: second.reduce((sum, { transferred }) => sum + transferred, 0),
        bar: 0,
        unit: "B",
      },
      ...lazy(),
    ];
  } finally {
    await browser.close();
    await program.stop();
  }
}

/** The files of the client that the page has loaded: how large each is as it travels, and how much of it did travel. */
async function code(page) {
  const files = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.includes("/pkg/"))
      .map(({ name, encodedBodySize, transferSize }) => [name.replace(/.*\//, ""), { size: encodedBodySize, transferred: transferSize }]),
  );
  // A file that was preloaded may be listed again when it is used.
  const once = [...new Map(files).keys()].map((name) => {
    const sizes = files.filter(([other]) => other === name).map(([, sizes]) => sizes);
    return { name, size: Math.max(...sizes.map(({ size }) => size)), transferred: sizes.reduce((sum, { transferred }) => sum + transferred, 0) };
  });
  if (!once.some(({ name }) => name === "hubbub.wasm")) throw new Error(`The page did not load the client: ${JSON.stringify(files)}`);
  return once;
}

function lazy() {
  const compressed = readdirSync(SITE, { recursive: true }).filter((file) => /split_\w+\.wasm\.br$/.test(file));
  return compressed.map((file) => ({
    figure: `lazy chunk ${/split_(\w+)\.wasm/.exec(path.basename(file))[1]}, in brotli`,
    value: statSync(path.join(SITE, file)).size / KILO,
    unit: "kB",
  }));
}
