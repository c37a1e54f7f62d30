"""Words on receipts that raise a question: alcohol and tobacco.

NHS money may not buy them (ICBs' pages on personal health budgets restate national regulations
so; to be confirmed), and a shop's category cannot tell: a supermarket sells both. Words mislead:
who finds one asks, and nobody is accused.
"""

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


class Flag(enum.StrEnum):
    ALCOHOL = "alcohol"
    TOBACCO = "tobacco"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """What is asked about from one day on, until a later list takes its place."""

    since: date
    words: dict[Flag, frozenset[str]]
    harmless: frozenset[str]  # phrases in which such a word means something else


# Local policy, to be confirmed. A list with a later day takes the place of an earlier one.
LISTS: Sequence[WordList] = (
    WordList(
        since=date(2026, 4, 1),
        words={
            Flag.ALCOHOL: frozenset({
                "alcohol", "ale", "beer", "beers", "bitter", "bourbon", "brandy", "cava",
                "champagne", "cider", "cognac", "gin", "ipa", "lager", "liqueur", "merlot",
                "prosecco", "rioja", "rum", "sherry", "spirits", "stout", "tequila", "vodka",
                "whiskey", "whisky", "wine", "wines",
            }),
            Flag.TOBACCO: frozenset({
                "cigar", "cigars", "cigarette", "cigarettes", "cigarillos", "e-cigarette",
                "e-liquid", "pipe-tobacco", "rizla", "snuff", "snus", "tobacco", "vape", "vapes",
            }),
        },
        harmless=frozenset(
            {
                "0.0%", "alcohol free", "alcohol gel", "alcohol wipe", "alcohol wipes",
                "bitter lemon", "cider vinegar", "dealcoholised", "ginger ale", "ginger beer",
                "hand gel", "methylated spirits", "non alcoholic", "root beer", "rubbing alcohol",
                "rum and raisin", "surgical spirits", "white spirits", "wine gum", "wine gums",
                "wine vinegar", "beer batter", "beer battered", "sherry trifle", "sherry vinegar",
            }
        ),
    ),
)  # fmt: skip


def flag_of(description: str, *, on: date) -> Flag | None:
    """Return what a line of a receipt raises a question about, if it does."""
    current = max(
        (one for one in LISTS if one.since <= on), key=lambda one: one.since, default=None
    )
    if current is None:
        return None
    text = " ".join(re.findall(r"[a-z0-9.%']+(?:-[a-z]+)*", description.casefold()))
    spaced = f" {text.replace('-', ' ')} "
    for phrase in current.harmless:
        spaced = spaced.replace(f" {phrase} ", " ")
    for flag, words in current.words.items():
        if any(f" {word.replace('-', ' ')} " in spaced for word in words):
            return flag
    return None
