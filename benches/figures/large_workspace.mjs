// A workspace on each database: 5,000 people in one room, and Ana in 500 conversations.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Program } from "../../end2end/support/program.mjs";
import { PEOPLE, register } from "./rooms.mjs";

const SQL = readFileSync(fileURLToPath(new URL("large_workspace.sql", import.meta.url)), "utf8");
const APPLY = "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\ndb.executescript(sys.stdin.read())\ndb.commit()";

/** What the databases write differently. */
const DIALECTS = {
  SQLite: { newline: "char(10)", identifier: "randomblob(16)", no_hash: "zeroblob(32)" },
  PostgreSQL: { newline: "chr(10)", identifier: "uuid_send(gen_random_uuid())", no_hash: "decode(repeat('00', 32), 'hex')" },
};

export const DATABASES = Object.keys(DIALECTS);

/** Programs by their database, prepared when first asked for. */
export class LargeWorkspaces {
  #workspaces = new Map();

  /**
   * A stopped program over the database of this kind; `cookie` is Ana's session, `owner` that of the owner, who manages
   * every public room that they are in, `visitor` that of a user who is in General alone, `largeRoom` the id of the room
   * of 5,000.
   */
  async on(database) {
    if (!this.#workspaces.has(database)) {
      process.stderr.write(`  preparing a workspace of 5,000 users on ${database}\n`);
      const url = database === "PostgreSQL" ? newDatabase() : undefined;
      const program = await Program.create(url ? { DATABASE_URL: url } : {});
      const workspace = { program, cookie: "", owner: "", visitor: "", largeRoom: 2 };
      this.#workspaces.set(database, workspace);
      // The first of them is the owner, who may do more than others: Ana is not.
      const [ana, owner, visitor] = PEOPLE;
      workspace.owner = await register(program.url, owner);
      workspace.cookie = await register(program.url, ana);
      workspace.visitor = await register(program.url, visitor);
      await program.stop();
      const values = { now: String(Date.now()), ...DIALECTS[database] };
      const sql = SQL.replace(/\{(\w+)\}/g, (_, name) => values[name]);
      const filled = url
        ? psql(url, `begin;\n${sql}\ncommit;\nanalyze;`)
        : run("python3", ["-c", APPLY, path.join(program.data, "hubbub.db")], sql);
      if (!filled) throw new Error(`The workspace on ${database} could not be filled.`);
    }
    return this.#workspaces.get(database);
  }

  async dispose() {
    for (const { program } of this.#workspaces.values()) await program.dispose();
  }
}

let databases = 0;

/** An empty database on the server that `scripts/figures` has started. */
function newDatabase() {
  const server = process.env.HUBBUB_TEST_POSTGRES;
  if (!server) throw new Error("HUBBUB_TEST_POSTGRES names no server: measure by `make figures` or `scripts/figures`.");
  const name = `figures_${process.pid}_${(databases += 1)}`;
  if (!psql(server, `create database ${name}`)) throw new Error("PostgreSQL gave no database.");
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

const psql = (url, sql) => run("psql", ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null", url], sql);

const run = (command, args, input) => spawnSync(command, args, { input, stdio: ["pipe", "inherit", "inherit"] }).status === 0;
