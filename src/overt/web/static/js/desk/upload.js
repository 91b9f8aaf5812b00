// Sends a list with its photographs, shows how much has arrived, and says at once what is too large.
const form = document.getElementById("upload");
const MIB = 1 << 20;

function problem(text) {
  const at = form.querySelector("[data-upload-problem]");
  at.hidden = !text;
  at.textContent = text;
}

function tooMuch() {
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const { most, mostFile, mostFiles } = form.dataset;
  if (files.length - 1 > Number(mostFiles)) return `At most ${mostFiles} photographs, found ${files.length - 1}.`;
  const large = files.filter((file) => file.size > Number(mostFile) * MIB).length;
  if (large) return `At most ${mostFile} MiB a file; ${large} of them ${large === 1 ? "is" : "are"} larger.`;
  if (bytes > (Number(most) - 1) * MIB) return `At most ${most} MiB together, found ${Math.ceil(bytes / MIB)}.`;
  return "";
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  const text = tooMuch();
  problem(text);
  if (text) return;
  const button = form.querySelector("button[type=submit]");
  const box = form.querySelector("[data-sending]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-sent-words]");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-CSRF-Token", document.querySelector("meta[name=csrf-token]").content);
  request.setRequestHeader("X-Requested-With", "fetch");
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = (100 * loaded) / total;
    words.textContent = `${(loaded / MIB).toFixed(1)} of ${(total / MIB).toFixed(1)} MiB`;
  };
  request.onload = () => {
    if (request.status === 200) { location.assign(request.response.to); return; }
    again(request.response?.message ?? `The service answered ${request.status}.`);
  };
  request.onerror = () => again("The connection broke while sending. Nothing was stored: send it again.");
  function again(why) {
    problem(why);
    box.hidden = true;
    button.disabled = false;
  }
  box.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
}, { capture: true });
