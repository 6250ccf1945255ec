/**
 * Bring one command to the server until it is answered. Pure but for the ways it is given.
 *
 * Anything but a proper answer means unknown, and the same id is sent again: the server gives
 * the same answer to the same id. A perishable command is asked about once more by post even when
 * it is stale by then, for the server alone knows what became of it.
 */
import type { Answer, Command, RefusalCode, Rejected, Sent } from "../protocol";
import { PAUSES, POST_PATIENCE, RETRY_AFTER, TIMES, type Times } from "./times";

/** The code of a perishable command whose answer never came: it may have been carried out. */
const NOT_KNOWN = "not_known";

/** Which commands are repeated until answered. The others begin nothing anew once perished. */
export const DURABLE: Record<Command["type"], boolean> = {
  "meeting.create": true,
  "seat.add": true,
  "item.add": true,
  "document.add": true,
  "file.note_refused": true,
  "meeting.open": true,
  "meeting.close": true,
  "item.start": false,
  "page.show": false,
  "presenter.take": false,
  "presenter.give": false,
  "followers.call": false,
  "attendance.check_in": true,
  "attendance.mark": true,
  "attendance.correct": true,
  "device.claim": true,
  "device.admit": true,
  "device.decline": true,
  "device.revoke": true,
  "card.reissue": true,
  "card.revoke": true,
  "meeting.change": true,
  "seat.change": true,
  "seat.remove": true,
  "seats.order": true,
  "item.change": true,
  "item.remove": true,
  "items.order": true,
  "document.change": true,
  "documents.order": true,
  "page.turn_upright": true,
  "document.mark_to_collect": true,
  "document.replace": true,
  "document.withdraw": true,
  "document.erase": true,
  "meeting.take_back_opening": true,
  "meeting.reopen": true,
  "meeting.continue_on_paper": true,
  "signed_copy.take_in": true,
  "file.lock": true,
  "meeting.delete": true,
};

/** What delivery needs of the world. A way that fails or times out rejects. */
export interface Ways {
  socket(sent: Sent): Promise<unknown>;
  post(sent: Sent): Promise<unknown>;
  pause(ms: number): Promise<void>;
  now(): number;
  /** Set when this device may no longer speak for the seat. */
  refusal(): RefusalCode | null;
}

export async function deliver(sent: Sent, ways: Ways, times: Times = TIMES): Promise<Answer> {
  const started = ways.now();
  const late = (ahead: number) =>
    !DURABLE[sent.command.type] && ways.now() + ahead - started >= times.perish;
  for (let round = 0; ; round += 1) {
    let pause = PAUSES[Math.min(round, PAUSES.length - 1)] ?? 0;
    let end = refused(NOT_KNOWN);
    for (const way of [ways.socket, ways.post]) {
      const answer = asAnswer(await way(sent).catch(() => null));
      if (answer?.status === "committed" || answer?.status === "rejected") return answer;
      const refusal = ways.refusal();
      if (refusal) return refused(refusal);
      if (answer) {
        pause = answer.after_ms;
        end = refused("too_late");
        break;
      }
    }
    if (late(pause)) return end;
    await ways.pause(pause);
  }
}

/** How long (ms) the post may take: nobody waits long to hear what became of a page turn. */
export function patienceFor({ command }: Sent, times: Times = TIMES): number {
  return DURABLE[command.type] ? POST_PATIENCE : times.perish;
}

export function refused(code: RefusalCode | typeof NOT_KNOWN): Answer {
  return { status: "rejected", code, data: {} };
}

/**
 * A value from the wire as an answer; null when it has no status of ours, such as a bare
 * acknowledgement. By post, this decides and not the number of the HTTP response.
 */
export function asAnswer(value: unknown): Answer | null {
  if (typeof value !== "object" || value === null) return null;
  const { status, rev, code, data, after_ms } = value as Partial<Record<string, unknown>>;
  switch (status) {
    case "committed":
      return { status, rev: typeof rev === "number" ? rev : 0 };
    case "rejected":
      return {
        status,
        code: typeof code === "string" ? code : "server_fault",
        data: typeof data === "object" && data !== null ? (data as Rejected["data"]) : {},
      };
    case "retry":
      return { status, after_ms: typeof after_ms === "number" ? after_ms : RETRY_AFTER };
    default:
      return null;
  }
}

/**
 * The command as it is written down and sent: with the server's seconds `at` when the person
 * tapped, where known, so that an outage makes nobody late. Repeats carry the same.
 */
export function stamped(sent: Sent, at: number | null): Sent {
  return at === null ? sent : { ...sent, at };
}
