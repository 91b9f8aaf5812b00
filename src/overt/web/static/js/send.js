// Sends a change once, however often the line breaks: the same key again decides nothing twice.

const WAIT_MS = [500, 1000, 2000, 4000, 8000];

/** Returns a key that nothing else has. */
export function newKey() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(36).slice(2)}`;
}

/**
 * Posts form fields; tries again while there is no answer, with the same fields.
 * @param {string} address
 * @param {FormData|URLSearchParams} fields with a key of their own
 * @param {(tries: number) => void} onWait told before each new try
 * @returns {Promise<Response>}
 */
export async function send(address, fields, onWait = () => {}) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  for (let tries = 0; ; tries++) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: fields,
        headers: { "X-CSRF-Token": token, "X-Requested-With": "fetch", Accept: "application/json, text/html;q=0.5" },
      });
      if (answer.status !== 503) return answer;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: no answer came
    }
    onWait(tries + 1);
    await new Promise((go) => setTimeout(go, WAIT_MS[Math.min(tries, WAIT_MS.length - 1)]));
  }
}

/** Returns the message of an answer that was refused. */
export async function problemOf(answer) {
  const isJson = answer.headers.get("content-type")?.includes("json");
  return isJson ? (await answer.json()).message : `The service answered ${answer.status}.`;
}
