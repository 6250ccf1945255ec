/** The addresses of the office's page, and what each leads to. Pure. */

export const HOME = "/office/";

/** The places that have an entry of their own on the left, in order. */
export const MENU = ["meetings", "settings", "accounts", "machine", "phone", "check"] as const;

export type Fixed = (typeof MENU)[number] | "new" | "password" | "forgot";

export type Place = { at: Fixed } | { at: "meeting"; id: string; tab: string };

const FIXED: readonly Fixed[] = [...MENU, "new", "password", "forgot"];

/** Where an address leads; anything unknown leads to the list of meetings. */
export function placeOf(pathname: string): Place {
  const [, office, first = "", id = "", tab = ""] = pathname.split("/");
  if (office !== "office") return { at: "meetings" };
  if (first === "m" && id) return { at: "meeting", id, tab };
  return { at: FIXED.find((known) => known === first) ?? "meetings" };
}

export function addressOf(at: Fixed): string {
  return at === "meetings" ? HOME : `/office/${at}`;
}

/** The address of a meeting's page. */
export function meetingAddress(id: string, tab = ""): string {
  return `/office/m/${id}${tab ? `/${tab}` : ""}`;
}

/** The entry on the left that is lit there. */
export function menuOf(place: Place): Fixed {
  return place.at === "meeting" || place.at === "new" ? "meetings" : place.at;
}
