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
import { asAnswer } from "./delivery";
import { RETRY_AFTER, TIMES, timesOf, type Times } from "./times";

export const PROTOCOL = 1;

/** Refusals that no waiting mends. */
const FINAL: readonly string[] = [
  "not_signed_in",
  "device_revoked",
  "card_revoked",
  "seat_unknown",
];

/** Restarting: the server said that it stops, and when to come back. */
export type Connected = "connecting" | "live" | "offline" | "restarting" | "refused";

interface Heard {
  view(message: ViewMessage): void;
  own(message: OwnMessage): void;
  /** Whether what this device shows is certain to be right after it. */
  patch(message: PatchMessage): boolean;
  beacon(message: BeaconMessage): boolean;
  signal(signal: DownSignal): void;
  state(state: Connected, refusal?: RefusalCode): void;
}

export class Connection {
  readonly clock = new Clock(performance.now());
  /** As the server last said. */
  times: Times = TIMES;
  readonly #seat: string;
  readonly #heard: Heard;
  readonly #ends = new AbortController();
  #socket: Socket | null = null;
  #openedAt = 0;
  /** A connection is being made right now. */
  #opening = false;
  #tries = 0;
  #retry = 0;
  #waking = 0;
  #tickedAt = Date.now();
  #ticker = 0;
  /** Until then the server is expected back, by `performance.now()`. */
  #backBy = -Infinity;

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
    document.addEventListener("resume", woke, { signal });
    window.addEventListener("pageshow", woke, { signal });
    window.addEventListener("online", woke, { signal });
    this.#keepTicking();
    this.#open();
  }

  /** Ends for good: nothing is sent or heard any more. */
  stop(): void {
    this.#ends.abort();
    window.clearInterval(this.#ticker);
    window.clearTimeout(this.#waking);
    this.#close();
  }

  /** A new connection now, without waiting. */
  retry(): void {
    this.#tries = 0;
    this.#open();
  }

  /** The server stops on purpose: come back when it said, not all in one moment. */
  comeBack(afterMs: number): void {
    this.#backBy = performance.now() + afterMs + this.times.offline;
    this.#heard.state("restarting");
    this.#close();
    this.#openIn(afterMs * (1 + Math.random() / 2));
  }

  /** Ask for the whole view again, after a gap or a doubt. */
  join(): void {
    const socket = this.#socket;
    if (!socket?.connected) return;
    socket.timeout(this.times.perish).emit("join", {}, (error: Error | null, value: unknown) => {
      if (socket !== this.#socket) return;
      const answer = error ? null : asAnswer(value);
      if (answer?.status === "committed") return;
      if (answer?.status === "rejected" && FINAL.includes(answer.code)) this.#refused(answer.code);
      else window.setTimeout(() => {
        if (socket === this.#socket) this.join();
      }, answer?.status === "retry" ? answer.after_ms : RETRY_AFTER);
    });
  }

  /** The raw acknowledgement of a command; rejects when none came in time. */
  async send(sent: Sent): Promise<unknown> {
    if (!this.#socket?.connected) throw new Error("no socket");
    return this.#socket.timeout(this.times.perish).emitWithAck("command", sent) as Promise<unknown>;
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
      timeout: this.times.open,
    });
    this.#socket = socket;
    socket.on("connect", () => {
      this.#opening = false;
      this.#tries = 0;
      // A slow network may have used up the patience before the view could even be asked for.
      this.#openedAt = performance.now();
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
    const vouched = () => {
      heard();
      this.#heard.state("live");
    };
    let viewed = false;
    socket.on("view", (message: ViewMessage) => {
      heard();
      viewed = true;
      this.#backBy = -Infinity;
      this.times = timesOf(message.times);
      this.#keepTicking();
      this.#heard.state("live");
      this.#heard.view(message);
    });
    socket.on("patch", (message: PatchMessage) => {
      if (this.#heard.patch(message)) vouched();
    });
    socket.on("own", (message: OwnMessage) => {
      this.#heard.own(message);
    });
    socket.on("beacon", (message: BeaconMessage) => {
      const now = performance.now();
      this.clock.beacon(message.t, now);
      if (!viewed) this.#viewLate(socket, () => viewed);
      else if (this.#heard.beacon(message)) vouched();
    });
    socket.on("signal", (signal: DownSignal) => {
      this.#heard.signal(signal);
    });
  }

  /** A beacon came and no view before it: what was asked for may be lost. */
  #viewLate(socket: Socket, viewed: () => boolean): void {
    window.setTimeout(() => {
      if (socket === this.#socket && !viewed()) this.join();
    }, this.times.doubt);
  }

  #close(): void {
    window.clearTimeout(this.#retry);
    this.#socket?.off();
    this.#socket?.disconnect();
    this.#socket = null;
  }

  #openLater(): void {
    const { backOff } = this.times;
    const pause = backOff[Math.min(this.#tries, backOff.length - 1)] ?? 0;
    this.#tries += 1;
    this.#openIn(pause * (0.75 + Math.random() / 2));
  }

  #openIn(pause: number): void {
    window.clearTimeout(this.#retry);
    this.#retry = window.setTimeout(() => {
      this.#open();
    }, pause);
  }

  #refused(code: string): void {
    this.stop();
    this.#heard.state("refused", code as RefusalCode);
  }

  #keepTicking(): void {
    window.clearInterval(this.#ticker);
    this.#ticker = window.setInterval(() => {
      this.#tick();
    }, this.times.tick);
  }

  #tick(): void {
    const { offline, slept, tick } = this.times;
    const now = performance.now();
    // The wall clock, for the other one stands still while some devices sleep.
    const hole = Date.now() - this.#tickedAt;
    this.#tickedAt = Date.now();
    if (document.visibilityState !== "visible") return;
    if (hole > slept) this.#woke();
    // One tick early: the next one would be too late.
    else if (this.clock.silence(now) > offline - tick && now > this.#backBy) {
      this.#heard.state("offline");
      const opening = now - this.#openedAt < offline;
      if (this.#socket?.connected && !opening) this.#open();
    }
  }

  /**
   * Several events say one awakening. What looks connected is asked for the view, an attempt under
   * way is let be for a moment; if then nothing was heard, a new connection is made.
   */
  #woke(): void {
    const since = performance.now();
    if (this.#socket?.connected) this.join();
    else if (!this.#opening || since - this.#openedAt > this.times.wake) this.retry();
    window.clearTimeout(this.#waking);
    this.#waking = window.setTimeout(() => {
      const now = performance.now();
      if (this.clock.silence(now) <= now - since) return;
      if (now > this.#backBy) this.#heard.state("offline");
      this.retry();
    }, this.times.wake);
  }
}
