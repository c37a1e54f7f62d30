"""Words for what the services say in codes."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from demo.staff import EVERYBODY
from shared.clock import LONDON

LEVELS = (
    "manages alone",
    "manages with effort or aids",
    "needs prompting or part help",
    "needs help most times",
    "cannot, or at serious risk",
)
NAMES: Mapping[str, str] = {
    "nhs": "the NHS",
    "nhs-trust": "the NHS trust",
    "council": "the council",
    "voluntary-broker": "the voluntary broker",
    "person": "the person",
    "joint": "both funders",
    "bacs": "bank transfer",
    "sms": "text message",
    "email": "e-mail",
    "section_117": "aftercare under section 117",
    "care_act": "the Care Act",
    "local_offer": "the local offer",
    "one_off": "once",
    "voluntary_sector": "the voluntary sector",
    "approve": "approved",
    "approve_in_part": "approved in part",
    "return": "sent back",
    "refuse": "refused",
    "escalate": "asked the next rung",
    "practitioner": "a practitioner",
    "lived_experience": "somebody with lived experience",
    "guest": "a guest",
    "merged": "yes, and the records were merged",
    "kept_apart": "no, they are two",
    "lives_elsewhere": "the person lives in another area",
    "has_a_budget": "there is a budget already",
}


def name(code: str | None) -> str:
    """Say a code in words; one without words of its own loses its underscores."""
    return NAMES.get(code or "", (code or "not known").replace("_", " "))


def sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def level(number: int) -> str:
    return LEVELS[number] if 0 <= number < len(LEVELS) else f"level {number}"


def day(written: str | None) -> str:
    """Say a date: ``4 May 2026``."""
    if written is None:
        return "a day not known"
    found = date.fromisoformat(written[:10])
    return f"{found.day} {found:%B %Y}"


def moment(written: str | None) -> str:
    """Say an instant as London's clocks show it: ``24 November 2026, 10:02``."""
    if written is None:
        return "a time not known"
    found = datetime.fromisoformat(written).astimezone(LONDON)
    return f"{found.day} {found:%B %Y, %H:%M}"


def colleague(staff_id: str | None, case: Mapping[str, Any]) -> str:
    """Name somebody who is or was in the person's care team, or acts for them, or decides here."""
    person = case["person"]
    team = [*(person.get("care_team") or []), *(person.get("care_team_before") or [])]
    names = {
        **{one.staff_id: one.name for one in EVERYBODY},
        **{one["staff_id"]: one["name"] for one in team},
        **{one["representative_id"]: one["name"] for one in case.get("representatives") or []},
    }
    return names.get(staff_id or "", "somebody not known here")


def harmless(text: str) -> str:
    """Replace what would control a terminal; everything else stays as it was written."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(one) == "Cc" and one != "\n" else one
        for one in text
    )
