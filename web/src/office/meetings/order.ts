/** The office's meetings as it thinks of them: what comes, what was, and copies to practise. Pure. */
import type { MeetingRow } from "../../protocol";

export interface Listed {
  meeting: MeetingRow;
  /** Throw-away copies of it. */
  trials: MeetingRow[];
}

export interface Ordered {
  /** Those that run, then those ahead, the nearest first. */
  ahead: Listed[];
  /** Closed, the latest first. */
  past: Listed[];
}

export function ordered(rows: readonly MeetingRow[]): Ordered {
  const known = new Set(rows.map(({ id }) => id));
  const isCopy = (row: MeetingRow): boolean => row.trial_of !== "" && known.has(row.trial_of);
  const listed = rows
    .filter((row) => !isCopy(row))
    .map((meeting) => ({
      meeting,
      trials: rows.filter((row) => isCopy(row) && row.trial_of === meeting.id),
    }));
  const over = ({ meeting }: Listed): boolean =>
    meeting.phase === "closed" || meeting.phase === "locked";
  const time = ({ meeting }: Listed): number => Date.parse(meeting.starts_at);
  const runs = ({ meeting }: Listed): number => (meeting.phase === "running" ? 0 : 1);
  return {
    ahead: listed.filter((one) => !over(one)).sort((a, b) => runs(a) - runs(b) || time(a) - time(b)),
    past: listed.filter(over).sort((a, b) => time(b) - time(a)),
  };
}

/** The last meeting of this body that was more than practice: whose roll may be taken over. */
export function lastOf(rows: readonly MeetingRow[], body: string): MeetingRow | null {
  const real = rows.filter((row) => row.body_id === body && !row.trial && !row.trial_of);
  return real.reduce<MeetingRow | null>(
    (last, row) => (!last || Date.parse(row.starts_at) > Date.parse(last.starts_at) ? row : last),
    null,
  );
}
