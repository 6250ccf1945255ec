/** Names for new things, from random bits; plain HTTP has no randomUUID. */

const THING = 12;
const ADDRESS = 16;

export function newId(): string {
  return hex(THING);
}

/** Where a paper's pages lie: 128 bits, which nobody guesses. */
export function newAddress(): string {
  return hex(ADDRESS);
}

function hex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
