/** What a new meeting can start from: an earlier one, a template, a roll from elsewhere. Pure. */
import type { MeetingRow, NewMeeting, Starts } from "../../protocol";
import { lastOf } from "./order";

export interface Start {
  /** Tells it from the others; "" is nothing at all. */
  key: string;
  kind: "last" | "template" | "carried" | "nothing";
  name: string;
  /** How many people come, guests of items aside. */
  people: number;
  items: number;
  asked: Pick<NewMeeting, "like" | "template" | "carried">;
}

export const NOTHING: Start = {
  key: "",
  kind: "nothing",
  name: "",
  people: 0,
  items: 0,
  asked: { like: "", template: "", carried: false },
};

/** All of them for the meetings of this body, the likeliest first; nothing is the last. */
export function startsOf(
  rows: readonly MeetingRow[],
  { templates, rolls }: Starts,
  body: string,
): Start[] {
  const last = lastOf(rows, body);
  const people = rolls[body] ?? 0;
  const earlier: Start[] = last
    ? [
        {
          key: `m-${last.id}`,
          kind: "last",
          name: last.title,
          people: last.people - last.guests,
          items: last.items,
          asked: { ...NOTHING.asked, like: last.id },
        },
      ]
    : [];
  const carried: Start = {
    ...NOTHING,
    key: "carried",
    kind: "carried",
    people,
    asked: { ...NOTHING.asked, carried: true },
  };
  const kept = templates
    .filter(({ body_id }) => body_id === body)
    .map(({ id, name, people, guests, items }): Start => {
      const asked = { ...NOTHING.asked, template: id };
      return { key: `t-${id}`, kind: "template", name, people: people - guests, items, asked };
    });
  return [...earlier, ...(people ? [carried] : []), ...kept, NOTHING];
}
