"""Finding card numbers in what people and machines write, so that none is ever kept.

A number is a run of whole groups of digits with spaces, dots or dashes between them, of 12 to 19
digits, that begins like a brand of card, has one of that brand's lengths, and whose last digit
proves the others (Luhn). Of random digits that is about 1 in 45 with 16 digits, 1 in 100 with 13
or 19, and 1 in 400 with 14 or 15; NHS numbers, sort codes and account numbers are too short.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

SHORTEST, LONGEST = 12, 19
REMOVED = "[card number removed]"
# First digits, from and to, and the lengths of a brand's numbers (ISO/IEC 7812 and the brands'
# own pages, 2026).
BRANDS: Sequence[tuple[str, str, frozenset[int]]] = (
    ("4", "4", frozenset({13, 16, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", frozenset({14, 16, 19})),  # Diners Club
    ("36", "36", frozenset({14, 16, 19})),
    ("38", "39", frozenset({14, 16, 19})),
    ("6011", "6011", frozenset({16, 19})),  # Discover
    ("644", "649", frozenset({16, 19})),
    ("65", "65", frozenset({16, 19})),
    ("3528", "3589", frozenset({16, 19})),  # JCB
    ("62", "62", frozenset({16, 17, 18, 19})),  # UnionPay
    ("5018", "5018", frozenset({12, 13, 14, 15, 16, 17, 18, 19})),  # Maestro
    ("5020", "5020", frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    ("5038", "5038", frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    ("5893", "5893", frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    ("6304", "6304", frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
    ("6759", "6763", frozenset({12, 13, 14, 15, 16, 17, 18, 19})),
)
_GROUPS = re.compile(r"[0-9]+(?:[ \t.\-]{1,3}[0-9]+)*")
_OBJECT_ID = re.compile(
    r"\b[a-z]{2,12}_(?=\w*[A-Za-z])[0-9A-Za-z]{14,}\b"
    r"|\b(?=[0-9-]*[a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"  # a UUID
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")  # noqa: RUF001 - every kind of dash
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # zero wide
_TWICE = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the sum of the digits of a digit's double


def has_card_number(text: str) -> bool:
    """Whether a text holds what may be a card number, however it is spaced."""
    return any(True for _ in _numbers_in(text))


def has_card_number_beside_ids(text: str) -> bool:
    """Whether a text in which objects' ids stand holds anything else like a card number."""
    return has_card_number(_OBJECT_ID.sub("id", text))


def is_card_number(digits: str) -> bool:
    """Whether these digits, and nothing else, may be the number of a card."""
    is_of_a_brand = any(
        first <= digits[: len(first)] <= last and len(digits) in lengths
        for first, last, lengths in BRANDS
    )
    return is_of_a_brand and is_proved(digits)


def is_proved(digits: str) -> bool:
    """Whether the last digit fits the others (Luhn, ISO/IEC 7812-1)."""
    backwards = [int(digit) for digit in reversed(digits)]
    return (sum(backwards[::2]) + sum(_TWICE[digit] for digit in backwards[1::2])) % 10 == 0


def without_card_numbers(document: Any) -> Any:
    """Return a document in which no text, number or name holds a card number.

    A text that holds one goes as a whole: what stands beside it may be its security code. An
    object's id (``iauth_1a2b…``, a UUID) stays whatever it looks like, or nothing could be matched
    by it.
    """
    if isinstance(document, dict):
        return {
            name: without_card_numbers(value)
            for name, value in document.items()
            if not has_card_number(str(name))
        }
    if isinstance(document, list):
        return [without_card_numbers(value) for value in document]
    if isinstance(document, str):
        is_removed = has_card_number(document) and not _OBJECT_ID.fullmatch(document)
        return REMOVED if is_removed else document
    if isinstance(document, int | float) and not isinstance(document, bool):
        return REMOVED if has_card_number(str(document).removesuffix(".0")) else document
    return document


def _numbers_in(text: str) -> Iterator[str]:
    plain = _plain(text)
    for run in _GROUPS.finditer(plain):
        groups = re.findall("[0-9]+", run.group())
        for begin in range(len(groups)):
            for digits in accumulate(groups[begin:]):
                if len(digits) > LONGEST:
                    break
                if len(digits) >= SHORTEST and is_card_number(digits):
                    yield digits


def _plain(text: str) -> str:
    """Return a text with the digits, spaces and dashes of every script as the plain ones."""
    folded = unicodedata.normalize("NFKC", text.translate(_DASHES).translate(_UNSEEN))
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() and not sign.isascii() else sign
        for sign in folded
    )
