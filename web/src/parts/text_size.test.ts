import { expect, test } from "vitest";

import { stepped } from "./text_size";

test("the text grows and shrinks by steps and stops at the ends", () => {
  expect(stepped("normal", 1)).toBe("large");
  expect(stepped("normal", -1)).toBe("small");
  expect(stepped("larger", 1)).toBe("larger");
  expect(stepped("small", -1)).toBe("small");
});
