/** Half-typed tables, kept over reloads for one meeting on this machine until they are saved. */
import { Kept } from "../../live/kept";

export class Drafts {
  readonly #kept: Kept;

  constructor(meeting: string, kept = new Kept(`office.${meeting}`)) {
    this.#kept = kept;
  }

  /** What was kept under this name, if it still looks as `fits` wants it; else null. */
  get<T>(name: string, fits: (found: unknown) => found is T): T | null {
    try {
      const found: unknown = JSON.parse(this.#kept.get(name) ?? "null");
      return fits(found) ? found : null;
    } catch {
      return null;
    }
  }

  put(name: string, value: unknown): void {
    this.#kept.put(name, JSON.stringify(value));
  }

  drop(name: string): void {
    this.#kept.drop(name);
  }
}

export function isText(found: unknown): found is string {
  return typeof found === "string";
}

/** Rows of cells, such as a table that was pasted. */
export function isTable(found: unknown): found is string[][] {
  return (
    Array.isArray(found) && found.every((row) => Array.isArray(row) && row.every(isText))
  );
}
