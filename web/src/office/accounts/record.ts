/** What was done to the office and its accounts, as sentences. Pure. */
import type { RecordRow } from "../../protocol";

/** So many are shown at once. */
export const SHOWN = 20;

/** Signing in happens every morning; only what changes something stands out. */
export function telling(rows: readonly RecordRow[], all: boolean): RecordRow[] {
  return all ? [...rows] : rows.filter(({ what }) => what !== "account.signed_in").slice(0, SHOWN);
}
