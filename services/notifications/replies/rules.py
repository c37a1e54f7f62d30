"""What a text from a person means: in English, Welsh, Polish and Urdu.

A text is taken for a STOP or a HELP only if there is nothing else in it: "stop" and "please stop
texting me" are one, "stop the visits on Monday" is for a person to read.
"""

import enum
import unicodedata
from datetime import timedelta


class Meaning(enum.StrEnum):
    STOP = "stop"
    HELP = "help"
    OTHER = "other"


FOR_SOMEBODY = frozenset({Meaning.HELP, Meaning.OTHER})  # what a person must see to


def _plain(word: str) -> str:
    """Return a word in small letters, without marks and without what stands around it."""
    if word == "?":
        return word  # by itself it asks
    letters = unicodedata.normalize("NFD", word.casefold().replace("ł", "l"))
    kept = (one for one in letters if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", "".join(kept)).strip(".,;:!?\"'`()[]{}<>*_-–—،۔؟…“”‘’")  # noqa: RUF001 - they are what people write


def _words(text: str) -> frozenset[str]:
    return frozenset(map(_plain, text.split()))


# Words that mean other things as well, such as "end" and "cancel", are for a person to read.
_STOP = _words(
    """
    stop stopall unsubscribe
    stopio stopiwch peidiwch dad-danysgrifio
    zatrzymaj przestań przestańcie rezygnuję
    بند روکیں روکو سٹاپ اسٹاپ
    """
)
_BESIDE_STOP = _words(
    """
    please pls now all text texts texting message messages messaging sms sending me these the thanks
    plis os gwelwch yn dda â tecstio negeseuon anfon ata i fi diolch
    proszę wysyłać wysyłania smsy sms-y smsów wiadomości do mnie dziękuję
    براہ کرم مہربانی کریں کرو کر دیں پیغامات میسج بھیجنا مجھے شکریہ
    """
)
# With more beside it than this, "help" may be a cry for it: a person reads that.
_HELP = _words("help info who ? cymorth gwybodaeth pwy pomoc informacja kto مدد معلومات کون")
_BESIDE_HELP = _words("is this are you sy'n ydych chi to jest ہے یہ ہیں آپ")
ANSWERED_AGAIN_AFTER = timedelta(days=1)  # so that two machines do not answer each other for ever
TASK_DUE_WITHIN = timedelta(days=1)  # our own policy


def meaning_of(message: str) -> Meaning:
    """Return what a text means."""
    words = [word for word in map(_plain, message.split()) if word]
    if _STOP.intersection(words) and _STOP.union(_BESIDE_STOP).issuperset(words):
        return Meaning.STOP
    if _HELP.intersection(words) and _HELP.union(_BESIDE_HELP).issuperset(words):
        return Meaning.HELP
    return Meaning.OTHER
