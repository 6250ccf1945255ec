/** The office's meetings as it thinks of them: what comes, what was, and copies to practise. Pure. */
import type { MeetingRow } from "../../protocol";

export interface Listed {
  meeting: MeetingRow;
  /** Throw-away copies of it. */
  trials: MeetingRow[];
}

export interface Ordered {
  running: Listed[];
  /** The nearest first. */
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
  const time = ({ meeting }: Listed): number => Date.parse(meeting.starts_at);
  const soonest = listed.sort((a, b) => time(a) - time(b));
  const those = (...phases: MeetingRow["phase"][]): Listed[] =>
    soonest.filter(({ meeting }) => phases.includes(meeting.phase));
  return {
    running: those("running"),
    ahead: those("before"),
    past: those("closed", "locked").reverse(),
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
