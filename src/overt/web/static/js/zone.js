// Draws a zone: corners by mouse, touch and keyboard; the text field is what is sent.
const form = document.getElementById("zone-form");
const stage = document.getElementById("stage");
const handles = document.getElementById("handles");
const list = document.getElementById("corners");
const rowOf = document.getElementById("corner-row");
const text = document.getElementById("zone");
const problem = document.getElementById("zone-problem");
const said = document.getElementById("zone-said");
const undoButton = document.getElementById("tool-undo");
const WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]];
const STEP = 0.005, LARGE_STEP = 0.05, FEWEST = 3, MOST = 64;

let corners = read(text.value);
let chosen = 0;
const before = [];

function read(typed) {
  const pairs = typed.trim().split(/\s+/).map((pair) => pair.split(",").map(Number));
  const isZone = pairs.length >= FEWEST && pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return isZone ? pairs.map((pair) => pair.map(inside)) : WHOLE.map((corner) => [...corner]);
}

function inside(value) { return Math.min(1, Math.max(0, value)); }
function short(value) { return String(Math.round(value * 10000) / 10000); }
function percent(value) { return String(Math.round(value * 1000) / 10); }
function asText() { return corners.map(([x, y]) => `${short(x)},${short(y)}`).join(" "); }

function turn(o, a, b) { return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]); }
function cross(a, b, c, d) { return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0; }
function hasCrossingEdges() {
  const n = corners.length;
  const edge = (i) => [corners[i], corners[(i + 1) % n]];
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (!(i === 0 && j === n - 1) && cross(...edge(i), ...edge(j))) return true;
    }
  }
  return false;
}

/** Remembers what stood before a change, so that it can be undone. */
function remember() {
  before.push(corners.map((corner) => [...corner]));
  if (before.length > 200) before.shift();
}

function changed(message) {
  const wrong = hasCrossingEdges() ? "The edges of a zone must not cross." : "";
  if (problem.textContent !== wrong) problem.textContent = wrong;
  text.value = asText();
  for (const id of ["shape", "shape-below"]) document.getElementById(id).setAttribute("points", text.value);
  undoButton.disabled = before.length === 0;
  if (message) said.textContent = message;
  showHandles();
  showRows();
}

function showHandles() {
  while (handles.children.length > corners.length) handles.lastChild.remove();
  while (handles.children.length < corners.length) handles.append(newHandle(handles.children.length));
  corners.forEach(([x, y], i) => {
    const handle = handles.children[i];
    handle.style.left = `${x * 100}%`;
    handle.style.top = `${y * 100}%`;
    handle.setAttribute("aria-label", `Corner ${i + 1} of ${corners.length}: ${percent(x)} % from the left, ${percent(y)} % from the top`);
    handle.setAttribute("aria-pressed", String(i === chosen));
  });
}

function showRows() {
  while (list.children.length > corners.length) list.lastElementChild.remove();
  while (list.children.length < corners.length) {
    const row = rowOf.content.firstElementChild.cloneNode(true);
    const i = list.children.length;
    for (const field of row.querySelectorAll("input")) field.addEventListener("change", () => type(i, field));
    list.append(row);
  }
  corners.forEach((corner, i) => {
    for (const field of list.children[i].querySelectorAll("input")) {
      if (field !== document.activeElement) field.value = percent(corner[field.dataset.axis]);
    }
  });
}

function newHandle(i) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "handle";
  handle.setAttribute("aria-describedby", "zone-help");
  const number = document.createElement("span");
  number.textContent = String(i + 1);
  handle.append(number);
  handle.addEventListener("focus", () => choose(i));
  handle.addEventListener("keydown", (event) => onKey(event, i));
  handle.addEventListener("pointerdown", (event) => drag(event, handle, i));
  return handle;
}

function choose(i) {
  chosen = i;
  showHandles();
}

function placeOf(event) {
  const box = stage.getBoundingClientRect();
  return [inside((event.clientX - box.left) / box.width), inside((event.clientY - box.top) / box.height)];
}

function drag(event, handle, i) {
  event.preventDefault();
  handle.focus();
  handle.setPointerCapture(event.pointerId);
  const start = corners[i];
  let hasMoved = false;
  const move = (moved) => {
    if (!hasMoved) remember();
    hasMoved = true;
    corners[i] = placeOf(moved);
    changed();
  };
  handle.addEventListener("pointermove", move);
  const end = () => {
    handle.removeEventListener("pointermove", move);
    if (hasMoved && start[0] === corners[i][0] && start[1] === corners[i][1]) before.pop();
    changed();
  };
  handle.addEventListener("pointerup", end, { once: true });
  handle.addEventListener("pointercancel", end, { once: true });
}

function onKey(event, i) {
  const step = event.shiftKey ? LARGE_STEP : STEP;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (moves[event.key]) {
    remember();
    corners[i] = [inside(corners[i][0] + moves[event.key][0]), inside(corners[i][1] + moves[event.key][1])];
    changed(`${percent(corners[i][0])} %, ${percent(corners[i][1])} %`);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    remove(i);
  } else if (event.key === "Insert" || event.key === "+") {
    addAfter(i);
  } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    undo();
  } else {
    return;
  }
  event.preventDefault();
}

function type(i, field) {
  const value = Number(field.value);
  if (!Number.isFinite(value)) return;
  remember();
  corners[i][field.dataset.axis] = inside(value / 100);
  chosen = i;
  field.value = percent(corners[i][field.dataset.axis]);
  changed();
}

function add(i, corner) {
  if (corners.length >= MOST) {
    said.textContent = `A zone has at most ${MOST} corners.`;
    return;
  }
  remember();
  corners.splice(i + 1, 0, corner);
  chosen = i + 1;
  changed(`Corner ${i + 2} added; there are ${corners.length}.`);
  handles.children[i + 1].focus();
}

function addAfter(i) {
  const [x, y] = corners[i];
  const [nextX, nextY] = corners[(i + 1) % corners.length];
  add(i, [(x + nextX) / 2, (y + nextY) / 2]);
}

function remove(i) {
  if (corners.length <= FEWEST) {
    problem.textContent = `A zone needs at least ${FEWEST} corners.`;
    return;
  }
  remember();
  corners.splice(i, 1);
  chosen = Math.min(i, corners.length - 1);
  changed(`Corner ${i + 1} deleted; there are ${corners.length}.`);
  handles.children[chosen].focus();
}

function undo() {
  if (before.length === 0) return;
  corners = before.pop();
  chosen = Math.min(chosen, corners.length - 1);
  changed("Undone.");
}

/** Returns after which corner the nearest edge to a place begins. */
function nearestEdge([x, y]) {
  let nearest = 0, least = Infinity;
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = length ? inside(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length) : 0;
    const away = (x - ax - along * (bx - ax)) ** 2 + (y - ay - along * (by - ay)) ** 2;
    if (away < least) [nearest, least] = [i, away];
  });
  return nearest;
}

stage.addEventListener("click", (event) => {
  if (event.target.closest(".handle")) return;
  const place = placeOf(event);
  add(nearestEdge(place), place);
});
text.addEventListener("change", () => {
  remember();
  corners = read(text.value);
  chosen = 0;
  changed();
});
document.getElementById("tool-add").addEventListener("click", () => addAfter(chosen));
document.getElementById("tool-delete").addEventListener("click", () => remove(chosen));
undoButton.addEventListener("click", undo);
document.getElementById("tool-whole").addEventListener("click", () => {
  remember();
  corners = WHOLE.map((corner) => [...corner]);
  chosen = 0;
  changed("The zone is the whole picture.");
});
document.getElementById("tools").hidden = false;
changed();
