/**
 * Looking for words in the papers of the meeting: what was typed, what was found, and the hit that
 * is on screen. Made by a screen, handed to its sheet and to the reader.
 */
import { postSearch, Refused } from "../api";
import type { Meeting } from "../live/meeting.svelte";
import type { FoundPaper, FoundView, HitView } from "../protocol";
import { addresses } from "./papers";
import { OFFLINE } from "./pages";
import { same, typedEnough } from "./hits";

/** After the last letter (ms). */
const PAUSE = 300;
/** Papers that are being read yet are looked through again after so long (ms). */
const AGAIN = 3000;
/** Who asks too often waits so long (ms). */
const BUSY = 800;

/** The hits of one paper, of which one is on screen. */
interface Going {
  text: string;
  paper: FoundPaper;
  at: number;
}

export class Search {
  typed = $state("");
  /** What was found for `text`. */
  found = $state.raw<{ text: string; view: FoundView } | null>(null);
  busy = $state(false);
  failed = $state(false);
  #going = $state.raw<Going | null>(null);
  /** The sheet is open. */
  #watched = false;
  readonly #meeting: Meeting;
  #timer = 0;
  #ends: AbortController | null = null;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** The hits being gone through, while their paper may be read. */
  get going(): Going | null {
    const { view } = this.#meeting;
    const going = this.#going;
    return going && view && addresses(view).has(going.paper.address) ? going : null;
  }

  open(): void {
    this.#watched = true;
    if (this.found?.view.unread) this.#later(0);
  }

  close(): void {
    this.#watched = false;
  }

  /** Letters came; `composing`: a word of them is not finished yet. */
  type(typed: string, composing: boolean): void {
    this.typed = typed;
    window.clearTimeout(this.#timer);
    if (!composing) this.#later(PAUSE);
  }

  /** Look for what is typed, now. */
  look(): void {
    this.#later(0);
  }

  /** Go to a hit; the page is then read alone, unless it is the one presented. */
  async choose(paper: FoundPaper, hit: HitView): Promise<void> {
    const text = this.found?.text ?? this.typed;
    this.#go({ text, paper, at: paper.hits.indexOf(hit) });
    const all = await this.all(paper);
    const going = this.#going;
    if (!all || going?.paper !== paper) return;
    const now = going.paper.hits[going.at];
    const at = all.hits.findIndex((one) => now !== undefined && same(one, now));
    this.#going = { text, paper: all, at: Math.max(0, at) };
  }

  /** The paper with all its hits; null where they did not come. */
  async all(paper: FoundPaper): Promise<FoundPaper | null> {
    if (paper.hits.length >= paper.count) return paper;
    const text = this.found?.text ?? this.typed;
    const wanted = { text, shown: paper.address, alone: true };
    const found = await postSearch(this.#meeting.seat, wanted).catch(() => null);
    const all = found?.papers[0];
    if (!all) return null;
    const { found: before } = this;
    if (before?.text === text) {
      const papers = before.view.papers.map((one) => (one.address === all.address ? all : one));
      this.found = { text, view: { ...before.view, papers } };
    }
    return all;
  }

  /** To the next hit, or the one before; after the last comes the first. */
  step(by: 1 | -1): void {
    const { going } = this;
    if (!going) return;
    const { length } = going.paper.hits;
    this.#go({ ...going, at: (going.at + by + length) % length });
  }

  /** What may not be read any more is forgotten, with the words around its hits. */
  keep(readable: Set<string>): void {
    const { found } = this;
    const papers = found?.view.papers.filter(({ address }) => readable.has(address));
    if (found && papers && papers.length < found.view.papers.length) {
      this.found = { ...found, view: { ...found.view, papers } };
    }
    if (this.#going && !readable.has(this.#going.paper.address)) this.#going = null;
  }

  /** No hit is on screen any more. */
  end(): void {
    this.#going = null;
  }

  #go(going: Going): void {
    this.#going = going;
    const { document, version, hits } = going.paper;
    const hit = hits[going.at];
    if (hit) this.#meeting.read(document, version, hit.page);
  }

  #later(ms: number): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    const text = this.typed.trim();
    this.#ends?.abort();
    this.failed = false;
    if (!typedEnough(text)) {
      this.found = null;
      this.busy = false;
      return;
    }
    const ends = (this.#ends = new AbortController());
    this.busy = true;
    try {
      const shown = this.#meeting.shown?.address ?? "";
      const wanted = { text, shown, alone: false };
      const view = await postSearch(this.#meeting.seat, wanted, ends.signal);
      if (ends.signal.aborted) return;
      this.found = { text, view };
      if (view.unread && this.#watched) this.#later(AGAIN);
    } catch (error) {
      if (ends.signal.aborted) return;
      const code = error instanceof Refused ? error.code : OFFLINE;
      if (code === "server_busy") this.#later(BUSY);
      else this.failed = true;
    }
    this.busy = false;
  }
}
