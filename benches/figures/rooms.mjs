// Data folders with a room of a given length, and the HTTP that figures need.
import { spawnSync } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "../../end2end/support/program.mjs";

const FILL = fileURLToPath(new URL("fill.py", import.meta.url));
export const PASSWORD = "Harbour-77-rowing";

/** Five people share the room: a page names several authors, as real ones do. */
export const PEOPLE = [
  ["ana", "Ana", "Ruiz"],
  ["ben", "Ben", "Okafor"],
  ["ines", "Ines", "Carvalho"],
  ["mia", "Mia", "Lindqvist"],
  ["noor", "نور", "الهاشمي"],
];

/** Programs by the number of messages in their room, prepared when first asked for. */
export class Rooms {
  #programs = new Map();

  /** A stopped program whose room holds this many messages; `cookie` is Ana's session, `cookies` are everyone's. */
  async holding(messages) {
    if (!this.#programs.has(messages)) {
      process.stderr.write(`  preparing a room of ${messages.toLocaleString("en")} messages\n`);
      const program = await Program.create();
      const prepared = { program, cookie: "", cookies: [] };
      this.#programs.set(messages, prepared);
      for (const person of PEOPLE) {
        const cookie = await register(program.url, person);
        prepared.cookie ||= cookie;
        prepared.cookies.push(cookie);
      }
      await program.stop();
      const filled = spawnSync("python3", [FILL, path.join(program.data, "hubbub.db"), String(messages)], { stdio: "inherit" });
      if (filled.status !== 0) throw new Error("The room could not be filled.");
    }
    return this.#programs.get(messages);
  }

  async dispose() {
    for (const { program } of this.#programs.values()) await program.dispose();
  }
}

/** Makes an account; the cookie of its session. */
export async function register(url, [username, first_name, last_name]) {
  const form = new URLSearchParams({ username, first_name, last_name, email: `${username}@harbour.example`, password: PASSWORD });
  const answer = await request(`${url}/api/register`, {
    method: "POST",
    headers: { Origin: url, "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
    body: String(form),
  });
  const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0];
  if (answer.status >= 400 || !cookie) throw new Error(`${username} could not register: ${answer.status} ${answer.body}`);
  return cookie;
}

/** One request, by the bare HTTP client: `took` is from sending it to the last byte of the answer, in milliseconds. */
export function request(url, { method = "GET", headers = {}, body, agent } = {}) {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const sent = http.request(url, { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          took: performance.now() - from,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
