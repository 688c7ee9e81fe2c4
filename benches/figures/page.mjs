// How long the server takes for a room's page, and that it takes no longer for a long room than for a short one.
import http from "node:http";
import { median } from "./machine.mjs";
import { request } from "./rooms.mjs";

export const title = "page of a room";
const WARM_UP = 20;
const REQUESTS = 200;

export async function measure(rooms) {
  const lengths = [200, 200_000];
  const tried = [];
  for (const length of lengths) {
    const { program, cookie } = await rooms.holding(length);
    await program.start();
    tried.push({ program, cookie, agent: new http.Agent({ keepAlive: true, maxSockets: 1 }), whole: [], server: [] });
  }
  // In turns, so that what else the machine does meets both alike.
  for (let i = 0; i < WARM_UP + REQUESTS; i += 1) {
    for (const { program, cookie, agent, whole, server } of tried) {
      const answer = await request(`${program.url}/c/1`, { agent, headers: { Cookie: cookie, Accept: "text/html" } });
      if (answer.status !== 200 || !answer.body.includes("trailer")) throw new Error(`The room's page was not answered: ${answer.status}`);
      if (i < WARM_UP) continue;
      whole.push(answer.took);
      server.push(Number(/total;dur=([\d.]+)/.exec(answer.headers["server-timing"])[1]));
    }
  }
  for (const { program, agent } of tried) {
    agent.destroy();
    await program.stop();
  }
  // The server's own time ends with the head of its answer. The time to the last byte, as a client on the same machine
  // sees it, holds all of the work and a little more, so the bar is held against that.
  const [short, long] = tried.map(({ whole, server }) => ({ whole: median(whole), server: median(server) }));
  const each = `median of ${REQUESTS}`;
  return [
    { figure: "page of a room with 200,000 messages, to the last byte", note: `${each}; to its head ${long.server.toFixed(2)} ms`, value: long.whole, bar: 5, unit: "ms" },
    { figure: "the same with 200 messages", note: `${each}; to its head ${short.server.toFixed(2)} ms`, value: short.whole, unit: "ms" },
    { figure: "the long room's page over the short one's", value: long.whole / short.whole, bar: 1.5, unit: "×" },
  ];
}
