/**
 * Commands that must arrive, written down before they are sent and kept over reloads until the
 * server has answered them. Only durable commands belong here; a page turn does not.
 *
 * Each command is kept under a name of its own, so that two tabs of one seat never write over
 * each other. The number in the name keeps them in order.
 */
import type { Sent } from "../protocol";
import type { Kept } from "./kept";

const BEGINNING = "outbox.";
const DIGITS = 8;

export class Outbox {
  readonly #kept: Kept;
  readonly #waiting = new Map<string, Sent>();

  constructor(kept: Kept) {
    this.#kept = kept;
    for (const name of kept.names(BEGINNING)) {
      const sent = read(kept.get(name));
      if (sent) this.#waiting.set(name, sent);
      else kept.drop(name);
    }
  }

  /** What this tab knows to be unanswered, oldest first. */
  get waiting(): readonly Sent[] {
    return [...this.#waiting.values()];
  }

  add(sent: Sent): void {
    const name = BEGINNING + String(this.#next()).padStart(DIGITS, "0") + "." + sent.id;
    this.#waiting.set(name, sent);
    this.#kept.put(name, JSON.stringify(sent));
  }

  /** The server committed or rejected the command with this id. */
  answered(id: string): void {
    for (const [name, sent] of this.#waiting) {
      if (sent.id !== id) continue;
      this.#waiting.delete(name);
      this.#kept.drop(name);
    }
  }

  /** One more than what waits here or in another tab. */
  #next(): number {
    const names = [...this.#waiting.keys(), ...this.#kept.names(BEGINNING)];
    const numbers = names.map((name) => Number(name.split(".")[1]) || 0);
    return Math.max(0, ...numbers) + 1;
  }
}

function read(text: string | null): Sent | null {
  try {
    const found = JSON.parse(text ?? "null") as Partial<Sent> | null;
    return found?.id && found.command ? (found as Sent) : null;
  } catch {
    return null;
  }
}
