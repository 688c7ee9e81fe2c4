// How long the list of a user in 500 conversations takes: by the live socket, where it is asked for after a cut, and
// within the page of a room.
import http from "node:http";
import { median } from "./machine.mjs";
import { request } from "./rooms.mjs";
import { Live } from "./socket.mjs";
import { DATABASES } from "./large_workspace.mjs";

export const title = "list of 500 conversations";
const WARM_UP = 20;
const ROUNDS = 100;
/** Between two rounds: nobody may ask more than a hundred times a second. */
const BETWEEN = 30;

export async function measure(rooms, workspaces) {
  const rows = [];
  for (const database of DATABASES) {
    const { program, cookie } = await workspaces.on(database);
    await program.start();
    const live = await Live.open(program.url, cookie);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const [lists, pings, pages] = [[], [], []];
    for (let i = 0; i < WARM_UP + ROUNDS; i += 1) {
      const ping = await live.ask("ping");
      const answer = await live.ask("initial_state");
      const entries = answer.frame.initial_state?.conversations.length;
      if (entries !== 501) throw new Error(`The list has ${entries} entries.`);
      const page = await request(`${program.url}/c/1`, { agent, headers: { Cookie: cookie, Accept: "text/html" } });
      if (page.status !== 200 || !page.body.includes("Room 250")) throw new Error(`The page was not answered: ${page.status}`);
      if (i >= WARM_UP) {
        pings.push(ping.took);
        lists.push(answer.took);
        pages.push(page.took);
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
    live.close();
    agent.destroy();
    await program.stop();
    const note = `median of ${ROUNDS}; a ping takes ${median(pings).toFixed(2)} ms`;
    rows.push({ figure: `list of a user in 500 conversations, ${database}`, note, value: median(lists), bar: 10, unit: "ms" });
    rows.push({ figure: `the page of General with that list in it, ${database}`, note: `median of ${ROUNDS}`, value: median(pages), unit: "ms" });
  }
  return rows;
}
