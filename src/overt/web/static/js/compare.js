// Two pictures at one scale: whatever enlarges or moves one does the same to the other.

const STEP = 1.25;
const MOST = 6;
const WIDTH_OF_FACE = 0.85; // of its height, where only the width of a picture is whole
const CUT_FROM = 1.05; // a picture wider than this for its height has lost some of that height

/**
 * Joins the two pictures in a place; returns what moves them.
 * @param {Element} place
 * @returns {{by: (what: string) => void, pan: (x: number, y: number) => void, ready: Promise<void>} | null}
 */
export function compare(place) {
  const pair = place.querySelector("[data-compare]");
  if (!pair) return null;
  const controls = place.querySelector("[data-zoom]");
  const pictures = [...pair.querySelectorAll("[data-picture]")];
  const fingers = new Map();
  let zoom = 1;
  let x = 0;
  let y = 0;
  let apart = 0;

  function show() {
    if (zoom === 1) { x = 0; y = 0; }
    const frame = pictures[0].parentElement.getBoundingClientRect();
    const most = { x: (frame.width * zoom) / 2, y: (frame.height * zoom) / 2 };
    x = Math.max(-most.x, Math.min(most.x, x));
    y = Math.max(-most.y, Math.min(most.y, y));
    for (const picture of pictures) {
      picture.style.setProperty("--zoom", zoom);
      picture.style.setProperty("--pan-x", `${x}px`);
      picture.style.setProperty("--pan-y", `${y}px`);
    }
    pair.classList.toggle("is-zoomed", zoom > 1);
    controls.querySelector("[data-zoom-now]").textContent = `${Math.round(zoom * 100)} %`;
  }

  function to(wanted) {
    const next = Math.max(1, Math.min(MOST, wanted));
    x *= next / zoom;
    y *= next / zoom;
    zoom = next;
    show();
  }

  function by(what) {
    if (what === "reset") to(1);
    else to(what === "in" ? zoom * STEP : zoom / STEP);
  }

  function pan(dx, dy) {
    if (zoom === 1) return;
    x += dx;
    y += dy;
    show();
  }

  controls.hidden = false;
  controls.addEventListener("click", (event) => {
    const button = event.target.closest("[data-zoom-by]");
    if (button) by(button.dataset.zoomBy);
  });
  for (const frame of pair.querySelectorAll("[data-frame]")) {
    frame.addEventListener("dblclick", () => to(zoom > 1 ? 1 : 2));
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && zoom === 1) return; // the page scrolls
      event.preventDefault();
      to(zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
    }, { passive: false });
    frame.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, event);
      frame.setPointerCapture(event.pointerId);
      apart = spread();
    });
    frame.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      fingers.set(event.pointerId, event);
      if (fingers.size === 2) {
        const now = spread();
        if (apart > 0) to((zoom * now) / apart);
        apart = now;
      } else {
        pan(event.clientX - before.clientX, event.clientY - before.clientY);
      }
    });
    for (const kind of ["pointerup", "pointercancel"]) {
      frame.addEventListener(kind, (event) => { fingers.delete(event.pointerId); apart = 0; });
    }
  }

  function spread() {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
  }

  const ready = Promise.all(pictures.map((picture) => settled(picture, pair))).then(() => {});
  return { by, pan, ready };
}

/** Waits for a picture, makes its face as high as the other's, or says that it is gone. */
async function settled(picture, pair) {
  if (!picture.complete) {
    await new Promise((go) => {
      picture.addEventListener("load", go, { once: true });
      picture.addEventListener("error", go, { once: true });
    });
  }
  if (!picture.naturalHeight) {
    picture.hidden = true;
    picture.nextElementSibling.hidden = false;
    return;
  }
  const seen = Number(pair.dataset.shareSeen);
  const own = picture.dataset.picture === "seen" ? seen : Number(pair.dataset.shareListed);
  let face = picture.naturalHeight / own;
  if (picture.naturalWidth > picture.naturalHeight * CUT_FROM) {
    const width = picture.dataset.picture === "seen" ? own * WIDTH_OF_FACE : own - 1 + WIDTH_OF_FACE;
    face = Math.max(face, picture.naturalWidth / width);
  }
  picture.style.setProperty("--fit", picture.naturalHeight / (face * seen));
}
