/**
 * Whether the white margins of pages are cut off on this device, and where those margins are. Kept
 * on the device for all seats: it is about its screen.
 */
import { getMargins } from "../api";
import { WHOLE_PAGE, type Box } from "./ladder";
import { trimmed } from "./lying";
import type { PageOf } from "./page_queue";

const REMEMBERED = "phien.trim";
const PHONE = "(max-width: 599px), (max-height: 499px)";
/** A paper whose pages are still being made is asked about again after so long (ms), … */
const AGAIN_AFTER = 3000;
/** … and no more often. */
const TRIES = 8;

type Boxes = readonly (Box | null)[];

export class Margins {
  readonly #seat: string;
  readonly #known = $state<Record<string, Boxes>>({});
  #tries: Record<string, number> = {};
  #timers: number[] = [];
  on = $state(false);

  constructor(seat: string) {
    this.#seat = seat;
    this.on = (remembered() ?? (window.matchMedia(PHONE).matches ? "on" : "off")) === "on";
  }

  switch(): void {
    this.on = !this.on;
    this.#tries = {};
    try {
      window.localStorage.setItem(REMEMBERED, this.on ? "on" : "off");
    } catch {
      // holds until the page is left
    }
  }

  /** What is shown of this page. */
  box({ address, page }: PageOf): Box {
    const own = this.on ? this.#known[address] : undefined;
    return own ? trimmed(own, page) : WHOLE_PAGE;
  }

  /** These papers may be on screen soon. */
  need(addresses: readonly string[]): void {
    if (!this.on) return;
    for (const address of addresses) {
      if (!this.#tries[address]) void this.#ask(address);
    }
  }

  wipe(): void {
    this.on = false;
    for (const timer of this.#timers) window.clearTimeout(timer);
    this.#timers = [];
  }

  async #ask(address: string): Promise<void> {
    const tries = (this.#tries[address] ?? 0) + 1;
    this.#tries[address] = tries;
    const boxes = (await getMargins(this.#seat, address).catch(() => [null])).map(boxOf);
    if (boxes.some((box) => box !== null)) this.#known[address] = boxes;
    if (this.on && tries < TRIES && boxes.includes(null)) {
      this.#timers.push(window.setTimeout(() => void this.#ask(address), AGAIN_AFTER));
    }
  }
}

/** From thousandths to shares. */
function boxOf(said: number[] | null): Box | null {
  const [left, top, right, bottom] = (said ?? []).map((one) => one / 1000);
  if (left === undefined || top === undefined) return null;
  return right === undefined || bottom === undefined ? null : { left, top, right, bottom };
}

function remembered(): string | null {
  try {
    return window.localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}
