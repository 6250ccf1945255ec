/** Starts the app: the language, the one Meeting, the screen. The plate stands until then. */
import "./style/base.css";
import { mount } from "svelte";

import App from "./App.svelte";
import { preferred, speak } from "./i18n";
import { Meeting } from "./live/meeting.svelte";
import { restoreTextSize } from "./parts/text_size";

async function start(): Promise<void> {
  const place = document.getElementById("app");
  const seat = window.location.pathname.split("/")[2];
  if (!place || !seat) return;
  restoreTextSize();
  await speak(preferred(window.location.search));
  const meeting = new Meeting(seat);
  meeting.start();
  place.replaceChildren();
  mount(App, { target: place, props: { meeting } });
}

void start();
