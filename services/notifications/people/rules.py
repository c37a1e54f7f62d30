"""By which channel a person is reached, and whom they can ask."""

import enum
from collections.abc import Collection, Mapping, Sequence

FEWEST_ADDRESS_LINES = 2  # with the name above them, the three that a letter needs
CONTACT_ROLES: Mapping[str, str] = {  # the first of these in a care team is the person to ask
    "care_coordinator": "care coordinator",
    "broker": "broker",
}


class Channel(enum.StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


def usable_channels(
    *, mobile: str | None, is_safe_to_text: bool, email: str | None, address_lines: Sequence[str]
) -> frozenset[Channel]:
    """Return the channels by which a person may be written to.

    A text can be read by whoever holds the phone, so without a yes there is none.
    """
    is_usable = {
        Channel.SMS: bool(mobile) and is_safe_to_text,
        Channel.EMAIL: bool(email),
        Channel.LETTER: len([line for line in address_lines if line.strip()])
        >= FEWEST_ADDRESS_LINES,
    }
    return frozenset(channel for channel, usable in is_usable.items() if usable)


def choose_channel(
    *,
    allowed: Collection[Channel],
    usable: Collection[Channel],
    preferred: Channel,
    is_large_print: bool,
) -> Channel:
    """Return the channel by which a person is told.

    It is the one they prefer, if the topic allows it and it reaches them; otherwise e-mail,
    otherwise a letter. What is only said in writing comes in large print, if they need that,
    so by letter.

    Args:
        allowed: the channels of the topic; without texts, it is only said in writing.
        usable: the channels that reach the person. If there is none, the answer is a letter,
            which then turns out to have no address: somebody must tell them in another way.
        preferred: the person's own choice.
        is_large_print: whether the person needs large print.
    """
    is_written_only = Channel.SMS not in allowed
    first = Channel.LETTER if is_written_only and is_large_print else preferred
    for channel in (first, Channel.EMAIL, Channel.LETTER):
        if channel in allowed and channel in usable:
            return channel
    return Channel.LETTER


def person_to_ask(members: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """Return name and role, in words, of the one in a care team whom a person can ask.

    Args:
        members: role and name of each.
    """
    for role, role_in_words in CONTACT_ROLES.items():
        for member_role, name in members:
            if member_role == role:
                return name, role_in_words
    return None
