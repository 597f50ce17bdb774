// Sets: tunes one after the other, each several times; the page's address keeps them.

const playable = (name) => names.includes(name);

function showSet() {
  find("set").replaceChildren(...set.map((one, index) => entry(one, index)));
  find("set-empty").hidden = set.length > 0;
  find("set-buttons").hidden = set.length === 0;
  const text = set.map(({ tune, times }) => `${tune.slice(5)}x${times}`).join(",");
  if (!text && !window.location.hash.startsWith("#set=")) return;
  try {
    window.history.replaceState(null, "", text ? `#set=${text}` : "#");
  } catch {
    return; // a page inside another, as in a notebook, has no address of its own
  }
}

function entry(one, index) {
  const title = titles.get(one.tune);
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = title;
  const times = document.createElement("input");
  Object.assign(times, { type: "number", min: "1", max: "20", value: String(one.times) });
  times.setAttribute("aria-label", `Times ${title} is played`);
  times.addEventListener("change", () => {
    one.times = Math.max(1, Math.min(20, Math.round(Number(times.value)) || 1));
    showSet();
  });
  const button = (text, label, change) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => { change(); showSet(); say(`${label}: done`); });
    return made;
  };
  const swap = () => { if (index) [set[index - 1], set[index]] = [set[index], set[index - 1]]; };
  const row = document.createElement("div");
  item.append(row);
  row.append(name, "\u00D7", times, button("\u2191", `Move ${title} up`, swap), button("\u2715", `Remove ${title}`, () => set.splice(index, 1)));
  return item;
}

function readSet() {
  const found = /^#set=([\dx,]+)$/.exec(window.location.hash);
  if (!found) return;
  const rows = found[1].split(",").map((part) => part.split("x"));
  set = rows.map(([number, times]) => ({ tune: `tune-${number}`, times: Math.max(1, Math.min(20, Number(times) || 1)) })).filter(({ tune }) => playable(tune));
}

// The address names a tune or a set.
function readAddress() {
  readSet();
  showSet();
  if (run !== null) return;
  const named = set.length ? set[0].tune : window.location.hash.slice(1);
  if (playable(named)) [current, place] = [named, 0];
  show();
}

function playSet() {
  noLoop();
  inSet = 0;
  place = 0;
  start(set[0].tune, 0, { counted: true });
  Object.assign(run.passes[0], { inSet: 0, turn: 1 });
  const top = find(current).getBoundingClientRect().top;
  window.scrollBy({ top: top - 16, behavior: still.matches ? "auto" : "smooth" });
}
