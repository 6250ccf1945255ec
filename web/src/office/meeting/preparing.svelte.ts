/**
 * One meeting in the office's hands: what it is now, and the one way to change it. Changes go one
 * after another; where no answer comes, the same one is sent again until there is one.
 */
import type { Answer, Command, Prepared, Sent } from "../../protocol";
import { get, OFFLINE, post, Refused } from "../api";
import { isInvited, type Invited } from "./agenda/invited";
import { Drafts } from "./drafts";
import { newId } from "./ids";

/** What is said of the last change. */
export type Saving =
  | { state: "still" | "saving" | "waiting" }
  | { state: "saved"; at: number }
  | { state: "refused"; code: string; data: Record<string, string | number> };

/** Milliseconds until the next try where none answered. */
const AGAIN_MS = 2000;

const INVITED = "invited";

const PASSING: readonly string[] = [OFFLINE, "server_busy"];

export class Preparing {
  readonly id: string;
  readonly drafts: Drafts;
  meeting = $state.raw<Prepared | null>(null);
  /** Why there is nothing to show, as a code. */
  fault = $state("");
  saving = $state.raw<Saving>({ state: "still" });
  /** Guests that the agenda named when it was pasted, until somebody put them on the roll. */
  invited = $state.raw<readonly Invited[]>([]);
  #last: Promise<unknown> = Promise.resolve();
  #waiting = $state(0);
  #ended = false;

  constructor(id: string) {
    this.id = id;
    this.drafts = new Drafts(id);
    this.invited = this.drafts.get(INVITED, isInvited) ?? [];
  }

  /** Changes that were not answered yet. */
  get unsaved(): number {
    return this.#waiting;
  }

  /** Below this address is all that belongs to this meeting. */
  path(rest: string): string {
    return `/m/${this.id}${rest}`;
  }

  invite(people: readonly Invited[]): void {
    this.invited = people;
    if (people.length) this.drafts.put(INVITED, people);
    else this.drafts.drop(INVITED);
  }

  end(): void {
    this.#ended = true;
  }

  /** Fetch what the meeting is now; what is on screen stays when that fails. */
  async load(): Promise<void> {
    try {
      this.meeting = await get<Prepared>(this.path(""));
      this.fault = "";
    } catch (problem) {
      this.fault = problem instanceof Refused ? problem.code : "server_fault";
    }
  }

  /** Whether the meeting now is as the command says. A refusal is told by `saving`. */
  command(command: Command): Promise<boolean> {
    return this.commands([command]);
  }

  /** Commands one after another, as far as they are accepted. */
  commands(all: readonly Command[]): Promise<boolean> {
    const sent = all.map((command): Sent => ({ id: newId(), command }));
    return this.save(async () => {
      // After a pause the answered ones are asked again, and get the same answer.
      for (const each of sent) await this.#send(each);
    });
  }

  /** Do something that changes the meeting, in its turn. Must be safe to repeat. */
  save(act: () => Promise<unknown>): Promise<boolean> {
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#saved(act));
    this.#last = turn.finally(() => {
      this.#waiting -= 1;
    });
    return turn;
  }

  async #send(sent: Sent): Promise<void> {
    const answer = await post<Answer>(this.path("/command"), sent);
    if (answer.status === "rejected") throw new Refused(answer.code, answer.data);
    if (answer.status === "retry") throw new Refused("server_busy");
  }

  async #saved(act: () => Promise<unknown>): Promise<boolean> {
    this.saving = { state: "saving" };
    while (!this.#ended) {
      try {
        await act();
        await this.load();
        this.saving = { state: "saved", at: Date.now() };
        return true;
      } catch (problem) {
        if (!(problem instanceof Refused)) throw problem;
        if (!PASSING.includes(problem.code)) {
          this.saving = { state: "refused", code: problem.code, data: problem.data };
          await this.load();
          return false;
        }
        this.saving = { state: "waiting" };
        await new Promise((resolve) => window.setTimeout(resolve, AGAIN_MS));
      }
    }
    return false;
  }
}
