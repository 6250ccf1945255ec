/** What items and papers are called on buttons and in sentences: short, as people say it. */
import { t, type Key } from "../i18n";
import type { DocumentView, ItemView } from "../protocol";

const KINDS = new Map<string, Key>([
  ["TTr", "paper.TTr"],
  ["BC", "paper.BC"],
  ["KH", "paper.KH"],
  ["NQ", "paper.NQ"],
  ["CT", "paper.CT"],
  ["KL", "paper.KL"],
  ["TB", "paper.TB"],
  ["QĐ", "paper.QĐ"],
  ["CTr", "paper.CTr"],
  ["CV", "paper.CV"],
]);

/** "Tờ trình 214" for number 214-TTr/VPTU; else the title, else the number. */
export function paperName({ number, title }: Pick<DocumentView, "number" | "title">): string {
  const [, count = "", letters = ""] = /^(\d+)-([\p{L}]+)(?:\/|$)/u.exec(number) ?? [];
  const kind = KINDS.get(letters);
  if (kind) return t("paper.short", { kind: t(kind), number: count });
  return title || number;
}

/** "Trình chiếu tờ trình 214": within a sentence the kind of paper is no name. */
export function lowerFirst(name: string): string {
  const [first = "", second = ""] = name;
  const acronym = second !== second.toLocaleLowerCase("vi");
  return acronym ? name : first.toLocaleLowerCase("vi") + name.slice(first.length);
}

/** "Nội dung 2", "Giải lao". */
export function itemName({ number, recess, title }: Pick<ItemView, "number" | "recess" | "title">) {
  if (recess) return t("agenda.recess");
  return number ? t("agenda.item", { number }) : title;
}

type Rows<T> = Readonly<Record<string, T>>;

/** Rows keyed by id, in the order of the meeting; absent are none. */
export function inOrder<T extends { position: number }>(rows: Rows<T> = {}): [string, T][] {
  return Object.entries(rows).sort(([, one], [, other]) => one.position - other.position);
}
