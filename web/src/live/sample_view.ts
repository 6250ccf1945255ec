/** A small view for tests: two items, three papers, the second item on. */
import type { DocumentView, ItemView, PresentedView, View } from "../protocol";

export function aPaper(id: string, pages: number, position = 1): DocumentView {
  return { position, number: "", title: id, version: 1, pages, address: `address-${id}` };
}

/** The same paper, replaced: its newest version is the second and has so many pages. */
export function replaced(paper: DocumentView, pages: number): DocumentView {
  const older = { "1": { pages: paper.pages, address: paper.address } };
  return { ...paper, version: 2, pages, address: `${paper.address}-2`, older };
}

export function anItem(
  position: number,
  state: "ahead" | "on" | "done",
  documents?: Record<string, DocumentView>,
): ItemView {
  const number = String(position);
  const item: ItemView = { position, number, title: `Item ${number}` };
  if (state !== "ahead") item.state = state;
  if (documents) item.documents = documents;
  return item;
}

export function presented(document: string, page: number): PresentedView {
  return { item: "i2", document, version: 1, page };
}

export function aView(changes: Partial<View> = {}): View {
  return {
    meeting: {
      id: "m",
      title: "Hội nghị",
      body: "Ban",
      place: "Phòng A",
      office: "Văn phòng",
      starts_at: "2026-12-03T00:30:00Z",
      zone: "Asia/Ho_Chi_Minh",
      phase: "running",
      trial: true,
      rehearsal: false,
      address_form: "dong_chi",
      help_name: "",
      help_phone: "",
      wifi_name: "",
    },
    counts: {
      present: 0,
      total: 0,
      voting_present: 0,
      voting_total: 0,
      voting_needed: 0,
      quorum: false,
    },
    agenda: {
      i1: anItem(1, "done", { d1: aPaper("d1", 34) }),
      i2: anItem(2, "on", { d2: aPaper("d2", 11), d3: aPaper("d3", 5, 2) }),
    },
    presenter: { seat: "s1", name: "Thư ký", role: "secretary" },
    turn: 1,
    call: 0,
    item: "i2",
    ...changes,
  };
}
