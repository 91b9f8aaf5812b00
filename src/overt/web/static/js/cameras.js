// Shows the newest coarse picture of each running camera, one after the other.
const EVERY_MS = 1000;

/** Returns a picture as an address of its own: none that anybody else could open. */
function asData(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

async function show(image) {
  const none = image.nextElementSibling;
  if (!document.hidden) {
    try {
      const answer = await fetch(image.dataset.preview, { headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 200) image.src = await asData(await answer.blob());
      image.hidden = answer.status !== 200;
      none.hidden = !image.hidden;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: no answer came; asked again
    }
  }
  setTimeout(show, EVERY_MS, image);
}

for (const image of document.querySelectorAll("[data-preview]")) show(image);
