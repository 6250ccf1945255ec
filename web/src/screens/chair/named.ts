/** Seats by name: whose lost connection matters, and names for a sentence. Pure. */
import type { RollRow } from "../../protocol";

const MOST = 3;

type Roll = Readonly<Record<string, RollRow>> | null;

/** Whoever is away misses nothing while the device is off. */
const GONE: readonly RollRow["attendance"][] = ["absent", "left"];

/** Of these seats those on the roll, by name, who are not known to be away. */
export function missing(seats: readonly string[], roll: Roll): string[] {
  return seats.filter((seat) => {
    const row = roll?.[seat];
    return row !== undefined && row.name !== "" && !GONE.includes(row.attendance);
  });
}

/** The first few names, then how many more. */
export function named(seats: readonly string[], roll: Roll): string {
  const names = seats.map((seat) => roll?.[seat]?.name).filter((name) => name !== undefined);
  const first = names.slice(0, MOST).join(", ");
  const more = names.length - MOST;
  return more > 0 ? `${first} +${String(more)}` : first;
}
