/** The roll as the desk looks at it: filtered, searched, in the order of the meeting. Pure. */
import type { RollRow, RoomSignal } from "../../protocol";
import { inOrder } from "../../parts/papers";
import { HERE } from "./entry";
import { matches } from "./fold";

export const FILTERS = ["all", "none", "here", "absent"] as const;
export type Filter = (typeof FILTERS)[number];

const PASSES: Readonly<Record<Filter, (row: RollRow) => boolean>> = {
  all: () => true,
  none: ({ attendance }) => attendance === "none",
  here: ({ attendance }) => HERE.includes(attendance),
  absent: ({ attendance }) => attendance === "absent" || attendance === "left",
};

type Roll = Readonly<Record<string, RollRow>>;

export function listed(roll: Roll, filter: Filter, typed: string): [string, RollRow][] {
  return inOrder(roll).filter(
    ([, row]) => PASSES[filter](row) && matches(row.name, typed),
  );
}

export function counted(roll: Roll, filter: Filter): number {
  return Object.values(roll).filter(PASSES[filter]).length;
}

export interface WaitingDevice {
  device: string;
  number: string;
  row: RoomSignal["waiting"][string];
}

/** Who waits, the longest wait first; numbers as they are shown, "07". */
export function waitingDevices(room: RoomSignal | null): WaitingDevice[] {
  return Object.entries(room?.waiting ?? {})
    .sort(([, one], [, other]) => one.since.localeCompare(other.since) || one.number - other.number)
    .map(([device, row]) => ({ device, row, number: String(row.number).padStart(2, "0") }));
}
