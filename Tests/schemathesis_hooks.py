"""Tells schemathesis what texts of the format `time-zone` are: names of the zone database, and offsets."""

import schemathesis
from hypothesis import strategies

names = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/Argentina/Buenos_Aires", "Pacific/Chatham", "Etc/GMT+5",
]
offsets = strategies.builds(
    "{}{:02}:{:02}".format, strategies.sampled_from("+-"), strategies.integers(0, 23),
    strategies.integers(0, 59),
)
schemathesis.openapi.format("time-zone", strategies.sampled_from(names) | offsets)
