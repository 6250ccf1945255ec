/** How the page on show lies on its stage, and what would make it sharp there. Lengths in CSS px. */
import { fit, settle, WHOLE, zoom, type Point, type Sight, type Size } from "./gestures";
import { sharper, stepFor } from "./ladder";
import { lay, seenOf, shownSize, type Cut } from "./lying";
import { PAGE_WIDTH } from "./pages";

/** Around the page. */
export const MARGIN = 12;

export class Stage {
  width = $state(0);
  height = $state(0);
  /** The image that is painted, in its own pixels. */
  natural = $state.raw<Size>({ width: 210, height: 297 });
  sight = $state.raw<Sight>(WHOLE);
  readonly #cut: () => Cut;

  /** `cut`: how the page on show is cut and turned now. */
  constructor(cut: () => Cut) {
    this.#cut = cut;
  }

  readonly #inner = $derived<Size>({
    width: Math.max(1, this.width - 2 * MARGIN),
    height: Math.max(1, this.height - 2 * MARGIN),
  });
  readonly #fitted = $derived.by(() => fit(shownSize(this.natural, this.#cut()), this.#inner));
  readonly settled = $derived(settle(this.sight, this.#fitted, this.#inner));
  readonly lies = $derived({
    x: this.settled.x + MARGIN,
    y: this.settled.y + MARGIN,
    width: this.#fitted.width * this.settled.scale,
    height: this.#fitted.height * this.settled.scale,
  });
  /** Free at the right edge, and free at the bottom, while the whole page shows. */
  readonly free = $derived<Size>({
    width: (this.width - this.#fitted.width) / 2,
    height: (this.height - this.#fitted.height) / 2,
  });

  /** Free at the right edge while the whole page shows as it comes, neither cut nor turned. */
  readonly beside = $derived((this.width - fit(this.natural, this.#inner).width) / 2);

  /** Pixels of the screen for one of CSS; asked again when the stage changes, as by moving it. */
  readonly #density = $derived(this.width > 0 ? window.devicePixelRatio : 1);
  /** The width to fetch pages in that are to be seen whole; until that is known, as made ahead. */
  readonly step = $derived.by(() => {
    const { width, height } = this.natural;
    if (this.width === 0) return PAGE_WIDTH;
    return stepFor(lay(this.#fitted, this.#cut()).whole.width * this.#density, height / width);
  });
  /** What is in sight and not sharp. */
  readonly lacking = $derived.by(() => {
    const needed = lay(this.lies, this.#cut()).whole.width * this.#density;
    return sharper(needed, this.natural, seenOf(this.lies, this, this.#cut()));
  });

  look(next: Sight): void {
    this.sight = settle(next, this.#fitted, this.#inner);
  }

  zoom(factor: number, point?: Point): void {
    const middle = { x: this.#inner.width / 2, y: this.#inner.height / 2 };
    this.look(zoom(this.settled, factor, point ?? middle));
  }
}
