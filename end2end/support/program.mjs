// The real program and the wire to it. Plain JavaScript, because the figures of benches/ use it without Playwright's runner.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const BINARY = path.resolve(process.env.HUBBUB_BIN ?? path.join(here, "../../target/release/hubbub"));
/** How long a start may take before it counts as failed (milliseconds): a loaded machine is slow, a broken one never answers. */
const START_MAX = 20_000;

/** The real program with a data folder of its own, which survives its restarts and goes with `dispose`. */
export class Program {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #process;
  /** @type {string[]} */
  #lines = [];
  /** @type {Record<string, string>} */
  #environment;

  constructor(port, data, environment) {
    /** @type {number} */
    this.port = port;
    /** @type {string} */
    this.data = data;
    this.#environment = environment;
  }

  /**
   * A program with a port and a data folder of its own, not started yet.
   * @param {Record<string, string>} [environment] beside its address and data folder
   */
  static async prepare(environment = {}) {
    return new Program(await freePort(), await mkdtemp(path.join(os.tmpdir(), "hubbub-")), environment);
  }

  /** @param {Record<string, string>} [environment] */
  static async create(environment = {}) {
    const program = await Program.prepare(environment);
    await program.start();
    return program;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid() {
    return this.#process?.pid;
  }

  get running() {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** What it has printed since it was made. */
  get log() {
    return this.#lines.join("");
  }

  /** Begins its process on its port and its data, and waits for nothing. */
  spawn() {
    // From the data folder, so that nothing of the checkout can help: one file is the whole program.
    const started = spawn(BINARY, ["serve"], {
      cwd: this.data,
      env: {
        PATH: process.env.PATH,
        HOME: this.data,
        HUBBUB_LISTEN: `127.0.0.1:${this.port}`,
        HUBBUB_DATA: this.data,
        HUBBUB_LOG: "info",
        ...this.#environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = started;
    started.on("error", (error) => this.#lines.push(`${BINARY} could not be started: ${error.message}\n`));
    for (const stream of [started.stdout, started.stderr]) stream.on("data", (chunk) => this.#lines.push(String(chunk)));
  }

  /** Starts it, and waits until it answers. */
  async start() {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: build it first, or name another by HUBBUB_BIN.`);
    this.spawn();
    const deadline = Date.now() + START_MAX;
    while (Date.now() < deadline) {
      if (this.pid === undefined || !this.running) break;
      try {
        if ((await fetch(`${this.url}/health`)).ok) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`hubbub did not start:\n${this.log}`);
  }

  /** Asks it to end, as a service manager does, and waits until it has. */
  async stop() {
    await this.#end("SIGTERM");
  }

  /** Ends it without a word of warning, as a crash does. */
  async kill() {
    await this.#end("SIGKILL");
  }

  async dispose() {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const ending = this.#process;
    if (!ending || !this.running) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill(signal);
    await ended;
  }
}

/**
 * A free port below those that the system hands to outgoing connections: none of these may sit on it while the program
 * is down.
 */
async function freePort() {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise((resolve) => {
      const probe = net.createServer();
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error("No free port was found.");
}

/** A line between a browser and the program that can be cut and mended: the network, as far as a test can own it. */
export class Wire {
  /** @type {net.Server | undefined} */
  #server;
  /** @type {Set<net.Socket>} */
  #sockets = new Set();
  /** @type {Program} */
  #program;
  #port = 0;

  constructor(program, port) {
    this.#program = program;
    this.#port = port;
  }

  /** @param {Program} program */
  static async to(program) {
    const wire = new Wire(program, await freePort());
    await wire.mend();
    return wire;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Breaks every connection, and refuses new ones until it is mended. */
  async cut() {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    this.snap();
    await closed;
  }

  /** Breaks every connection once; new ones pass. */
  snap() {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  async mend() {
    const server = net.createServer((near) => {
      const far = net.connect(this.#program.port, "127.0.0.1");
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ]) {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.pipe(other);
        // What breaks one side breaks the other: the browser sees what happened to the program.
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
    await new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", () => resolve(undefined));
    });
    this.#server = server;
  }
}
