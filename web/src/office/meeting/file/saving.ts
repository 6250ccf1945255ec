/** How far a saving onto a stick is, as words. Pure. */
import type { SavingView } from "../../../protocol";

type State = SavingView["state"];

const SAID = {
  making: "file.stick_making",
  writing: "file.stick_writing",
  reading: "file.stick_reading",
} as const;

/** Whether it goes on, so that the stick has to stay where it is. */
export function isOn(saving: SavingView | null): boolean {
  return saving !== null && saving.state in SAID;
}

/** What is being done. */
export function said(state: State): (typeof SAID)[keyof typeof SAID] {
  return state === "writing" || state === "reading" ? SAID[state] : SAID.making;
}
