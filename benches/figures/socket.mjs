// A live connection, as small as measuring needs it (RFC 6455): Node 20 has none that sends a cookie.
import { randomBytes } from "node:crypto";
import http from "node:http";

export class Live {
  #socket;
  #received = Buffer.alloc(0);
  /** @type {Buffer[]} */
  #parts = [];
  /** Who waits for a frame: by its `request`, or its type. */
  #waiting = new Map();
  #requests = 0;

  /** Connects, says hello, and waits for the welcome. */
  static async open(url, cookie) {
    const live = new Live();
    live.#socket = await upgraded(`${url}/ws`, { Cookie: cookie, Origin: url });
    live.#socket.on("data", (bytes) => live.#take(bytes));
    live.#socket.on("error", () => {});
    const welcome = live.#answer("welcome");
    live.#send({ type: "hello", protocol: 1, client: "figures" });
    await welcome;
    return live;
  }

  /** Asks, and waits for the answer: the frame, and how long it took to its last byte, in milliseconds. */
  async ask(type) {
    const request = (this.#requests += 1);
    const answer = this.#answer(request);
    const from = performance.now();
    this.#send({ type, request });
    const { at, text } = await answer;
    return { took: at - from, frame: JSON.parse(text) };
  }

  close() {
    this.#socket.destroy();
  }

  #answer(key) {
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  #send(frame) {
    const payload = Buffer.from(JSON.stringify(frame));
    const mask = randomBytes(4);
    // Frames of this kind are shorter than 126 bytes.
    const head = Buffer.from([0x81, 0x80 | payload.length]);
    this.#socket.write(Buffer.concat([head, mask, payload.map((byte, at) => byte ^ mask[at % 4])]));
  }

  #take(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const size = length(this.#received);
      if (size === undefined || this.#received.length < size.head + size.payload) return;
      const at = performance.now();
      const last = (this.#received[0] & 0x80) !== 0;
      const kind = this.#received[0] & 0x0f;
      // Texts (1) and their continuations (0); the rest is none of ours.
      if (kind < 2) this.#parts.push(this.#received.subarray(size.head, size.head + size.payload));
      this.#received = this.#received.subarray(size.head + size.payload);
      if (kind > 1 || !last) continue;
      const text = Buffer.concat(this.#parts.splice(0)).toString();
      // Not parsed before the time is taken: that is the client's own work.
      const key = Number(/"request":(\d+)/.exec(text.slice(0, 200))?.[1]) || /"type":"(\w+)"/.exec(text)?.[1];
      this.#waiting.get(key)?.({ at, text });
      this.#waiting.delete(key);
    }
  }
}

/** How long a frame's head and payload are; nothing while too little of it has come. */
function length(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  if (short < 126) return { head: 2, payload: short };
  if (short === 126) return bytes.length < 4 ? undefined : { head: 4, payload: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { head: 10, payload: Number(bytes.readBigUInt64BE(2)) };
}

function upgraded(url, headers) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, {
      headers: {
        ...headers,
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      },
    });
    sent.on("upgrade", (answer, socket, head) => {
      socket.setNoDelay(true);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    sent.on("response", (answer) => reject(new Error(`No live connection: ${answer.statusCode}`)));
    sent.on("error", reject);
    sent.end();
  });
}
