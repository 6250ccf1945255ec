import { describe, expect, it } from "vitest";
import {
  at,
  back,
  callsBack,
  navigate,
  presentedPage,
  seen,
  shown,
  START,
  type FollowState,
} from "./follow";
import { anItem, aPaper, aView, presented, replaced } from "./sample_view";

/** A device that joined at this page and then chose another. */
function aloneAt(
  document: string,
  page: number,
  joined = aView({ presented: presented("d2", 3) }),
) {
  return navigate(seen(START, joined), joined, { document, page });
}

function pageOf(state: FollowState, view = aView()) {
  const now = shown(state, view);
  return now && [now.document, now.page];
}

describe("following", () => {
  it("is armed before anything is presented", () => {
    expect(pageOf(seen(START, aView()))).toBe(null);
  });

  it("shows the presented page, also after the document changes", () => {
    let state = seen(START, aView());
    const first = aView({ presented: presented("d2", 3) });
    state = seen(state, first);
    const second = aView({ presented: presented("d3", 1) });
    const pages = [pageOf(state, first), pageOf(seen(state, second), second)];

    expect(pages).toEqual([
      ["d2", 3],
      ["d3", 1],
    ]);
  });

  it("goes on when the presented page itself is chosen", () => {
    expect(aloneAt("d2", 3).mode).toBe("following");
  });

  it("ends when another page or document is chosen", () => {
    expect([aloneAt("d2", 4).mode, aloneAt("d1", 3).mode]).toEqual(["alone", "alone"]);
  });

  it("goes on when the chosen paper is not there", () => {
    expect(aloneAt("d9", 1).mode).toBe("following");
  });
});

describe("reading alone", () => {
  it("is ended by a call, which moves nobody else", () => {
    const view = aView({ presented: presented("d2", 3), call: 1 });
    const following = seen(START, aView({ presented: presented("d2", 3) }));

    expect([aloneAt("d1", 3), following].map((state) => callsBack(state, view))).toEqual([
      true,
      false,
    ]);
    expect(callsBack(aloneAt("d1", 3), aView())).toBe(false);
  });

  it("never moves by itself, and counts the turns missed", () => {
    let state = aloneAt("d1", 30);
    for (const page of [4, 5, 5]) state = seen(state, aView({ presented: presented("d2", page) }));

    expect([pageOf(state), state.missed]).toEqual([["d1", 30], 2]);
  });

  it("stays alone when the meeting comes to the same page, or the person to the meeting's", () => {
    const now = aView({ presented: presented("d2", 4) });
    const state = seen(aloneAt("d2", 4), now);
    const passed = navigate(state, now, { document: "d2", page: 5 });
    const moved = navigate(passed, now, { document: "d2", page: 4 });

    expect([state.mode, moved.mode, pageOf(moved)]).toEqual(["alone", "alone", ["d2", 4]]);
  });

  it("goes on when what was presented is put away", () => {
    expect(pageOf(seen(aloneAt("d1", 30), aView()))).toEqual(["d1", 30]);
  });

  it("ends by one tap, with nothing missed any more", () => {
    const now = aView({ presented: presented("d2", 9) });
    const state = back(seen(aloneAt("d1", 30), now));

    expect([pageOf(state, now), state.missed]).toEqual([["d2", 9], 0]);
  });

  it("ends when everybody is called, once for each call", () => {
    const called = aView({ presented: presented("d2", 3), call: 1 });
    const state = seen(aloneAt("d1", 30), called);
    const left = seen(navigate(state, called, { document: "d1", page: 2 }), called);

    expect([state.mode, left.mode]).toEqual(["following", "alone"]);
  });

  it("goes on through a call to a page this viewer may not see, and later too", () => {
    const called = seen(aloneAt("d1", 30), aView({ call: 1 }));
    const later = seen(called, aView({ presented: presented("d2", 3), call: 1 }));

    expect([pageOf(called), pageOf(later)]).toEqual([
      ["d1", 30],
      ["d1", 30],
    ]);
  });

  it("goes on when this person becomes the one who presents", () => {
    const given = aView({
      presented: presented("d2", 3),
      presenter: { seat: "m1", name: "Cao Xuân Ân", role: "member" },
    });

    expect(pageOf(seen(aloneAt("d1", 30), given))).toEqual(["d1", 30]);
  });

  it("is not ended by calls made before this device joined", () => {
    const joined = aView({ presented: presented("d2", 3), call: 4 });

    expect(seen(aloneAt("d1", 2, joined), joined).mode).toBe("alone");
  });

  it("ends when the paper is taken away", () => {
    const without = aView({ agenda: { i2: anItem(2, "on") } });

    expect(seen(aloneAt("d1", 30), without).mode).toBe("following");
  });
});

describe("a place", () => {
  it("stays within the paper", () => {
    const pages = [0, 99].map((page) => at(aView(), { document: "d3", page })?.page);

    expect(pages).toEqual([1, 5]);
  });
});

describe("a paper that is replaced", () => {
  const agenda = { i2: anItem(2, "on", { d2: replaced(aPaper("d2", 11), 4) }) };
  const old = aView({ agenda, presented: presented("d2", 7) });
  const now = aView({ agenda, presented: { ...presented("d2", 3), version: 2 } });

  function versionOf(state: FollowState, view: typeof old) {
    const here = shown(state, view);
    return here && [here.version, here.page, here.pages, here.address];
  }

  it("goes on being shown until the new version is presented", () => {
    const following = seen(seen(START, aView({ presented: presented("d2", 7) })), old);

    expect([versionOf(following, old), versionOf(seen(following, now), now)]).toEqual([
      [1, 7, 11, "address-d2"],
      [2, 3, 4, "address-d2-2"],
    ]);
  });

  it("stays in its version with who turns its pages alone", () => {
    const alone = navigate(seen(START, old), old, { document: "d2", version: 1, page: 8 });

    expect([versionOf(alone, old), versionOf(seen(alone, now), now)]).toEqual([
      [1, 8, 11, "address-d2"],
      [1, 8, 11, "address-d2"],
    ]);
  });

  it("opens in the newest version, which is another page than the one presented", () => {
    const alone = navigate(seen(START, old), old, { document: "d2", page: 7 });

    expect([alone.mode, versionOf(alone, old)]).toEqual(["alone", [2, 4, 4, "address-d2-2"]]);
  });

  it("is a turn when the new version is presented", () => {
    const alone = navigate(seen(START, old), old, { document: "d2", version: 1, page: 8 });
    const later = aView({ agenda, presented: { ...presented("d2", 7), version: 2 } });

    expect(seen(alone, later).missed).toBe(1);
  });

  it("opens in the newest version where the one asked for is not there", () => {
    expect(at(old, { document: "d2", version: 9, page: 2 })?.version).toBe(2);
  });

  it("is on show at a page of its own version only", () => {
    const pages = [at(old, { document: "d2", version: 1, page: 2 }), at(old, { document: "d2", page: 2 })];

    expect(pages.map((place) => place && presentedPage(old, place))).toEqual([7, 0]);
  });
});
