/** The sixteen characters that were shown when a meeting closed. Pure. */

export const HEAD_LENGTH = 16;

/** What was typed, without spaces or dashes and in small letters. */
export function typedHead(typed: string): string {
  return typed.toLowerCase().replace(/[^0-9a-z]/g, "");
}

/** Whether it may be sent as it is: left out, or all of it. Which letters a code has is not asked:
 * an o may be written down as a zero. */
export function isWhole(head: string): boolean {
  return head === "" || head.length === HEAD_LENGTH;
}
