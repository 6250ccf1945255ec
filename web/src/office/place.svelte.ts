/** Where in the office's page we are. Links inside it are followed without leaving it. */
import { HOME, placeOf, type Place } from "./places";

/** Below it are what the server itself answers: files to print, to keep, to read. */
const DOWNLOAD = /\.(pdf|zip|xlsx)$|\/api\//;

class Here {
  place = $state.raw<Place>(placeOf(window.location.pathname));

  constructor() {
    window.addEventListener("popstate", () => {
      this.place = placeOf(window.location.pathname);
    });
    document.addEventListener("click", (event) => {
      this.#clicked(event);
    });
  }

  /** Go to an address of the office's page. */
  go(address: string, replace = false): void {
    if (replace) window.history.replaceState(null, "", address);
    else window.history.pushState(null, "", address);
    this.place = placeOf(new URL(address, window.location.href).pathname);
  }

  #clicked(event: MouseEvent): void {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!plain || event.button || event.defaultPrevented) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download")) return;
    const to = new URL(link.href, window.location.href);
    const inside = `${to.pathname}/`.startsWith(HOME) && to.origin === window.location.origin;
    if (!inside || DOWNLOAD.test(to.pathname)) return;
    event.preventDefault();
    this.go(to.pathname);
  }
}

export const here = new Here();
