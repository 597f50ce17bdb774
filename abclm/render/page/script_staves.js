// The staves: drawn when they come into view, for the width of the window or for paper.

let printing = false;
let width = "";

const wanted = () => (!printing && document.querySelector("main").clientWidth < NARROW ? "narrow" : "wide");

function pictureOf(name) {
  const [wide, narrow] = pictures[name];
  return width === "narrow" ? narrow : wide;
}

function draw(name) {
  const holder = holders.get(name);
  if (!holder || holder.dataset.drawn === width) return holder;
  holder.innerHTML = pictureOf(name);
  holder.dataset.drawn = width;
  if (name === loop.tune) showLoop();
  if (run && name === here().tune) lit = null;
  return holder;
}

function fit() {
  if (wanted() === width) return;
  width = wanted();
  for (const [name, holder] of holders) {
    const [, , wide, high] = pictureOf(name).match(/viewBox="(\S+) (\S+) (\S+) (\S+)"/).slice(1).map(Number);
    holder.style.aspectRatio = `${wide} / ${high}`;
    if (holder.firstChild) draw(name);
  }
}

function print(on) {
  printing = on;
  fit();
  if (on) names.concat([...holders.keys()]).forEach(draw);
}

const bars = (name) => all("g.m", draw(name));
const staffOf = (bar) => bar.querySelector(".l") || bar;
