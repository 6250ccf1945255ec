/** The name of a new seat, from random bits; plain HTTP has no randomUUID. */

const BYTES = 12;

export function newSeat(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
