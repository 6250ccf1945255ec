/**
 * The words of the office's page, which a member's device never fetches: `shell` has what stands
 * around the meetings, `editor` what stands in one. Keys are typed from the Vietnamese files.
 */
import { fill, refusal as sharedRefusal, speak as speakShared, t as shared } from "..";
import type { Key, Language, Params } from "..";
import editor from "./editor.vi.json";
import shell from "./shell.vi.json";

const vi = { ...shell, ...editor };

type OfficeKey = keyof typeof vi;
export type Words = OfficeKey | Key;

let words: Readonly<Record<OfficeKey, string>> = vi;

/** Must be called, and awaited, before anything is drawn. */
export async function speak(chosen: Language): Promise<void> {
  await speakShared(chosen);
  if (chosen === "vi") words = vi;
  else {
    const english = [await import("./shell.en.json"), await import("./editor.en.json")] as const;
    words = { ...english[0].default, ...english[1].default };
  }
}

export function t(key: Words, params: Params = {}): string {
  return isOffice(key) ? fill(words[key], params) : shared(key, params);
}

/** The sentence for a refusal, as the office reads it; where it says nothing, as anybody does. */
export function refusal(code: string, params: Params = {}): string {
  const key = `refused.${code}`;
  return isOffice(key) ? fill(words[key], params) : sharedRefusal(code, params);
}

/** The sentence `group.code`, or `otherwise` for a code that this version does not know. */
export function coded(group: string, code: string, otherwise: Words, params: Params = {}): string {
  const key = `${group}.${code}`;
  return isOffice(key) ? fill(words[key], params) : t(otherwise, params);
}

function isOffice(key: string): key is OfficeKey {
  return Object.prototype.hasOwnProperty.call(vi, key);
}
