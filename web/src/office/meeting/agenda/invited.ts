/** The guests that a pasted agenda names beside its items, as people to be put on the roll. Pure. */
import { oneLine } from "../lines";
import type { ItemRow, SeatRow } from "../../../protocol";
import type { FoundItem } from "./items";

export interface Invited {
  name: string;
  post: string;
  /** The ids of the items they are invited to. */
  items: string[];
}

/** "Châu Ngọc Liên (GĐ Sở Nông nghiệp), Kiều Đình Phát" as two people. */
export function named(text: string): Omit<Invited, "items">[] {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of text) {
    if (letter === "(") depth += 1;
    if (letter === ")") depth = Math.max(0, depth - 1);
    if (!depth && /[,;\n]/.test(letter)) {
      parts.push(part);
      part = "";
    } else part += letter;
  }
  return [...parts, part].map(person).filter(({ name }) => name);
}

function person(part: string): Omit<Invited, "items"> {
  const [, name = "", post = ""] = /^([^(]*)\(?(.*?)\)?\s*$/s.exec(part) ?? [];
  const bare = oneLine(name).replace(/^[-+•*\s]+/, "").replace(/^(đ\/c|đồng chí|ông|bà)\s+/i, "");
  return { name: bare, post: oneLine(post) };
}

/** Everybody the items name, each once; `laid` are the same items as the meeting has them now. */
export function invited(found: readonly FoundItem[], laid: readonly ItemRow[]): Invited[] {
  const people = new Map<string, Invited>();
  found.forEach(({ guests = "" }, place) => {
    const item = laid[place];
    if (!item || found.length !== laid.length) return;
    for (const { name, post } of named(guests)) {
      const known = people.get(key(name)) ?? { name, post, items: [] };
      const items = known.items.includes(item.id) ? known.items : [...known.items, item.id];
      people.set(key(name), { name: known.name, post: known.post || post, items });
    }
  });
  return [...people.values()];
}

/** Who has the same name and post, typed once more, is one guest of all those items. */
export function together(people: readonly Invited[]): Invited[] {
  const found = new Map<string, Invited>();
  for (const { name, post, items } of people) {
    if (!name.trim()) continue;
    const who = `${key(oneLine(name))}\n${key(oneLine(post))}`;
    const known = found.get(who) ?? { name, post, items: [] };
    found.set(who, { ...known, items: [...new Set([...known.items, ...items])] });
  }
  return [...found.values()];
}

/** Those who are not guests of the same name on the roll yet. */
export function missing(people: readonly Invited[], seats: readonly SeatRow[]): Invited[] {
  const guests = new Set(seats.filter(({ role }) => role === "guest").map(({ name }) => key(name)));
  return people.filter(({ name }) => !guests.has(key(name)));
}

export function isInvited(found: unknown): found is Invited[] {
  return Array.isArray(found) && found.every((one) => Array.isArray((one as Invited).items));
}

function key(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
