"""Into how many fragments a text is cut on its way, and which signs keep it short."""

FRAGMENTS_AT_MOST = 2  # of any text, in any language

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")


def fragments(text: str) -> int:
    """Count the text messages that ``text`` is sent and paid as.

    GSM-7 holds 160 characters alone and 153 in each of several, some count twice; one
    character outside it makes all of it UCS-2, with 70 and 67 UTF-16 units.
    """
    if is_gsm(text):
        length = len(text) + sum(character in _GSM_TWICE for character in text)
        alone, joined = 160, 153
    else:
        length = len(text.encode("utf-16-be", errors="surrogatepass")) // 2
        alone, joined = 70, 67
    return 1 if length <= alone else -(-length // joined)


def is_gsm(text: str) -> bool:
    """Tell whether phones can show ``text`` in their smallest alphabet."""
    return (_GSM | _GSM_TWICE).issuperset(text)
