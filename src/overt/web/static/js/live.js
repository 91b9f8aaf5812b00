// Follows a deployment's events. A browser that comes back names the last event that it knows.

const SILENT_MS = 40000; // the server says something every 15 s

/**
 * Calls handlers for events until the page is left.
 * @param {string} address of the stream
 * @param {number} after number of the last event that the page already shows
 * @param {Object<string, (data: object) => void>} handlers by kind of event
 * @param {(isOn: boolean) => void} onLine told when the line is lost and found
 */
export function follow(address, after, handlers, onLine) {
  let last = after;
  let source = null;
  let heard = Date.now();

  function open() {
    if (source) source.close();
    source = new EventSource(`${address}?after=${last}`);
    heard = Date.now();
    source.onopen = () => { heard = Date.now(); onLine(true); };
    source.onerror = () => {
      onLine(false);
      // A refused stream is not tried again by the browser: try ourselves.
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000);
    };
    for (const [kind, handle] of Object.entries(handlers)) {
      source.addEventListener(kind, (event) => {
        heard = Date.now();
        const seq = Number(event.lastEventId);
        if (seq <= last) return; // told before
        last = seq;
        handle(JSON.parse(event.data));
      });
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (source.readyState !== EventSource.OPEN || Date.now() - heard > SILENT_MS)) open();
  });
  addEventListener("online", open);
  addEventListener("offline", () => onLine(false));
  addEventListener("pagehide", () => source.close());
  open();
}

/** Shows on the page whether it is up to date. */
export function sayLine(isOn) {
  const line = document.getElementById("line");
  line.hidden = isOn;
  line.textContent = isOn ? "" : "No connection. Trying again; nothing is lost: missed alerts appear when it is back.";
}
