"""How many syllables an English word has, near enough to say how hard a letter is to read."""

import re
from functools import cache

from pyphen import Pyphen

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_END = re.compile(  # not in services, decided or table
    r"(?<=[^aeiouylscgxzh])es$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyl])e$|(?<=[aeiouy]l)es?$"
)
_TWO_VOWELS = re.compile(r"^coo(?=[pr])")  # cooperate, coordinate


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_GB", left=1, right=1)


@cache
def syllables(word: str) -> int:
    """Return the syllables of an English word, rather one too many than one too few.

    A dictionary of hyphens knows where a word may be broken, which leaves some syllables out;
    groups of vowels count some twice. The larger of the two counts.
    """
    plain = word.lower()
    vowels = len(_VOWELS.findall(_SILENT_END.sub("", _TWO_VOWELS.sub("co-o", plain))))
    return max(1, vowels, len(_hyphens().positions(plain)) + 1)
