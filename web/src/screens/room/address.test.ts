import { expect, test } from "vitest";
import { typedAddress } from "./address";

test("people type the host, and the port only where it is not the usual one", () => {
  const typed = ["http://192.168.1.105:80/q/x", "http://192.168.1.105:8080/q/x"].map(typedAddress);

  expect(typed).toEqual(["192.168.1.105", "192.168.1.105:8080"]);
});
