/**
 * Which page images are held and in which order they are fetched. Pure.
 *
 * First what is on screen, then its neighbours (the next 3, the previous 1), then what the
 * meeting is shown if that is another page, then the rest of the paper, then the first page of
 * the next paper.
 */

/** One page of one paper, by the address that only this viewer has. */
export interface PageOf {
  address: string;
  page: number;
}

interface Paper {
  address: string;
  pages: number;
}

/** So many pages are held in memory at most. */
export const HELD_PAGES = 40;
/** So many of the order are worth fetching two at a time; the rest goes one by one, with pauses. */
export const URGENT_PAGES = 6;

const AHEAD = 3;
const BEHIND = 1;

export function order(
  on: Paper & PageOf,
  presented: PageOf | null,
  next: Paper | null,
): PageOf[] {
  const wanted = new Map<string, PageOf>();
  const want = (of: PageOf) => {
    if (!wanted.has(keyOf(of))) wanted.set(keyOf(of), of);
  };
  const wantPage = (page: number) => {
    if (page >= 1 && page <= on.pages) want({ address: on.address, page });
  };
  for (let step = 0; step <= AHEAD; step += 1) wantPage(on.page + step);
  for (let step = 1; step <= BEHIND; step += 1) wantPage(on.page - step);
  if (presented) want(presented);
  for (let page = on.page + AHEAD + 1; page <= on.pages; page += 1) wantPage(page);
  for (let page = on.page - BEHIND - 1; page >= 1; page -= 1) wantPage(page);
  const held = [...wanted.values()];
  if (!next) return held.slice(0, HELD_PAGES);
  return [...held.slice(0, HELD_PAGES - 1), { address: next.address, page: 1 }];
}

/** What to hold while no page is on show: where each of these papers begins. */
export function beginnings(papers: Paper[]): PageOf[] {
  return papers.slice(0, HELD_PAGES).map(({ address }) => ({ address, page: 1 }));
}

export function keyOf({ address, page }: PageOf): string {
  return `${address}/${String(page)}`;
}
