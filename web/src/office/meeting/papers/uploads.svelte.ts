/**
 * PDFs on their way to the server, and what is to be confirmed of them before they are laid down.
 * They go on while another step stands open; what has arrived survives a reload.
 */
import { SvelteMap } from "svelte/reactivity";

import type { Doubt, TakenIn } from "../../../protocol";
import { OFFLINE, post, Refused, sendFile } from "../../api";
import { newId } from "../ids";
import { oneLine } from "../lines";
import type { Preparing } from "../preparing.svelte";
import { session } from "../../session.svelte";
import { twins } from "./confirmed";
import { asOne, namedIn, type Found } from "./dropped";
import { isPicture, LOCKED, meant, refusedUnsent } from "./files";

export interface Upload {
  /** Also the name of the paper it becomes, so that laying it down twice is once. */
  key: string;
  name: string;
  bytes: number;
  state: "waiting" | "sending" | "taken" | "refused";
  /** How much has gone, from 0 to 1. */
  part: number;
  code: string;
  data: Record<string, string | number>;
  sha256: string;
  pages: number;
  item: string;
  number: string;
  title: string;
  /** With the folders it lay in. */
  path?: string;
  /** So many pictures become this one paper. */
  pictures?: number;
  doubt?: Doubt | null;
  /** Somebody said that it is no secret paper. */
  ordinary?: boolean;
}

const AT_ONCE = 2;
const AGAIN_MS = 2000;
const DRAFT = "papers";
/** Letters of a name that the server takes. */
const NAME_MOST = 400;

export class Uploads {
  rows = $state<Upload[]>([]);
  /** Pictures that came together: one paper, or as many as they are? */
  pictures = $state.raw<readonly Found[]>([]);
  readonly #preparing: Preparing;
  readonly #files = new SvelteMap<string, Found>();
  /** Each until its file is sent. */
  readonly #passwords = new SvelteMap<string, string>();
  readonly #going = new SvelteMap<string, AbortController>();
  #ended = false;

  constructor(preparing: Preparing) {
    this.#preparing = preparing;
    this.rows = preparing.drafts.get(DRAFT, isUploads) ?? [];
  }

  /** Something is still being sent. */
  get busy(): boolean {
    return this.rows.some(({ state }) => state === "waiting" || state === "sending");
  }

  /** Something is still on its way to the agenda; what was refused holds nobody up. */
  get open(): boolean {
    return this.rows.some(({ state }) => state !== "refused");
  }

  get taken(): Upload[] {
    return this.rows.filter(({ state }) => state === "taken");
  }

  /** By key: the name of the one before it in the list that is the same, byte for byte. */
  get twins(): Map<string, string> {
    return twins(this.taken);
  }

  add(found: readonly Found[]): void {
    const named = found.map((one) => ({ ...one, name: one.file.name, size: one.file.size }));
    const files = meant(named);
    const pictures = files.filter((one) => isPicture(one) && one.size);
    const asked = pictures.length > 1 ? pictures : [];
    this.#add(files.filter((one) => !asked.includes(one)));
    this.pictures = [...this.pictures, ...asked];
  }

  /** The pictures that were asked about, in this order; `together` they become one paper. */
  addPictures(pictures: readonly Found[], together: boolean): void {
    this.pictures = [];
    this.#add(together && pictures.length > 1 ? [asOne(pictures)] : pictures);
  }

  dropTwins(): void {
    for (const key of this.twins.keys()) this.remove(key);
  }

  #add(found: readonly Found[]): void {
    for (const { file, path, parts } of found) {
      const converts = session.me?.converts ?? false;
      const { code, data } = refusedUnsent(file, converts) ?? { code: "", data: {} };
      const key = newId();
      const fresh = { part: 0, sha256: "", pages: 0, item: "", number: "", title: "" };
      const state = code ? "refused" : "waiting";
      const pictures = parts?.length ?? 1;
      const known = { key, name: file.name, bytes: file.size, path, pictures };
      this.rows.push({ ...fresh, ...known, state, code, data });
      if (!code) this.#files.set(key, parts ? { file, path, parts } : { file, path });
    }
    this.#start();
  }

  /** Take a file off the list; what is under way stops. */
  remove(key: string): void {
    this.rows = this.rows.filter((row) => row.key !== key);
    this.#files.delete(key);
    this.#passwords.delete(key);
    this.#going.get(key)?.abort();
    this.keep();
  }

  /** Send a locked file once more, with its password. */
  unlock(key: string, password: string): void {
    const row = this.rows.find((one) => one.key === key);
    if (!row || !this.#files.has(key)) return;
    this.#passwords.set(key, password);
    row.state = "waiting";
    this.#start();
  }

  /** What was typed is kept. */
  keep(): void {
    this.#preparing.drafts.put(DRAFT, $state.snapshot(this.taken));
  }

  /** Lay down all that has arrived, item by item in this order. Whether it is done. */
  async lay(items: readonly string[]): Promise<boolean> {
    const taken = [...this.taken].sort(
      (one, other) => items.indexOf(one.item) - items.indexOf(other.item),
    );
    const papers = taken.map(({ key, sha256, pages, item, number, title, name, path, ordinary }) => {
      const written = { item, number: oneLine(number), title: oneLine(title) };
      const said = { name: (path ?? name).slice(-NAME_MOST), ordinary: ordinary ?? false };
      return { document: key, sha256, pages, ...said, ...written };
    });
    const path = this.#preparing.path("/papers");
    if (!(await this.#preparing.save(() => post(path, { papers })))) return false;
    this.rows = this.rows.filter((row) => !taken.includes(row));
    this.keep();
    return true;
  }

  end(): void {
    this.#ended = true;
    for (const going of this.#going.values()) going.abort();
  }

  #start(): void {
    for (const row of this.rows) {
      if (this.#ended || this.#going.size >= AT_ONCE) return;
      if (row.state === "waiting") void this.#send(row);
    }
  }

  async #send(row: Upload): Promise<void> {
    const found = this.#files.get(row.key);
    if (!found) return;
    const going = new AbortController();
    this.#going.set(row.key, going);
    row.state = "sending";
    try {
      const path = this.#preparing.path(`/files?${namedIn(found)}`);
      const progress = (part: number): void => {
        row.part = part;
      };
      const password = this.#passwords.get(row.key) ?? "";
      const sending = { progress, signal: going.signal, password };
      this.#took(row, await sendFile<TakenIn>(path, found.file, sending));
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (!going.signal.aborted) this.#failed(row, problem);
    } finally {
      this.#going.delete(row.key);
      this.#start();
    }
  }

  #took(row: Upload, { sha256, pages, bytes, proposal, doubt }: TakenIn): void {
    this.#files.delete(row.key);
    this.#passwords.delete(row.key);
    Object.assign(row, { state: "taken", part: 1, sha256, pages, bytes, doubt: doubt ?? null, ...proposal });
    this.keep();
  }

  #failed(row: Upload, { code, data }: Refused): void {
    row.part = 0;
    if (code === OFFLINE || code === "server_busy") {
      // It waits its turn again, once the network had time to come back.
      window.setTimeout(() => {
        row.state = "waiting";
        this.#start();
      }, AGAIN_MS);
      return;
    }
    Object.assign(row, { state: "refused", code, data });
    this.#passwords.delete(row.key);
    if (!LOCKED.includes(code)) this.#files.delete(row.key);
  }
}

function isUploads(found: unknown): found is Upload[] {
  return Array.isArray(found) && found.every((row) => typeof (row as Upload).sha256 === "string");
}
