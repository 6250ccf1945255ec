/**
 * The roll as chair and desk keep it: fetched once, then patched. Patches that arrive while a
 * fetch is under way wait for it; a gap is a new fetch.
 */
import type { PatchMessage, RollRow, RollView } from "../protocol";
import { apply } from "./patch";

type Rows = Record<string, RollRow>;

export class Roll {
  readonly #fetch: () => Promise<RollView>;
  readonly #changed: (rows: Rows) => void;
  #held: RollView | null = null;
  #waiting: PatchMessage[] = [];
  #atLeast = 0;
  #fetching: Promise<void> | null = null;

  constructor(fetch: () => Promise<RollView>, changed: (rows: Rows) => void) {
    this.#fetch = fetch;
    this.#changed = changed;
  }

  /** Fetch the roll anew. Rejects when the server refuses or cannot be reached. */
  load(): Promise<void> {
    this.#fetching ??= this.#load().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  /** A whole view of revision `rev` came: fetch again if the roll in hand is older. */
  caughtUp(rev: number): void {
    this.#atLeast = rev;
    if (this.#held && this.#held.rev < rev) this.#again();
  }

  patched(message: PatchMessage): void {
    if (this.#fetching) this.#waiting.push(message);
    else if (this.#held && !this.#apply(message)) this.#again();
  }

  async #load(): Promise<void> {
    this.#waiting = [];
    this.#held = await this.#fetch();
    const whole = this.#waiting.every((message) => this.#apply(message));
    this.#waiting = [];
    this.#changed(this.#held.roll);
    if (!whole || this.#held.rev < this.#atLeast) return this.#load();
  }

  /** Whether the roll is up to this patch now. */
  #apply(message: PatchMessage): boolean {
    const held = this.#held;
    if (!held || message.to <= held.rev) return true;
    if (message.from !== held.rev) return false;
    const changes = message.roll as Record<string, unknown> | undefined;
    const roll = changes ? apply(held.roll, changes) : held.roll;
    this.#held = { rev: message.to, roll };
    if (!this.#fetching && roll !== held.roll) this.#changed(roll);
    return true;
  }

  #again(): void {
    this.load().catch(() => {
      // The next patch or view finds the gap again.
    });
  }
}
