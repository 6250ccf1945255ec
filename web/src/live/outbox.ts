/**
 * Commands that must arrive, written down before they are sent and kept over reloads until the
 * server has answered them. Only durable commands belong here; a page turn does not.
 */
import type { Sent } from "../protocol";
import type { Kept } from "./kept";

const NAME = "outbox";

export class Outbox {
  readonly #kept: Kept;
  #waiting: Sent[];

  constructor(kept: Kept) {
    this.#kept = kept;
    this.#waiting = read(kept.get(NAME));
  }

  /** What is not answered yet, oldest first. */
  get waiting(): readonly Sent[] {
    return this.#waiting;
  }

  add(sent: Sent): void {
    this.#write([...this.#waiting, sent]);
  }

  /** The server committed or rejected the command with this id. */
  answered(id: string): void {
    this.#write(this.#waiting.filter((sent) => sent.id !== id));
  }

  #write(waiting: Sent[]): void {
    this.#waiting = waiting;
    this.#kept.put(NAME, JSON.stringify(waiting));
  }
}

function read(text: string | null): Sent[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? (found as Sent[]) : [];
  } catch {
    return [];
  }
}
