/** One command at a time, and the calm sentence that answers it. */
import { refusal } from "../../i18n";
import type { Meeting } from "../../live/meeting.svelte";
import type { Command } from "../../protocol";

/** Sooner than this (ms) an answer needs no "Đang gửi…": words that flash are worse than none. */
const SLOW = 400;

export class Acting {
  /** True while a command is under way. */
  busy = $state(false);
  /** True once it takes long enough to say so. */
  slow = $state(false);
  /** What to say about the last one; empty when there is nothing to say. */
  said = $state("");
  tone = $state<"care" | "good">("good");
  /** The code of the last one's refusal; empty where it was not refused. */
  code = $state("");

  readonly #meeting: Meeting;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** Whether it was done. `done` is the sentence for that; a second tap meanwhile is ignored. */
  async do(command: Command, done = ""): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.said = this.code = "";
    const timer = window.setTimeout(() => {
      this.slow = true;
    }, SLOW);
    try {
      const answer = await this.#meeting.send(command);
      if (answer.status === "rejected") this.refused(answer.code, answer.data);
      else if (done) this.say(done);
      return answer.status === "committed";
    } finally {
      window.clearTimeout(timer);
      this.busy = this.slow = false;
    }
  }

  say(sentence: string): void {
    this.tone = "good";
    this.said = sentence;
  }

  refused(code: string, data: Record<string, string | number> = {}): void {
    this.tone = "care";
    this.code = code;
    this.said = refusal(code, data);
  }
}
