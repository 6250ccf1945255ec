/** Coming into the meeting from the office's own browser, each in a window of its own. */
import { refusal } from "../../../i18n/office";
import { post, Refused } from "../../api";

export class Entering {
  fault = $state("");
  readonly #meeting: string;

  constructor(meeting: string) {
    this.#meeting = meeting;
  }

  /** Must be called while a tap is handled: later no browser opens a window any more. */
  async open(role: "secretary" | "screen"): Promise<void> {
    this.fault = "";
    const size = role === "screen" ? "popup,width=1280,height=720" : "";
    const opened = window.open("", `phien-${this.#meeting}-${role}`, size);
    try {
      const { link } = await post<{ link: string }>(`/m/${this.#meeting}/enter`, { role });
      if (opened) opened.location.replace(link);
      else window.location.assign(link);
    } catch (problem) {
      opened?.close();
      if (!(problem instanceof Refused)) throw problem;
      this.fault = refusal(problem.code, problem.data);
    }
  }
}
