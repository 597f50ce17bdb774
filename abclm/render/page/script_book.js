// What the page carries, unpacked, and the sounds of its instruments.

const AHEAD = 0.25; // seconds of music handed to the synthesiser before they sound
const AHEAD_HIDDEN = 1.6; // the same in a hidden tab, whose timers run once a second
const EVERY = 40; // milliseconds between two looks at what comes next
const NARROW = 600; // pixels of the column below which lines have two bars
const RESUME = 4000; // milliseconds after which the page follows the music again
const MU = 255;
// How each instrument sounds: strength of its partials, and attack, decay, level and release.
const TIMBRES = {
  fiddle: { partials: [1, 0.62, 0.48, 0.34, 0.26, 0.2, 0.13, 0.1, 0.07], attack: 0.04, decay: 0.1, level: 0.8, release: 0.06, vibrato: 6, loud: 0.5 },
  flute: { partials: [1, 0.3, 0.16, 0.05, 0.02], attack: 0.04, decay: 0.08, level: 0.85, release: 0.05, vibrato: 3, loud: 0.75 },
  whistle: { partials: [1, 0.1, 0.07, 0.02], attack: 0.018, decay: 0.05, level: 0.9, release: 0.03, vibrato: 0, loud: 0.8 },
  reed: { partials: [1, 0.7, 0.75, 0.5, 0.45, 0.3, 0.28, 0.2, 0.15, 0.1], attack: 0.025, decay: 0.05, level: 0.9, release: 0.04, vibrato: 0, loud: 0.38 },
  plucked: { partials: [1, 0.5, 0.3, 0.18, 0.1, 0.06], attack: 0.004, decay: 0.45, level: 0, release: 0.12, vibrato: 0, loud: 0.9 },
  piano: { partials: [1, 0.42, 0.3, 0.16, 0.1, 0.05, 0.03], attack: 0.005, decay: 0.8, level: 0.1, release: 0.08, vibrato: 0, loud: 0.8 },
};
const PLAY = "M7 4.5v15L20 12z";
const PAUSE = "M6 5h4v14H6zM14 5h4v14h-4z";

const find = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const say = (text) => { find("said").textContent = text; };

let book;
try {
  book = await unpacked(find("book").textContent);
} catch {
  say("This browser is too old for the player of this page.");
  find("said").className = "problem";
  return;
}
const { music, pictures, samples } = book;
const holders = new Map(all("[data-staves]").map((holder) => [holder.dataset.staves, holder]));
const titles = new Map(all("[data-tune]").map((button) => [button.dataset.tune, button.dataset.title]));
const names = [...titles.keys()];
const still = matchMedia("(prefers-reduced-motion: reduce)");

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
