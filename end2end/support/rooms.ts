import { type APIRequestContext, expect, request } from "@playwright/test";
import type { Chat } from "./chat";
import { account, messageId, type Person } from "./person";

/** One may own a hundred rooms. */
const OWNED_MAX = 100;

/** Somebody without a browser, who makes rooms and writes. */
export class Colleague {
  private constructor(
    readonly name: string,
    private readonly api: APIRequestContext,
  ) {}

  static async register(chat: Chat, first: string, last: string): Promise<Colleague> {
    const api = await request.newContext({ baseURL: chat.url, extraHTTPHeaders: { Origin: chat.url } });
    const { username, email, password } = account(first, last);
    const colleague = new Colleague(`${first} ${last}`, api);
    await colleague.call("register", { first_name: first, last_name: last, username, email, password });
    return colleague;
  }

  /** Makes a room, and adds the user of this id to it. */
  async makesRoom(name: string, user: number): Promise<number> {
    const room: number = await this.call("create-room", { name });
    await this.call("add-member", { conversation: String(room), user: String(user) });
    return room;
  }

  async writes(conversation: number, body: string): Promise<void> {
    await this.call("post-message", { conversation: String(conversation), id: messageId(), body });
  }

  async writesTo(user: number, body: string): Promise<number> {
    const conversation: number = await this.call("open-direct", { user: String(user) });
    await this.writes(conversation, body);
    return conversation;
  }

  private async call(name: string, form: Record<string, string>) {
    const answer = await this.api.post(`/api/${name}`, { form, maxRedirects: 0 });
    expect(answer.status(), await answer.text()).toBeLessThan(400);
    const text = await answer.text();
    return text ? JSON.parse(text) : undefined;
  }
}

/** Ana, who is the first user here, in so many rooms beside General: "Room 001" and so on. */
export type Crowded = { ana: Person; colleagues: Colleague[]; rooms: number[] };

export async function inManyRooms(chat: Chat, count: number): Promise<Crowded> {
  const ana = await chat.register("Ana", "Ruiz");
  const owners = Math.ceil(count / OWNED_MAX);
  const colleagues = await Promise.all(Array.from({ length: owners }, (_, at) => Colleague.register(chat, `Colleague${at}`, "Okafor")));
  const rooms = new Array<number>(count);
  await Promise.all(
    colleagues.map(async (colleague, at) => {
      for (let n = at; n < count; n += owners) rooms[n] = await colleague.makesRoom(roomName(n), 1);
    }),
  );
  await ana.goes("/");
  await ana.connected();
  return { ana, colleagues, rooms };
}

/** The name of a room by its place among those of `inManyRooms`. */
export const roomName = (at: number) => `Room ${String(at + 1).padStart(3, "0")}`;
