/** The roll as the office writes it: what a row may say, and the commands that say it. Pure. */
import type { AddSeat, ChangeSeat, Prepared, SeatRow } from "../../../protocol";
import { oneLine } from "../lines";

export type Role = SeatRow["role"];

/** The room's screen is no person. */
export const ROLES: readonly Role[] = [
  "chair",
  "secretary",
  "minute_taker",
  "member",
  "guest",
  "technician",
];

/** Who was read in a pasted table, or is typed in as one more. */
export interface Person {
  name: string;
  post: string;
  role: Role;
  votes: boolean;
  seat?: string;
  notes?: string[];
}

export type Written = Pick<SeatRow, "name" | "post" | "role" | "votes" | "items">;

export function mayVote(role: Role): boolean {
  return !["guest", "technician", "screen"].includes(role);
}

export function onRoll(meeting: Pick<Prepared, "seats">): SeatRow[] {
  return [...meeting.seats]
    .filter(({ role }) => role !== "screen")
    .sort((one, other) => one.position - other.position);
}

/** People to be ticked. */
export function ticked(seats: readonly SeatRow[]): { value: string; label: string; more: string }[] {
  return seats.map(({ id, name, post }) => ({ value: id, label: name, more: post }));
}

/** Everybody in the new order; the seats that are on no roll stay where they are. */
export function wholeOrder(meeting: Prepared, roll: readonly string[]): string[] {
  const moving = new Set(roll);
  const next = roll[Symbol.iterator]();
  return [...meeting.seats]
    .sort((one, other) => one.position - other.position)
    .map(({ id }) => (moving.has(id) ? (next.next().value ?? id) : id));
}

/** The row with something in it changed; what can no longer be so is dropped. */
export function mended(row: Written, by: Partial<Written>): Written {
  const { name, post, role, votes, items } = { ...row, ...by };
  return {
    name: oneLine(name),
    post: oneLine(post),
    role,
    votes: votes && mayVote(role),
    items: role === "guest" ? items : [],
  };
}

export function toChange(seat: SeatRow, by: Partial<Written>): ChangeSeat {
  return { type: "seat.change", seat: seat.id, ...mended(seat, by) };
}

export function toAdd(seat: string, row: Written): AddSeat {
  return { type: "seat.add", seat, ...mended(row, {}) };
}

/** How many people, and how many of them vote. */
export function counted(people: readonly { votes: boolean }[]): { people: number; voting: number } {
  return { people: people.length, voting: people.filter(({ votes }) => votes).length };
}

/** What is sent to lay the roll down; what it does not say of somebody known stays as it is. */
export function toLay(people: readonly Person[]): Omit<Person, "notes">[] {
  return people.map(({ seat = "", name, post, role, votes }) => ({ seat, name, post, role, votes }));
}
