"""Tunes played at once, for practice: a loop, a tempo that rises, a count-in, a click, a drone.

Four layers, each tested without the next: `piece` (what sounds in each bar), `transport` (which bar
comes next, and how fast), `engine` (blocks of samples), `device` (the loudspeaker). Samples come
from a child process, so that rendering never keeps the device waiting.
"""
