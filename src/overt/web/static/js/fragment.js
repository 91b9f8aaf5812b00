// Fetches a part of a page and puts it in place; the server has escaped what it holds.

import { sayLine } from "./live.js";

let isSignedOut = false;

class SignedOut extends Error {}

/**
 * Returns a part of a page, and the answer's status.
 * @param {string} address
 * @returns {Promise<{status: number, nodes: Node[]}>}
 */
export async function fetchPart(address) {
  const answer = await fetch(address, {
    headers: { "X-Requested-With": "fetch", Accept: "text/html, application/json;q=0.5" },
  });
  return partOf(answer);
}

/** Returns the nodes of an answer that holds a part of a page. */
export async function partOf(answer) {
  if (answer.status === 401) throw new SignedOut();
  if (isSignedOut) location.reload(); // signed in again: the page's token is the old session's
  const isPart = answer.headers.get("content-type")?.startsWith("text/html");
  if (!isPart) return { status: answer.status, nodes: [], problem: await messageOf(answer) };
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { status: answer.status, nodes: [...parsed.body.childNodes].map((node) => document.importNode(node, true)), problem: null };
}

async function messageOf(answer) {
  const isJson = answer.headers.get("content-type")?.includes("json");
  return isJson ? (await answer.json()).message : `The service answered ${answer.status}.`;
}

/** Does work that asks the server; returns null and says so on the page where no answer came. */
export async function guarded(work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SignedOut) saySignedOut();
    else if (error instanceof TypeError) onLine(false); // no answer came; it is asked again
    else throw error;
    return null;
  }
}

/** Says on the page whether it is up to date; a page of an ended session is loaded anew after signing in. */
export function onLine(isOn) {
  if (isOn && isSignedOut) location.reload();
  else if (!isSignedOut) sayLine(isOn);
}

function saySignedOut() {
  isSignedOut = true;
  const line = document.getElementById("line");
  const link = document.createElement("a");
  link.href = `/sign-in?then=${encodeURIComponent(location.pathname)}`;
  link.textContent = "Sign in again";
  line.replaceChildren("Your session has ended. ", link, ". What was not stored is still to be decided; nothing is lost.");
  line.hidden = false;
}

/**
 * Returns a function that runs another at once, and again at most every so often while asked.
 * @param {() => Promise<void>} work
 * @param {number} everyMs
 */
export function throttled(work, everyMs) {
  let isBusy = false;
  let isAsked = false;
  return async function run() {
    if (isBusy) { isAsked = true; return; }
    isBusy = true;
    do {
      isAsked = false;
      await work();
      await new Promise((go) => setTimeout(go, everyMs));
    } while (isAsked);
    isBusy = false;
  };
}
