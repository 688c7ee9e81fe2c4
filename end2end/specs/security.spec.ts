import { expect, messageId, test } from "../support/chat";

test("every page carries a policy that lets only its own code run", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  for (const path of ["/", "/c/1", "/diagnostics", "/no/such/page", "/sign-in", "/register"]) {
    const answer = await ana.context.request.get(ana.url + path);
    const headers = answer.headers();
    const policy = Object.fromEntries(
      (headers["content-security-policy"] ?? "").split(";").map((rule) => rule.trim().split(/\s+/)).map(([name, ...values]) => [name, values]),
    );
    expect(policy["default-src"], path).toEqual(["'none'"]);
    expect(policy["script-src"], path).toContain("'self'");
    expect(policy["script-src"].some((source: string) => source.startsWith("'nonce-")), path).toBe(true);
    expect(policy["script-src"], path).not.toContain("'unsafe-inline'");
    expect(policy["script-src"], path).not.toContain("'unsafe-eval'");
    expect(policy["style-src"], path).toEqual(["'self'"]);
    expect(policy["frame-ancestors"], path).toEqual(["'none'"]);
    expect(policy["base-uri"], path).toEqual(["'none'"]);
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toMatch(/no-referrer|same-origin/);
  }
  const nonces = await Promise.all(
    [1, 2].map(async () => /'nonce-([^']+)'/.exec((await ana.context.request.get(ana.url)).headers()["content-security-policy"])?.[1]),
  );
  expect(nonces[0]).not.toBe(nonces[1]);
});

test("after signing out, Back shows nothing of the chat", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.says("Between us");
  await ana.sees("Between us");
  expect((await ana.context.request.get(ana.url)).headers()["cache-control"]).toBe("no-store");
  // What a page that comes back shows before any script of it has run is what counts.
  await ana.page.addInitScript(() => {
    const seen = window as unknown as { shown?: string };
    addEventListener("pageshow", () => (seen.shown = document.body.innerText), { once: true });
  });
  await ana.signsOut();
  await ana.page.goBack();
  await expect(ana.page).toHaveURL(/\/sign-in/);
  await expect(ana.page.getByText("Between us")).toHaveCount(0);
  expect(await ana.page.evaluate(() => (window as unknown as { shown?: string }).shown ?? "")).not.toContain("Between us");
});

test("a post from another site's page is refused", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }, { Origin: ana.url, "Sec-Fetch-Site": "cross-site" }, {}]) {
    const answer = await ana.context.request.post(`${ana.url}/api/post-message`, {
      headers,
      form: { conversation: "1", id: messageId(), body: "Forged" },
      maxRedirects: 0,
    });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  await ana.page.reload();
  await ana.connected();
  expect(await ana.messages()).toEqual([]);
});

test("the client's files come compressed, typed and once", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz");
  await ana.goes("/sign-in");
  const script = (await ana.page.locator("link#client").getAttribute("href")) ?? "";
  for (const [file, type] of [
    [script, "text/javascript"],
    [script.replace(/js$/, "wasm"), "application/wasm"],
    [script.replace(/js$/, "css"), "text/css"],
  ]) {
    const answer = await ana.context.request.get(ana.url + file, { headers: { "Accept-Encoding": "gzip, deflate, br" } });
    expect(answer.status(), file).toBe(200);
    expect(answer.headers()["content-type"], file).toContain(type);
    expect(answer.headers()["content-encoding"], file).toBe("br");
    const again = await ana.context.request.get(ana.url + file, {
      headers: { "Accept-Encoding": "gzip, deflate, br", "If-None-Match": answer.headers()["etag"] },
    });
    expect(again.status(), file).toBe(304);
  }
});

test("the page wakes without asking the server for its data a second time", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.says("Here");
  await ana.sees("Here");
  const asked: string[] = [];
  ana.page.on("request", (request) => request.url().includes("/api/") && asked.push(request.url()));
  await ana.page.reload();
  await ana.connected();
  await ana.seesExactly(["Here"]);
  expect(asked).toEqual([]);
});
