"use strict";
// Plays the tunes of the page: the notes come with it, and the browser's own synthesiser sounds them.
(() => {
  const AHEAD = 0.4; // seconds of music handed to the synthesiser before they sound
  const EVERY = 100; // milliseconds between two looks at what comes next
  const PARTIALS = [0, 1, 0.42, 0.3, 0.16, 0.1, 0.05, 0.03];

  const music = JSON.parse(document.getElementById("music").textContent);
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return;

  const slider = document.getElementById("speed");
  let context = null;
  let wave = null;
  let playing = null;

  function start(button) {
    stop();
    if (context === null) {
      context = new Context();
      wave = context.createPeriodicWave(new Float32Array(PARTIALS.length), new Float32Array(PARTIALS));
    }
    context.resume();
    const out = context.createGain();
    const softer = context.createDynamicsCompressor();
    out.gain.value = 0.35;
    out.connect(softer).connect(context.destination);
    const { notes, marks } = music[button.dataset.tune];
    playing = { button, notes, marks, out, note: 0, mark: 0, lit: null, place: 0, at: context.currentTime + 0.1 };
    show(button, true);
    playing.timer = window.setInterval(step, EVERY);
    playing.frame = window.requestAnimationFrame(light);
    step();
  }

  function stop() {
    if (playing === null) return;
    window.clearInterval(playing.timer);
    window.cancelAnimationFrame(playing.frame);
    playing.out.gain.setTargetAtTime(0, context.currentTime, 0.015);
    const out = playing.out;
    window.setTimeout(() => out.disconnect(), 200);
    if (playing.lit) playing.lit.classList.remove("sounding");
    show(playing.button, false);
    playing = null;
  }

  function show(button, on) {
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", (on ? "Stop " : "Play ") + button.dataset.title);
    button.textContent = on ? "\u25A0 Stop" : "\u25B6 Play";
  }

  const speed = () => Number(slider.value) / 100;
  // Where in the music we are, in milliseconds at full speed.
  const now = () => playing.place + (context.currentTime - playing.at) * 1000 * speed();

  function step() {
    const place = now();
    const limit = place + AHEAD * 1000 * speed();
    while (playing.note < playing.notes.length && playing.notes[playing.note][0] < limit) {
      const [begin, duration, pitch, volume = 1] = playing.notes[playing.note++];
      const wait = (begin - place) / 1000 / speed();
      sound(pitch, volume, Math.max(context.currentTime, context.currentTime + wait), duration / 1000 / speed());
    }
    const last = playing.notes[playing.notes.length - 1];
    if (playing.note === playing.notes.length && place > last[0] + last[1] + 300) stop();
  }

  function sound(pitch, volume, begin, seconds) {
    const voice = context.createOscillator();
    const level = context.createGain();
    const end = begin + Math.max(seconds * 0.93, 0.03);
    voice.setPeriodicWave(wave);
    voice.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
    level.gain.setValueAtTime(0, begin);
    level.gain.linearRampToValueAtTime(0.6 * volume, begin + 0.012);
    level.gain.setTargetAtTime(0.32 * volume, begin + 0.012, 0.12);
    level.gain.setTargetAtTime(0, end, 0.025);
    voice.connect(level).connect(playing.out);
    voice.start(begin);
    voice.stop(end + 0.2);
  }

  function light() {
    if (playing === null) return;
    const place = now();
    let next = null;
    while (playing.mark < playing.marks.length && playing.marks[playing.mark][0] <= place) {
      next = playing.marks[playing.mark++][1];
    }
    if (next !== null) {
      if (playing.lit) playing.lit.classList.remove("sounding");
      playing.lit = document.getElementById(next);
      if (playing.lit) playing.lit.classList.add("sounding");
    }
    playing.frame = window.requestAnimationFrame(light);
  }

  let before = speed();
  slider.addEventListener("input", () => {
    if (playing !== null) {
      playing.place += (context.currentTime - playing.at) * 1000 * before;
      playing.at = context.currentTime;
    }
    before = speed();
    slider.parentElement.querySelector("output").textContent = slider.value + " %";
  });

  for (const button of document.querySelectorAll("button[data-tune]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (playing !== null && playing.button === button) stop();
      else start(button);
    });
  }
  slider.parentElement.hidden = !document.querySelector("button[data-tune]");
})();
