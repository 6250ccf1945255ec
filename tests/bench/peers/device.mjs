/**
 * One device: Engine.IO and Socket.IO on a bare TCP socket, as little as measuring needs.
 * It knows the page it was shown last, and parses nothing it does not need.
 */
import net from "node:net";
import { CLOSE, Frames, frame, handshake, PING, PONG, TEXT } from "./frames.mjs";

/** All sockets read into this; what is read is used up before the next one reads. */
const SHARED = Buffer.allocUnsafe(256 * 1024);
const PAGE = Buffer.from('"page":');
const HEAD_END = "\r\n\r\n";
const PATH = "/socket.io/?EIO=4&transport=websocket";

const code = (letter) => letter.charCodeAt(0);
const [OPEN, PING_TEXT, MESSAGE] = [code("0"), code("2"), code("4")];
const [CONNECTED, DISCONNECTED, EVENT, ACK, REFUSED] = ["0", "1", "2", "3", "4"].map(code);
const [PATCH, VIEW, BEACON, SIGNAL] = ["p", "v", "b", "s"].map(code);

export class Device {
  page = -1;
  /** When the page before it arrived (ms). */
  pageAt = 0;
  rev = -1;
  /** The newest beacon and when it came, if `keeps`. */
  beacon = { rev: -1, t: 0 };
  beaconAt = 0;
  signal = null;
  patches = 0;
  wireBytes = 0;
  open = false;
  joined = false;
  onPage = null;
  onJoined = null;
  onGone = null;
  #socket = null;
  #head = "";
  #upgraded = false;
  #frames = new Frames((...given) => this.#frame(...given));
  #acks = new Map();
  #nextAck = 1;

  /** `keeps`: it reads revisions, beacons and signals, as whoever presents must. */
  constructor({ cookie = "", auth = {}, keeps = false }) {
    this.cookie = cookie;
    this.auth = auth;
    this.keeps = keeps;
  }

  /** Connect and join. Resolves when the view is there; rejects when refused or gone. */
  join(host, port) {
    return new Promise((resolve, reject) => {
      this.onJoined = resolve;
      this.onGone = reject;
      this.#head = "";
      this.#upgraded = false;
      this.joined = false;
      this.#frames = new Frames((...given) => this.#frame(...given));
      this.#socket = net.connect({
        host,
        port,
        noDelay: true,
        onread: {
          buffer: SHARED,
          callback: (count, bytes) => {
            this.#read(bytes.subarray(0, count));
            return true;
          },
        },
      });
      this.#socket.on("connect", () => {
        this.open = true;
        this.#socket.write(handshake({ host, port, path: PATH, cookie: this.cookie }));
      });
      this.#socket.on("error", () => {});
      this.#socket.on("close", () => {
        this.open = false;
        this.onGone?.(new Error("the connection was closed"));
        for (const answer of this.#acks.values()) answer({ status: "unknown" });
        this.#acks.clear();
      });
    });
  }

  /** End the connection without a word, as when the tablet lost the network. */
  cut() {
    this.onGone = null;
    this.#socket.destroy();
  }

  /** Stop reading, or read on. */
  deafen(deaf) {
    if (deaf) this.#socket.pause();
    else this.#socket.resume();
  }

  send(text) {
    this.#socket.write(frame(TEXT, text));
  }

  /** Emit an event and resolve with the parsed acknowledgement. */
  ask(event, body) {
    const id = this.#nextAck++;
    const answered = new Promise((resolve) => this.#acks.set(id, resolve));
    this.send(`42${id}${JSON.stringify([event, body])}`);
    return answered;
  }

  /** The view comes by itself once the server has agreed; a busy one says when to ask again. */
  async #askToJoin() {
    const said = await this.ask("join", {});
    if (said.status === "retry") setTimeout(() => this.#askToJoin(), said.after_ms);
    else if (said.status !== "committed") this.onGone?.(new Error(JSON.stringify(said)));
  }

  #read(bytes) {
    if (this.#upgraded) {
      this.#frames.take(bytes);
      return;
    }
    this.#head += bytes.toString("latin1");
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) return;
    if (!this.#head.startsWith("HTTP/1.1 101")) {
      this.onGone?.(new Error(this.#head.slice(0, this.#head.indexOf("\r\n"))));
      this.cut();
      return;
    }
    this.#upgraded = true;
    const rest = Buffer.from(this.#head.slice(end + HEAD_END.length), "latin1");
    this.#head = "";
    if (rest.length > 0) this.#frames.take(rest);
  }

  #frame(opcode, bytes, from, to, size) {
    this.wireBytes += size;
    if (opcode === TEXT) this.#text(bytes, from, to);
    else if (opcode === PING) this.#socket.write(frame(PONG, bytes.toString("utf8", from, to)));
    else if (opcode === CLOSE) this.#socket.end();
  }

  #text(bytes, from, to) {
    const kind = bytes[from];
    if (kind === PING_TEXT) this.send("3");
    else if (kind === OPEN) this.send(`40${JSON.stringify(this.auth)}`);
    else if (kind === MESSAGE) this.#message(bytes, from + 1, to);
  }

  #message(bytes, from, to) {
    const kind = bytes[from];
    if (kind === EVENT) this.#event(bytes, from + 1, to);
    else if (kind === ACK) this.#ack(bytes.toString("utf8", from + 1, to));
    else if (kind === CONNECTED) void this.#askToJoin();
    else if (kind === REFUSED) this.onGone?.(new Error(bytes.toString("utf8", from, to)));
    else if (kind === DISCONNECTED) this.#socket.end();
  }

  #event(bytes, from, to) {
    const name = bytes[from + 2]; // after `["`
    if (name === PATCH || name === VIEW) {
      this.patches += name === PATCH ? 1 : 0;
      if (this.keeps) this.#note(bytes.toString("utf8", from, to));
      this.#look(bytes, from, to);
      if (name === VIEW && !this.joined) {
        this.joined = true;
        this.onJoined(this);
      }
    } else if (this.keeps && name === BEACON) {
      this.beacon = JSON.parse(bytes.toString("utf8", from, to))[1];
      this.beaconAt = performance.now();
    } else if (this.keeps && name === SIGNAL) {
      const signal = JSON.parse(bytes.toString("utf8", from, to))[1];
      if (signal.type === "code") this.signal = signal;
    }
  }

  #note(text) {
    const message = JSON.parse(text)[1];
    this.rev = message.to ?? message.rev;
  }

  /** The page that is named, without parsing: only what is presented has a "page". */
  #look(bytes, from, to) {
    let at = bytes.indexOf(PAGE, from);
    if (at < 0 || at >= to) return;
    let page = 0;
    for (at += PAGE.length; bytes[at] >= 48 && bytes[at] <= 57; at += 1) {
      page = page * 10 + bytes[at] - 48;
    }
    this.page = page;
    this.onPage?.(this);
  }

  #ack(text) {
    const bracket = text.indexOf("[");
    const id = Number(text.slice(0, bracket));
    this.#acks.get(id)?.(JSON.parse(text.slice(bracket))[0]);
    this.#acks.delete(id);
  }
}
