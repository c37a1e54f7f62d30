"""Where a message may go: Notify's rules for numbers, e-mail and postal addresses.

Numbers of Ofcom's drama range (07700 900000 to 900999) are ordinary here, as in Notify,
so that a demonstration can text people who do not exist.
"""

import re
from collections.abc import Mapping

UK_PREFIX = "44"
UK_MOBILE_DIGITS = 10
SHORTEST_INTERNATIONAL_DIGITS = 8
LONGEST_NUMBER_DIGITS = 15
NOT_UK_MOBILES = re.compile(r"70|76(?!24)")  # personal numbers and pagers; 7624 is the Isle of Man

LONGEST_EMAIL = 320
LONGEST_HOST = 253
LONGEST_HOST_PART = 63
FEWEST_HOST_PARTS = 2
EMAIL = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\\-]+@([^.@][^@\s]+)")
HOST_PART = re.compile(r"(xn|[a-z0-9]+)(-?-[a-z0-9]+)*", re.IGNORECASE)
LAST_HOST_PART = re.compile(r"[a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE)

ADDRESS_KEYS = (*(f"addressline{number}" for number in range(1, 8)), "postcode")
FEWEST_ADDRESS_LINES = 3
MOST_ADDRESS_LINES = 7
# ZZ99 is for those who have no postcode; the letters behind it follow no rule.
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-BD-HJLNP-UW-Z]{2}|GIR0AA|ZZ99[0-9][A-Z]{2}")
BAD_ADDRESS_START = tuple('@()=[]"”\\/,<>~')

# Accepted with any key, answered with an id that leads nowhere, never stored.
SMOKE_NUMBERS = frozenset({"447700900000", "447700900111", "447700900222"})
SMOKE_EMAILS = frozenset(
    f"simulate-delivered{suffix}@notifications.service.gov.uk" for suffix in ("", "-2", "-3")
)
# These fail, but only for a test key.
TEMPORARILY_FAILING = frozenset({"447700900003", "temp-fail@simulator.notify"})
PERMANENTLY_FAILING = frozenset({"447700900002", "perm-fail@simulator.notify"})


class InvalidRecipientError(ValueError):
    """Not a number, e-mail or postal address; its text is Notify's own message."""


class InternationalNumberError(InvalidRecipientError):
    """A number abroad; this service may text only the United Kingdom."""


def normalised_number(number: str) -> str:
    """Write a UK mobile number as digits with the country's prefix, ``447700900123``.

    Raises:
        InvalidRecipientError: not a UK mobile number.
    """
    digits = re.sub(r"[\s()+-]", "", number)
    if not digits.isdecimal() or not digits.isascii():
        raise InvalidRecipientError("Must not contain letters or symbols")
    is_trunk_call = digits.startswith("0") and not digits.startswith("00")
    digits = digits.lstrip("0")
    is_bare_mobile = digits.startswith("7") and len(digits) <= UK_MOBILE_DIGITS
    if not (is_trunk_call or digits.startswith(UK_PREFIX) or is_bare_mobile):
        raise _abroad(digits)
    return UK_PREFIX + _mobile_digits(digits.removeprefix(UK_PREFIX).lstrip("0"))


def _abroad(digits: str) -> InvalidRecipientError:
    if len(digits) < SHORTEST_INTERNATIONAL_DIGITS:
        return InvalidRecipientError("Not enough digits")
    if len(digits) > LONGEST_NUMBER_DIGITS:
        return InvalidRecipientError("Too many digits")
    return InternationalNumberError("Cannot send to international mobile numbers")


def _mobile_digits(digits: str) -> str:
    if not digits.startswith("7") or NOT_UK_MOBILES.match(digits):
        raise InvalidRecipientError("Not a UK mobile number")
    if len(digits) > UK_MOBILE_DIGITS:
        raise InvalidRecipientError("Too many digits")
    if len(digits) < UK_MOBILE_DIGITS:
        raise InvalidRecipientError("Not enough digits")
    return digits


def normalised_email(address: str) -> str:
    """Check an e-mail address and write it in small letters without spaces around it.

    Raises:
        InvalidRecipientError: not an address that Notify sends to.
    """
    address = address.strip()
    match = EMAIL.fullmatch(address)
    if match is None or len(address) > LONGEST_EMAIL or ".." in address:
        raise InvalidRecipientError("Not a valid email address")
    if not _is_host(match.group(1)):
        raise InvalidRecipientError("Not a valid email address")
    return address.lower()


def comparable(to: str) -> str:
    """Write a recipient in the one form in which recipients are compared."""
    for normalise in (normalised_number, normalised_email):
        try:
            return normalise(to)
        except InvalidRecipientError:
            continue
    return to.strip().lower()


def _is_host(host: str) -> bool:
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    parts = host.split(".")
    return (
        len(host) <= LONGEST_HOST
        and len(parts) >= FEWEST_HOST_PARTS
        and all(len(part) <= LONGEST_HOST_PART and HOST_PART.fullmatch(part) for part in parts)
        and LAST_HOST_PART.fullmatch(parts[-1]) is not None
    )


def address_lines(values: Mapping[str, str]) -> tuple[str, ...]:
    """Take a postal address out of a letter's personalisation, without its empty lines.

    Args:
        values: the personalisation, its keys written as ``personalisation.plain`` does.

    Raises:
        InvalidRecipientError: too few or many lines, or the last is not a UK postcode.
    """
    lines = tuple(line for key in ADDRESS_KEYS if (line := values.get(key, "").strip()))
    if len(lines) < FEWEST_ADDRESS_LINES:
        raise InvalidRecipientError("Address must be at least 3 lines")
    if len(lines) > MOST_ADDRESS_LINES:
        raise InvalidRecipientError("Address must be no more than 7 lines")
    if not POSTCODE.fullmatch(re.sub(r"\s", "", lines[-1]).upper()):
        raise InvalidRecipientError("Must be a real UK postcode")
    if any(line.startswith(BAD_ADDRESS_START) for line in lines):
        characters = "@ ( ) = [ ] ” \\ / , < > ~"
        message = f"Address lines must not start with any of the following characters: {characters}"
        raise InvalidRecipientError(message)
    return lines
