// The staves as a control: clicks, dragging over bars, and the keyboard's focus.

// The index of the bar under a point, or of the nearest one.
function barUnder(name, x, y) {
  let best = 0;
  let least = Infinity;
  bars(name).forEach((bar, index) => {
    const { left, right, top, bottom } = staffOf(bar).getBoundingClientRect();
    const away = Math.max(left - x, 0, x - right) + 3 * Math.max(top - y, 0, y - bottom);
    if (away < least) [best, least] = [index, away];
  });
  return best;
}

// The time at which the written note nearest to a point sounds first.
function timeUnder(name, x, y) {
  const written = barUnder(name, x, y);
  const { marks, bars: played } = song(name);
  let best = null;
  let least = Infinity;
  for (const note of all("g[id]", bars(name)[written])) {
    const { left, right } = note.getBoundingClientRect();
    const away = Math.abs((left + right) / 2 - x);
    const mark = away < least && marks.find(([, id]) => id === note.id);
    if (mark) [best, least] = [mark[0], away];
  }
  if (best !== null) return best;
  return (played.find((bar) => bar[1] === written) || [0])[0];
}

function listen(name, holder) {
  let down = null;
  const numbers = song(name).numbers;
  holder.setAttribute("role", "slider");
  holder.setAttribute("aria-label", `Place in ${titles.get(name)}: arrows move by bar, Enter plays, with Shift they choose a loop`);
  holder.setAttribute("aria-valuemin", String(numbers[0]));
  holder.setAttribute("aria-valuemax", String(numbers[numbers.length - 1]));
  holder.setAttribute("aria-valuenow", String(numbers[0]));
  holder.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down = { x: event.clientX, y: event.clientY, bar: barUnder(name, event.clientX, event.clientY), moved: false };
  });
  holder.addEventListener("pointermove", (event) => {
    if (down === null || event.buttons === 0) return;
    if (!down.moved && Math.hypot(event.clientX - down.x, event.clientY - down.y) < 8) return;
    if (!down.moved) holder.setPointerCapture(event.pointerId);
    down.moved = true;
    setLoop(name, down.bar, barUnder(name, event.clientX, event.clientY), { quiet: true });
  });
  const end = (event) => {
    if (down === null) return;
    const { moved } = down;
    down = null;
    if (moved) loopChosen();
    else if (event.type === "pointerup" && event.shiftKey && loop.tune === name) setLoop(name, loop.first, barUnder(name, event.clientX, event.clientY));
    else if (event.type === "pointerup") playFrom(name, timeUnder(name, event.clientX, event.clientY));
  };
  holder.addEventListener("pointerup", end);
  holder.addEventListener("pointercancel", end);
  holder.addEventListener("focus", () => {
    if (run === null && current !== name) [current, place] = [name, 0];
    if (run === null) show();
  });
}

// A click outside the loop ends it.
function playFrom(name, time) {
  const [first, last] = span(name);
  if (loop.on && (loop.tune !== name || time < first || time >= last)) noLoop();
  inSet = -1;
  start(name, time);
}
