import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page, test as base } from "@playwright/test";
import { account, type Account, Person } from "./person";
import { Program, Wire } from "./program.mjs";

export { account, messageId, Person } from "./person";
export type { Account } from "./person";
export { Program, Wire } from "./program.mjs";
export { expect } from "@playwright/test";

/** What a browser says when the network breaks, which the tests that break it must not be blamed for. */
const BROKEN_NETWORK = /WebSocket connection to .* failed|Failed to load resource: net::ERR_|WebSocket is already in CLOSING or CLOSED state|net::ERR_INTERNET_DISCONNECTED/;

type Guest = Partial<Account> & { at?: string; browser?: BrowserContextOptions };

/** One running Hubbub and everybody who uses it in a test. */
export class Chat {
  /** What the browsers' consoles complained of. */
  readonly complaints: string[] = [];
  private readonly tolerated: RegExp[] = [];
  private readonly contexts: BrowserContext[] = [];
  private readonly wires: Wire[] = [];

  constructor(
    readonly program: Program,
    private readonly browser: Browser,
  ) {}

  get url(): string {
    return this.program.url;
  }

  /** A line to the program that the test can cut. */
  async wire(): Promise<Wire> {
    const wire = await Wire.to(this.program);
    this.wires.push(wire);
    return wire;
  }

  /** Says that this test breaks the network, and so expects browsers to say so. */
  breaksTheNetwork(): void {
    this.tolerates(BROKEN_NETWORK);
  }

  /** Says that browsers may complain of this. */
  tolerates(complaint: RegExp): void {
    this.tolerated.push(complaint);
  }

  /** Someone with a browser of their own who is not known here yet. */
  async stranger(first: string, last: string, { at, browser, ...rest }: Guest = {}): Promise<Person> {
    const context = await this.browser.newContext(browser);
    this.contexts.push(context);
    context.on("console", (line) => {
      const hydration = line.type() === "warning" && /hydrat/i.test(line.text());
      if (line.type() === "error" || hydration) this.complain(`${first}'s console: ${line.text()} (${line.location().url})`);
    });
    context.on("weberror", (error) => this.complain(`${first}'s page: ${error.error().message}`));
    return new Person(await context.newPage(), account(first, last, rest), at ?? this.url);
  }

  /** Someone who has just registered: on General's page, alive and connected. */
  async register(first: string, last: string, guest: Guest = {}): Promise<Person> {
    const person = await this.stranger(first, last, guest);
    await person.registers();
    await person.arrives();
    await person.connected();
    return person;
  }

  /** The same person in another tab of the same browser. */
  async tab(person: Person): Promise<Person> {
    return new Person(await person.context.newPage(), person.account, person.url);
  }

  /** The same person at another browser, signed in there too. */
  async device(person: Person, guest: Guest = {}): Promise<Person> {
    const { first, last, ...rest } = person.account;
    const device = await this.stranger(first, last, { ...rest, ...guest });
    await device.signsIn();
    await device.arrives();
    await device.connected();
    return device;
  }

  async dispose(): Promise<void> {
    // What ends with the test is no cause for complaint.
    this.tolerates(/.*/);
    await Promise.all(this.contexts.map((context) => context.close()));
    await Promise.all(this.wires.map((wire) => wire.cut()));
    await this.program.dispose();
  }

  private complain(complaint: string): void {
    if (!this.tolerated.some((tolerated) => tolerated.test(complaint))) this.complaints.push(complaint);
  }
}

/** Tests get a running Hubbub of their own, and fail when any browser complained of something unexpected. */
export const test = base.extend<{ chat: Chat; settings: Record<string, string> }>({
  /** The program's environment beside its address and data folder. */
  settings: [{}, { option: true }],
  chat: async ({ browser, settings }, use, testInfo) => {
    const chat = new Chat(await Program.create(settings), browser);
    await use(chat);
    const failed = testInfo.status !== testInfo.expectedStatus;
    if (failed || chat.complaints.length > 0) await testInfo.attach("hubbub's log", { body: chat.program.log, contentType: "text/plain" });
    const complaints = [...chat.complaints];
    await chat.dispose();
    expect(complaints, "what the browsers complained of").toEqual([]);
  },
});

/** Runs `work` in every colour scheme, on a wide and on a narrow page. */
export async function inEveryLook(page: Page, work: (look: string) => Promise<void>): Promise<void> {
  const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
  for (const [name, size] of Object.entries(sizes)) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await work(`${name}, ${colorScheme}`);
    }
  }
}
