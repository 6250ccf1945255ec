/**
 * The socket: join, hand down what arrives, send and await the answer, notice silence, and come
 * back at once after sleep. Knows nothing of views; `Heard` is told what comes.
 */
import { io, type Socket } from "socket.io-client";
import type {
  BeaconMessage,
  DownSignal,
  OwnMessage,
  PatchMessage,
  RefusalCode,
  Sent,
  UpSignal,
  ViewMessage,
} from "../protocol";
import { Clock } from "./clock";
import { asAnswer, SOCKET_PATIENCE } from "./delivery";

export const PROTOCOL = 1;

/** Without a sign of the server for so long (ms), this device is offline. */
const OFFLINE_AFTER = 6000;
/** A hole in the timer of so many ms means the device slept. */
const SLEPT_AFTER = 3000;
/** After waking, the server has so many ms to be heard before the socket is dropped. */
const WAKE_PATIENCE = 1500;
const TICK = 1000;
const BACK_OFF = [250, 500, 1000, 2000, 3000];
/** Refusals that no waiting mends. */
const FINAL: readonly string[] = [
  "not_signed_in",
  "device_revoked",
  "card_revoked",
  "seat_unknown",
];

export type Connected = "connecting" | "live" | "offline" | "refused";

interface Heard {
  view(message: ViewMessage): void;
  patch(message: PatchMessage): void;
  own(message: OwnMessage): void;
  beacon(message: BeaconMessage): void;
  signal(signal: DownSignal): void;
  state(state: Connected, refusal?: RefusalCode): void;
}

export class Connection {
  readonly clock = new Clock(performance.now());
  readonly #seat: string;
  readonly #heard: Heard;
  readonly #ends = new AbortController();
  #socket: Socket | null = null;
  #openedAt = 0;
  /** A connection is being made right now. */
  #opening = false;
  #tries = 0;
  #retry = 0;
  #tickedAt = Date.now();
  #ticker = 0;

  constructor(seat: string, heard: Heard) {
    this.#seat = seat;
    this.#heard = heard;
  }

  start(): void {
    const { signal } = this.#ends;
    const woke = () => {
      if (document.visibilityState === "visible") this.#woke();
    };
    document.addEventListener("visibilitychange", woke, { signal });
    window.addEventListener("pageshow", woke, { signal });
    window.addEventListener("online", woke, { signal });
    this.#ticker = window.setInterval(() => {
      this.#tick();
    }, TICK);
    this.#open();
  }

  /** Ends for good: nothing is sent or heard any more. */
  stop(): void {
    this.#ends.abort();
    window.clearInterval(this.#ticker);
    this.#close();
  }

  /** A new connection now, without waiting. */
  retry(): void {
    this.#tries = 0;
    this.#open();
  }

  /** Ask for the whole view again, after a gap or a doubt. */
  join(): void {
    const socket = this.#socket;
    if (!socket?.connected) return;
    socket.timeout(SOCKET_PATIENCE).emit("join", {}, (error: Error | null, value: unknown) => {
      if (socket !== this.#socket) return;
      const answer = error ? null : asAnswer(value);
      if (answer?.status === "committed") return;
      if (answer?.status === "rejected") this.#refused(answer.code);
      else window.setTimeout(() => {
        if (socket === this.#socket) this.join();
      }, answer?.after_ms ?? TICK);
    });
  }

  /** The raw acknowledgement of a command; rejects when none came in 3 s. */
  async send(sent: Sent): Promise<unknown> {
    if (!this.#socket?.connected) throw new Error("no socket");
    return this.#socket.timeout(SOCKET_PATIENCE).emitWithAck("command", sent) as Promise<unknown>;
  }

  signal(signal: UpSignal): void {
    if (this.#socket?.connected) this.#socket.emit("signal", signal);
  }

  #open(): void {
    this.#close();
    if (this.#ends.signal.aborted) return;
    this.#openedAt = performance.now();
    this.#opening = true;
    const socket = io({
      path: "/socket.io",
      transports: ["websocket"],
      auth: { seat: this.#seat, protocol: PROTOCOL },
      forceNew: true,
      reconnection: false,
      timeout: 4000,
    });
    this.#socket = socket;
    socket.on("connect", () => {
      this.#opening = false;
      this.#tries = 0;
      this.join();
    });
    socket.on("connect_error", (error) => {
      this.#opening = false;
      if (FINAL.includes(error.message)) this.#refused(error.message);
      else this.#openLater();
    });
    socket.on("disconnect", () => {
      this.#openLater();
    });
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    const heard = () => {
      this.clock.heard(performance.now());
    };
    socket.on("view", (message: ViewMessage) => {
      heard();
      this.#heard.state("live");
      this.#heard.view(message);
    });
    socket.on("patch", (message: PatchMessage) => {
      heard();
      this.#heard.patch(message);
    });
    socket.on("own", (message: OwnMessage) => {
      heard();
      this.#heard.own(message);
    });
    socket.on("beacon", (message: BeaconMessage) => {
      this.clock.beacon(message.t, performance.now());
      this.#heard.beacon(message);
    });
    socket.on("signal", (signal: DownSignal) => {
      heard();
      this.#heard.signal(signal);
    });
  }

  #close(): void {
    window.clearTimeout(this.#retry);
    this.#socket?.off();
    this.#socket?.disconnect();
    this.#socket = null;
  }

  #openLater(): void {
    const pause = BACK_OFF[Math.min(this.#tries, BACK_OFF.length - 1)] ?? 0;
    this.#tries += 1;
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => {
      this.#open();
    }, pause);
  }

  #refused(code: string): void {
    this.stop();
    this.#heard.state("refused", code as RefusalCode);
  }

  #tick(): void {
    const now = performance.now();
    // The wall clock, for the other one stands still while some devices sleep.
    const slept = Date.now() - this.#tickedAt > SLEPT_AFTER;
    this.#tickedAt = Date.now();
    if (document.visibilityState !== "visible") return;
    if (slept) this.#woke();
    else if (this.clock.silence(now) > OFFLINE_AFTER) {
      this.#heard.state("offline");
      const opening = now - this.#openedAt < OFFLINE_AFTER;
      if (this.#socket?.connected && !opening) this.#open();
    }
  }

  /** Several events say one awakening: an attempt that is under way is let be for a moment. */
  #woke(): void {
    const since = performance.now();
    if (this.#opening && since - this.#openedAt < WAKE_PATIENCE) return;
    if (!this.#socket?.connected) {
      this.retry();
      return;
    }
    this.join();
    window.setTimeout(() => {
      const now = performance.now();
      if (this.clock.silence(now) > now - since) this.retry();
    }, WAKE_PATIENCE);
  }
}
