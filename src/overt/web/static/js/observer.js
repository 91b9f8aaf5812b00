// Follows the figures: texts by key, at most one message every few seconds.
import { sayLine } from "./live.js";

const figures = document.getElementById("figures");
const places = new Map([...document.querySelectorAll("[data-live]")].map((place) => [place.dataset.live, place]));
let source = null;

function open() {
  if (source) source.close();
  source = new EventSource(figures.dataset.events);
  source.onopen = () => sayLine(true);
  source.onerror = () => {
    sayLine(false);
    // A refused stream is not tried again by the browser: try ourselves.
    if (source.readyState === EventSource.CLOSED) setTimeout(open, 5000);
  };
  source.addEventListener("counts", (event) => {
    for (const [key, text] of Object.entries(JSON.parse(event.data))) {
      const place = places.get(key);
      if (place && place.textContent !== text) place.textContent = text;
    }
  });
}

addEventListener("pagehide", () => source.close());
open();
