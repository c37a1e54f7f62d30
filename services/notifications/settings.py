"""What notifications takes from the environment, beside what every service needs."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

from shared.settings import required

_TEMPLATE = "5a1b0c3e-0000-4000-8000-00000000000"


class SettingUnfitError(Exception):
    """A setting is there and cannot be used. Its value is not shown."""

    def __init__(self, name: str, *, wanted: str) -> None:
        super().__init__(f"{name} must be {wanted}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """How GOV.UK Notify is reached, and the pass-through template of each channel there."""

    url: str
    api_key: str
    template_ids: Mapping[str, str]
    timeout_seconds: float  # for its answer; with 3 s to connect, shorter than an errand's lease

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        return cls(
            url=required(environment, "NOTIFICATIONS_NOTIFY_URL"),
            api_key=required(environment, "NOTIFICATIONS_NOTIFY_API_KEY"),
            template_ids={
                channel: environment.get(
                    f"NOTIFICATIONS_NOTIFY_{channel.upper()}_TEMPLATE_ID", f"{_TEMPLATE}{number}"
                )
                for number, channel in enumerate(("sms", "email", "letter"), start=1)
            },
            timeout_seconds=float(environment.get("NOTIFICATIONS_NOTIFY_TIMEOUT_SECONDS", "20")),
        )


def trust_absence_after_seconds(environment: Mapping[str, str] = os.environ) -> int:
    """Return how long after a call a provider's "not found" means "not sent", in seconds."""
    return int(environment.get("NOTIFICATIONS_NOTIFY_TRUST_ABSENCE_AFTER_SECONDS", "120"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackSettings:
    """How we know that a receipt comes from Notify."""

    token: str
    inbound_token: str = ""  # for texts that people send us; empty: none come

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        inbound = "NOTIFICATIONS_NOTIFY_INBOUND_TOKEN"
        name = "NOTIFICATIONS_NOTIFY_CALLBACK_TOKEN"
        given = {name: required(environment, name), inbound: environment.get(inbound, "")}
        for setting, token in given.items():
            if token and len(token) < 10:  # noqa: PLR2004 - Notify's own rule
                raise SettingUnfitError(setting, wanted="at least 10 characters long")
        return cls(token=given[name], inbound_token=given[inbound])


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoints:
    """Where a message sends people to read more, and whom they can call."""

    web_address: str
    phone: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        web_address = environment.get("NOTIFICATIONS_WEB_ADDRESS", "https://commonpurse.example")
        if not re.fullmatch(r"https://\S{1,24}", web_address):
            raise SettingUnfitError(
                "NOTIFICATIONS_WEB_ADDRESS", wanted="an https:// address of at most 32 characters"
            )
        phone = environment.get("NOTIFICATIONS_PHONE", "01632 960123")
        if not re.fullmatch(r"[0-9 ]{3,13}", phone):
            raise SettingUnfitError(
                "NOTIFICATIONS_PHONE", wanted="3 to 13 digits and spaces, as a person dials it"
            )
        return cls(web_address=web_address, phone=phone)


@cache
def content_days() -> int:
    """Return for how many days a message's words are kept once it has ended.

    Raises:
        SettingUnfitError: it is no number of days.
    """
    name = "NOTIFICATIONS_CONTENT_DAYS"
    written = os.environ.get(name) or "7"
    if not re.fullmatch(r"[1-9][0-9]{0,2}", written):
        raise SettingUnfitError(name, wanted="a number of days, 1 to 999")
    return int(written)


@cache
def around() -> Mapping[str, str]:
    """Return what stands in every message: where to read more, and whom to call."""
    points = ContactPoints.from_environment()
    return {"web_address": points.web_address, "phone": points.phone}


def are_drafts_allowed(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether people may get words in a language that no speaker of it has checked.

    A laptop and a demo may show them. Where nobody says so, they are refused: a wrong word in a
    letter about somebody's life does harm.
    """
    chosen = environment.get("NOTIFICATIONS_DRAFTS", "refuse")
    if chosen not in {"allow", "refuse"}:
        raise SettingUnfitError("NOTIFICATIONS_DRAFTS", wanted="allow or refuse")
    return chosen == "allow"
