/**
 * Which page images are wanted, in which order. Pure.
 *
 * First what is on screen, then its neighbours (the next 3, the previous 1), then what the
 * meeting is shown if that is another page, then the rest of the paper, then where the next
 * papers begin. A very long paper does not keep those out.
 */

/** One page of one paper, by the address that only this viewer has. */
export interface PageOf {
  address: string;
  page: number;
}

export interface Paper {
  address: string;
  pages: number;
  /** Each page is made for this device alone: only those that may be next are asked for. */
  collect?: true;
}

/** The first `near` pages of the order may be on screen next: they are kept decoded. */
export interface Order {
  pages: readonly PageOf[];
  near: number;
}

export const NOTHING: Order = { pages: [], near: 0 };

/** After so many pages of the order come the beginnings of the next papers, then the rest. */
export const BEFORE_NEXT = 40;
/** No order is longer. */
export const ORDER_MOST = 600;

const AHEAD = 3;
/** Of a paper to be collected the server makes so many ahead. */
const AHEAD_COPIES = 2;
const BEHIND = 1;
/** Of papers that may be presented first, so many are kept decoded. */
const BEGINNINGS_NEAR = 2;

export function order(
  on: Paper & PageOf,
  presented: (Paper & PageOf) | null,
  coming: readonly Paper[],
): Order {
  const wanted = new Map<string, PageOf>();
  const want = ({ address, pages }: Paper, page: number) => {
    if (page < 1 || page > pages || wanted.size >= ORDER_MOST) return;
    const of = { address, page };
    if (!wanted.has(keyOf(of))) wanted.set(keyOf(of), of);
  };
  for (let step = 0; step <= (on.collect ? AHEAD_COPIES : AHEAD); step += 1) want(on, on.page + step);
  for (let step = 1; step <= BEHIND; step += 1) want(on, on.page - step);
  if (presented) want(presented, presented.page);
  const near = wanted.size;
  for (const of of presented ? [on, presented] : [on]) {
    if (of.collect) continue;
    for (let page = of.page + 1; page <= of.pages; page += 1) want(of, page);
    for (let page = of.page - 1; page >= 1; page -= 1) want(of, page);
  }
  const pages = [...wanted.values()];
  const next = beginnings(coming).pages.filter((of) => !wanted.has(keyOf(of)));
  pages.splice(Math.max(near, BEFORE_NEXT), 0, ...next);
  return { pages, near };
}

/** What to hold while no page is on show: where each of these papers begins. */
export function beginnings(papers: readonly Paper[]): Order {
  const pages = papers.slice(0, BEFORE_NEXT).map(({ address }) => ({ address, page: 1 }));
  return { pages, near: Math.min(pages.length, BEGINNINGS_NEAR) };
}

export function keyOf({ address, page }: PageOf): string {
  return `${address}/${String(page)}`;
}
