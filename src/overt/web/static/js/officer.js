// The officer's screens: alerts that are passed on appear by themselves; a step is sent until it is stored.
import { joinSwitches, ring } from "./bell.js";
import { compare } from "./compare.js";
import { fetchPart, guarded, onLine, throttled } from "./fragment.js";
import { follow } from "./live.js";
import { problemOf, send } from "./send.js";

// ---- the list -------------------------------------------------------------------------

const street = document.getElementById("street");

function followList() {
  const queue = document.getElementById("queue");
  const waiting = () => [...queue.querySelectorAll("[data-urgency]")];
  const known = new Set(waiting().map((each) => each.dataset.open));

  const refresh = throttled(() => guarded(async () => {
    const part = await fetchPart(`/street/${street.dataset.deployment}/queue`);
    if (part.status !== 200) return;
    const focused = document.activeElement?.closest?.("[data-open]")?.dataset.open;
    queue.replaceChildren(...part.nodes);
    if (focused) queue.querySelector(`[data-open="${CSS.escape(focused)}"]`)?.focus();
    tellNews();
  }), 400);

  function tellNews() {
    const fresh = waiting().filter((each) => !known.has(each.dataset.open));
    for (const each of fresh) known.add(each.dataset.open);
    const count = waiting().length;
    document.title = `${count ? `(${count}) ` : ""}Passed on: ${street.dataset.name} - overt`;
    if (!fresh.length) return;
    const worst = ["red", "amber", "green"].find((level) => fresh.some((each) => each.dataset.urgency === level));
    ring(worst);
    document.getElementById("news").textContent = fresh.length === 1
      ? `An alert was passed on, ${worst}, camera ${fresh[0].dataset.camera}.`
      : `${fresh.length} alerts were passed on, the most urgent ${worst}.`;
  }

  const reload = () => location.reload();
  joinSwitches();
  follow(`/live/${street.dataset.deployment}/events`, Number(street.dataset.after), {
    AlertDecided: refresh,
    EngagementRecorded: refresh,
    OutcomeRecorded: refresh,
    BiometricsErased: refresh,
    DeploymentResumed: reload,
    DeploymentSuspended: reload,
    DeploymentEnded: reload,
    DeploymentPurged: reload,
  }, (isOn) => { onLine(isOn); if (isOn) refresh(); });
}

// ---- one step -------------------------------------------------------------------------

async function submit(form, button) {
  if (form.dataset.isSending || button?.hasAttribute("data-nothing")) return;
  form.dataset.isSending = "yes";
  const problem = form.querySelector("[data-problem]");
  const fields = new URLSearchParams(new FormData(form, button));
  problem.textContent = "Storing ...";
  const answer = await guarded(() => send(form.action, fields, (tries) => {
    problem.textContent = `No answer yet; sent again (${tries}). Keep this page open: it is stored once.`;
  }));
  delete form.dataset.isSending;
  if (answer?.status === 401) location.assign(`/sign-in?then=${encodeURIComponent(location.pathname)}`);
  else if (answer?.headers.get("content-type")?.startsWith("text/html")) await show(answer, form);
  else problem.textContent = answer ? await problemOf(answer) : "Not stored.";
}

/** Shows the page that an answer holds, at its address; what was chosen stays where it was refused. */
async function show(answer, form) {
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.redirected) history.replaceState(null, "", answer.url);
  document.title = parsed.title;
  document.querySelector("main").replaceChildren(...[...parsed.querySelector("main").childNodes].map((node) => document.importNode(node, true)));
  if (!answer.ok) chooseAgain(form);
  join();
  const next = document.querySelector("main [role=alert], main [aria-current=step], main [role=status]") ?? document.querySelector("main");
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "start" });
}

function chooseAgain(old) {
  const named = (action) => [...document.querySelectorAll("form[data-send]")].filter((form) => form.action === action);
  const verdict = old.elements.verdict?.value;
  const form = named(old.action).find((each) => each.elements.verdict?.value === verdict) ?? named(old.action)[0];
  if (!form) return;
  form.closest("details")?.setAttribute("open", "");
  for (const chosen of [...old.elements].filter((each) => each.checked)) {
    const same = [...form.elements].find((each) => each.name === chosen.name && each.value === chosen.value);
    if (same) same.checked = true;
  }
}

function join() {
  for (const form of document.querySelectorAll("form[data-send]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); submit(form, event.submitter); });
  }
  compare(document);
}

if (street) followList();
join();
