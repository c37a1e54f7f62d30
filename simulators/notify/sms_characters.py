"""Which characters a text may hold: by Notify's older rule, and by the newer one.

Both write typographic characters as a keyboard has them, which keeps a text GSM-7. By the old
rule whatever is then neither GSM-7 nor Welsh becomes the letter it stands on, or a question
mark; by the new one it stays, and the text goes as UCS-2.
"""

import unicodedata
from enum import StrEnum

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")  # each takes two places, while the message stays GSM
WELSH = frozenset("ÂâÊêÎîÔôÛûŴŵŶŷÁáÍíÓóÚúẂẃÝýËëÏïẄẅŸÿÀÈÌÒẀẁÙỲỳ")
TYPOGRAPHIC = str.maketrans(
    {
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\t": " ",
        "\u200b": "",  # zero width space
        "\ufeff": "",  # byte order mark
    }
)


class UnicodeRule(StrEnum):
    """Which of the two rules holds."""

    OLD = "old"
    NEW = "new"


def sanitised(body: str, *, rule: UnicodeRule) -> str:
    """Write a text as it will be sent."""
    body = body.translate(TYPOGRAPHIC)
    if rule is UnicodeRule.NEW:
        return body
    return "".join(map(_downgraded, body))


def _downgraded(character: str) -> str:
    if character in GSM or character in GSM_TWICE or character in WELSH:
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return base if base in GSM else "?"
