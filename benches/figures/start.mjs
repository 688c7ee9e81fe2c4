// From starting the process on existing data to the last byte of the first page.
import http from "node:http";
import { median } from "./machine.mjs";

export const title = "start";
const STARTS = 15;

export async function measure(rooms) {
  const { program } = await rooms.holding(200_000);
  const times = [];
  for (let i = 0; i < STARTS; i += 1) {
    const from = performance.now();
    program.spawn();
    while (!(await answered(`${program.url}/sign-in`))) {
      if (!program.running) throw new Error(`hubbub ended while it started:\n${program.log}`);
    }
    times.push(performance.now() - from);
    await program.stop();
  }
  return [{ figure: "start on a room of 200,000 messages to the first page", note: `median of ${STARTS}`, value: median(times), bar: 150, unit: "ms" }];
}

/** Tries once; a refused connection is an answer too, so the loop around it is as tight as connecting is quick. */
function answered(url) {
  return new Promise((resolve) => {
    http
      .get(url, { agent: false }, (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode === 200));
        answer.on("error", () => resolve(false));
      })
      .on("error", () => resolve(false));
  });
}
