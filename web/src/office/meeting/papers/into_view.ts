/** What appears below the fold is brought before one's eyes. */
export function intoView(element: HTMLElement): void {
  element.scrollIntoView({ block: "center" });
}
