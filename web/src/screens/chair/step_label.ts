/** The words on the large button and under "Tiếp theo". */
import { t } from "../../i18n";
import { itemName, lowerFirst, paperName } from "../../parts/papers";
import type { View } from "../../protocol";
import type { Step } from "./next_step";

export function stepLabel(step: Step, view: Pick<View, "agenda" | "item">): string {
  switch (step.kind) {
    case "open":
      return t("chair.open");
    case "item": {
      const item = view.agenda[step.item];
      return item ? itemName(item) : t("chair.next_item");
    }
    case "take":
      return t("chair.take");
    case "present": {
      const paper = view.item && view.agenda[view.item]?.documents?.[step.document];
      return t("chair.present", { paper: paper ? lowerFirst(paperName(paper)) : "" });
    }
    case "page":
      return t("chair.next_page");
    case "close":
      return t("chair.close");
    case "rest":
      return t("chair.closed");
  }
}
