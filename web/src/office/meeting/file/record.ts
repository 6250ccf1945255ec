/** What the record says in numbers, and how it is mended afterwards. Pure. */
import { instant, typedClock } from "../../../parts/time";
import type { CorrectAttendance, MarkAttendance, Prepared, SeatRow } from "../../../protocol";

export type Attendance = SeatRow["attendance"];

const HERE: readonly Attendance[] = ["present", "late", "returned"];

/** Whoever was there at some time: who left before the end was, too. */
const CAME: readonly Attendance[] = [...HERE, "left"];

export interface Numbers {
  came: number;
  people: number;
  voting: number;
  voters: number;
  late: SeatRow[];
  absent: SeatRow[];
  unknown: SeatRow[];
  guests: number;
  papers: number;
  pages: number;
}

export function numbers({ seats, documents }: Prepared): Numbers {
  const people = seats.filter(({ role }) => role !== "screen" && role !== "guest");
  const came = people.filter(({ attendance }) => CAME.includes(attendance));
  const voters = people.filter(({ votes }) => votes);
  return {
    came: came.length,
    people: people.length,
    voting: came.filter(({ votes }) => votes).length,
    voters: voters.length,
    late: people.filter(({ attendance }) => attendance === "late"),
    absent: people.filter(({ attendance }) => attendance === "absent"),
    unknown: people.filter(({ attendance }) => attendance === "none"),
    guests: seats.filter(({ role, attendance }) => role === "guest" && CAME.includes(attendance))
      .length,
    papers: documents.length,
    pages: documents.reduce((sum, { pages }) => sum + pages, 0),
  };
}

export interface Entry {
  state: Attendance;
  /** "07:45" as typed. */
  time: string;
  reason: string;
}

export type Fault = "file.time_wrong" | "file.reason_needed";

/**
 * The command for this entry, or what is still wrong with it. Who was not entered yet is entered;
 * everything else is a correction and wants its reason.
 */
export function toEntry(
  seat: SeatRow,
  { state, time, reason }: Entry,
  on: Date,
  zone: string,
): MarkAttendance | CorrectAttendance | Fault {
  const plain = seat.attendance === "none" && ["present", "late", "absent"].includes(state);
  if ((!plain || state === "absent") && !reason.trim()) return "file.reason_needed";
  const at = typedClock(time);
  if (!at) return "file.time_wrong";
  const said = { seat: seat.id, state, at: instant(at, on, zone).toISOString() };
  if (plain) return { type: "attendance.mark", ...said, reason: reason.trim() };
  return { type: "attendance.correct", ...said, reason: reason.trim() };
}

/** "03/HS-2026": one more than the highest number of that year there is. */
export function proposedNumber(taken: readonly string[], year: string): string {
  const counts = taken.map((number) => {
    const [, count = "", of = ""] = /^0*(\d+)\/.*?(\d{4})$/.exec(number.trim()) ?? [];
    return of === year ? Number(count) : 0;
  });
  return `${String(Math.max(0, ...counts) + 1).padStart(2, "0")}/HS-${year}`;
}
