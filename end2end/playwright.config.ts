import { defineConfig } from "@playwright/test";
import { chromium } from "./support/browser";

// A test that sometimes fails tells of a fault, in the program or in itself: none is tried a second time.
export default defineConfig({
  testDir: "specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // A loaded machine is three times as slow; what a test waits for has a limit of its own.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: { ...chromium, viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "Europe/Lisbon", trace: "retain-on-failure" },
});
