/**
 * A table that was pasted, or came as a file, on its way to being saved: what the server read in
 * it, and what was mended since. Kept on this machine until it is saved.
 */
import { postText, Refused, sendFile } from "../../api";
import type { Drafts } from "../drafts";
import { asText, withoutEmpty } from "./pasted";

/** What the server makes of a table. `columns` says what each column means. */
export interface Read<Row> {
  columns: string[];
  rows: string[][];
  found: Row[];
  notes: string[];
}

interface Kept {
  columns: string[];
  rows: string[][];
}

/** Typing pauses so long (ms) before the table is read anew. */
const PAUSE_MS = 500;

export class Reading<Row> {
  read = $state.raw<Read<Row> | null>(null);
  busy = $state(false);
  fault = $state.raw<Refused | null>(null);
  readonly #path: string;
  readonly #found: (answer: Record<string, unknown>) => Row[];
  readonly #drafts: Drafts;
  readonly #name: string;
  #latest = 0;
  #timer = 0;

  /** `path` is where tables are read; `found` is what was found in an answer. */
  constructor(
    path: string,
    name: string,
    drafts: Drafts,
    found: (answer: Record<string, unknown>) => Row[],
  ) {
    this.#path = path;
    this.#name = name;
    this.#drafts = drafts;
    this.#found = found;
    const kept = drafts.get(name, isKept);
    if (kept) void this.#anew(kept.rows, kept.columns);
  }

  async text(text: string): Promise<void> {
    if (text.trim()) await this.#ask(() => postText(this.#path, text));
  }

  async file(file: File): Promise<void> {
    const path = this.#with("name", file.name);
    await this.#ask(() => sendFile(path, file, { method: "POST" }));
  }

  /** This column means something else. */
  async means(column: number, meaning: string): Promise<void> {
    const read = this.read;
    if (!read) return;
    const columns = read.columns.map((old, place) => (place === column ? meaning : old));
    this.read = { ...read, columns };
    await this.#anew(read.rows, columns);
  }

  /** Something else stands in this cell. */
  type(row: number, column: number, text: string): void {
    const read = this.read;
    if (!read) return;
    const rows = read.rows.map((cells, place) =>
      place === row ? cells.map((old, at) => (at === column ? text : old)) : cells,
    );
    this.#change(rows);
  }

  remove(row: number): void {
    if (this.read) this.#change(this.read.rows.filter((_, place) => place !== row));
  }

  /** What was read is saved, or not wanted. */
  forget(): void {
    window.clearTimeout(this.#timer);
    this.#latest += 1;
    this.read = null;
    this.fault = null;
    this.busy = false;
    this.#drafts.drop(this.#name);
  }

  #change(rows: string[][]): void {
    if (!this.read) return;
    this.read = { ...this.read, rows };
    this.#keep();
    this.busy = true;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (this.read) void this.#anew(this.read.rows, this.read.columns);
    }, PAUSE_MS);
  }

  async #anew(rows: string[][], columns: string[]): Promise<void> {
    const kept = withoutEmpty(rows, columns);
    if (!kept.rows.length) {
      this.forget();
      return;
    }
    const path = this.#with("columns", kept.columns.join(","));
    await this.#ask(() => postText(path, asText(kept.rows)));
  }

  async #ask(ask: () => Promise<Record<string, unknown>>): Promise<void> {
    const mine = ++this.#latest;
    this.busy = true;
    this.fault = null;
    try {
      const answer = await ask();
      if (mine !== this.#latest) return;
      const { columns, rows, notes } = answer as unknown as Read<Row>;
      this.read = { columns, rows, notes, found: this.#found(answer) };
      this.#keep();
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (mine === this.#latest) this.fault = problem;
    } finally {
      if (mine === this.#latest) this.busy = false;
    }
  }

  #with(name: string, value: string): string {
    const mark = this.#path.includes("?") ? "&" : "?";
    return `${this.#path}${mark}${name}=${encodeURIComponent(value)}`;
  }

  #keep(): void {
    if (!this.read) return;
    const { columns, rows } = this.read;
    this.#drafts.put(this.#name, { columns, rows } satisfies Kept);
  }
}

function isKept(found: unknown): found is Kept {
  const { columns, rows } = (found ?? {}) as Partial<Kept>;
  return Array.isArray(columns) && Array.isArray(rows) && rows.every(Array.isArray);
}
