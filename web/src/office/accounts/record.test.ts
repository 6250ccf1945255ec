import { expect, test } from "vitest";

import type { RecordRow } from "../../protocol";
import { SHOWN, telling } from "./record";

const row = (what: RecordRow["what"]): RecordRow => ({ at: "2026-12-09T00:00:00Z", by: "An", what, about: "" });

test("signing in is told only to who asks for all", () => {
  const rows = [row("account.signed_in"), row("office.changed"), row("account.signed_in")];
  expect(telling(rows, false)).toEqual([row("office.changed")]);
  expect(telling(rows, true)).toEqual(rows);
});

test("the newest come first, and not too many at once", () => {
  const rows = Array.from({ length: SHOWN + 5 }, (_, n) => ({ ...row("body.changed"), about: String(n) }));
  expect(telling(rows, false)).toEqual(rows.slice(0, SHOWN));
  expect(telling(rows, true)).toEqual(rows);
});
