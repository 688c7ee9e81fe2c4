import { expect, test } from "../support/chat";

test("the health of the server is told to monitors without a session", async ({ chat, request }) => {
  const answer = await request.get(`${chat.url}/health`);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["cache-control"]).toMatch(/no-store/);
});

test("the diagnostics page tells of the connection, the round trip, an echo and the server", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.menu.click();
  await ana.page.getByRole("link", { name: "Diagnostics" }).click();
  await expect(ana.page).toHaveURL(/\/diagnostics$/);
  await ana.connected();
  const page = ana.page.getByRole("main");
  await expect(page).toContainText(/Connected/);
  await expect(page).toContainText(/\d ms/);
  await ana.page.getByRole("button", { name: "Measure" }).click();
  await expect(page).toContainText(/\d ms/);

  await ana.page.getByLabel("Echo text").fill("Hello, echo <b>");
  await ana.page.getByRole("button", { name: "Send echo" }).click();
  await expect(page).toContainText("Hello, echo <b>");

  await ana.page.getByRole("button", { name: "Refresh" }).click();
  await expect(page).toContainText(/\d+\.\d+\.\d+/);
});

test("without a connection the diagnostics say so", async ({ chat }) => {
  chat.breaksTheNetwork();
  const ana = await chat.register("Ana", "Ruiz");
  await ana.goes("/diagnostics");
  await ana.connected();
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.page.getByRole("button", { name: "Measure" }).click();
  await expect(ana.page.getByRole("main")).toContainText("The server could not be reached. Check the connection and try again.");
});
