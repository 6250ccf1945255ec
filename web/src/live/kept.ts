/**
 * What this device keeps for one seat, over reloads: every key carries the seat, so that two
 * links opened in one browser stay two people. A browser that forbids storage keeps nothing.
 */

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export class Kept {
  readonly #prefix: string;
  readonly #store: Store | null;

  constructor(seat: string, store: Store | null = browserStore()) {
    this.#prefix = `phien.${seat}.`;
    this.#store = store;
  }

  get(name: string): string | null {
    try {
      return this.#store?.getItem(this.#prefix + name) ?? null;
    } catch {
      return null;
    }
  }

  put(name: string, value: string): void {
    try {
      this.#store?.setItem(this.#prefix + name, value);
    } catch {
      // Full or forbidden: the value lives as long as the page does.
    }
  }

  drop(name: string): void {
    try {
      this.#store?.removeItem(this.#prefix + name);
    } catch {
      // Forbidden: then it was never kept.
    }
  }

  /** What is kept under names that begin so, in the order of the names. */
  names(beginning = ""): string[] {
    const store = this.#store;
    if (!store) return [];
    const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? "");
    const begins = this.#prefix + beginning;
    const found = keys.filter((key) => key.startsWith(begins));
    return found.map((key) => key.slice(this.#prefix.length)).sort();
  }

  /** Forget everything of this seat. */
  wipe(): void {
    for (const name of this.names()) this.drop(name);
  }
}

function browserStore(): Store | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
