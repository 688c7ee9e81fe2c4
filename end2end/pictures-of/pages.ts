import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Chat, expect, type Person, test } from "../support/chat";
import { inManyRooms } from "../support/rooms";

const FOLDER = fileURLToPath(new URL("../pictures", import.meta.url));
const SIZES = { 1440: { width: 1440, height: 900 }, 1024: { width: 1024, height: 768 }, 390: { width: 390, height: 844 } };

test.beforeEach(({ chat }) => chat.tolerates(/.*/));

/** Takes the page in every size and in both colour schemes. `arrange` puts it right after each change of size. */
async function pictures(person: Person, name: string, arrange: () => Promise<void> = async () => {}): Promise<void> {
  for (const [width, size] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"] as const) {
      await person.page.setViewportSize(size);
      await person.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await arrange();
      await person.page.screenshot({ path: path.join(FOLDER, `${name}-${width}-${colorScheme}.png`) });
    }
  }
}

test("the pages of those who are not signed in", async ({ chat }) => {
  const first = await chat.stranger("Ben", "Okafor");
  await first.goes("/");
  await pictures(first, "first-run");
  await first.fillsRegistration({ first: "Ben", last: "", username: "_ben", email: "ben@harbour", password: "Abcdefgh" });
  await first.createsAccount.click();
  await expect(first.page.getByText("Please give your last name.")).toBeVisible();
  await pictures(first, "first-run-refused");
  await first.registers();
  await first.arrives();

  const ana = await chat.stranger("Ana", "Ruiz");
  await ana.goes("/sign-in");
  await pictures(ana, "sign-in");
  await ana.fillsSignIn("ana", "Wrong-77-one");
  await ana.page.getByRole("button", { name: "Sign in" }).click();
  await expect(ana.page.getByRole("alert")).toBeVisible();
  await pictures(ana, "sign-in-refused");

  await ana.goes("/register");
  await pictures(ana, "register");
  await ana.fillsRegistration({ first: "Ana", last: "", username: "_ana", email: "ana@harbour", password: "Abcdefgh" });
  await ana.createsAccount.click();
  await expect(ana.page.getByText("Please give your last name.")).toBeVisible();
  await pictures(ana, "register-refused");
});

test("a room from empty to full, and what stands beside it", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.goes("/c/1");
  await ana.connected();
  await pictures(ana, "room-empty");

  await talk(chat, ana);
  await pictures(ana, "room", () => toTheEnd(ana));
  await ana.composer.fill("A first line\nand a second one\n\nand, after a pause, a longer third one that does not fit into one line of the field");
  await pictures(ana, "room-writing", () => toTheEnd(ana));
  await ana.composer.fill("");

  await ana.goes("/");
  await ana.connected();
  await pictures(ana, "list");
  await pictures(ana, "menu", async () => {
    if (!(await ana.page.getByRole("button", { name: "Sign out" }).isVisible())) await ana.menu.click();
  });

  await ana.goes("/diagnostics");
  await ana.connected();
  await ana.page.getByLabel("Echo text").fill("Hello there");
  await ana.page.getByRole("button", { name: "Send echo" }).click();
  await pictures(ana, "diagnostics");

  await ana.goes("/no/such/page");
  await pictures(ana, "not-found");
});

test("the conversation list with many rooms", async ({ chat }) => {
  const { ana, colleagues, rooms } = await inManyRooms(chat, 120);
  const long = await colleagues[0].makesRoom("A very long room name for the autumn regatta of the harbour", 1);
  for (const at of [2, 60, 118]) await colleagues[0].writes(rooms[at], "Who is in?");
  for (let i = 0; i < 3; i += 1) await colleagues[0].writes(long, "Who is in?");
  await colleagues[1].writesTo(1, "Are you there?");
  await ana.goes(`/c/${rooms[40]}`);
  await ana.connected();
  await ana.page.getByRole("textbox", { name: /^Message / }).fill("Half a thought");
  await pictures(ana, "list-long-open");
  await ana.goes("/");
  await ana.connected();
  const press = (name: string) => ana.page.getByRole("button", { name }).first().click();
  await ana.page.setViewportSize(SIZES[1440]);
  await press("Unread first");
  await pictures(ana, "list-long");
  await ana.page.setViewportSize(SIZES[1440]);
  await press("Rooms");
  await pictures(ana, "list-collapsed");
});

test("devices, the password and the accounts", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.goes("/devices");
  await ana.connected();
  await pictures(ana, "devices-alone");
  for (const userAgent of ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1", "curl/8"]) {
    await chat.device(ana, { browser: { userAgent } });
  }
  await ana.page.reload();
  await ana.connected();
  await pictures(ana, "devices");

  await ana.goes("/password");
  await ana.connected();
  await pictures(ana, "password");
  await ana.page.getByLabel("New password", { exact: true }).fill("harbour");
  await ana.page.getByRole("button", { name: "Change password" }).click();
  await pictures(ana, "password-refused");
  await ana.page.getByLabel("Current password", { exact: true }).fill(ana.account.password);
  await ana.page.getByLabel("New password", { exact: true }).fill("Harbour-78-rowing");
  await ana.page.getByRole("button", { name: "Change password" }).click();
  await expect(ana.page.getByText("Your password is changed.")).toBeVisible();
  await pictures(ana, "password-changed");

  await chat.register("Bartholomew-Maximilian", "Featherstonehaugh-Cholmondeley", { username: "bartholomew-maximilian" });
  await chat.register("نور", "الهاشمي", { username: "noor" });
  await chat.register("Tom", "Okafor");
  await ana.goes("/accounts");
  await ana.connected();
  const tom = ana.page.getByRole("region", { name: "Tom Okafor" });
  await tom.getByText("Disable…").click();
  await tom.getByRole("button", { name: "Disable the account" }).click();
  await expect(tom.getByRole("button", { name: "Enable" })).toBeVisible();
  await ana.page.getByRole("region", { name: /Bartholomew/ }).getByText("Disable…").click();
  await pictures(ana, "accounts");
});

test.describe("by invitation", () => {
  test.use({ settings: { HUBBUB_REGISTRATION: "invite" } });

  test("the links, and who comes by them", async ({ chat }) => {
    const ana = await chat.register("Ana", "Ruiz");
    await ana.goes("/invitations");
    await ana.connected();
    await pictures(ana, "invitations-empty");
    const make = async (uses: string) => {
      await ana.page.getByLabel("Lets in").selectOption(uses);
      const rows = ana.page.getByRole("region", { name: /^Link …/ });
      const before = await rows.count();
      await ana.page.getByRole("button", { name: "Make a link" }).click();
      await expect(rows).toHaveCount(before + 1);
      return rows.first().getByRole("textbox", { name: "Link" }).inputValue();
    };
    const once = await make("1");
    await make("25");
    await ana.page.getByRole("button", { name: "Revoke" }).first().click();
    await expect(ana.page.getByText("Revoked", { exact: true })).toBeVisible();
    const many = await make("100");
    const guests = [
      ["Tom", "Okafor", "tom"],
      ["نور", "الهاشمي", "noor"],
      ["Bartholomew-Maximilian", "Featherstonehaugh-Cholmondeley", "barty"],
      ...["Mia", "Ben", "Lea", "Ida"].map((name) => [name, "Lindqvist", name.toLowerCase()]),
    ];
    for (const [first, last, username] of guests) {
      const guest = await chat.stranger(first, last, { username });
      await guest.page.goto(username === "tom" ? once : many);
      if (username === "tom") await pictures(guest, "register-invited");
      await guest.fillsRegistration();
      await guest.createsAccount.click();
      await guest.arrives();
      await guest.context.close();
    }
    await ana.goes("/accounts");
    await ana.connected();
    const barty = ana.page.getByRole("region", { name: /Bartholomew/ });
    await barty.getByRole("button", { name: "Let invite" }).click();
    await expect(barty.getByText("May invite", { exact: true })).toBeVisible();
    await pictures(ana, "accounts-inviting");
    const guest = await chat.stranger("Barty", "F", { username: "barty" });
    await guest.signsIn();
    await guest.arrives();
    await guest.goes("/invitations");
    await guest.page.getByRole("button", { name: "Make a link" }).click();
    await expect(guest.page.getByRole("region", { name: /^Link …/ })).toHaveCount(1);

    await ana.goes("/invitations");
    await ana.connected();
    await ana.page.getByRole("button", { name: "Copy" }).first().click();
    await pictures(ana, "invitations");
    await pictures(ana, "invitations-menu", async () => {
      await ana.page.goto(`${ana.url}/`);
      await ana.connected();
      await ana.menu.click();
    });
    const eve = await chat.stranger("Eve", "Moss");
    await eve.page.goto(once);
    await pictures(eve, "register-used-up");
    await eve.goes("/register");
    await pictures(eve, "register-uninvited");
    await eve.goes("/sign-in");
    await pictures(eve, "sign-in-uninvited");
  });
});

test("a room while the connection is gone", async ({ chat }) => {
  const ana = await chat.register("Ana", "Ruiz");
  await ana.goes("/c/1");
  await talk(chat, ana);
  let refuse = false;
  await ana.page.routeWebSocket(/\/ws$/, (near) => {
    const far = near.connectToServer();
    near.onMessage((text) => {
      const frame = JSON.parse(String(text));
      if (frame.type === "post" && refuse) {
        near.send(JSON.stringify({ type: "refused", id: frame.id, error: { code: "forbidden", message: "This is not yours to do." } }));
      } else far.send(text);
    });
  });
  await ana.page.reload();
  await ana.connected();
  refuse = true;
  await ana.says("And bring the towels");
  await expect(ana.message("And bring the towels")).toContainText("Not sent");
  await chat.program.kill();
  await ana.linkIs("connecting", "waiting", "offline");
  await ana.says("See you at the slip.");
  await ana.says("I am on the train, this will come late.");
  await expect(ana.banner).toBeVisible();
  await pictures(ana, "room-offline", () => toTheEnd(ana));
});

test("a page without JavaScript", async ({ chat }) => {
  const ana = await chat.stranger("Ana", "Ruiz", { browser: { javaScriptEnabled: false } });
  await ana.registers();
  await ana.arrives();
  await ana.posts(Array.from({ length: 60 }, (_, i) => `Message ${i + 1}`));
  await ana.goes("/c/1");
  await pictures(ana, "room-plain");
});

async function talk(chat: Chat, ana: Person): Promise<void> {
  const tom = await chat.register("Tom", "Okafor");
  const mia = await chat.register("Mia", "Lindqvist");
  const barty = await chat.register("Bartholomew-Maximilian", "Featherstonehaugh-Cholmondeley", { username: "barty" });
  const noor = await chat.register("نور", "الهاشمي", { username: "noor" });
  const lines: [Person, string][] = [
    [tom, "The four is rigged and on the trailer. Blades are in the long rack, **not** the shed."],
    [tom, "Can someone check the spare rigger for seat 3?"],
    [mia, "> Can someone check the spare rigger for seat 3?\n\nDone, two bolts replaced. The start script is updated too:\n\n```\nfn start(heats: &[Heat]) -> Schedule {\n    heats.iter().map(|h| (h.time, h.lane)).collect()\n}  // six minutes apart, and this line is a good deal longer than a phone is wide\n```"],
    [ana, "Morning! Wind forecast for Saturday looks kind: https://harbour-weather.example/saturday"],
    [noor, "صباح الخير! سأصل في السابعة مع الشاي."],
    [barty, "I shall need:\n\n- towels\n- the *long* rope\n- ~~sun cream~~ (have it)"],
    [barty, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsparagraphennummerierung".repeat(2)],
    [tom, "Brilliant. I will bring the trailer round at `06:40`, anyone for coffee at the slip?"],
    [tom, "🚣"],
    [ana, "Two for me, please. I can take the juniors’ minibus."],
  ];
  for (const [person, text] of lines) {
    await person.says(text);
    await expect(person.timeline.locator(".queued")).toHaveCount(0);
  }
  await expect(ana.rows).toHaveCount(lines.length);
  for (const person of [tom, mia, barty, noor]) await person.context.close();
}

async function toTheEnd(person: Person): Promise<void> {
  await person.scrollsTo("newest");
}
