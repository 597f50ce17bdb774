// The controls of the player, and the keys.

function move(steps) {
  const next = names[names.indexOf(current) + steps];
  if (!next) return;
  const playing = run !== null;
  inSet = -1;
  stop();
  [current, place] = [next, 0];
  find(next).scrollIntoView({ behavior: still.matches ? "auto" : "smooth" });
  if (playing) start(next, 0);
  else show();
  say(titles.get(next));
}

function moveBar(steps) {
  const time = run === null ? place : placeIn(here());
  const { bars: played } = song(current);
  const at = barAt(current, time);
  const back = steps < 0 && time - played[at][0] > 400 ? 0 : steps;
  const target = played[Math.max(0, Math.min(played.length - 1, at + back))];
  if (run === null) {
    place = target[0];
    show();
    mark(target[1]);
  } else start(current, target[0]);
}

// Lights the first note of a written bar and brings it into view.
function mark(written) {
  unlight();
  const note = bars(current)[written] && bars(current)[written].querySelector("g[id]");
  if (note) note.classList.add("sounding");
  follow(current, written);
}

const writtenNow = () => song(current).bars[barAt(current, run === null ? place : placeIn(here()))][1];

function loopFrom() {
  const bar = writtenNow();
  setLoop(current, bar, loop.tune === current && loop.last > bar ? loop.last : bar);
}

function loopTo() {
  const bar = writtenNow();
  setLoop(current, loop.tune === current && loop.first < bar ? loop.first : bar, bar);
}

function changeTempo(steps) {
  setTempo(Math.max(30, Math.min(150, percent() + steps)));
  replan();
  say(`${percent()} percent`);
}

const KEYS = {
  " ": toggle,
  ArrowLeft: () => moveBar(-1),
  ArrowRight: () => moveBar(1),
  "+": () => changeTempo(5),
  "=": () => changeTempo(5),
  "-": () => changeTempo(-5),
  "[": loopFrom,
  "]": loopTo,
  Escape: noLoop,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (target.closest("input, select, textarea, summary") || (event.key === " " && target.closest("button, a"))) return;
  const holder = target.closest("[data-staves]");
  if (holder && event.key === "Enter") start(current, place);
  else if (holder && event.shiftKey && event.key.startsWith("Arrow")) {
    const step = event.key === "ArrowLeft" ? -1 : 1;
    const [first, last] = loop.tune === current ? [loop.first, loop.last] : [writtenNow(), writtenNow() - step];
    setLoop(current, first, Math.max(first, Math.min(song(current).numbers.length - 1, last + step)));
  } else if (KEYS[event.key] && !event.shiftKey) KEYS[event.key]();
  else if (event.key === "+") changeTempo(5);
  else return;
  event.preventDefault();
});

for (const kind of ["wheel", "touchmove"]) window.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });

for (const button of all("button[data-tune]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    const { tune } = button.dataset;
    inSet = -1;
    if (run !== null && current === tune) stop();
    else start(tune, tune === current ? place : 0, { counted: true });
  });
}
for (const button of all("button[data-set]")) {
  button.addEventListener("click", () => {
    set.push({ tune: button.dataset.set, times: 3 });
    showSet();
    say(`${titles.get(button.dataset.set)} is tune ${set.length} of the set`);
  });
}
find("play").addEventListener("click", toggle);
find("previous").addEventListener("click", () => move(-1));
find("next").addEventListener("click", () => move(1));
find("tempo").addEventListener("input", () => { showTempo(); replan(); });
find("sound").addEventListener("change", replan);
find("click").addEventListener("change", replan);
find("more").addEventListener("click", () => {
  const open = find("panel").hidden;
  find("panel").hidden = !open;
  find("more").setAttribute("aria-expanded", String(open));
});
find("loop").addEventListener("change", () => {
  loop.on = find("loop").checked;
  showLoop();
  replan();
});
find("whole").addEventListener("click", () => {
  Object.assign(loop, { on: true, tune: null, first: null, last: null });
  showLoop();
  say("Loop: whole tune");
  replan();
});
for (const end of ["first", "last"]) {
  find(`loop-${end}`).addEventListener("change", () => {
    const { numbers } = song(current);
    const typed = find(`loop-${end}`).value;
    if (typed === "") return;
    const value = Math.max(numbers[0], Math.min(numbers[numbers.length - 1], Math.round(Number(typed))));
    const bar = end === "first" ? numbers.indexOf(value) : numbers.lastIndexOf(value);
    if (loop.tune !== current) setLoop(current, bar, bar);
    else setLoop(current, end === "first" ? bar : loop.first, end === "last" ? bar : Math.max(bar, loop.last));
  });
}
find("set-play").addEventListener("click", playSet);
find("set-clear").addEventListener("click", () => { set = []; showSet(); });
