// Shows the newest coarse picture of each running camera, one after the other.
const EVERY_MS = 1000;

async function show(image) {
  const none = image.nextElementSibling;
  if (!document.hidden) {
    try {
      const answer = await fetch(image.dataset.preview, { headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 200) {
        const before = image.src;
        image.src = URL.createObjectURL(await answer.blob());
        if (before.startsWith("blob:")) URL.revokeObjectURL(before);
      }
      image.hidden = answer.status !== 200;
      none.hidden = !image.hidden;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: no answer came; asked again
    }
  }
  setTimeout(show, EVERY_MS, image);
}

for (const image of document.querySelectorAll("[data-preview]")) show(image);
