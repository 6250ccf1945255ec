/**
 * The words of the screens. Keys are typed from vi.json; en.json has the same keys and is loaded
 * only when asked for (`?lang=en`, remembered). Chosen once at start.
 */
import vi from "./vi.json";

export type Key = keyof typeof vi;
export type Params = Readonly<Record<string, string | number>>;
export type Language = "vi" | "en";

const REMEMBERED = "phien.language";

const YOU = {
  vi: { dong_chi: "đồng chí", ong_ba: "ông/bà" },
  en: { dong_chi: "you", ong_ba: "you" },
} as const;

let words: Readonly<Record<Key, string>> = vi;
let you: string = YOU.vi.dong_chi;

export let language: Language = "vi";

/** The language asked for by the address, else the one remembered, else Vietnamese. */
export function preferred(search: string): Language {
  const asked = new URLSearchParams(search).get("lang");
  if (asked === "vi" || asked === "en") {
    remember(asked);
    return asked;
  }
  return remembered() === "en" ? "en" : "vi";
}

/** Must be called, and awaited, before anything is drawn. */
export async function speak(chosen: Language): Promise<void> {
  words = chosen === "en" ? (await import("./en.json")).default : vi;
  language = chosen;
  you = YOU[chosen].dong_chi;
}

/** How the meeting's texts call a person; fills {you} and {You} in every text. */
export function addressAs(form: keyof (typeof YOU)["vi"]): void {
  you = YOU[language][form];
}

export function t(key: Key, params: Params = {}): string {
  return fill(words[key], params);
}

/** The sentence for a code of the server, or of live/; also for one this version does not know. */
export function refusal(code: string, params: Params = {}): string {
  const key = [`refused.${code}`, `live.${code}`].find(isKey);
  return t(key ?? "refused.server_fault", params);
}

/** The text with what is given put in its places. */
export function fill(text: string, params: Params): string {
  const all: Params = { you, You: you.charAt(0).toLocaleUpperCase("vi") + you.slice(1), ...params };
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(all[name] ?? whole));
}

function isKey(key: string): key is Key {
  return Object.prototype.hasOwnProperty.call(vi, key);
}

function remembered(): string | null {
  try {
    return window.localStorage.getItem(REMEMBERED);
  } catch {
    return null; // closed in some private windows
  }
}

function remember(chosen: Language): void {
  try {
    window.localStorage.setItem(REMEMBERED, chosen);
  } catch {
    // the address still says it
  }
}
