/** Starts the office's page: the language, who sits here, the screen. The plate stands until then. */
import "../style/base.css";
import { mount } from "svelte";

import { preferred } from "../i18n";
import { speak } from "../i18n/office";
import { restoreTextSize } from "../parts/text_size";
import Office from "./Office.svelte";
import { session } from "./session.svelte";

async function start(): Promise<void> {
  const place = document.getElementById("app");
  if (!place) return;
  restoreTextSize();
  await speak(preferred(window.location.search));
  await session.load();
  place.replaceChildren();
  mount(Office, { target: place });
}

void start();
