/** The agenda as the office writes it: what an item may say, and the commands that say it. Pure. */
import { typedClock } from "../../../parts/time";
import type { AddItem, ChangeItem, ChangeSeat, ItemRow, Prepared, SeatRow } from "../../../protocol";
import { oneLine } from "../lines";
import { onRoll, toChange as seatChanged } from "../people/roll";

/** What was read in a pasted table. */
export interface FoundItem {
  number: string;
  title: string;
  starts: string;
  ends: string;
  rapporteur: string;
  recess: boolean;
  said?: string;
  guests?: string;
  item?: string;
  notes?: string[];
}

export type Written = Omit<ItemRow, "id" | "position">;

export const EMPTY: Written = {
  number: "",
  title: "",
  starts: "",
  ends: "",
  rapporteur: "",
  recess: false,
  limited_to: [],
};

export function agendaOf({ items }: Pick<Prepared, "items">): ItemRow[] {
  return [...items].sort((one, other) => one.position - other.position);
}

/** As the screens of a meeting name an item. */
export function shown({ number, title, recess }: Pick<ItemRow, "number" | "title" | "recess">) {
  return { number, title, ...(recess && { recess: true as const }) };
}

/** A time of day as typed, "" for none; null if it is not understood. */
export function typedTime(typed: string): string | null {
  return typed.trim() ? typedClock(typed) : "";
}

export function mended(item: Written, by: Partial<Written>): Written {
  const { number, title, starts, ends, rapporteur, recess, limited_to } = { ...item, ...by };
  return {
    number: recess ? "" : oneLine(number).slice(0, 12),
    title: oneLine(title),
    starts,
    ends,
    rapporteur: recess ? "" : rapporteur,
    recess,
    limited_to: recess ? [] : limited_to,
  };
}

/** `forAll`: what only some could read is to be open to everybody. */
export function toChange(item: ItemRow, by: Partial<Written>, forAll = false): ChangeItem {
  const written = mended(item, by);
  return { type: "item.change", item: item.id, ...written, ...(forAll && { for_all: true }) };
}

/** Who alone may read, as ticked; null where it is to be somebody and nobody is. */
export function readers(
  limited: boolean,
  chosen: readonly string[],
  offered: readonly { id: string }[],
): string[] | null {
  if (!limited) return [];
  return offered.some(({ id }) => chosen.includes(id)) ? [...chosen] : null;
}

/** Whether papers of one item, laid under the other, can be read by people who could not so far. */
export function opened(items: readonly ItemRow[], from: string, to: string): boolean {
  const [before, after] = [from, to].map((id) => items.find((one) => one.id === id)?.limited_to);
  if (!before?.length || !after) return false;
  return !after.length || after.some((seat) => !before.includes(seat));
}

/** Whom an item can be limited to: a guest reads what they are invited to. */
export function readersOf(meeting: Pick<Prepared, "seats">): SeatRow[] {
  return onRoll(meeting).filter(({ role }) => role !== "guest" && role !== "technician");
}

export function toAdd(item: string, written: Written): AddItem {
  return { type: "item.add", item, ...mended(written, {}) };
}

/** The guests on the roll; of one item, where it is named. */
export function guestsOf(meeting: Pick<Prepared, "seats">, item?: string): SeatRow[] {
  const guests = onRoll(meeting).filter(({ role }) => role === "guest");
  return item === undefined ? guests : guests.filter(({ items }) => items.includes(item));
}

/** The changes after which these guests, and no others, are invited to the item. */
export function toInvite(
  meeting: Pick<Prepared, "seats">,
  item: string,
  invited: readonly string[],
): ChangeSeat[] {
  return guestsOf(meeting)
    .filter(({ id, items }) => invited.includes(id) !== items.includes(item))
    .map((seat) => {
      const others = seat.items.filter((id) => id !== item);
      return seatChanged(seat, { items: invited.includes(seat.id) ? [...others, item] : others });
    });
}

/** The number after the highest there is; "1" if none is a number. */
export function nextNumber(items: readonly Pick<ItemRow, "number">[]): string {
  const numbers = items.map(({ number }) => Number(number)).filter(Number.isInteger);
  return String(Math.max(0, ...numbers) + 1);
}

/** When the last item ends, for the next one to begin. */
export function lastEnd(items: readonly Pick<ItemRow, "ends">[]): string {
  return items[items.length - 1]?.ends ?? "";
}

/** What is sent to lay the agenda down; who alone may read an item that is known stays so. */
export function toLay(found: readonly FoundItem[]): Omit<Written & { item: string }, "limited_to">[] {
  return found.map(({ item = "", number, title, starts, ends, rapporteur, recess }) => {
    return { item, number, title, starts, ends, rapporteur, recess };
  });
}
