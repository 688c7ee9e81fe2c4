import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import { randomBytes } from "node:crypto";

/** Who someone is, as the registration form asks. */
export type Account = { first: string; last: string; username: string; email: string; password: string };

/** An account with everything that was not said filled in. */
export function account(first: string, last: string, rest: Partial<Account> = {}): Account {
  const username = rest.username ?? first.toLowerCase();
  return { first, last, username, email: `${username}@harbour.example`, password: "Harbour-77-rowing", ...rest };
}

/** Someone at a browser of their own: what they do and what they see. */
export class Person {
  constructor(
    readonly page: Page,
    readonly account: Account,
    /** The address under which they know Hubbub. */
    readonly url: string,
  ) {}

  get context(): BrowserContext {
    return this.page.context();
  }

  get name(): string {
    return `${this.account.first} ${this.account.last}`;
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: "Message General" });
  }

  get timeline(): Locator {
    return this.page.getByRole("log", { name: "Messages in General" });
  }

  get rows(): Locator {
    return this.timeline.locator("article.message");
  }

  get banner(): Locator {
    // A quiet one keeps its place for screen readers, and shows nothing.
    return this.page.locator(".banner[role=status]:not(.empty-live-region)");
  }

  /** The button that makes the account, of the first person and of the others. */
  get createsAccount(): Locator {
    return this.page.getByRole("button", { name: /^Create (account|and start)$/ });
  }

  get menu(): Locator {
    return this.page.locator("summary").and(this.page.getByLabel("Menu", { exact: true }));
  }

  /** The rows that show exactly this text. */
  message(text: string): Locator {
    return this.rows.filter({ has: this.page.locator(".body").getByText(text, { exact: true }) });
  }

  async goes(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  /** Waits until one is inside, on whatever page that is. */
  async arrives(): Promise<void> {
    await expect(this.page.locator("[data-link]")).toBeAttached();
  }

  /** Waits until the page is alive and its connection stands. */
  async connected(): Promise<void> {
    await expect(this.page.locator("html")).toHaveAttribute("data-hydrated", "true");
    await this.linkIs("connected");
  }

  async linkIs(...states: string[]): Promise<void> {
    await expect(this.page.locator("[data-link]")).toHaveAttribute("data-link", new RegExp(`^(${states.join("|")})$`), { timeout: 45_000 });
  }

  async fillsRegistration(fields: Partial<Account> = this.account): Promise<void> {
    const labels = { first: "First name", last: "Last name", username: "Username", email: "Email", password: "Password" };
    for (const [field, label] of Object.entries(labels)) {
      const text = fields[field as keyof Account];
      if (text !== undefined) await this.page.getByLabel(label, { exact: true }).fill(text);
    }
    // Who is the first also names the workspace.
    const workspace = this.page.getByLabel("Name", { exact: true });
    if (await workspace.isVisible()) await workspace.fill("Hubbub");
  }

  async registers(): Promise<void> {
    await this.goes("/register");
    await this.fillsRegistration();
    await this.createsAccount.click();
  }

  async fillsSignIn(login = this.account.username, password = this.account.password): Promise<void> {
    await this.page.getByLabel("Username or email", { exact: true }).fill(login);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
  }

  async signsIn(login?: string, password?: string): Promise<void> {
    await this.goes("/sign-in");
    await this.fillsSignIn(login, password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }

  async signsOut(): Promise<void> {
    await this.menu.click();
    await this.page.getByRole("button", { name: "Sign out" }).click();
    await expect(this.page).toHaveURL(/\/sign-in/);
  }

  async says(text: string): Promise<void> {
    await this.composer.fill(text);
    // A touch keyboard has no key that sends.
    const byKey = await this.page.evaluate(() => matchMedia("(hover: hover) and (pointer: fine)").matches);
    if (byKey) await this.composer.press("Enter");
    else await this.page.getByRole("button", { name: "Send" }).click();
    await expect(this.composer).toHaveValue("");
  }

  /** Waits until the message stands there once, sent. */
  async sees(text: string): Promise<void> {
    await expect(this.message(text)).toHaveCount(1);
    await expect(this.message(text)).not.toHaveClass(/queued/);
  }

  /**
   * Waits until a frame of the timeline is drawn, and gives the page `drawn()`, which does the same: the client has put
   * everything in place then, and nothing changes any more. Whoever looks at another time sees rows that have just come in,
   * and have not been drawn yet. (A new observer is always told of a first size, after those that are older.)
   */
  async drawn(): Promise<void> {
    await this.timeline.evaluate((pane) => {
      const content = pane.firstElementChild!;
      const drawn = () =>
        new Promise<void>((resolve) =>
          requestAnimationFrame(() => {
            const observer = new ResizeObserver(() => {
              observer.disconnect();
              resolve();
            });
            observer.observe(content);
          }),
        );
      Object.assign(window, { drawn });
      return drawn();
    });
  }

  /** What is shown in a part of the page and smaller than a fingertip, 44 pixels; links within a text aside. */
  async tooSmallToTouch(part: string): Promise<string[]> {
    return this.page.evaluate((part) => {
      const targets = "a, button, summary, label:has(input), select, textarea, input:not([type=radio], [type=checkbox], [type=hidden]), [role=option]";
      return [...document.querySelectorAll<HTMLElement>(`${part} :is(${targets})`)].flatMap((target) => {
        // A field in a label is touched there.
        const { width, height } = (target.closest("label") ?? target).getBoundingClientRect();
        const isShown = target.checkVisibility({ visibilityProperty: true }) && width > 0;
        if (target.matches("article a, .skip-link")) return [];
        return isShown && Math.min(width, height) < 44 ? [`${target.outerHTML.slice(0, 80)}: ${width} × ${height}`] : [];
      });
    }, part);
  }

  /** Scrolls the timeline as far as it goes. */
  async scrollsTo(end: "oldest" | "newest"): Promise<void> {
    await this.timeline.evaluate((log, by) => log.scrollBy(0, by), end === "oldest" ? -1e6 : 1e6);
  }

  /** The texts on the screen, from top to bottom. */
  async messages(): Promise<string[]> {
    return (await this.rows.locator(".body").allInnerTexts()).map((text) => text.trim());
  }

  /** Waits until exactly these texts stand there, in this order, all sent. */
  async seesExactly(texts: string[]): Promise<void> {
    await expect.poll(() => this.messages()).toEqual(texts);
    await expect(this.timeline.locator(".queued")).toHaveCount(0);
  }

  /** Posts many messages through the plain form's address: quicker than typing where typing is not the point. */
  async posts(texts: string[]): Promise<void> {
    for (const body of texts) {
      const answer = await this.context.request.post(`${this.url}/api/post-message`, {
        headers: { Origin: this.url },
        form: { conversation: "1", id: messageId(), body },
        maxRedirects: 0,
      });
      expect(answer.status(), await answer.text()).toBeLessThan(400);
    }
  }
}

/** A UUID of version 7, as every sender makes them. */
export function messageId(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
