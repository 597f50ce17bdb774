"use strict";
// Plays the tunes of the page and draws their staves: both come with it, in one compressed element.
(async () => {
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

  // ---------------------------------------------------------------- staves

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

  // ---------------------------------------------------------------- what is chosen

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

  // ---------------------------------------------------------------- sound

  let context = null;
  const waves = {};
  const recorded = {};

  function ready() {
    if (context === null) context = new (window.AudioContext || window.webkitAudioContext)();
    context.resume();
  }

  function waveOf(name) {
    if (!waves[name]) {
      const sine = Float32Array.from([0, ...TIMBRES[name].partials]);
      waves[name] = context.createPeriodicWave(new Float32Array(sine.length), sine);
    }
    return waves[name];
  }

  function recordingsOf(name) {
    if (!(name in recorded)) recorded[name] = (samples[name] || []).map(decoded);
    return recorded[name];
  }

  // A sample of mu-law bytes as a buffer.
  function decoded({ pitch, rate, loop: [first, last], data }) {
    const bytes = atob(data);
    const buffer = context.createBuffer(1, bytes.length, rate);
    const out = buffer.getChannelData(0);
    for (let index = 0; index < bytes.length; index++) {
      const code = bytes.charCodeAt(index);
      const level = ((1 + MU) ** ((code & 127) / 127) - 1) / MU;
      out[index] = code & 128 ? -level : level;
    }
    return { pitch, buffer, first: first / rate, last: last / rate };
  }

  function source(name, pitch) {
    const near = recordingsOf(name).reduce((best, one) => (!best || Math.abs(one.pitch - pitch) < Math.abs(best.pitch - pitch) ? one : best), null);
    if (near) {
      const node = context.createBufferSource();
      node.buffer = near.buffer;
      node.loop = true;
      node.loopStart = near.first;
      node.loopEnd = near.last;
      node.playbackRate.value = 2 ** ((pitch - near.pitch) / 12);
      return { node, loud: 2.2, attack: 0.005, decay: 0.1, level: 1, release: TIMBRES[name].release };
    }
    const node = context.createOscillator();
    node.setPeriodicWave(waveOf(name));
    node.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
    return { node, ...TIMBRES[name] };
  }

  function sound(name, pitch, volume, begin, seconds) {
    const { node, loud, attack, decay, level, release, vibrato } = source(name, pitch);
    const gain = context.createGain();
    const end = begin + Math.max(seconds * 0.95, 0.03);
    const top = 0.5 * loud * volume;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(top, begin + attack);
    gain.gain.setTargetAtTime(top * level, begin + attack, decay);
    gain.gain.setTargetAtTime(0, end, release / 2);
    if (vibrato && seconds > 0.4) {
      const swing = context.createOscillator();
      const depth = context.createGain();
      swing.frequency.value = 5.2;
      depth.gain.setValueAtTime(0, begin);
      depth.gain.linearRampToValueAtTime(vibrato, begin + 0.5);
      swing.connect(depth).connect(node.detune);
      swing.start(begin);
      swing.stop(end + 0.3);
    }
    node.connect(gain).connect(run.out);
    node.start(begin);
    node.stop(end + release * 4);
    run.voices.push({ node, gain, begin, end: end + release * 4 });
  }

  function tick(time, strong) {
    const node = context.createOscillator();
    const gain = context.createGain();
    node.frequency.value = strong ? 1760 : 1175;
    gain.gain.setValueAtTime(strong ? 0.6 : 0.4, time);
    gain.gain.exponentialRampToValueAtTime(0.001, time + 0.06);
    node.connect(gain).connect(run.out);
    node.start(time);
    node.stop(time + 0.07);
    run.voices.push({ node, gain, begin: time, end: time + 0.07 });
  }

  // ---------------------------------------------------------------- playing

  // What plays: passes through a tune or a part of it, one after the other without a gap.
  let run = null;

  function newPass(tune, from, to, at, rate) {
    const { notes } = song(tune);
    const pass = { tune, from, to, at, rate, base: from };
    pass.note = firstFrom(notes, from);
    pass.clicks = clicksOf(tune).filter(([time]) => time >= from - 1 && time < to - 1);
    pass.click = 0;
    return pass;
  }

  function firstFrom(notes, time) {
    let index = 0;
    while (index < notes.length && notes[index][0] < time - 1) index++;
    return index;
  }

  // The clicks of a whole tune: time, and whether it is the first beat of a bar.
  function clicksOf(tune) {
    return song(tune).bars.flatMap(([start, , beat, missing], index) => {
      const stop = barEnd(tune, index) - 1;
      const clicks = [];
      for (let count = Math.ceil(missing); start + (count - missing) * beat < stop; count++) {
        clicks.push([start + (count - missing) * beat, count === 0]);
      }
      return clicks;
    });
  }

  const timeOf = (pass, milliseconds) => pass.at + (milliseconds - pass.base) / 1000 / pass.rate;
  const endOf = (pass) => timeOf(pass, pass.to);
  const placeIn = (pass) => Math.max(pass.from, Math.min(pass.to, pass.base + (context.currentTime - pass.at) * 1000 * pass.rate));

  // The pass that sounds now.
  function here() {
    const now = context.currentTime;
    while (run.passes.length > 1 && run.passes[1].at <= now) {
      run.passes.shift();
      entered(run.passes[0]);
    }
    return run.passes[0];
  }

  function entered(pass) {
    setTempo(Math.round(pass.rate * 100));
    if (pass.inSet !== undefined) inSet = pass.inSet;
    if (pass.tune !== current) {
      current = pass.tune;
      say(`${titles.get(current)}`);
    }
    show();
  }

  function start(tune, from, { counted = false } = {}) {
    stop();
    ready();
    if (tune !== current) place = 0;
    current = tune;
    const [first, last] = loop.on ? span(tune) : [0, song(tune).end];
    const begin = from < first || from >= last - 1 ? first : from;
    const out = context.createGain();
    const softer = context.createDynamicsCompressor();
    out.gain.value = 0.5;
    out.connect(softer).connect(context.destination);
    run = { out, voices: [], passes: [] };
    const at = context.currentTime + 0.08;
    const rate = percent() / 100;
    const count = counted && find("count-in").checked ? countIn(tune, begin, at, rate) : 0;
    run.passes.push(newPass(tune, begin, last, at + count, rate));
    run.timer = window.setInterval(step, EVERY);
    run.frame = window.requestAnimationFrame(light);
    touched = 0;
    lit = null;
    step();
    show();
  }

  // Clicks a bar before the music, and the beats before a pickup; returns how long it takes.
  function countIn(tune, from, at, rate) {
    const [, , beat, missing] = song(tune).bars[barAt(tune, from)];
    const { beats } = song(tune);
    const total = beats + missing;
    const seconds = beat / 1000 / rate;
    for (let count = 0; count < total - 0.01; count++) tick(at + count * seconds, count % beats === 0);
    return total * seconds;
  }

  function stop() {
    if (run === null) return;
    place = placeIn(here());
    window.clearInterval(run.timer);
    window.cancelAnimationFrame(run.frame);
    const { out, voices } = run;
    const now = context.currentTime;
    out.gain.setTargetAtTime(0, now, 0.015);
    for (const voice of voices) voice.node.stop(Math.max(voice.begin, now + 0.1));
    window.setTimeout(() => out.disconnect(), 200);
    run = null;
    show();
  }

  function toggle() {
    if (run === null) start(current, place, { counted: true });
    else stop();
  }

  // The pass after ``pass``, or null at the end.
  function following(pass) {
    if (loop.on && (loop.tune === null || loop.tune === pass.tune)) {
      const [first, last] = span(pass.tune);
      const next = find("ramp").checked ? Math.max(pass.rate * 100, Math.min(Number(find("ramp-top").value), pass.rate * 100 + Number(find("ramp-step").value))) : pass.rate * 100;
      return newPass(pass.tune, first, last, endOf(pass), next / 100);
    }
    if (inSet < 0) return null;
    let at = pass.inSet === undefined ? inSet : pass.inSet;
    let turn = (pass.turn || 1) + 1;
    if (!set[at] || set[at].tune !== pass.tune || turn > set[at].times) {
      at++;
      turn = 1;
    }
    if (at >= set.length) return null;
    const next = newPass(set[at].tune, 0, song(set[at].tune).end, endOf(pass), pass.rate);
    // A pickup takes the place of the end of a last bar that is full.
    pass.to -= overlap(pass.tune, set[at].tune);
    next.at = endOf(pass);
    return Object.assign(next, { inSet: at, turn });
  }

  // How much of the last bar the pickup of the next tune replaces, in milliseconds.
  function overlap(before, after) {
    const [, , , missing] = song(after).bars[0];
    if (!missing) return 0;
    const { bars: played, beats, end } = song(before);
    const [start, , beat] = played[played.length - 1];
    const pickup = song(after).beats - missing;
    return Math.max(0, Math.min((end - start) / beat + pickup - beats, pickup)) * beat;
  }

  function step() {
    const now = context.currentTime;
    const horizon = now + (document.hidden ? AHEAD_HIDDEN : AHEAD);
    run.voices = run.voices.filter((voice) => voice.end > now);
    for (let index = 0; index < run.passes.length; index++) {
      const pass = run.passes[index];
      if (endOf(pass) < horizon && index === run.passes.length - 1 && !pass.over) {
        const next = following(pass);
        if (next) run.passes.push(next);
        else pass.over = true;
      }
      hand(pass, now, horizon);
    }
    const pass = here();
    if (pass.over && now > endOf(pass) + 0.3) {
      stop();
      place = 0;
      inSet = -1;
      show();
    }
  }

  // Hands the notes and clicks of a pass up to ``horizon`` to the synthesiser.
  function hand(pass, now, horizon) {
    const { notes } = song(pass.tune);
    const timbre = find("sound").value || song(pass.tune).sound || "fiddle";
    for (; pass.note < notes.length; pass.note++) {
      const [begin, duration, pitch, volume = 1] = notes[pass.note];
      const time = timeOf(pass, begin);
      if (begin >= pass.to - 1 || time >= horizon) break;
      const length = Math.min(duration, pass.to - begin) / 1000 / pass.rate;
      if (time > now - 0.05) sound(volume < 1 ? "plucked" : timbre, pitch, volume, Math.max(time, now), length);
    }
    for (; pass.click < pass.clicks.length; pass.click++) {
      const [begin, strong] = pass.clicks[pass.click];
      const time = timeOf(pass, begin);
      if (time >= horizon) break;
      if (find("click").checked && begin < pass.to - 1 && time > now - 0.05) tick(Math.max(time, now), strong);
    }
  }

  // Plans again from now on: after a change of tempo, loop or set.
  function replan() {
    if (run === null) return;
    const now = context.currentTime;
    const pass = here();
    if (now >= pass.at) {
      for (const voice of run.voices.filter((one) => one.begin > now)) {
        voice.node.stop(voice.begin);
        voice.gain.disconnect();
      }
      const at = placeIn(pass);
      const [first, last] = loop.on ? span(pass.tune) : [0, song(pass.tune).end];
      const from = loop.on && (at < first || at >= last) ? first : at;
      const next = newPass(pass.tune, from, last, now, percent() / 100);
      run.passes = [Object.assign(next, { inSet: pass.inSet, turn: pass.turn })];
    } else {
      pass.rate = percent() / 100;
    }
    step();
  }

  // ---------------------------------------------------------------- what is seen

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

  // ---------------------------------------------------------------- the staves as a control

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

  // ---------------------------------------------------------------- sets

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

  // ---------------------------------------------------------------- controls

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

  // ---------------------------------------------------------------- start

  for (const [name, holder] of holders) {
    if (pictures[name][0] === "") pictures[name][0] = holder.innerHTML;
  }
  fit();
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target.dataset.staves);
  }, { rootMargin: "800px" });
  for (const [name, holder] of holders) {
    near.observe(holder);
    if (playable(name)) listen(name, holder);
  }
  new ResizeObserver(fit).observe(document.querySelector("main"));
  new ResizeObserver(() => {
    document.body.style.paddingBottom = `${find("player").offsetHeight + 48}px`;
  }).observe(find("player"));
  window.addEventListener("beforeprint", () => print(true));
  window.addEventListener("afterprint", () => print(false));
  if (names.length && (window.AudioContext || window.webkitAudioContext)) {
    find("player").hidden = false;
    for (const one of [find("previous"), find("next"), find("sets"), ...all(".set")]) one.hidden = names.length < 2;
    readAddress();
    window.addEventListener("hashchange", readAddress);
  }
  document.documentElement.dataset.ready = "true";
})();
