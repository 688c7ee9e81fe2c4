// How long it takes to join a room of 5,000 members, to see who is in it, and to leave it.
import http from "node:http";
import { median } from "./machine.mjs";
import { request } from "./rooms.mjs";
import { DATABASES } from "./large_workspace.mjs";

export const title = "room of 5,000 members";
const WARM_UP = 10;
const ROUNDS = 60;
/** Between two rounds: nobody may ask more than a hundred times a second. */
const BETWEEN = 50;

export async function measure(rooms, workspaces) {
  const rows = [];
  for (const database of DATABASES) {
    const { program, visitor, owner, largeRoom } = await workspaces.on(database);
    await program.start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const call = async (name, cookie = visitor) => {
      const headers = { Cookie: cookie, Origin: program.url, "Content-Type": "application/x-www-form-urlencoded" };
      const answer = await request(`${program.url}/api/${name}`, { method: "POST", agent, headers, body: `conversation=${largeRoom}` });
      if (answer.status >= 300) throw new Error(`${name} failed: ${answer.status} ${answer.body}`);
      return answer.took;
    };
    const page = async (cookie) => {
      const answer = await request(`${program.url}/c/${largeRoom}/about`, { agent, headers: { Cookie: cookie, Accept: "text/html" } });
      if (answer.status !== 200 || !answer.body.includes("First0")) throw new Error(`The members were not shown: ${answer.status}`);
      return answer.took;
    };
    // The owner is offered everybody who could be added.
    await call("join-room", owner);
    const took = { join: [], "its members' page": [], "its members' page, as its owner sees it": [], leave: [] };
    for (let i = 0; i < WARM_UP + ROUNDS; i += 1) {
      const round = [await call("join-room"), await page(visitor), await page(owner), await call("leave-room")];
      if (i >= WARM_UP) Object.values(took).forEach((times, at) => times.push(round[at]));
      await new Promise((resolve) => setTimeout(resolve, BETWEEN));
    }
    agent.destroy();
    await program.stop();
    for (const [what, times] of Object.entries(took)) {
      const note = `median of ${ROUNDS}, worst ${Math.max(...times).toFixed(1)} ms`;
      rows.push({ figure: `a room of 5,000 members on ${database}: ${what}`, note, value: median(times), bar: 20, unit: "ms" });
    }
  }
  return rows;
}
