"""By which channel a person is reached, and whom they can ask."""

import enum
from collections.abc import Mapping, Sequence

FEWEST_ADDRESS_LINES = 2  # with the name above them, the three that a letter needs
CONTACT_ROLES: Mapping[str, str] = {  # the first of these in a care team is the person to ask
    "care_coordinator": "care coordinator",
    "broker": "broker",
}


class Audience(enum.StrEnum):
    """Who is told."""

    HOLDER = "holder"  # of the budget: the person
    REPRESENTATIVE = "representative"  # who acts for the person
    BROKER = "broker"
    COORDINATOR = "coordinator"
    DECIDER = "decider"  # of the rung with which a plan is
    FUNDER = "funder"  # who is named at an organisation whose money it is
    SECOND = "second"  # a colleague who was named as the second person in an emergency


STAFF = frozenset(Audience) - {Audience.HOLDER, Audience.REPRESENTATIVE}
TEAM_ROLES: Mapping[Audience, str] = {  # whose role is always the same; a decider's is not
    Audience.BROKER: "broker",
    Audience.COORDINATOR: "care_coordinator",
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


def usual_order(preferred: Channel) -> list[Channel]:
    """Return in which order a person is tried who has only said what they prefer.

    A text comes last where it is not preferred: it says least, and goes to whoever holds the
    phone.
    """
    others = [Channel.EMAIL, Channel.LETTER, Channel.SMS]
    return [preferred, *(channel for channel in others if channel is not preferred)]


def format_code(accessible_format: str | None) -> str | None:
    """Return ``large_print`` for ``large_print`` and ``Large print``."""
    return accessible_format and accessible_format.strip().lower().replace(" ", "_")


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
