// What is seen while it plays: the note that sounds, the bar, the loop, the buttons.

let lit = null;
let touched = 0;
let seen = -1;

function light() {
  if (run === null) return;
  const pass = here();
  const time = placeIn(pass);
  const { marks } = song(pass.tune);
  let low = 0;
  for (let high = marks.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (marks[middle][0] <= time + 1) low = middle;
    else high = middle;
  }
  if (marks.length && marks[low][1] !== lit) {
    unlight();
    lit = marks[low][1];
    draw(pass.tune);
    const note = find(lit);
    if (note) note.classList.add("sounding");
  }
  const bar = barAt(pass.tune, time);
  if (bar !== seen) {
    seen = bar;
    showPlace(pass.tune, time);
    follow(pass.tune, song(pass.tune).bars[bar][1]);
  }
  run.frame = window.requestAnimationFrame(light);
}

const unlight = () => all(".sounding").forEach((note) => note.classList.remove("sounding"));

// Keeps the bar that sounds in view, unless the reader has scrolled away just now.
function follow(tune, written) {
  const bar = bars(tune)[written];
  if (!bar || Date.now() - touched < RESUME) return;
  const { top, bottom } = staffOf(bar).getBoundingClientRect();
  const floor = window.innerHeight - find("player").offsetHeight;
  if (top > 50 && bottom < floor - 40) return;
  window.scrollBy({ top: top - floor * 0.25, behavior: still.matches ? "auto" : "smooth" });
}

function showPlace(tune, time) {
  const { bars: played, numbers } = song(tune);
  const number = numbers[played[barAt(tune, time)][1]];
  const turn = inSet >= 0 && run ? ` · ${inSet + 1} of ${set.length} in the set` : "";
  const last = numbers[numbers.length - 1];
  find("now-place").textContent = run === null && time === 0 ? `${last} bars` : `bar ${number} of ${last}${turn}`;
  const holder = holders.get(tune);
  if (holder) {
    holder.setAttribute("aria-valuenow", String(number));
    holder.setAttribute("aria-valuetext", `bar ${number}`);
  }
}

function show() {
  const playing = run !== null;
  seen = -1;
  if (!playing) {
    unlight();
    lit = null;
  }
  find("now-title").textContent = titles.get(current);
  showPlace(current, playing ? placeIn(here()) : place);
  showTempo();
  find("play-shape").setAttribute("d", playing ? PAUSE : PLAY);
  find("play").setAttribute("aria-label", playing ? "Pause" : "Play");
  for (const button of all("button[data-tune]")) {
    const on = playing && button.dataset.tune === current;
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", (on ? "Stop " : "Play ") + button.dataset.title);
    button.textContent = on ? "\u25A0 Stop" : "\u25B6 Play";
  }
  document.documentElement.dataset.playing = String(playing);
}

function showTempo() {
  const beats = Math.round((song(current).tempo * percent()) / 100);
  find("tempo-value").textContent = `${beats} bpm`;
  find("tempo").setAttribute("aria-valuetext", `${percent()} percent, ${beats} beats per minute`);
}

function setTempo(value) {
  find("tempo").value = String(value);
  showTempo();
}

function showLoop() {
  all("rect.looped").forEach((rectangle) => rectangle.remove());
  find("loop").checked = loop.on;
  const ranged = loop.first !== null;
  for (const end of ["first", "last"]) {
    find(`loop-${end}`).value = ranged ? String(numberOf(loop.tune, loop[end])) : "";
  }
  if (!ranged || !loop.on) return;
  bars(loop.tune).slice(loop.first, loop.last + 1).forEach((bar) => {
    const box = staffOf(bar).getBBox();
    const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const values = { class: "looped", x: box.x, y: box.y - 450, width: box.width, height: box.height + 900 };
    Object.entries(values).forEach(([name, value]) => rectangle.setAttribute(name, String(value)));
    bar.prepend(rectangle);
  });
}

function setLoop(tune, first, last, { quiet = false } = {}) {
  const ends = [Math.min(first, last), Math.max(first, last)];
  Object.assign(loop, { on: true, tune, first: ends[0], last: ends[1] });
  showLoop();
  if (!quiet) loopChosen();
}

function loopChosen() {
  const [first, last] = [loop.first, loop.last].map((bar) => numberOf(loop.tune, bar));
  say(first === last ? `Loop: bar ${first}` : `Loop: bars ${first} to ${last}`);
  if (run !== null && here().tune === loop.tune) replan();
  else if (run === null) {
    current = loop.tune;
    place = span(current)[0];
    show();
  }
}

function noLoop() {
  if (!loop.on && loop.first === null) return;
  Object.assign(loop, { on: false, tune: null, first: null, last: null });
  showLoop();
  say("No loop");
  replan();
}
