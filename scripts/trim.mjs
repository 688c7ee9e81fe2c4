// Trims what wasm-bindgen has made, before wasm-opt sees it: node scripts/trim.mjs FOLDER
//
// FOLDER holds hubbub.js and hubbub_bg.wasm; both are changed in place.
//
// Code that can never run: the framework's views carry, each for itself, a way to be hydrated asynchronously (for
// `hydrate_lazy`). This client is hydrated at once, but no linker can know that: the ways are reached by pointers. Their
// bodies become traps, and wasm-opt then drops all that only they used. A call of one would break the page, which every
// browser test would see.
//
// Names: each function of the browser that is used stands in both files under a name with a random number, which does
// not compress. A short one does as well.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import binaryen from "./wasm-opt/node_modules/binaryen/index.js";

const folder = process.argv[2];
const [script, wasm] = ["hubbub.js", "hubbub_bg.wasm"].map((name) => path.join(folder, name));

// These alone, by their whole names: the compiler gives functions that do the same one body under either's name, and no
// other function does what the future of an asynchronous hydration does.
const NEVER = /^<T as tachys::view::any_view::IntoAny>::into_any::hydrate_async(::\{\{closure\}\})?::h[0-9a-f]{16}$/;

const module = binaryen.readBinary(readFileSync(wasm));
const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));
const unused = functions.filter(({ name, base }) => !base && NEVER.test(name));
if (unused.length === 0) throw new Error(`no function is named like ${NEVER}: has the framework changed?`);
for (const { name, params, results } of unused) {
  module.removeFunction(name);
  module.addFunction(name, params, results, [], module.unreachable());
}

const short = new Map();
for (const { base } of functions) {
  if (/^__wb/.test(base)) short.set(base, `_${short.size.toString(36)}`);
}
const code = readFileSync(script, "utf8").replaceAll("hubbub_bg.wasm", "hubbub.wasm");
writeFileSync(script, code.replace(/\b__wb\w+/g, (name) => short.get(name) ?? name));
writeFileSync(wasm, renamed(module.emitBinary(), short));
console.log(`  ${unused.length} functions that can never run are taken out, ${short.size} names are short`);

/** The module with these imports renamed. Its format: WebAssembly Core Specification 2.0, 5.5. */
function renamed(bytes, names) {
  const out = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const [size, begin] = number(bytes, at + 1);
    const body = bytes.subarray(begin, begin + size);
    const section = bytes[at] === 2 ? importsRenamed(body, names) : body;
    out.push(Uint8Array.of(bytes[at]), encoded(section.length), section);
    at = begin + size;
  }
  return Buffer.concat(out);
}

function importsRenamed(body, names) {
  const [count, first] = number(body, 0);
  const out = [encoded(count)];
  let at = first;
  const text = () => {
    const [length, begin] = number(body, at);
    at = begin + length;
    return new TextDecoder().decode(body.subarray(begin, at));
  };
  const put = (name) => out.push(encoded(Buffer.byteLength(name)), Buffer.from(name));
  for (let i = 0; i < count; i += 1) {
    put(text());
    const name = text();
    put(names.get(name) ?? name);
    const begin = at;
    const kind = body[at];
    at += 1;
    const skip = () => ([, at] = number(body, at));
    const limits = () => {
      const flags = body[at];
      at += 1;
      skip();
      if (flags & 1) skip();
    };
    if (kind === 0) skip();
    else if (kind === 1) {
      at += 1;
      limits();
    } else if (kind === 2) limits();
    else if (kind === 3) at += 2;
    else throw new Error(`an import of kind ${kind}`);
    out.push(body.subarray(begin, at));
  }
  return Buffer.concat(out);
}

/** An unsigned number in LEB128, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at];
    at += 1;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function encoded(value) {
  const out = [];
  do {
    out.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value > 0);
  return Uint8Array.from(out);
}
