"""A MIDI file becomes a score: grid, meter, pickup, key, voices and spelling, in this order."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.key import parse_key
from abclm.reading.beats import find_beats
from abclm.reading.grid import divisions_of, find_grid
from abclm.reading.key import guess_key, key_name
from abclm.reading.measures import lay_measures
from abclm.reading.meter_map import find_meters, in_ticks, written_meters
from abclm.reading.midi_file import DRUMS, MidiFile
from abclm.reading.midi_options import MidiOptions
from abclm.reading.midi_parts import Layout, lay_out, lines_of, written_part
from abclm.reading.midi_reader import read_midi_file
from abclm.reading.score import Measure, Part, Pitch, Remark, Score, Tempo
from abclm.reading.spelling import spell
from abclm.reading.tones import RawNote, Tone, snap_notes
from abclm.reading.voices import MOST

__all__ = ["read_midi"]

_LOWEST, _HIGHEST = 14, 117
"""MIDI numbers beyond these would need more octave marks than ABC is read with."""
_STEADY: Final = 0.05
"""A tempo that differs by a smaller share is not written anew."""


def read_midi(data: bytes, name: str, options: MidiOptions) -> Score:
    """Read a Standard MIDI File.

    Args:
        data: the bytes of the file.
        name: of the file; it stands in messages, and without a suffix as the title if the file
            has none.
        options: what the user knows of it.

    Returns:
        The score; its remarks say what was guessed and which option overrides it.

    Raises:
        InputError: the file is damaged or has no notes, or an option does not fit.
    """
    file = read_midi_file(data, name)
    channels = sorted({(note.track, note.channel) for note in file.notes})
    drums = {part for part, (_, channel) in enumerate(channels) if channel == DRUMS}
    played = options.performance or file.timed
    remarks = [Remark(clause) for clause in file.mended]
    tones, tempos, exact = _tones(file, channels, options, remarks, played=played)
    pitched = [tone for tone in tones if tone.part not in drums] or tones
    written = written_meters(file)
    if played:
        # Most recorders write 4/4, whatever is played; another meter was meant.
        written = tuple((0, meter) for _, meter in written[:1] if meter != "4/4")
    meters = find_meters(pitched, tones[0].start, written, options)
    tones = [
        tone._replace(start=tone.start + meters.shift, end=tone.end + meters.shift)
        for tone in tones
    ]
    remarks += meters.remarks
    keys = _keys(file, pitched, options, meters.shift, remarks, played=played)
    end = max(tone.end for tone in tones)
    measures = lay_measures(end, meters.meters, meters.pickup, keys)
    if measures is None:
        raise InputError(f"{name}: has too many measures")
    programs = [file.programs.get(channel) for channel in channels]
    layouts = _layouts(tones, programs, drums, options, remarks, exact=exact)
    names = spell(tones, lines_of(layouts), _signatures(measures, tones))
    return Score(
        measures,
        _parts(file, channels, layouts, tones, names),
        title=_title(file, name),
        rights=file.rights,
        tempos=tuple(one for one in _moved(tempos, meters.shift) if one.start < end),
        remarks=tuple(remarks),
    )


def _tones(
    file: MidiFile,
    channels: Sequence[tuple[int, int]],
    options: MidiOptions,
    remarks: list[Remark],
    *,
    played: bool,
) -> tuple[list[Tone], list[Tempo], bool]:
    """The notes on the grid, the tempos, and whether the file was written and not played."""
    part_of = {channel: part for part, channel in enumerate(channels)}
    if played:
        beats = find_beats(file)
        tick, tempos = 0.0, [Tempo(0, beats.tempo)]
        remarks.append(
            Remark(f"the beats are found from the notes: {beats.tempo} quarter notes a minute")
        )
        times = beats.quarters
    else:
        tick, tempos = 1 / file.division, _tempos(file)
        times = [(note.start / file.division, note.end / file.division) for note in file.notes]
    raw = [
        RawNote(start, end, _in_range(note.pitch), part_of[note.track, note.channel])
        for (start, end), note in zip(times, file.notes, strict=True)
    ]
    moved = sum(_in_range(note.pitch) != note.pitch for note in file.notes)
    if moved:
        verb = "note is" if moved == 1 else "notes are"
        remarks.append(Remark(f"{moved} {verb} moved by an octave, into the range of ABC"))
    onsets = sorted({note.start for note in raw})
    grid = find_grid(onsets, tick, divisions_of(options.grid), _moves(raw))
    if not grid.exact and not played:
        share = round(100 * grid.noise)
        remarks.append(
            Remark(f"the notes stand off the grid by {share} % of a quarter note", "--performance")
        )
    return snap_notes(raw, grid, tick), tempos, grid.exact and not played


def _moves(notes: Sequence[RawNote]) -> list[tuple[float, float]]:
    """The starts of notes, and of those that follow them in their part, not in a chord."""
    moves = []
    for note, after in pairwise(sorted(notes, key=lambda note: (note.part, note.start))):
        shorter = min(note.end - note.start, after.end - after.start)
        apart = 0 < after.start - note.start < 1
        if apart and note.part == after.part and note.end - after.start < shorter / 2:
            moves.append((note.start, after.start))
    return moves


def _in_range(pitch: int) -> int:
    """A MIDI number that can be written."""
    return pitch + 12 * (pitch < _LOWEST) - 12 * (pitch > _HIGHEST)


def _tempos(file: MidiFile) -> list[Tempo]:
    """The tempos of the file, without small changes."""
    tempos: list[Tempo] = []
    for tick, microseconds in file.tempos:
        tempo = Tempo(in_ticks(file, tick), round(60e6 / microseconds, 2))
        if tempos and tempos[-1].start == tempo.start:
            tempos.pop()
        if not tempos or abs(tempo.beats / tempos[-1].beats - 1) > _STEADY:
            tempos.append(tempo)
    return tempos


def _moved(tempos: Sequence[Tempo], shift: int) -> list[Tempo]:
    """Tempos at the times of the score; of those before it only the last remains."""
    moved = [Tempo(max(0, one.start + shift), one.beats) for one in tempos]
    return list({one.start: one for one in moved}.values())


def _keys(
    file: MidiFile,
    tones: Sequence[Tone],
    options: MidiOptions,
    shift: int,
    remarks: list[Remark],
    *,
    played: bool,
) -> list[tuple[int, str]]:
    """From which tick on each key is in force, the first from 0 on."""
    if options.key is not None:
        key = parse_key(options.key)
        if key is None or key.tonic == "none" or len(key.signature) > 7:
            raise InputError(f"--key {options.key}: is not a key such as G or F#m")
        return [(0, str(key))]
    events: dict[int, Counter[str]] = {}
    for tick, fifths, minor in file.keys[: 1 if played else None]:
        at = max(0, in_ticks(file, tick) + shift)
        events.setdefault(at, Counter())[key_name(fifths, minor=minor)] += 1
    if not events:
        guess = guess_key(tones)
        remarks.append(Remark(f"the key is guessed: {guess}", "--key"))
        return [(0, guess)]
    keys = [(tick, names.most_common(1)[0][0]) for tick, names in events.items()]
    return [(0, keys[0][1]), *keys[1:]]


def _signatures(measures: Sequence[Measure], tones: Sequence[Tone]) -> list[int]:
    """The sharps (flats if negative) in force at each note."""
    starts = [measure.start for measure in measures]
    sharps = []
    for measure in measures:
        key = parse_key(measure.key)
        sharps.append(sum(alteration for _, alteration in key.signature) if key else 0)
    return [sharps[bisect_right(starts, tone.start) - 1] for tone in tones]


def _layouts(
    tones: Sequence[Tone],
    programs: Sequence[int | None],
    drums: set[int],
    options: MidiOptions,
    remarks: list[Remark],
    *,
    exact: bool,
) -> list[Layout]:
    """The staves and voices of each part."""
    if options.voices is not None and not 1 <= options.voices <= MOST:
        raise InputError(f"--voices {options.voices}: is not a number from 1 to {MOST}")
    members: list[list[int]] = [[] for _ in programs]
    for index, tone in enumerate(tones):
        members[tone.part].append(index)
    alone = len(programs) - len(drums) == 1
    layouts = [
        lay_out(
            tones,
            own,
            voices=options.voices if part not in drums else None,
            program=programs[part],
            alone=alone and part not in drums,
            exact=exact,
        )
        for part, own in enumerate(members)
    ]
    separated = sum(layout.separated for layout in layouts)
    if separated and options.voices is None:
        remarks.append(Remark(f"the notes are separated into {separated} voices", "--voices"))
    joined = sum(layout.joined for layout in layouts)
    if joined:
        what = "note" if joined == 1 else "notes"
        verb = "is" if joined == 1 else "are"
        text = f"{joined} {what} of a second voice {verb} written in the first"
        remarks.append(Remark(text, "--voices"))
    shortened = sum(layout.shortened for layout in layouts)
    if shortened:
        verb = "note is" if shortened == 1 else "notes are"
        remarks.append(
            Remark(f"{shortened} {verb} shortened to where the next in their voice begins")
        )
    return layouts


def _parts(
    file: MidiFile,
    channels: Sequence[tuple[int, int]],
    layouts: Sequence[Layout],
    tones: Sequence[Tone],
    names: Sequence[Pitch],
) -> tuple[Part, ...]:
    """The parts in the order of tracks and channels."""
    tracks = Counter(track for track, _ in channels)
    found = []
    for (track, channel), layout in zip(channels, layouts, strict=True):
        name = file.names.get(track, "") if tracks[track] == 1 and len(tracks) > 1 else ""
        program = file.programs.get((track, channel))
        if layout.staves:
            drums = channel == DRUMS
            found.append(
                written_part(layout, tones, names, name=name, program=program, drums=drums)
            )
    return tuple(found)


def _title(file: MidiFile, name: str) -> str:
    """The name of the first track if it has no notes or is the only one; else that of the file."""
    tracks = {note.track for note in file.notes}
    if file.names.get(0) and (0 not in tracks or len(tracks) == 1):
        return file.names[0]
    return PurePath(name).stem
