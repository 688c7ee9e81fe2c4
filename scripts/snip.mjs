// Takes code out of the client that can never run: node scripts/snip.mjs IN OUT
//
// The framework's views carry, each for itself, a way to be hydrated asynchronously (for `hydrate_lazy`) and one to be
// hydrated from a template. This client is hydrated at once, from what the server has rendered, but no linker can know
// that: the ways are reached by pointers. Their bodies become traps, and wasm-opt then drops all that only they used.
// A call of one would break the page, which the browser tests would see.
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "./wasm-opt/node_modules/binaryen/index.js";

// In the names that rustc gives to functions.
const NEVER = [/::hydrate_async(::|$)/, /::into_any_attr::hydrate_from_template(::|$)/];

const [from, to] = process.argv.slice(2);
const module = binaryen.readBinary(readFileSync(from));
const found = NEVER.map(() => 0);
const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));
for (const { name, params, results, base } of functions) {
  const which = NEVER.findIndex((pattern) => pattern.test(name));
  if (which < 0 || base) continue;
  found[which] += 1;
  module.removeFunction(name);
  module.addFunction(name, params, results, [], module.unreachable());
}
NEVER.forEach((pattern, i) => {
  if (found[i] === 0) throw new Error(`no function is named like ${pattern}: has the framework changed?`);
});
writeFileSync(to, module.emitBinary());
console.log(`  ${found.join(" + ")} functions that can never run are taken out`);
