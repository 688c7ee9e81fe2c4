// The machine that figures were measured on, and the arithmetic that they share.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** One sentence: processor, cores, memory, kernel, how long a synchronised write takes, and when. */
export function machine() {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? os.type();
  const sync = synchronisation();
  const when = new Date().toISOString().slice(0, 10);
  return `${cpus[0].model.trim()}, ${cpus.length} cores, ${memory} GiB, ${system}, Linux ${os.release()}, fdatasync ${sync.median.toFixed(2)} ms (worst of 200: ${sync.worst.toFixed(1)} ms), ${when}`;
}

/** The middle one; of an even number, the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  return (sorted[Math.floor(last / 2)] + sorted[Math.ceil(last / 2)]) / 2;
}

/** What a write costs that must outlive a power cut, in milliseconds: every durable figure contains one. */
function synchronisation() {
  const folder = mkdtempSync(path.join(os.tmpdir(), "hubbub-sync-"));
  const file = openSync(path.join(folder, "probe"), "w");
  const block = Buffer.alloc(4096, 1);
  const times = [];
  for (let i = 0; i < 200; i += 1) {
    const from = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    times.push(performance.now() - from);
  }
  closeSync(file);
  rmSync(folder, { recursive: true });
  return { median: median(times), worst: Math.max(...times) };
}
