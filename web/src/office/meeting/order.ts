/** Changing the order of a list by buttons, by keys and by dragging. Pure. */

/** The same list with what is called `id` moved by so many places, as far as it goes. */
export function shifted(order: readonly string[], id: string, by: number): string[] {
  const from = order.indexOf(id);
  const to = Math.max(0, Math.min(order.length - 1, from + by));
  return from < 0 ? [...order] : dropped(order, id, to > from ? to + 1 : to);
}

/** The same list with `id` put into a gap: gap 0 is before the first, gap n after the last. */
export function dropped(order: readonly string[], id: string, gap: number): string[] {
  if (!order.includes(id)) return [...order];
  const before = order.slice(0, gap).filter((each) => each !== id);
  const after = order.slice(gap).filter((each) => each !== id);
  return [...before, id, ...after];
}

/** The gap nearest to the height `y`, among rows that lie from `top` to `bottom`. */
export function gapAt(rows: readonly { top: number; bottom: number }[], y: number): number {
  const below = rows.findIndex(({ top, bottom }) => y < (top + bottom) / 2);
  return below < 0 ? rows.length : below;
}

/**
 * The whole order when only a part of it was put into a new one: the places the part held stay
 * its own.
 */
export function within(whole: readonly string[], part: readonly string[]): string[] {
  const mine = new Set(part);
  const next = part[Symbol.iterator]();
  return whole.map((id) => (mine.has(id) ? (next.next().value ?? id) : id));
}

export function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, place) => id === other[place]);
}
