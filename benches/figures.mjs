// What the README claims, measured: node benches/figures.mjs [size start memory page list large_room delivery client]
//
// Prints a Markdown table with the machine that it was measured on. A missed bar is marked, not hidden, and is no
// failure of the script: whether a number is good enough is decided by who reads it.
import * as large_room from "./figures/large_room.mjs";
import * as client from "./figures/client.mjs";
import * as delivery from "./figures/delivery.mjs";
import * as list from "./figures/list.mjs";
import { machine } from "./figures/machine.mjs";
import * as memory from "./figures/memory.mjs";
import * as page from "./figures/page.mjs";
import { Rooms } from "./figures/rooms.mjs";
import * as size from "./figures/size.mjs";
import * as start from "./figures/start.mjs";
import { LargeWorkspaces } from "./figures/large_workspace.mjs";

const all = { size, start, memory, page, list, large_room, delivery, client };
const asked = process.argv.slice(2);
for (const name of asked) if (!(name in all)) throw new Error(`There is no figure "${name}": ${Object.keys(all).join(", ")}.`);

// Folders of data are prepared once and shared: filling the large one takes longer than measuring with it.
const rooms = new Rooms();
const workspaces = new LargeWorkspaces();
const rows = [];
try {
  for (const [name, { title, measure }] of Object.entries(all)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.stderr.write(`› Measuring: ${title}\n`);
    rows.push(...(await measure(rooms, workspaces)));
  }
} finally {
  await rooms.dispose();
  await workspaces.dispose();
}

const show = (value, unit) => `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`.trim();
console.log("| figure | measured | at most | |\n| --- | ---: | ---: | --- |");
for (const { figure, value, bar, unit, note } of rows) {
  const verdict = bar === undefined ? "" : value <= bar ? "met" : "**missed**";
  console.log(`| ${figure}${note ? ` (${note})` : ""} | ${show(value, unit)} | ${bar === undefined ? "" : show(bar, unit)} | ${verdict} |`);
}
console.log(`\nMeasured on ${machine()}.`);
