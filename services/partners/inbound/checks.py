"""Whether a message may be passed on: its form, who sent it, and what they agreed with us."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from services.partners.agreements.rules import Agreement, System
from services.partners.catalogue.rules import Incoming, Told
from services.partners.envelopes.rules import TYPE_PREFIX, Envelope
from services.partners.envelopes.wire import EnvelopeForm
from services.partners.inbound.rules import Rejection, invalid_envelope

_ENVELOPE = EnvelopeForm()
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


def checked(
    envelope: Envelope,
    *,
    agreement: Agreement,
    system: System,
    types: Mapping[str, Incoming],
) -> tuple[Incoming, Told] | Rejection:
    """Return the type of a message and what it tells, or why it is not passed on.

    Args:
        envelope: as it came.
        agreement: of whose virtual host or mailbox it came from: nobody else can have sent it.
        system: as which it came.
        types: every type there is, by its name.
    """
    attributes = envelope.attributes
    if wrong := _ENVELOPE.validate(attributes):
        return invalid_envelope(_first_field(wrong), _first_reason(wrong))
    if agreement.system_of(attributes["source"]) != system:
        return _WRONG_SOURCE
    name = attributes["type"].removeprefix(TYPE_PREFIX)
    if name not in types:
        return _unknown(name, types)
    if agreement.sent(name) is None:
        return _NOT_AGREED
    return _looked_into(envelope, agreement=agreement, incoming=types[name])


def _looked_into(
    envelope: Envelope, *, agreement: Agreement, incoming: Incoming
) -> tuple[Incoming, Told] | Rejection:
    data: Mapping[str, Any] = envelope.attributes["data"]
    if wrong := incoming.form().validate(data):
        return Rejection(
            code="invalid_data",
            reason=_first_reason(wrong),
            next_step=f"Compare it with docs/events/partners/{incoming.name}.json.",
            field=_first_field(wrong),
        )
    if incoming.role and data[incoming.role] not in agreement.staff_roles:
        return Rejection(
            code="role_not_agreed",
            reason="Your agreement does not name this role among those of your staff.",
            next_step="Ask us to add it, or send what somebody in an agreed role says.",
            field=incoming.role,
        )
    told = Told(agreement=agreement, message_id=envelope.message_id, data=data)
    return incoming, told


def _unknown(name: str, types: Mapping[str, Incoming]) -> Rejection:
    noun = name.rpartition(".")[0]
    if any(known.rpartition(".")[0] == noun for known in types):
        return Rejection(
            code="unsupported_version",
            reason="We do not read this version of the type.",
            next_step="Send a version that docs/events/partners lists.",
            field="type",
        )
    return Rejection(
        code="unknown_type",
        reason="There is no such type of message.",
        next_step="Send one of the types that docs/events/partners lists.",
        field="type",
    )


_WRONG_SOURCE = Rejection(
    code="wrong_source",
    reason="The source is not the system from whose queue or mailbox this came.",
    next_step="Name the system as your agreement does: /org/<code>/<system>.",
    field="source",
)
_NOT_AGREED = Rejection(
    code="not_agreed",
    reason="Your agreement does not list this type among those that you send.",
    next_step="Ask us to add it to the agreement.",
    field="type",
)


def _first_field(wrong: Any) -> str:
    """Return the path to the first field that is wrong: person.birth_date.

    It ends before what no form of ours has as a name: a sender's own may be anything.
    """
    path = []
    while isinstance(wrong, dict) and wrong:
        name = min(wrong, key=str)
        path.append(str(name))
        wrong = wrong[name]
    names = takewhile(_NAME.fullmatch, (one for one in path if one != "_schema"))
    return ".".join(names)


def _first_reason(wrong: Any) -> str:
    """Return why it is wrong; never what was sent."""
    while isinstance(wrong, dict) and wrong:
        wrong = wrong[min(wrong, key=str)]
    return str(wrong[0]) if isinstance(wrong, list) and wrong else "It is not as it must be."
