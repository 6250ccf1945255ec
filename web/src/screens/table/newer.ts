/** What to offer where a paper was replaced: nothing moves by itself. Pure. */
import { at, presentedNow, type Shown } from "../../live/follow";
import type { View } from "../../protocol";

export interface Newer {
  /** The page to go to, of the newest version: the same number if there is one. */
  to: Shown;
  /** To everybody, by who presents or may take it over; else for this person alone. */
  how: "present" | "read";
}

/**
 * @param shown what this device shows
 * @param alone whether this person reads alone
 * @param leads whether this seat presents, or may take it over
 */
export function newer(view: View, shown: Shown | null, alone: boolean, leads: boolean): Newer | null {
  const on = presentedNow(view);
  const presents = leads && view.meeting.phase === "running" ? newest(view, on) : null;
  if (presents) return { to: presents, how: "present" };
  const reads = alone ? newest(view, shown) : null;
  return reads && { to: reads, how: "read" };
}

function newest(view: View, shown: Shown | null): Shown | null {
  if (!shown || shown.version === shown.newest) return null;
  return at(view, { document: shown.document, page: shown.page });
}
