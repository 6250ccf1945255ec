/** What the desk enters on the roll: a plain move, or a correction that wants a reason. Pure. */
import type { Command, RollRow } from "../../protocol";
import { instant, typedClock } from "../../parts/time";

export type Attendance = RollRow["attendance"];

/**
 * As the server has it: what may be entered without a reason to correct.
 * `tests/cases/attendance_moves.json` holds both sides to it.
 */
export const MOVES: Readonly<Record<Attendance, readonly Attendance[]>> = {
  none: ["present", "late", "absent"],
  absent: ["late", "present"],
  present: ["left"],
  late: ["left"],
  left: ["returned"],
  returned: ["left"],
};

export const HERE: readonly Attendance[] = ["present", "late", "returned"];

export interface Entry {
  seat: string;
  from: Attendance;
  /** When the entry in force says it was. */
  entered?: string | undefined;
  to: Attendance;
  /** "07:45" as typed; null when the time offered was left as it is. */
  typed: string | null;
  reason: string;
  /** After the meeting everything is a correction. */
  closed: boolean;
}

export type Fault = "desk.time_wrong" | "desk.reason_needed";

type Change = Pick<Entry, "from" | "to" | "closed">;

export function isCorrection({ from, to, closed }: Change): boolean {
  return closed || !MOVES[from].includes(to);
}

export function wantsReason(change: Change): boolean {
  return change.to === "absent" || isCorrection(change);
}

/** The command for this entry, or what is still wrong with it. */
export function toCommand(entry: Entry, now: Date, zone: string): Command | Fault {
  const { seat, entered, to, typed } = entry;
  const reason = entry.reason.trim();
  if (wantsReason(entry) && !reason) return "desk.reason_needed";
  const correction = isCorrection(entry);
  const before = correction && entered ? new Date(entered) : null;
  const time = typed === null ? null : typedClock(typed);
  if (typed !== null && time === null) return "desk.time_wrong";
  const at = time ? instant(time, before ?? now, zone) : before;
  if (at && at.getTime() > now.getTime() + 60_000) return "desk.time_wrong";
  const said = { seat, state: to, ...(at && { at: at.toISOString() }) };
  if (correction) return { type: "attendance.correct", ...said, reason };
  return { type: "attendance.mark", ...said, ...(to === "absent" && { reason }) };
}
