"""From a request to a message: the checks in Notify's order, and what is answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from simulators.notify import (
    content_limits,
    letters,
    personalisation,
    recipients,
    sms_characters,
    templates,
)
from simulators.notify.errors import ApiError
from simulators.notify.keys import ApiKey, KeyType
from simulators.notify.messages import CallbackPlan, Message, Status
from simulators.notify.settings import Settings
from simulators.notify.templates import Channel

SMS_SENDER = "GOVUK"
EMAIL_SENDER = "simulator@notifications.service.gov.uk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """To whom a message goes: as written by the caller, and in one form for comparing."""

    written: str
    normalised: str
    address_lines: tuple[str, ...] = ()


def compose(
    body: Mapping[str, Any], *, channel: Channel, key: ApiKey, settings: Settings, at: datetime
) -> Message:
    """Make the message that a request asks for.

    Args:
        body: a body that ``request_checks.check_message`` let through.
        channel: how the message is to travel.
        key: the key that signed the request.
        settings: who is in the team, and what a text may hold.
        at: the time now.

    Raises:
        ApiError: 400 or 403, the message cannot be sent.
    """
    _check_feature(body, service_id=key.service_id)
    values = personalisation.plain_values(body.get("personalisation", {}))
    template = templates.template_for(UUID(str(body["template_id"])), channel=channel)
    is_letter = channel is Channel.LETTER
    if is_letter:
        letters.check_key(key)
    wording = templates.write(template, values=values)
    if channel is Channel.SMS:
        body_sent = sms_characters.sanitised(wording.body, rule=settings.unicode_rule)
        wording = replace(wording, body=body_sent)
    content_limits.check(wording, channel=channel)
    recipient = _recipient(body, values=values, channel=channel)
    _check_team(recipient, key=key, team=settings.team)
    return Message(
        message_id=uuid4(),
        channel=channel,
        key_type=key.key_type,
        recipient=recipient.written,
        normalised_recipient=recipient.normalised,
        address_lines=recipient.address_lines,
        template=template,
        reference=body.get("reference"),
        subject=wording.subject,
        body=wording.body,
        one_click_unsubscribe_url=body.get("one_click_unsubscribe_url"),
        created_at=at,
        status=Status.ACCEPTED if is_letter else Status.CREATED,
        outcome=_outcome(recipient, channel=channel, key_type=key.key_type),
        callback=CallbackPlan.NONE if is_letter else CallbackPlan.ONCE,
        postage=template.postage,
    )


def is_smoke_test(message: Message) -> bool:
    """Tell whether the message is for an address that Notify keeps for smoke tests."""
    return message.normalised_recipient in recipients.SMOKE_NUMBERS | recipients.SMOKE_EMAILS


def answer(message: Message, *, host_url: str, service_id: UUID) -> dict[str, Any]:
    """Write the 201 answer.

    Args:
        message: what was taken.
        host_url: where this simulator is, with a slash at its end.
        service_id: whose key was used.
    """
    template = message.template
    common = {
        "id": str(message.message_id),
        "reference": message.reference,
        "uri": f"{host_url}v2/notifications/{message.message_id}",
        "template": {
            "id": str(template.template_id),
            "version": template.version,
            "uri": f"{host_url}services/{service_id}/templates/{template.template_id}",
        },
        "scheduled_for": None,
    }
    if message.channel is Channel.SMS:
        return {**common, "content": {"from_number": SMS_SENDER, "body": message.body}}
    content = {"subject": message.subject, "body": message.body}
    if message.channel is Channel.LETTER:
        return {**common, "content": content}
    email_only = {
        "from_email": EMAIL_SENDER,
        "one_click_unsubscribe_url": message.one_click_unsubscribe_url,
    }
    return {**common, "content": {**content, **email_only}, "sanitised_content": {}}


def _check_feature(body: Mapping[str, Any], *, service_id: UUID) -> None:
    """Refuse what this service has not been given: other senders, and sending later."""
    if body.get("scheduled_for"):
        message = "Cannot schedule notifications (this feature is invite-only)"
        raise ApiError.bad_request(message)
    for name in ("sms_sender_id", "email_reply_to_id"):
        if name in body:
            raise ApiError.bad_request(
                f"{name} {body[name]} does not exist in database for service id {service_id}"
            )


def _check_team(recipient: Recipient, *, key: ApiKey, team: Collection[str]) -> None:
    if key.key_type is KeyType.TEAM and recipient.normalised not in team:
        raise ApiError.bad_request("Can’t send to this recipient using a team-only API key")  # noqa: RUF001 - Notify's own apostrophe


def _recipient(
    body: Mapping[str, Any], *, values: Mapping[str, str], channel: Channel
) -> Recipient:
    try:
        if channel is Channel.SMS:
            number = body["phone_number"]
            return Recipient(written=number, normalised=recipients.normalised_number(number))
        if channel is Channel.EMAIL:
            address = body["email_address"]
            return Recipient(written=address, normalised=recipients.normalised_email(address))
        lines = recipients.address_lines(values)
    except recipients.InternationalNumberError as error:
        raise ApiError.bad_request(str(error)) from error
    except recipients.InvalidRecipientError as error:
        raise ApiError.invalid(str(error)) from error
    joined = "".join("".join(lines).split()).lower()
    return Recipient(written=lines[0], normalised=joined, address_lines=lines)


def _outcome(recipient: Recipient, *, channel: Channel, key_type: KeyType) -> Status:
    if channel is Channel.LETTER:
        return Status.RECEIVED
    if key_type is KeyType.TEST:
        if recipient.normalised in recipients.TEMPORARILY_FAILING:
            return Status.TEMPORARY_FAILURE
        if recipient.normalised in recipients.PERMANENTLY_FAILING:
            return Status.PERMANENT_FAILURE
    return Status.DELIVERED
