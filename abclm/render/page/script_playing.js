// Playing: passes through a tune or a part of it, one after the other without a gap.

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
