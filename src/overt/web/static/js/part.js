// Asks again for a part of the page while work goes on that the part tells of.
const EVERY_MS = 1000;

async function refresh(part) {
  let isOver = false;
  try {
    const answer = await fetch(part.dataset.part, { headers: { "X-Requested-With": "fetch", Accept: "text/html" } });
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      isOver = !fresh.querySelector("progress");
      part.replaceChildren(...fresh.body.childNodes);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // TypeError: no answer came; asked again
  }
  if (!isOver) setTimeout(refresh, EVERY_MS, part);
}

for (const part of document.querySelectorAll("[data-part][data-goes-on]")) setTimeout(refresh, EVERY_MS, part);
