/**
 * Keeps the screen on while a meeting is open. The wake lock exists only in a secure context, so
 * in most rooms a silent video two seconds long is what does it; browsers let it start at a tap.
 */
import mp4 from "./awake.mp4?url";
import webm from "./awake.webm?url";

/**
 * Until this is called off, the screen stays on. `impossible` is told when nothing works: after a
 * tap, or at once where nobody will tap (`untouched`).
 */
export function keepAwake(impossible: () => void, untouched = false): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  const video = silentVideo();
  let held: WakeLockSentinel | null = null;

  const hold = async (tapped: boolean) => {
    if (signal.aborted || document.visibilityState !== "visible") return;
    if (!held || held.released) held = await lock();
    if (held || !video.paused) return;
    try {
      await video.play();
    } catch {
      if (tapped || untouched) impossible();
    }
  };
  const again = () => void hold(false);
  const tap = () => void hold(true);

  document.addEventListener("visibilitychange", again, { signal });
  document.addEventListener("pointerdown", tap, { signal });
  document.addEventListener("keydown", tap, { signal });
  document.body.append(video);
  again();
  return () => {
    ends.abort();
    void held?.release();
    video.pause();
    video.remove();
  };
}

/** The browser's own lock, where there is one; it lets go whenever the page is hidden. */
async function lock(): Promise<WakeLockSentinel | null> {
  try {
    // eslint-disable-next-line no-restricted-properties -- used only where it is there
    return await navigator.wakeLock.request("screen");
  } catch {
    return null;
  }
}

function silentVideo(): HTMLVideoElement {
  const video = document.createElement("video");
  video.setAttribute("playsinline", "");
  video.setAttribute("aria-hidden", "true");
  video.loop = true;
  video.tabIndex = -1;
  video.style.cssText =
    "position:fixed;left:0;bottom:0;width:1px;height:1px;opacity:0.01;pointer-events:none";
  for (const [src, type] of [
    [webm, "video/webm"],
    [mp4, "video/mp4"],
  ] as const) {
    const source = document.createElement("source");
    source.src = src;
    source.type = type;
    video.append(source);
  }
  return video;
}
