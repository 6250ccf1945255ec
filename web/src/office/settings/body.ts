/** A body that is not there yet. */
import type { BodyView } from "../../protocol";

/** With an id of its own, made here; no request is needed for that. */
export function newBody(): BodyView {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return {
    id: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    kind: "other",
    name: "",
    word: "",
    quorum_present: 3,
    quorum_total: 2,
    address_form: "dong_chi",
    presenter: "secretary",
  };
}
