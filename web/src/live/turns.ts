/**
 * The presenter's page turns, one in flight at a time. Quick taps only move the target; what is
 * sent next is the newest, on top of the revision the last answer gave, and as old as its tap.
 */
import type { Answer } from "../protocol";
import type { Place } from "./follow";

export interface Turn extends Place {
  version: number;
  /** The server's seconds when the person tapped; null when not known. */
  at: number | null;
}

export class Turns {
  readonly #give: (turn: Turn, seenRev: number) => Promise<Answer>;
  #wanted: Turn | null = null;
  #answered = 0;
  #flying = false;

  constructor(give: (turn: Turn, seenRev: number) => Promise<Answer>) {
    this.#give = give;
  }

  /** The revision of the last turn the server carried out; 0 before the first. */
  get answered(): number {
    return this.#answered;
  }

  /**
   * Present this page. `seenRev` is the revision the person had before their eyes.
   * Resolves with the last answer once nothing is wanted any more; null when a turn already in
   * flight will take this one along.
   */
  async show(turn: Turn, seenRev: number): Promise<Answer | null> {
    this.#wanted = turn;
    if (this.#flying) return null;
    this.#flying = true;
    try {
      let answer: Answer | null = null;
      // The answer to one's own turn may overtake the patch that shows it.
      let rev = Math.max(seenRev, this.#answered);
      while (this.#wanted) {
        const next: Turn = this.#wanted;
        answer = await this.#give(next, rev);
        if (answer.status !== "committed") break;
        rev = this.#answered = answer.rev;
        if (this.#wanted === next) break;
      }
      return answer;
    } finally {
      this.#wanted = null;
      this.#flying = false;
    }
  }
}
