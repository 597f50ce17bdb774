// The sound of one note and one click, by the browser's own synthesiser or a recorded sample.

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
