/** A small meeting being prepared, for the tests beside it. */
import type { ItemRow, PaperRow, Prepared, SeatRow } from "../../protocol";

export function aSeat(id: string, more: Partial<SeatRow> = {}): SeatRow {
  const plain = { position: 1, name: id, post: "", role: "member", votes: true } as const;
  return { id, ...plain, items: [], attendance: "none", card: true, ...more };
}

export function anItem(id: string, more: Partial<ItemRow> = {}): ItemRow {
  const plain = { position: 1, number: "1", title: id, starts: "", ends: "" };
  return { id, ...plain, rapporteur: "", recess: false, limited_to: [], ...more };
}

export function aPaper(id: string, more: Partial<PaperRow> = {}): PaperRow {
  const plain = { item: "i1", position: 1, number: "", title: id, version: 1, pages: 2 };
  return { id, ...plain, late: false, ready: 2, failed: 0, turned: {}, older: [], collect: false, ...more };
}

export function aMeeting(more: Partial<Prepared> = {}): Prepared {
  return {
    rev: 9,
    heading: {
      title: "Hội nghị",
      body: "Ban Thường vụ",
      body_id: "b1",
      office: "Văn phòng",
      place: "Phòng họp A",
      zone: "Asia/Ho_Chi_Minh",
      starts_at: "2026-12-10T00:30:00Z",
      presenter: "secretary",
      address_form: "dong_chi",
      wifi_name: "Phong hop",
      wifi_password: "12345678",
      help_name: "chị Dương",
      help_phone: "0271 555 0148",
      quorum_present: 3,
      quorum_total: 2,
      trial: false,
      trial_of: "",
    },
    phase: "before",
    file_number: "",
    seats: [aSeat("s1", { role: "chair" }), aSeat("s2", { role: "secretary", votes: false })],
    items: [anItem("i1")],
    documents: [aPaper("d1")],
    withdrawn: [],
    refused: {},
    on_paper: [],
    signed_copies: [],
    base_url: "http://192.168.1.105",
    address_changed: false,
    cards_url: "",
    held: false,
    ...more,
  };
}
