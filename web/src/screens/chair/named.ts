/** Names of seats for a sentence: the first few, then how many more. Pure. */
import type { RollRow } from "../../protocol";

const MOST = 3;

export function named(seats: readonly string[], roll: Record<string, RollRow> | null): string {
  const names = seats.map((seat) => roll?.[seat]?.name).filter((name) => name !== undefined);
  const first = names.slice(0, MOST).join(", ");
  const more = names.length - MOST;
  return more > 0 ? `${first} +${String(more)}` : first;
}
