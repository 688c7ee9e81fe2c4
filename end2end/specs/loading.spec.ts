// What the browser loads, and when: the first load, the lazily loaded modules, the second visit, another build's server.
import { expect, type Person, test } from "../support/chat";
import type { Page, Request } from "@playwright/test";

const DIAGNOSTICS = /\/pkg\/[0-9a-f]{16}\/split_diagnostics\.wasm$/;

const PAGES = /\/pkg\/[0-9a-f]{16}\/split_pages\.wasm$/;

/** What is fetched ahead once the page is live: the switcher, which has to open at once, and what it shares with others. */
const AHEAD = /^(split_switcher|chunk_\d+)\.wasm$/;

/** The names of the client's files that the page asks the server or its cache for, from now on. */
function filesOf(page: Page): string[] {
  const names: string[] = [];
  page.on("request", (request: Request) => {
    const name = /\/pkg\/[0-9a-f]{16}\/(.+)$/.exec(request.url())?.[1];
    if (name && !AHEAD.test(name)) names.push(name);
  });
  return names;
}

/** Goes to the diagnostics by links, without loading the page anew. */
async function opensDiagnostics(person: Person): Promise<void> {
  await person.menu.click();
  await person.page.getByRole("link", { name: "Diagnostics" }).click();
  await expect(person.page.getByRole("heading", { name: "Diagnostics", level: 1 })).toBeVisible();
}

const roundTrip = (person: Person) => person.page.getByRole("region", { name: "Round trip" });

test("a conversation loads the main module alone, and the diagnostics their own when they are opened", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  const files = filesOf(ana.page);
  await ana.page.reload();
  await ana.connected();
  expect([...new Set(files)].sort()).toEqual(["__wasm_split.js", "hubbub.css", "hubbub.js", "hubbub.wasm"]);

  files.length = 0;
  await opensDiagnostics(ana);
  await expect(roundTrip(ana)).toContainText(/\d+ ms/);
  expect(files).toEqual(["split_diagnostics.wasm"]);

  // Once is enough.
  await ana.page.goBack();
  await expect(ana.composer).toBeVisible();
  await opensDiagnostics(ana);
  await expect(roundTrip(ana)).toContainText(/\d+ ms/);
  expect(files).toEqual(["split_diagnostics.wasm"]);
});

test("a lazy view that the address names is shown as loading until it is there", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  let deliver = () => {};
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  await ana.page.route(DIAGNOSTICS, async (route) => {
    await delivered;
    await route.continue();
  });
  await ana.goes("/diagnostics");
  await ana.connected();
  await expect(ana.page.getByRole("status").getByText("Loading…")).toBeAttached();
  await expect(ana.page.locator("main [aria-busy=true]")).toBeVisible();
  deliver();
  await expect(roundTrip(ana)).toContainText(/\d+ ms/);
  await expect(ana.page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(ana.page.getByText("Loading…")).toHaveCount(0);
});

test("a lazy view that was left before it came is not shown elsewhere, and can be opened again", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  let deliver = () => {};
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  await ana.page.route(DIAGNOSTICS, async (route) => {
    await delivered;
    await route.continue();
  });
  await opensDiagnostics(ana);
  await ana.page.goBack();
  await expect(ana.composer).toBeVisible();
  const answered = ana.page.waitForResponse(DIAGNOSTICS);
  deliver();
  await (await answered).finished();
  await ana.says("Still here");
  await ana.sees("Still here");
  await expect(roundTrip(ana)).toHaveCount(0);
  await opensDiagnostics(ana);
  await expect(roundTrip(ana)).toContainText(/\d+ ms/);
});

test("a module that does not arrive says so and is loaded by trying again", async ({ chat }) => {
  chat.breaksTheNetwork();
  chat.tolerates(/Failed to fetch/);
  const ana = await chat.register("Ana", "Ruiz");
  await ana.page.route(DIAGNOSTICS, (route) => route.abort("connectionfailed"));
  await opensDiagnostics(ana);
  const problem = ana.page.getByRole("alert").filter({ hasText: "This part of the page could not be loaded." });
  await expect(problem).toBeVisible();

  // Still broken: it is asked for again, and says so again.
  const asked = ana.page.waitForRequest(DIAGNOSTICS);
  await ana.page.getByRole("button", { name: "Try again" }).click();
  await asked;
  await expect(problem).toBeVisible();

  await ana.page.unroute(DIAGNOSTICS);
  await ana.page.getByRole("button", { name: "Try again" }).click();
  await expect(roundTrip(ana)).toContainText(/\d+ ms/);
  await expect(problem).toHaveCount(0);
});

test("a page of another build offers a reload where it needs a module that is gone, and keeps what was typed", async ({ chat }) => {
  chat.tolerates(/404|HTTP status code is not ok/);
  const ana = await chat.register("Ana", "Ruiz");
  await ana.composer.fill("Half a sentence");
  // The server that answers now does not have this page's files.
  await ana.page.route(/\/pkg\//, async (route) => {
    const other = route.request().url().replace(/\/pkg\/[0-9a-f]{16}\//, "/pkg/0123456789abcdef/");
    await route.fulfill({ response: await route.fetch({ url: other }) });
  });
  await opensDiagnostics(ana);
  await expect(ana.page.getByRole("alert").filter({ hasText: "A new version of Hubbub is here." })).toBeVisible();
  await ana.page.unrouteAll();
  await ana.page.getByRole("button", { name: "Reload" }).click();
  await expect(roundTrip(ana)).toContainText(/\d+ ms/);
  await ana.goes("/c/1");
  await expect(ana.composer).toHaveValue("Half a sentence");
});

test("a page whose client does not load can be read, and offers a reload", async ({ chat }) => {
  chat.tolerates(/404|Failed to fetch dynamically imported module/);
  const ana = await chat.register("Ana", "Ruiz");
  await ana.says("Readable");
  await ana.sees("Readable");
  // As in a rolling upgrade: the page comes from one server, its files are asked of the other.
  await ana.page.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.fulfill({ status: 404 }));
  // Files that the browser has kept would do.
  const devtools = await ana.context.newCDPSession(ana.page);
  await devtools.send("Network.clearBrowserCache");
  await ana.page.reload();
  await expect(ana.page.getByRole("alert").filter({ hasText: "This page could not be loaded completely." })).toBeVisible();
  await expect(ana.message("Readable")).toBeVisible();
  await ana.page.unrouteAll();
  await ana.page.getByRole("button", { name: "Reload" }).click();
  await ana.connected();
});

test("a page whose module does not arrive works by its form, and offers a reload", async ({ chat }) => {
  chat.breaksTheNetwork();
  chat.tolerates(/Failed to fetch|failed to load split module/);
  const ana = await chat.register("Ana", "Ruiz");
  await ana.page.route(PAGES, (route) => route.abort("connectionfailed"));
  await ana.page.goto(`${ana.url}/password`);
  await expect(ana.page.getByRole("alert").filter({ hasText: "This page could not be loaded completely." })).toBeVisible();
  await ana.page.getByLabel("Current password").fill("Wrong-77-one");
  await ana.page.getByLabel("New password").fill("Harbour-78-rowing");
  await ana.page.getByRole("button", { name: "Change password" }).click();
  await expect(ana.page.getByText("This is not your current password.")).toBeVisible();
  await expect(ana.page.getByRole("alert").filter({ hasText: "This page could not be loaded completely." })).toBeVisible();

  await ana.page.unroute(PAGES);
  await ana.page.getByRole("button", { name: "Reload" }).click();
  await ana.connected();
});

test("a page that is opened by a link waits for its module in its frame, and can be asked for again", async ({ chat }) => {
  chat.breaksTheNetwork();
  chat.tolerates(/Failed to fetch/);
  const ana = await chat.register("Ana", "Ruiz");
  await ana.page.reload();
  await ana.connected();
  await ana.page.route(PAGES, (route) => route.abort("connectionfailed"));
  await ana.menu.click();
  await ana.page.getByRole("link", { name: "Devices" }).click();
  await expect(ana.page.getByRole("heading", { name: "Devices", level: 1 })).toBeVisible();
  await expect(ana.page.getByRole("alert").filter({ hasText: "This part of the page could not be loaded." })).toBeVisible();

  await ana.page.unroute(PAGES);
  await ana.page.getByRole("button", { name: "Try again" }).click();
  await expect(ana.page.getByText("This device", { exact: true })).toBeVisible();
  await expect(ana.page.getByRole("heading", { name: "Devices", level: 1 })).toBeVisible();
});

test("a second visit transfers no code", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz");
  const all = () =>
    ana.page.evaluate(() =>
      (performance.getEntriesByType("resource") as PerformanceResourceTiming[])
        .filter(({ name }) => name.includes("/pkg/"))
        .map(({ name, transferSize, encodedBodySize }) => ({ name: name.replace(/.*\//, ""), transferSize, known: encodedBodySize > 0 })),
    );
  const code = async () => (await all()).filter(({ name }) => !AHEAD.test(name));
  const names = async () => [...new Set((await code()).map(({ name }) => name))].sort();
  const files = ["__wasm_split.js", "hubbub.css", "hubbub.js", "hubbub.wasm"];
  await ana.goes("/sign-in");
  await expect.poll(names).toEqual([...files, "split_pages.wasm"]);
  for (const { name, transferSize } of await code()) expect(transferSize, name).toBeGreaterThan(0);

  await ana.registers();
  await ana.arrives();
  for (const visit of [() => ana.goes("/c/1"), () => ana.page.reload()]) {
    await visit();
    await ana.connected();
    expect(await names()).toEqual(files);
    for (const file of await code()) expect(file, file.name).toEqual({ name: file.name, transferSize: 0, known: true });
  }
});

test("the stylesheet is minified, with every layer and both schemes", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz");
  await ana.goes("/");
  const style = (await ana.page.locator("link[rel=stylesheet]").getAttribute("href")) ?? "";
  const text = await (await ana.context.request.get(ana.url + style)).text();
  expect(text).not.toContain("/*");
  expect(text).not.toMatch(/\n[\s\S]/);
  for (const kept of ["@layer tokens", "@layer base", "@layer layout", "@layer parts", "light-dark(", "@media"]) expect(text).toContain(kept);
});

test("files whose address bears their hash are kept for good, others are asked for again", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz");
  await ana.goes("/sign-in");
  const script = await ana.page.locator("link#client").getAttribute("href");
  expect(script).toMatch(/^\/pkg\/[0-9a-f]{16}\/hubbub\.js$/);
  const control = async (path: string) => {
    const answer = await ana.context.request.get(ana.url + path);
    return [answer.status(), answer.headers()["cache-control"]];
  };
  expect(await control(script as string)).toEqual([200, "public, max-age=31536000, immutable"]);
  expect(await control("/icon.svg")).toEqual([200, "no-cache"]);
  expect(await control("/manifest.webmanifest")).toEqual([200, "no-cache"]);
  expect(await control("/pkg/0123456789abcdef/hubbub.js")).toEqual([404, "no-store"]);
});
