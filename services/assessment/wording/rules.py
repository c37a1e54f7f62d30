"""How the lines of a calculation are put into words, a set of words for each language.

Whoever adds a language adds its set here, read by a person who speaks it; until then the
person gets English, and their interpreter.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.assessment.rule_sets.rules import COUNCIL, NHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one language, with places for figures."""

    language: str
    funders: Mapping[str, str]
    day: str
    days: str
    need: str
    helped: str
    pays_all: str
    pays_share: str
    is_divided: str
    is_points: str
    band: str
    floor: str
    ceiling: str
    contribution: str
    level_more: str
    day_more: str
    next_band: str
    general: tuple[str, ...]


ENGLISH = Wording(
    language="en",
    funders={COUNCIL: "The council", NHS: "The NHS"},
    day="day",
    days="days",
    need="{name}: level {typical} on a typical day, level {worst} on the worst ({number} {days} in"
    " 28).",
    helped=" Somebody close goes on helping, which takes {levels} off.",
    pays_all=" {funder} pays {amount} a year.",
    pays_share=" {funder} pays its {share} of it, {amount} a year.",
    is_divided=" {funder} pays {share} of {whole}, {amount} a year.",
    is_points=" That is {points} points.",
    band="Together that is {points} points. For {words} the one-off budget is {amount}.",
    floor="No yearly budget is less than {limit}. {funder} adds {amount}.",
    ceiling="No yearly budget is more than {limit}. {funder} pays {amount} less.",
    contribution="You pay {weekly} a week towards the council's part, {amount} a year.",
    level_more="{name}: one level more on a typical day adds {amount}.",
    day_more="{name}: one more of the worst days in 28 adds {amount}.",
    next_band="{points} points more come to the next band: {amount}.",
    general=(
        "Support that works does not lower it: we count the need as it is without that support.",
        "Help from somebody close lowers it only where they said that they will go on helping.",
        "If something changes, ask for a review: anybody may.",
    ),
)
WORDINGS: Mapping[str, Wording] = {ENGLISH.language: ENGLISH}


def wording_for(language: str) -> Wording:
    """Return the words of a language (``en-GB`` is English), or English where there are none."""
    return WORDINGS.get(language.split("-", maxsplit=1)[0], ENGLISH)
