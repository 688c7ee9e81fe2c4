// How much the chat page's client weighs on the wire.
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const title = "size of the client";

const weight = (file) => statSync(fileURLToPath(new URL(`../../target/site/pkg/${file}.br`, import.meta.url))).size / 1000;

export async function measure() {
  const [wasm, js] = ["hubbub.wasm", "hubbub.js"].map(weight);
  const note = `${wasm.toFixed(0)} kB wasm, ${js.toFixed(0)} kB js`;
  return [{ figure: "the chat page's client, in brotli", note, value: wasm + js, bar: 300, unit: "kB" }];
}
