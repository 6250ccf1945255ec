/** The sixteen characters that were shown when a meeting closed. Pure. */

export const HEAD_LENGTH = 16;

/** What was typed, without spaces or dashes and in small letters. */
export function typedHead(typed: string): string {
  return typed.toLowerCase().replace(/[^0-9a-z]/g, "");
}

/** "a1b2 c3d4 e5f6 0718" */
export function grouped(head: string): string {
  return (head.match(/.{1,4}/g) ?? []).join(" ");
}

/** Whether it may be sent as it is: left out, or all of it. */
export function isWhole(head: string): boolean {
  return head === "" || (head.length === HEAD_LENGTH && /^[0-9a-f]+$/.test(head));
}
