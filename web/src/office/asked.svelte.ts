/** Something asked of the office's routes: on its way, here, or refused. */
import { Refused } from "./api";

export class Asked<T> {
  value = $state.raw<T | null>(null);
  /** Why it is not here; none while it is on its way. */
  fault = $state.raw<Refused | null>(null);
  busy = $state(false);

  readonly #ask: () => Promise<T>;
  #latest = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Ask anew; what came before stays in sight until then. */
  async load(): Promise<void> {
    const mine = ++this.#latest;
    this.busy = true;
    try {
      const value = await this.#ask();
      if (mine !== this.#latest) return;
      this.value = value;
      this.fault = null;
    } catch (problem) {
      if (mine === this.#latest) this.fault = refused(problem);
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  }
}

/** One act at a time: a form's button, and the sentence if it was refused. */
export class Act {
  busy = $state(false);
  fault = $state.raw<Refused | null>(null);

  /** What the act gave, or null where it was refused or one is under way. */
  async do<T>(act: () => Promise<T>): Promise<{ given: T } | null> {
    if (this.busy) return null;
    this.busy = true;
    this.fault = null;
    try {
      return { given: await act() };
    } catch (problem) {
      this.fault = refused(problem);
      return null;
    } finally {
      this.busy = false;
    }
  }
}

/** Refusals only; anything else is a fault of ours and shall be seen as one. */
function refused(problem: unknown): Refused {
  if (problem instanceof Refused) return problem;
  throw problem;
}
