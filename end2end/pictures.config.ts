import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

// `make pictures`: every page as people see it, to be looked at. They are no test: nothing compares them.
export default defineConfig({ ...tests, testDir: "pictures-of", testMatch: /\.ts$/, timeout: 180_000 });
