// Asks again for a part of the page: while work goes on that it tells of, or as long as it changes.
const EVERY_MS = 1000, KEEPS_ON_MS = 3000;

async function refresh(part) {
  const keepsOn = "keepsOn" in part.dataset;
  let isOver = false;
  try {
    const answer = await fetch(part.dataset.part, { headers: { "X-Requested-With": "fetch", Accept: "text/html" } });
    // What somebody is at stays: a part that is read or tabbed through is left alone.
    if (answer.ok && !part.contains(document.activeElement)) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      isOver = !keepsOn && !fresh.querySelector("progress");
      part.replaceChildren(...fresh.body.childNodes);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // TypeError: no answer came; asked again
  }
  if (!isOver) setTimeout(refresh, keepsOn ? KEEPS_ON_MS : EVERY_MS, part);
}

for (const part of document.querySelectorAll("[data-part][data-goes-on], [data-part][data-keeps-on]")) {
  setTimeout(refresh, EVERY_MS, part);
}
