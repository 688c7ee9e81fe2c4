// What the program holds in memory when nobody asks anything of it.
import { readFileSync } from "node:fs";
import { request } from "./rooms.mjs";

export const title = "memory";
/** What starting needed has been given back by then. */
const SETTLES = 5_000;

export async function measure(rooms) {
  const { program, cookie } = await rooms.holding(200_000);
  await program.start();
  await new Promise((resolve) => setTimeout(resolve, SETTLES));
  const idle = resident(program.pid);
  // What it keeps after some work is what an operator will see.
  for (let i = 0; i < 200; i += 1) await request(`${program.url}/c/1`, { headers: { Cookie: cookie } });
  await new Promise((resolve) => setTimeout(resolve, SETTLES));
  const after = resident(program.pid);
  await program.stop();
  return [{ figure: "resident memory, idle", note: `${after.toFixed(1)} MB after 200 pages`, value: idle, bar: 25, unit: "MB" }];
}

const resident = (pid) => Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1024 / 1e6;
