/**
 * The seal of a closed meeting as this device first heard it: what is kept here is what a file
 * can be compared with, whatever a server says later. A meeting that was closed anew has a new one.
 */
import type { Kept } from "./kept";
import type { MeetingView } from "../protocol";

const NAME = "seal";

type Closed = Pick<MeetingView, "seal" | "closed_at">;

/** The seal kept here, after this was heard; "" if there is none. */
export function keptSeal(kept: Pick<Kept, "get" | "put">, heard?: Closed): string {
  const [at, seal = ""] = (kept.get(NAME) ?? "").split(" ");
  if (!heard?.seal || !heard.closed_at || heard.closed_at === at) return seal;
  kept.put(NAME, `${heard.closed_at} ${heard.seal}`);
  return heard.seal;
}
