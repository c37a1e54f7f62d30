"""What of a text nobody may read here: whose number it came from, and what it said."""

import base64
import hashlib
import hmac
import os

from services.notifications.people.digests import SETTING
from services.notifications.tables import opened, sealed
from shared.settings import required

_ABOUT = "errands.number"


def sealed_number(number: str) -> str:
    """Return a number as it stands in an errand until it is called.

    Raises:
        SettingMissingError or BadSealingKeysError: there are no keys to seal with.
    """
    return base64.b64encode(sealed(number, about=_ABOUT)).decode()


def opened_number(number: str) -> str:
    """Return a number that an errand holds.

    Raises:
        BrokenSealError: it was not sealed here, or under a key that we have no more.
    """
    return str(opened(base64.b64decode(number), about=_ABOUT))


def digest_of(message: str) -> str:
    """Return what stands for a text that is not kept.

    It is keyed: people answer in few words, which could be found by trying otherwise.
    """
    key = required(os.environ, SETTING).encode()
    text = b"reply/" + message.encode(errors="surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()
