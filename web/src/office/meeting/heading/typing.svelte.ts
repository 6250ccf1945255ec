/** The heading while it is typed: saved after a pause, kept on this machine until it is. */
import type { Preparing } from "../preparing.svelte";
import { fieldsOf, toChange, type Fields } from "./fields";

/** Typing pauses so long (ms) before it is saved. */
const PAUSE_MS = 900;
const DRAFT = "heading";

export class Typing {
  readonly #preparing: Preparing;
  #typed = $state.raw<Partial<Fields>>({});
  #timer = 0;

  constructor(preparing: Preparing) {
    this.#preparing = preparing;
    this.#typed = preparing.drafts.get(DRAFT, isSome) ?? {};
  }

  /** As saved, with what was typed since. */
  get fields(): Fields | null {
    const heading = this.#preparing.meeting?.heading;
    return heading ? { ...fieldsOf(heading), ...this.#typed } : null;
  }

  type<Name extends keyof Fields>(name: Name, value: Fields[Name]): void {
    this.#typed = { ...this.#typed, [name]: value };
    this.#preparing.drafts.put(DRAFT, this.#typed);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.save(), PAUSE_MS);
  }

  /** Saves at once what was typed and can be; what cannot stays a draft. */
  async save(): Promise<void> {
    window.clearTimeout(this.#timer);
    const [fields, said] = [this.fields, this.#typed];
    if (!fields || !Object.keys(said).length) return;
    const change = toChange(fields, this.#preparing.meeting?.heading.zone ?? "");
    if (typeof change === "string" || !(await this.#preparing.command(change))) return;
    // What was typed meanwhile is not saved yet.
    if (this.#typed !== said) return;
    this.#typed = {};
    this.#preparing.drafts.drop(DRAFT);
  }
}

function isSome(found: unknown): found is Partial<Fields> {
  return typeof found === "object" && found !== null;
}
