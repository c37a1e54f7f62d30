"""The bank holidays that are on file, read once."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "bank_holidays.toml"


@cache
def bank_holidays() -> frozenset[date]:
    return frozenset(tomllib.loads(FILE.read_text(encoding="utf-8"))["days"])
