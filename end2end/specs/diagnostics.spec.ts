import { expect, test } from "../support/chat";

test("the server's health is public, for monitors", async ({ chat, request }) => {
  const answer = await request.get(`${chat.url}/health`);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["cache-control"]).toMatch(/no-store/);
});

test("the diagnostics page shows the connection, the round trip, an echo and the server", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.menu.click();
  await ana.page.getByRole("link", { name: "Diagnostics" }).click();
  await expect(ana.page).toHaveURL(/\/diagnostics$/);
  await ana.connected();
  const part = (name: string) => ana.page.getByRole("region", { name });
  await expect(part("Connection")).toContainText(/Connected, as connection \d+/);
  await expect(part("Round trip")).toContainText(/\d+ ms/);
  await part("Round trip").getByRole("button", { name: "Measure" }).click();
  await expect(part("Round trip")).toContainText(/\d+ ms/);

  await ana.page.getByLabel("Echo text").fill("Hello, echo <b>");
  await ana.page.getByRole("button", { name: "Send echo" }).click();
  await expect(part("Echo")).toContainText("Hello, echo <b>");

  await ana.page.getByRole("button", { name: "Refresh" }).click();
  await expect(part("Server")).toContainText(/Version \d+\.\d+\.\d+, running for .+, 1 client connected/);
});

test("without a connection the diagnostics page says so", async ({ chat }) => {
  chat.breaksTheNetwork();
  const ana = await chat.register("Ana", "Ruiz");
  await ana.goes("/diagnostics");
  await ana.connected();
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await expect(ana.page.getByRole("region", { name: "Connection" })).not.toContainText("Connected");
  for (const name of ["Measure", "Send echo", "Refresh"]) await expect(ana.page.getByRole("button", { name })).toBeDisabled();
});
