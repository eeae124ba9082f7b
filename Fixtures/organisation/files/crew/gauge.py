#!/usr/bin/env python3
"""Reads the tide gauge at Alder Point and says what may sail.

There is no tide on the lake; the maker of the gauge only sells it under that
name. Run by cron at a quarter to six, the answer goes to the board at the gate.
"""
import statistics
import sys

LIMITS = (  # metres at the gauge, see fog-and-low-water.md
    (1.20, "everything as in the timetable"),
    (1.05, "Heron with at most 40 passengers, last boat before dusk"),
    (0.80, "Tern only; Kranichsand upper berth"),
)
# The float hangs in a pipe that the geese like. A jump of more than this
# between two readings is a goose and not the lake.
GOOSE = 0.06


def level(readings):
    """The median of those readings that no goose has sat on."""
    calm = [b for a, b in zip(readings, readings[1:]) if abs(b - a) <= GOOSE]
    return statistics.median(calm) if calm else None


def advice(metres):
    """What the table of the cooperative says for a level."""
    for limit, text in LIMITS:
        if metres >= limit:
            return text
    return "nothing sails; minibus around the lake"


if __name__ == "__main__":
    metres = level([float(line) for line in sys.stdin if line.strip()])
    if metres is None:
        sys.exit("no calm reading: go and look, and take a broom")
    print(f"{metres:.2f} m: {advice(metres)}")
