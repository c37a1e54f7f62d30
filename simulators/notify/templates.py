"""The templates. They pass everything through: our callers keep their words themselves.

A real service sets up one such template for each channel in Notify.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from simulators.notify import personalisation
from simulators.notify.errors import ApiError

SMS_TEMPLATE_ID = "5a1b0c3e-0000-4000-8000-000000000001"
EMAIL_TEMPLATE_ID = "5a1b0c3e-0000-4000-8000-000000000002"
LETTER_TEMPLATE_ID = "5a1b0c3e-0000-4000-8000-000000000003"

CREATED_AT = "2026-01-01T00:00:00.000000Z"
CREATED_BY = "simulator@example.gov.uk"


class Channel(StrEnum):
    """How a message travels. Notify calls it a template's or a notification's type."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


CHANNELS = [channel.value for channel in Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template at its only version."""

    template_id: UUID
    channel: Channel
    name: str
    subject: str | None
    body: str
    version: int = 1

    @property
    def postage(self) -> str | None:
        return "second" if self.channel is Channel.LETTER else None

    @property
    def placeholders(self) -> list[str]:
        return personalisation.placeholders(self.subject, self.body)

    def as_wire(self) -> dict[str, Any]:
        return {
            "id": str(self.template_id),
            "type": self.channel.value,
            "name": self.name,
            "created_at": CREATED_AT,
            "updated_at": None,
            "created_by": CREATED_BY,
            "version": self.version,
            "subject": self.subject,
            "body": self.body,
            "personalisation": {name: {"required": True} for name in self.placeholders},
            "postage": self.postage,
            "letter_contact_block": None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a template says once the values are in it."""

    subject: str | None
    body: str


TEMPLATES = {
    template.template_id: template
    for template in (
        Template(
            template_id=UUID(SMS_TEMPLATE_ID),
            channel=Channel.SMS,
            name="Pass-through text message",
            subject=None,
            body="((body))",
        ),
        Template(
            template_id=UUID(EMAIL_TEMPLATE_ID),
            channel=Channel.EMAIL,
            name="Pass-through email",
            subject="((subject))",
            body="((body))",
        ),
        Template(
            template_id=UUID(LETTER_TEMPLATE_ID),
            channel=Channel.LETTER,
            name="Pass-through letter",
            subject="((heading))",
            body="((body))",
        ),
    )
}


def template_for(template_id: UUID, *, channel: Channel) -> Template:
    """Find the template that a message names.

    Raises:
        ApiError: 400, there is none or it is for another channel.
    """
    template = TEMPLATES.get(template_id)
    if template is None:
        raise ApiError.bad_request("Template not found")
    if template.channel is not channel:
        message = f"{template.channel} template is not suitable for {channel} notification"
        raise ApiError.bad_request(message)
    return template


def write(template: Template, *, values: dict[str, str]) -> Wording:
    """Put the values into a template.

    Args:
        template: what to fill.
        values: the personalisation, its keys written as ``personalisation.plain`` does.

    Raises:
        ApiError: 400, a value is missing.
    """
    personalisation.check_complete(template.placeholders, values)
    subject = personalisation.fill(template.subject, values) if template.subject else None
    return Wording(
        subject=" ".join(subject.split()) if subject is not None else None,
        body=personalisation.fill(template.body, values).strip(),
    )
