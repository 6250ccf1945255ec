/** Which pages can be read without the server, in words people say. Pure. */
import { t } from "../i18n";
import type { View } from "../protocol";
import { inOrder, paperName } from "./papers";

/** So many papers are named, and of each so many runs of pages. */
const PAPERS_MOST = 3;
const RUNS_MOST = 3;
/** A title without a number is cut to about so many letters. */
const LETTERS_MOST = 36;

/** "Tờ trình 214 trang 5–12; Báo cáo 186 cả 8 trang"; the paper on show first; "" for none. */
export function readable(
  view: View,
  held: readonly { address: string; page: number }[],
  onShow: string | undefined,
): string {
  const papers = inOrder(view.agenda).flatMap(([, item]) =>
    inOrder(item.documents).map(([, paper]) => {
      const older = Object.values(paper.older ?? {}).find(({ address }) => address === onShow);
      return { ...paper, ...older };
    }),
  );
  const said = papers
    .sort((one, other) => Number(other.address === onShow) - Number(one.address === onShow))
    .map((paper) => {
      const here = held.filter(({ address }) => address === paper.address).map(({ page }) => page);
      const name = cut(paperName(paper));
      if (here.length === 0) return "";
      if (here.length === paper.pages && paper.pages > 1) {
        return t("offline.whole", { paper: name, pages: paper.pages });
      }
      return t("offline.part", { paper: name, pages: runs(here) });
    })
    .filter((words) => words !== "");
  const more = said.length - PAPERS_MOST;
  const named = said.slice(0, PAPERS_MOST).join("; ");
  return more > 0 ? t("offline.more", { papers: named, n: more }) : named;
}

/** "1, 5–12" for the pages 1 and 5 to 12. */
function runs(pages: number[]): string {
  const found: [number, number][] = [];
  for (const page of [...pages].sort((a, b) => a - b)) {
    const last = found[found.length - 1];
    if (last && last[1] === page - 1) last[1] = page;
    else found.push([page, page]);
  }
  const words = found
    .slice(0, RUNS_MOST)
    .map(([from, to]) => (from === to ? String(from) : `${String(from)}–${String(to)}`));
  return words.join(", ") + (found.length > RUNS_MOST ? "…" : "");
}

function cut(name: string): string {
  if (name.length <= LETTERS_MOST) return name;
  const whole = name.slice(0, LETTERS_MOST);
  return `${whole.slice(0, Math.max(1, whole.lastIndexOf(" ")))}…`;
}
