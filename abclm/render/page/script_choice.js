// What is chosen: the tune, the loop, the tempo; and where bars begin and end.

const loop = { on: false, tune: null, first: null, last: null }; // written bars
let set = []; // {tune, times}
let current = names[0];
let place = 0; // milliseconds in the current tune while nothing plays
let inSet = -1; // the tune of the set that plays

const percent = () => Number(find("tempo").value);
const song = (name) => music[name];

// The bar, as played, that sounds at a time.
function barAt(tune, time) {
  const played = song(tune).bars;
  let low = 0;
  for (let high = played.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if (played[middle][0] <= time) low = middle;
    else high = middle;
  }
  return low;
}

const barEnd = (tune, index) => (index + 1 < song(tune).bars.length ? song(tune).bars[index + 1][0] : song(tune).end);
const numberOf = (tune, written) => song(tune).numbers[written];

// From where to where the loop plays: from its first bar on to its last bar.
function span(tune) {
  const { end, bars: played } = song(tune);
  if (loop.tune !== tune || loop.first === null) return [0, end];
  const begin = played.findIndex((bar) => bar[1] === loop.first);
  if (begin < 0) return [0, end];
  let last = begin;
  while (last < played.length - 1 && played[last][1] !== loop.last) last++;
  return [played[begin][0], barEnd(tune, last)];
}
