// The browser that figures are measured with: the one of the browser tests.
import { createRequire } from "node:module";
import { PASSWORD } from "./rooms.mjs";

const { chromium } = createRequire(new URL("../../end2end/package.json", import.meta.url))("@playwright/test");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** Someone's page with General in it, hydrated and connected. */
export async function signedIn(browser, url, username) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${url}/sign-in`);
  await page.getByLabel("Username or email", { exact: true }).fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await connected(page);
  return page;
}

/** Waits until the page is hydrated and connected. */
export async function connected(page) {
  await page.locator("html[data-hydrated=true]").waitFor({ state: "attached" });
  await page.locator("[data-link=connected]").waitFor({ state: "attached" });
}
