/** Pages that are turned: by each reader for their own eyes, and by who leads for everybody. */
import type { Shown } from "../live/follow";
import type { Meeting } from "../live/meeting.svelte";
import type { Quarters } from "./lying";
import { keyOf, type PageOf } from "./page_queue";

/** Of the address a paper gets when a page of it is turned for everybody: 128 bits. */
const ADDRESS_BYTES = 16;

export class Turning {
  readonly #meeting: Meeting;
  readonly #own = $state<Record<string, Quarters>>({});

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** How this reader has turned the page; nobody else sees that. */
  of(page: PageOf): Quarters {
    return this.#own[keyOf(page)] ?? 0;
  }

  turn(page: PageOf): void {
    this.#own[keyOf(page)] = ((this.of(page) + 1) % 4) as Quarters;
  }

  /** Whether the page is turned here, and this person may turn it so for everybody. */
  mayForAll(page: Shown): boolean {
    const may = this.#meeting.own?.may.includes("page.turn_upright") ?? false;
    const closed = this.#meeting.view?.meeting.phase === "closed";
    return may && !closed && page.version === page.newest && this.of(page) > 0;
  }

  async forAll({ item, document, page, address }: Shown): Promise<void> {
    const paper = this.#meeting.view?.agenda[item]?.documents?.[document];
    const before = paper?.turned?.[String(page)] ?? 0;
    const answer = await this.#meeting.send({
      type: "page.turn_upright",
      document,
      page,
      quarters: (before + this.of({ address, page })) % 4,
      address: newAddress(),
    });
    if (answer.status === "rejected") this.#meeting.trouble = answer;
  }
}

function newAddress(): string {
  const random = crypto.getRandomValues(new Uint8Array(ADDRESS_BYTES));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
