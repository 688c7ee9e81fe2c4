import { type ChildProcess, spawn } from "node:child_process";
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
  private process?: ChildProcess;
  private readonly lines: string[] = [];

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async create(environment: Record<string, string> = {}): Promise<Program> {
    const data = await mkdtemp(path.join(os.tmpdir(), "hubbub-"));
    const program = new Program(await freePort(), data, environment);
    await program.start();
    return program;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  get running(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  /** What it has printed since it was made. */
  get log(): string {
    return this.lines.join("");
  }

  /** Starts it on its port and its data, and waits until it answers. */
  async start(): Promise<void> {
    // From the data folder, so that nothing of the checkout can help: one file is the whole program.
    const started = spawn(BINARY, ["serve"], {
      cwd: this.data,
      env: {
        PATH: process.env.PATH,
        HOME: this.data,
        HUBBUB_LISTEN: `127.0.0.1:${this.port}`,
        HUBBUB_DATA: this.data,
        HUBBUB_LOG: "info",
        ...this.environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = started;
    let refused: Error | undefined;
    started.on("error", (error) => (refused = error));
    for (const stream of [started.stdout, started.stderr]) stream?.on("data", (chunk) => this.lines.push(String(chunk)));

    const deadline = Date.now() + START_MAX;
    while (Date.now() < deadline) {
      if (refused) throw new Error(`${BINARY} could not be started: ${refused.message}`);
      if (!this.running) throw new Error(`hubbub ended while it started:\n${this.log}`);
      try {
        if ((await fetch(`${this.url}/health`)).ok) return;
      } catch {
        // Not listening yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`hubbub did not answer within ${START_MAX} ms:\n${this.log}`);
  }

  /** Asks it to end, as a service manager does, and waits until it has. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it without a word of warning, as a crash does. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.process;
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
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
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
  private server?: net.Server;
  private readonly sockets = new Set<net.Socket>();
  private port = 0;

  private constructor(private readonly program: Program) {}

  static async to(program: Program): Promise<Wire> {
    const wire = new Wire(program);
    wire.port = await freePort();
    await wire.mend();
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Breaks every connection, and refuses new ones until it is mended. */
  async cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    this.snap();
    await closed;
    this.server = undefined;
  }

  /** Breaks every connection once; new ones pass. */
  snap(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  async mend(): Promise<void> {
    const server = net.createServer((near) => {
      const far = net.connect(this.program.port, "127.0.0.1");
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ]) {
        this.sockets.add(socket);
        socket.setNoDelay(true);
        socket.pipe(other);
        // What breaks one side breaks the other: the browser sees what happened to the program.
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.sockets.delete(socket);
          other.destroy();
        });
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.port, "127.0.0.1", resolve);
    });
    this.server = server;
  }
}
