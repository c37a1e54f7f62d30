"""What our own words in facts are in another language.

A fact is in English when an event becomes a message: a day, an amount, one of our set sentences,
or what somebody wrote. The first three can be said in another language; the fourth stays as it is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Fact = str | Sequence[str]

AMOUNT = r"£[\d,]+(?:\.\d\d)?"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAY = rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}"

_SLOT = re.compile(r"\(\((\w+)\)\)")
_SLOTS: Mapping[str, str] = {"amount": AMOUNT, "each": AMOUNT, "count": r"\d+", "day": DAY}
_PLAIN = re.compile(rf"(?:{AMOUNT}|[\d\s,.:]*)\Z")


_ISOLATE, _END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Our set sentences in one language, and the names of its months."""

    said: Mapping[str, str]  # English, with ((amount)) and such slots, and what it is there
    months: Sequence[str]
    is_rtl: bool  # it runs from right to left


def isolated(text: str) -> str:
    """Return ``text`` so that it keeps its own direction among words that run the other way.

    Such are ``01632 960123``, ``£20.00`` and a name.
    """
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}"


def slots(text: str) -> frozenset[str]:
    return frozenset(_SLOT.findall(text))


def translated(fact: Fact, phrases: Phrases) -> tuple[Fact, bool]:
    """Return a fact in another language, and whether all of it is."""
    if isinstance(fact, str):
        return _said(fact, phrases)
    lines = [_said(line, phrases) for line in fact]
    return [line for line, _ in lines], all(is_said for _, is_said in lines)


def _said(text: str, phrases: Phrases) -> tuple[str, bool]:
    if _PLAIN.match(text):
        return text, True
    if re.fullmatch(DAY, text):
        return _day(text, phrases), True
    for english, there in phrases.said.items():
        match = _pattern(english).fullmatch(text)
        if match is not None:
            return _filled(there, match.groupdict(), phrases)
    return text, False


def _filled(there: str, parts: Mapping[str, str], phrases: Phrases) -> tuple[str, bool]:
    """Fill a set sentence. What somebody wrote, as ((thing)), stays as it is."""
    said = {name: _part(name, part, phrases) for name, part in parts.items()}

    def shown(slot: re.Match[str]) -> str:
        part, _ = said[slot.group(1)]
        return isolated(part) if phrases.is_rtl else part

    return _SLOT.sub(shown, there), all(is_said for _, is_said in said.values())


def _part(name: str, part: str, phrases: Phrases) -> tuple[str, bool]:
    if name == "name":  # the same in every language
        return part, True
    if name == "list":
        lines = [_said(one, phrases) for one in part.split(", ")]
        return ", ".join(line for line, _ in lines), all(is_said for _, is_said in lines)
    return _said(part, phrases)


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    return re.compile(
        "".join(
            f"(?P<{part}>{_SLOTS.get(part, '.+?')})" if is_slot else re.escape(part)
            for is_slot, part in zip([False, True] * len(parts), parts, strict=False)
        ),
        re.DOTALL,
    )


def _day(text: str, phrases: Phrases) -> str:
    number, month, year = text.split()
    return f"{number} {phrases.months[MONTHS.index(month)]} {year}"
