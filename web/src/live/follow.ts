/**
 * The follow contract: which page this device shows. Pure.
 *
 * Following is armed from the start. Choosing another page or document detaches; zooming or
 * opening a sheet is no event here. The page of someone who reads alone never moves by itself,
 * except that a call brings back everybody who may see the page on show, and that a paper may be
 * taken away. A paper that was replaced goes on being shown in the version it was shown in, to
 * everybody until the new one is presented, and to who reads alone until they choose it.
 */
import type { View } from "../protocol";

export interface Place {
  document: string;
  page: number;
  /** Left out: the newest. */
  version?: number;
}

export interface FollowState {
  mode: "following" | "alone";
  /** Where this person reads; only when alone. */
  place?: Place;
  /** How often the meeting turned its page since this person left it. */
  missed: number;
  /** `View.call` and the presented place as last seen. */
  call: number;
  presented: string;
}

/** A page with all that is needed to draw it. */
export interface Shown extends Place {
  item: string;
  version: number;
  /** The newest version there is: another one where this was replaced. */
  newest: number;
  pages: number;
  number: string;
  title: string;
  address: string;
  /** Collected when the meeting closes: its pages are made for this device alone. */
  collect?: true;
}

/** Left behind by so many page turns, the banner grows. */
export const FAR_BEHIND = 2;

const NEVER_SEEN = -1;

export const START: FollowState = {
  mode: "following",
  missed: 0,
  call: NEVER_SEEN,
  presented: "",
};

/** A view arrived. */
export function seen(state: FollowState, view: View): FollowState {
  const presented = presentedKey(view);
  const called = isCalled(state, view);
  const gone = state.place !== undefined && !find(view, state.place.document);
  if (state.mode === "following" || called || gone) {
    return { mode: "following", missed: 0, call: view.call, presented };
  }
  const turned = presented !== "" && presented !== state.presented;
  return { ...state, missed: state.missed + (turned ? 1 : 0), call: view.call, presented };
}

/** Whether this view calls back someone who reads alone. */
export function callsBack(state: FollowState, view: View): boolean {
  return state.mode === "alone" && isCalled(state, view);
}

/** The person chose a page. Choosing what is presented, while following, changes nothing. */
export function navigate(state: FollowState, view: View, place: Place): FollowState {
  const target = at(view, place);
  if (!target) return state;
  const { document, version, page } = target;
  const now = view.presented;
  const presented = now?.document === document && now.version === version && now.page === page;
  if (state.mode === "following" && presented) return state;
  return { ...state, mode: "alone", place: { document, version, page } };
}

/** The person tapped "Về trang đang trình chiếu". */
export function back(state: FollowState): FollowState {
  return { mode: "following", missed: 0, call: state.call, presented: state.presented };
}

/** The page to draw; null when there is none, as before the first page is presented. */
export function shown(state: FollowState, view: View): Shown | null {
  const place = state.mode === "alone" ? state.place : view.presented;
  return place ? at(view, place) : null;
}

/** What everybody is shown; null when nothing is. */
export function presentedNow(view: View): Shown | null {
  return view.presented ? at(view, view.presented) : null;
}

/** The page of this paper that everybody is shown, in the very version; 0 where it is none. */
export function presentedPage({ presented }: View, { document, version }: Shown): number {
  const same = presented?.document === document && presented.version === version;
  return same ? presented.page : 0;
}

/** Everything about a place this viewer may read; null when the paper is not theirs. */
export function at(view: View, place: Place): Shown | null {
  const found = find(view, place.document, place.version);
  return found && { ...found, page: clamp(place.page, found.pages) };
}

/** A paper in this version, or in the newest where that is not there. */
function find(view: View, document: string, wanted?: number): Omit<Shown, "page"> | null {
  for (const [item, { documents }] of Object.entries(view.agenda)) {
    const paper = documents?.[document];
    if (paper) {
      const { version: newest, number, title, collect } = paper;
      const older = wanted === undefined ? undefined : paper.older?.[String(wanted)];
      const { pages, address } = older ?? paper;
      const version = older && wanted ? wanted : newest;
      const found = { item, document, version, newest, pages, number, title, address };
      return collect ? { ...found, collect } : found;
    }
  }
  return null;
}

function isCalled(state: FollowState, view: View): boolean {
  return view.presented !== undefined && state.call !== NEVER_SEEN && state.call !== view.call;
}

function presentedKey({ presented }: View): string {
  if (!presented) return "";
  const { document, version, page } = presented;
  return `${document} ${String(version)} ${String(page)}`;
}

function clamp(page: number, pages: number): number {
  return Math.min(Math.max(1, page), pages);
}
