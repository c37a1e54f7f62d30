"""Routing plans: by which channels a message goes, and, here, what comes of each.

The first three are those that NHS Notify has for free text; the others exist here alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

READ_WAIT_SECONDS = 24 * 60 * 60  # for somebody to read in the NHS App, before the next channel
SOON_SECONDS = 0.005
_PREFIX = "00000000-0000-0000-0000-0000000000"

# NHS numbers of nobody, with what the Personal Demographics Service says of them.
SENSITIVE = "9000000025"  # the S flag
DECEASED = "9000000041"
INVALIDATED = "9000000068"
FAILING = {
    SENSITIVE: "Patient has exit code",
    DECEASED: "Failed reason: Patient is formally dead",
    INVALIDATED: "Failed reason: Patient record invalidated",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """One channel of a plan, and what comes of it when."""

    type: str
    outcome: str = "delivered"  # or failed, or sending: no news, ever
    after_seconds: float = SOON_SECONDS
    limits: Mapping[str, int]  # fields of the personalisation, with their most characters


def nhs_app(**changed: str | float) -> ChannelPlan:
    return ChannelPlan(type="nhsapp", limits={"body": 5_000}, **changed)  # type: ignore[arg-type]


def email(**changed: str | float) -> ChannelPlan:
    limits = {"email_subject": 100_000, "email_body": 100_000}
    return ChannelPlan(type="email", limits=limits, **changed)  # type: ignore[arg-type]


def sms(**changed: str | float) -> ChannelPlan:
    return ChannelPlan(type="sms", limits={"sms_body": 918}, **changed)  # type: ignore[arg-type]


PLANS: Mapping[str, tuple[ChannelPlan, ...]] = {
    f"{_PREFIX}01": (nhs_app(),),
    f"{_PREFIX}02": (email(),),
    f"{_PREFIX}03": (sms(),),
    f"{_PREFIX}f1": (nhs_app(outcome="failed", after_seconds=READ_WAIT_SECONDS), sms()),
    f"{_PREFIX}f2": (nhs_app(outcome="failed"), email(outcome="failed"), sms(outcome="failed")),
    f"{_PREFIX}f3": (sms(outcome="failed"),),
    f"{_PREFIX}f4": (sms(outcome="sending"),),
    f"{_PREFIX}f5": (email(outcome="failed"),),
}
