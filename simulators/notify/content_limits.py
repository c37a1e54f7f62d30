"""How much a message may hold, and how many text messages it is billed as."""

from simulators.notify.errors import ApiError
from simulators.notify.sms_characters import GSM, GSM_TWICE
from simulators.notify.templates import Channel, Wording

GSM_ALONE, GSM_JOINED = 160, 153
UNICODE_ALONE, UNICODE_JOINED = 70, 67

LONGEST_SMS_CHARACTERS = 918
LONGEST_EMAIL_BYTES = 2_000_000


def fragments(body: str) -> int:
    """Count the text messages that ``body`` is sent and billed as.

    GSM-7 holds 160 places alone and 153 in each of several; one character outside it
    makes the whole message UCS-2, with 70 and 67 UTF-16 units.
    """
    if GSM.union(GSM_TWICE).issuperset(body):
        places = len(body) + sum(character in GSM_TWICE for character in body)
        alone, joined = GSM_ALONE, GSM_JOINED
    else:
        places = len(body.encode("utf-16-be", errors="surrogatepass")) // 2
        alone, joined = UNICODE_ALONE, UNICODE_JOINED
    return 1 if places <= alone else -(-places // joined)


def check(wording: Wording, *, channel: Channel) -> None:
    """Refuse a message that is empty or too long for its channel.

    Raises:
        ApiError: 400 with Notify's words.
    """
    body = wording.body
    if not body:
        raise ApiError.bad_request("Your message is empty.")
    if channel is Channel.SMS and len(body) > LONGEST_SMS_CHARACTERS:
        raise ApiError.bad_request(
            "Your message is too long. Text messages cannot be longer than "
            f"{LONGEST_SMS_CHARACTERS} characters. Your message is {len(body)} characters long."
        )
    size_bytes = len(body.encode(errors="surrogatepass"))
    if channel is Channel.EMAIL and size_bytes > LONGEST_EMAIL_BYTES:
        raise ApiError.bad_request(
            "Your message is too long. Emails cannot be longer than "
            f"{LONGEST_EMAIL_BYTES} bytes. Your message is {size_bytes} bytes."
        )
