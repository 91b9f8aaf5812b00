// The application saves itself while it is written, and its rows come and go without a new page.
import { problemOf, send } from "../send.js";

const form = document.getElementById("application");
const said = form.querySelector("[data-saved]");
const IDLE_MS = 5000;
let timer = null;
let going = null; // the saving that is on its way
let isStopped = false;

/** Returns the fields without files; those stay where they are until the form itself is sent. */
function fields() {
  const texts = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") texts.append(name, value);
  }
  return texts;
}

function changed() {
  if (isStopped) return;
  said.textContent = "Not saved yet.";
  clearTimeout(timer);
  timer = setTimeout(save, IDLE_MS);
}

function save() {
  clearTimeout(timer);
  timer = null;
  going ??= saved().finally(() => { going = null; });
  return going;
}

async function saved() {
  const sent = new Map([...form.querySelectorAll("[data-secret]")].map((field) => [field, field.value]));
  said.textContent = "Saving...";
  const answer = await send(form.dataset.autosave, fields(), () => {
    said.textContent = "No connection. Trying again; what you typed stays on this page.";
  });
  if (!answer.ok) {
    isStopped = answer.status === 409;
    said.textContent = `Not saved: ${await problemOf(answer)}`;
    return;
  }
  const { seen, addresses } = await answer.json();
  form.elements.seen.value = seen;
  for (const [field, value] of sent) {
    const key = field.name.split(".")[3];
    if (value && field.value === value && addresses[key]) {
      field.value = ""; // it stands in the vault, and needs to be sent no more
      const hint = document.getElementById(`${field.id}-hint`);
      if (hint) hint.textContent = `Kept encrypted: ${addresses[key]}. Type another to replace it.`;
    }
  }
  const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  said.textContent = `Saved at ${now}.`;
}

form.addEventListener("input", changed);
addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });

// Whoever presses a button while a saving is on its way is not taken for a second person.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  timer = null;
  if (!going) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  going.then(() => form.requestSubmit(button));
}, { capture: true });

// A file that is only there for its digest is not sent.
for (const input of form.querySelectorAll("[data-digest-for]")) {
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file || !crypto.subtle) return;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const target = form.elements[input.dataset.digestFor];
    target.value = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    input.value = "";
    target.focus();
    changed();
  });
}

/** Returns a row like another one, empty, under a key of its own. */
function likeRow(row) {
  const copy = row.cloneNode(true);
  const old = copy.querySelector("[name]").name.split(".")[3];
  const key = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  for (const each of copy.querySelectorAll("*")) {
    for (const name of ["id", "name", "for", "aria-describedby", "value"]) {
      const text = each.getAttribute(name);
      if (text?.includes(`.${old}`)) each.setAttribute(name, text.replaceAll(`.${old}`, `.${key}`));
    }
    each.removeAttribute("aria-invalid");
  }
  for (const each of copy.querySelectorAll(".problem")) each.remove();
  for (const each of copy.querySelectorAll("input")) {
    if (!each.name.endsWith(".zone")) each.value = "";
  }
  for (const each of copy.querySelectorAll("select")) each.closest(".field").remove();
  for (const each of copy.querySelectorAll("[data-secret]")) {
    const hint = copy.querySelector(`[id="${each.id}-hint"]`);
    if (hint) hint.textContent = "rtsp://..., http://... or /dev/video0. Kept encrypted; it does not come back to this page.";
  }
  return copy;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  const rows = button.closest("[data-rows]");
  const all = rows.querySelectorAll("[data-row]");
  if (button.matches("[data-add]")) {
    if (!all.length) return; // nothing to copy: the server makes the first one
    event.preventDefault();
    const row = likeRow(all[all.length - 1]);
    const word = rows.dataset.rows === "windows" ? "Window" : "Camera";
    row.querySelector("legend").textContent = `${word} ${all.length + 1}`;
    button.before(row);
    row.querySelector("input").focus();
  } else {
    event.preventDefault();
    button.closest("[data-row]").remove();
    rows.querySelector("[data-add]").focus();
  }
  changed();
});
