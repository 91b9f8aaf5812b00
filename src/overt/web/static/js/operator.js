// The operator's screen: alerts as they come, one open at a time, the newest first.
import { isOn, joinSwitches, ring } from "./bell.js";
import { compare } from "./compare.js";
import { fetchPart, guarded, onLine, partOf, throttled } from "./fragment.js";
import { follow } from "./live.js";
import { send } from "./send.js";

const SETTLE_MS = 700; // the same before every choice: a key meant for the last card decides nothing
const STATUS_MS = 2000;
const PREVIEW_MS = 330;
const PAN_PX = 40;

const live = document.getElementById("live");
const base = `/live/${live.dataset.deployment}`;
const queue = document.getElementById("queue");
const card = document.getElementById("card");
const stored = document.getElementById("stored");
const status = document.getElementById("status");
const side = document.getElementById("side");
const known = new Set(waitingIds());
let pictures = null;
let isBusy = false;

function waiting() { return [...queue.querySelectorAll("[data-urgency]")]; }
function waitingIds() { return waiting().map((each) => each.dataset.open); }
function openCard() { return card.querySelector("[data-alert]"); }
function isDeciding() { return openCard()?.dataset.state === "raised"; }


// ---- the list -------------------------------------------------------------------------

const refreshQueue = throttled(() => guarded(async () => {
  const part = await fetchPart(`${base}/queue`);
  if (part.status !== 200) return;
  const focused = document.activeElement?.closest?.("[data-open]")?.dataset.open;
  queue.replaceChildren(...part.nodes);
  if (focused) queue.querySelector(`[data-open="${CSS.escape(focused)}"]`)?.focus();
  tellNews();
  markOpen();
  await openNewestIfIdle();
}), 400);

function tellNews() {
  const fresh = waiting().filter((each) => !known.has(each.dataset.open));
  for (const each of fresh) known.add(each.dataset.open);
  const count = waiting().length;
  document.title = `${count ? `(${count}) ` : ""}Live: ${live.dataset.name} - overt`;
  if (!fresh.length) return;
  const worst = ["red", "amber", "green"].find((level) => fresh.some((each) => each.dataset.urgency === level));
  ring(worst);
  document.getElementById("news").textContent = fresh.length === 1
    ? `New possible match, ${worst}, camera ${fresh[0].dataset.camera}. ${count} waiting.`
    : `${fresh.length} new possible matches, the most urgent ${worst}. ${count} waiting.`;
}

function markOpen() {
  const id = openCard()?.dataset.alert;
  for (const each of queue.querySelectorAll("[data-open]")) {
    if (each.dataset.open === id) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
}

// ---- the card -------------------------------------------------------------------------

// An alert counts as shown from here on: it is asked for only while the page is on the screen.
async function openNewestIfIdle() {
  if (document.hidden || isDeciding() || isBusy) return;
  const newest = waitingIds()[0];
  if (newest) await open(newest, { isAsked: false });
}

async function open(id, { isAsked }) {
  if (isBusy) return;
  isBusy = true;
  await guarded(async () => {
    const part = await fetchPart(`${base}/alerts/${encodeURIComponent(id)}`);
    if (part.nodes.length) show(part.nodes, { takesFocus: isAsked || isFree() });
  });
  isBusy = false;
}

function isFree() {
  const focused = document.activeElement;
  return !focused || focused === document.body || focused === stored || card.contains(focused) || queue.contains(focused);
}

function show(nodes, { takesFocus }) {
  card.replaceChildren(...nodes);
  const article = openCard();
  if (article && stored.dataset.alert && stored.dataset.alert !== article.dataset.alert) {
    stored.classList.add("is-earlier"); // what it says is not of the alert that is open now
    stored.firstChild.textContent = "The alert before, stored: ";
  }
  pictures = article ? compare(article) : null;
  markOpen();
  if (!article) return;
  if (takesFocus) article.focus({ preventScroll: true });
  const { top } = article.getBoundingClientRect();
  if (top < 0 || top > innerHeight * 0.6) article.scrollIntoView({ block: "start" });
  const form = article.querySelector("[data-decide]");
  if (form) settle(article, form);
}

// No choice before both pictures have been there for a moment, whichever way it decides.
async function settle(article, form) {
  article.classList.add("is-settling");
  form.addEventListener("submit", (event) => { event.preventDefault(); decide(form, event.submitter); });
  await pictures?.ready;
  await new Promise((go) => setTimeout(go, SETTLE_MS));
  article.classList.remove("is-settling");
}

async function decide(form, button) {
  const article = form.closest("[data-alert]");
  if (!button?.name || isBusy || article.classList.contains("is-settling")) return;
  const problem = form.querySelector("[data-problem]");
  isBusy = true;
  article.classList.add("is-settling");
  problem.textContent = "Storing ...";
  const fields = new URLSearchParams(new FormData(form, button));
  const part = await guarded(async () => partOf(await send(form.action, fields, (tries) => {
    problem.textContent = `No answer yet; sent again (${tries}). Keep this page open: it is stored once.`;
  })));
  isBusy = false;
  if (!part) { problem.textContent = "Not stored."; article.classList.remove("is-settling"); return; }
  if (part.status === 200) {
    stored.classList.remove("is-earlier");
    stored.dataset.alert = article.dataset.alert;
    stored.replaceChildren("Stored. ", ...part.nodes);
    card.replaceChildren(empty());
    stored.focus({ preventScroll: true });
    known.add(article.dataset.alert);
    await refreshQueue();
  } else if (part.nodes.length) {
    show(part.nodes, { takesFocus: true }); // somebody else was first, or it is erased
    refreshQueue();
  } else {
    problem.textContent = part.problem;
    article.classList.remove("is-settling");
  }
}

function empty() {
  const place = document.createElement("div");
  place.className = "empty card-empty";
  const text = document.createElement("p");
  text.textContent = "When a possible match is found, it appears here by itself.";
  place.append(text);
  return place;
}

queue.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  stored.replaceChildren();
  open(link.dataset.open, { isAsked: true });
});

// ---- keys -----------------------------------------------------------------------------

addEventListener("keydown", (event) => {
  if (!isOn("keys") || event.ctrlKey || event.metaKey || event.altKey || event.repeat && !event.key.startsWith("Arrow")) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  if (event.key === "n") return void openNewest();
  const zooms = { "+": "in", "=": "in", "-": "out", 0: "reset" };
  if (event.key in zooms && pictures) { pictures.by(zooms[event.key]); return; }
  const moves = { ArrowLeft: [PAN_PX, 0], ArrowRight: [-PAN_PX, 0], ArrowUp: [0, PAN_PX], ArrowDown: [0, -PAN_PX] };
  if (event.key in moves && pictures && card.querySelector(".is-zoomed")) {
    event.preventDefault();
    pictures.pan(...moves[event.key]);
    return;
  }
  const button = card.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button) { event.preventDefault(); decide(button.form, button); }
});

function openNewest() {
  const newest = waitingIds()[0];
  if (newest) open(newest, { isAsked: true });
}

// ---- figures and cameras --------------------------------------------------------------

async function refreshStatus() {
  if (document.hidden) return;
  await guarded(async () => {
    const part = await fetchPart(`${base}/status`);
    if (part.status !== 200) return;
    status.replaceChildren(...part.nodes);
    const { state } = status.querySelector("[data-state]").dataset;
    const tag = document.querySelector("[data-state-tag]");
    tag.textContent = state[0].toUpperCase() + state.slice(1).replaceAll("_", " ");
    tag.className = `tag ${state === "live" ? "tag-good" : "tag-warn"}`;
  });
}

// The page is never loaded anew while somebody decides: what they pressed would be gone.
async function refreshSide() {
  await refreshStatus();
  await guarded(async () => {
    const part = await fetchPart(`${base}/side`);
    if (part.status !== 200) return;
    side.replaceChildren(...part.nodes);
    watchCameras();
  });
}

function watchCameras() {
  const onScreen = new Set(); // frames
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) onScreen.add(entry.target);
      else onScreen.delete(entry.target);
    }
  });
  for (const frame of document.querySelectorAll("[data-preview]")) {
    let picture = frame.querySelector("img");
    const { alt } = picture;
    const address = picture.getAttribute("src");
    let n = 0;
    const ask = () => {
      if (!frame.isConnected) return watcher.disconnect();
      if (document.hidden || !onScreen.has(frame)) return void setTimeout(ask, PREVIEW_MS);
      const fresh = new Image();
      fresh.alt = alt;
      fresh.onload = () => {
        picture.replaceWith(fresh);
        picture = fresh;
        frame.classList.add("has-picture");
        setTimeout(ask, PREVIEW_MS);
      };
      fresh.onerror = () => { frame.classList.remove("has-picture"); setTimeout(ask, 2000); };
      fresh.src = `${address}?n=${n++}`;
    };
    watcher.observe(frame);
    setTimeout(ask, PREVIEW_MS);
  }
}

// ---- events ---------------------------------------------------------------------------

function onDecided(data) {
  const article = openCard();
  const isOther = data.alert_id === article?.dataset.alert && data.step === "operator";
  if (isOther && isDeciding() && !isBusy) open(data.alert_id, { isAsked: false });
  refreshQueue();
}

function onErased() {
  const id = openCard()?.dataset.alert;
  if (id && !isBusy) open(id, { isAsked: false });
  refreshQueue();
}

const both = () => { refreshStatus(); refreshQueue(); };

joinSwitches();
if (openCard()) show([...card.childNodes], { takesFocus: true });
document.querySelector("[data-empty]") && openNewestIfIdle();
watchCameras();
setInterval(refreshStatus, STATUS_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { refreshStatus(); openNewestIfIdle(); } });
follow(`${base}/events`, Number(live.dataset.after), {
  AlertRaised: refreshQueue,
  AlertDecided: onDecided,
  EngagementRecorded: refreshQueue,
  BiometricsErased: onErased,
  DeploymentWentLive: refreshSide,
  DeploymentResumed: refreshSide,
  DeploymentSuspended: refreshSide,
  DeploymentEnded: refreshSide,
  DeploymentPurged: () => { refreshSide(); onErased(); },
  CameraLost: both,
  CameraReturned: both,
  LimitStatusChanged: refreshStatus,
}, (isLineOn) => { onLine(isLineOn); if (isLineOn) refreshQueue(); });
