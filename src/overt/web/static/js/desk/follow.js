// Shows how far something is that goes on; shows its end as soon as it is over.
const place = document.querySelector("[data-follow]");
const bar = place?.querySelector("[data-progress]");
const words = place?.querySelector("[data-words]");

async function look() {
  try {
    const answer = await fetch(place.dataset.follow, { headers: { "X-Requested-With": "fetch", Accept: "application/json" } });
    if (!answer.ok) { location.reload(); return; }
    const { is_over, n_done, n_total } = await answer.json();
    if (is_over) { location.replace(place.dataset.then || place.dataset.follow); return; }
    if (n_total && bar) {
      bar.max = n_total;
      bar.value = n_done;
      const text = `${n_done} of ${n_total}`;
      if (words.textContent !== text) words.textContent = text;
    }
  } catch {
    words.textContent = "No connection. It goes on; this page tries again.";
  }
  setTimeout(look, 1000);
}
if (place) setTimeout(look, 500);
