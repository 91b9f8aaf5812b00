// Sound, vibration and keys: off or on as this person has chosen in this browser.

const BEEPS = { red: [880, 1175, 880, 1175], amber: [784, 784], green: [587] };
const BUZZES = { red: [200, 80, 200, 80, 400], amber: [200, 100, 200], green: [150] };
const AT_FIRST = { sound: false, vibration: true, keys: true };
let sounds = null;

/** Returns whether something is switched on. */
export function isOn(name) {
  const kept = localStorage.getItem(`overt.${name}`);
  return kept === null ? AT_FIRST[name] : kept === "on";
}

/** Joins the switches of the page with what they switch. */
export function joinSwitches() {
  const place = document.querySelector("[data-switches]");
  if (!place) return;
  place.hidden = false;
  if (!navigator.vibrate) place.querySelectorAll("[data-only-vibrating]").forEach((each) => { each.hidden = true; });
  for (const box of place.querySelectorAll("[data-switch]")) {
    const name = box.dataset.switch;
    box.checked = isOn(name);
    box.addEventListener("change", () => {
      localStorage.setItem(`overt.${name}`, box.checked ? "on" : "off");
      show();
      if (name === "sound" && box.checked) ring("green");
    });
  }
  show();
  // A browser plays nothing before somebody has touched the page.
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { if (isOn("sound")) wake(); }, { once: true });
  }
}

/** Makes an alert of this urgency heard and felt, where that is switched on. */
export function ring(urgency) {
  // Like sound, it is refused before somebody has touched the page.
  const isTouched = navigator.userActivation?.hasBeenActive ?? true;
  if (isOn("vibration") && navigator.vibrate && isTouched) navigator.vibrate(BUZZES[urgency] ?? BUZZES.green);
  if (!isOn("sound")) return;
  wake();
  let at = sounds.currentTime;
  for (const pitch of BEEPS[urgency] ?? BEEPS.green) {
    const tone = sounds.createOscillator();
    const loudness = sounds.createGain();
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.25, at + 0.02);
    loudness.gain.linearRampToValueAtTime(0, at + 0.17);
    tone.connect(loudness).connect(sounds.destination);
    tone.start(at);
    tone.stop(at + 0.18);
    at += 0.22;
  }
}

function wake() {
  sounds ??= new AudioContext();
  if (sounds.state === "suspended") sounds.resume();
}

function show() {
  document.body.classList.toggle("no-keys", !isOn("keys"));
}
