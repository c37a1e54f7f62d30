"""What a body or a query may contain, in the words of Notify's JSON schemas."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from simulators.notify import recipients
from simulators.notify.errors import ApiError
from simulators.notify.templates import Channel

LONGEST_REFERENCE = 1_000
POSTAGES = ("first", "second", "economy")


def _typed(value: object, expected: type, *, name: str) -> None:
    if not isinstance(value, expected):
        problem = f"{value!r} is not of type {name}"
        raise ValueError(problem.replace("'", ""))  # noqa: TRY004 - a wrong body, not a wrong call


def check_uuid(value: object) -> None:
    try:
        UUID(str(value))
    except ValueError:
        raise ValueError("is not a valid UUID") from None


def check_text(value: object) -> None:
    _typed(value, str, name="string")


def check_object(value: object) -> None:
    _typed(value, dict, name="object")


def check_list(value: object) -> None:
    _typed(value, list, name="array")


def check_reference(value: object) -> None:
    _typed(value, str, name="string")
    if len(str(value)) > LONGEST_REFERENCE:
        raise ValueError(f"{value} is too long")


def check_https(value: object) -> None:
    if not str(value).startswith("https://"):
        raise ValueError("is not a valid https url")


def check_number(value: object) -> None:
    _typed(value, str, name="string")
    try:
        recipients.normalised_number(str(value))
    except recipients.InternationalNumberError:
        return  # fits the schema; refused later, with a BadRequestError


def check_email(value: object) -> None:
    _typed(value, str, name="string")
    recipients.normalised_email(str(value))


def check_postage(value: object) -> None:
    if value not in POSTAGES:
        raise ValueError("invalid. It must be first, second or economy.")


CHECKS: Mapping[str, Callable[[object], None]] = {
    "phone_number": check_number,
    "email_address": check_email,
    "template_id": check_uuid,
    "personalisation": check_object,
    "reference": check_reference,
    "scheduled_for": check_text,
    "sms_sender_id": check_uuid,
    "email_reply_to_id": check_uuid,
    "one_click_unsubscribe_url": check_https,
    "sanitise_content_for": check_list,
    "content": check_text,
    "postage": check_postage,
}
REQUIRED: Mapping[Channel, tuple[str, ...]] = {
    Channel.SMS: ("phone_number", "template_id"),
    Channel.EMAIL: ("email_address", "template_id"),
    Channel.LETTER: ("template_id", "personalisation"),
}
OPTIONAL: Mapping[Channel, tuple[str, ...]] = {
    Channel.SMS: ("personalisation", "reference", "scheduled_for", "sms_sender_id"),
    Channel.EMAIL: (
        "personalisation",
        "reference",
        "scheduled_for",
        "email_reply_to_id",
        "one_click_unsubscribe_url",
        "sanitise_content_for",
    ),
    Channel.LETTER: ("reference",),
}


def check_body(body: object, *, required: Collection[str], optional: Collection[str]) -> Any:
    """Check a JSON body and hand it back.

    Raises:
        ApiError: 400 with one entry for each thing that is wrong.
    """
    if not isinstance(body, dict):
        raise ApiError.invalid(f"{body!r} is not of type object".replace("'", ""))
    wrong = [f"{name} is a required property" for name in required if name not in body]
    wrong += _unexpected(body, known={*required, *optional})
    wrong += [
        f"{name} {problem}"
        for name, value in body.items()
        if name in {*required, *optional} and (problem := _problem(CHECKS[name], value))
    ]
    if wrong:
        raise ApiError.invalid(*wrong)
    return body


def check_message(body: object, *, channel: Channel) -> dict[str, Any]:
    """Check the body of a request to send a message; raises as ``check_body`` does."""
    required, optional = REQUIRED[channel], OPTIONAL[channel]
    if channel is Channel.LETTER and is_precompiled(body):
        required, optional = ("reference", "content"), ("postage",)
    checked: dict[str, Any] = check_body(body, required=required, optional=optional)
    return checked


def is_precompiled(body: object) -> bool:
    """Tell whether the body of a letter brings it as a PDF."""
    return isinstance(body, dict) and "content" in body


def check_known(arguments: Collection[str], *, known: Collection[str]) -> None:
    """Refuse a query argument that Notify does not know.

    Raises:
        ApiError: 400 that names it.
    """
    wrong = _unexpected(arguments, known=known)
    if wrong:
        raise ApiError.invalid(*wrong)


def check_choice(name: str, value: str, *, choices: Collection[str]) -> None:
    """Refuse a value that is not one of ``choices``.

    Raises:
        ApiError: 400 that lists the choices.
    """
    if value not in choices:
        raise ApiError.invalid(f"{name} {value} is not one of [{', '.join(choices)}]")


def id_of(text: str, *, name: str) -> UUID:
    """Read an id from a path or a query.

    Raises:
        ApiError: 400, not a UUID.
    """
    try:
        return UUID(text)
    except ValueError:
        raise ApiError.invalid(f"{name} is not a valid UUID") from None


def _unexpected(names: Collection[str], *, known: Collection[str]) -> list[str]:
    unexpected = [name for name in names if name not in known]
    if not unexpected:
        return []
    verb = "was" if len(unexpected) == 1 else "were"
    listed = ", ".join(unexpected)
    return [f"Additional properties are not allowed ({listed} {verb} unexpected)"]


def _problem(check: Callable[[object], None], value: object) -> str | None:
    try:
        check(value)
    except ValueError as error:
        return str(error)
    return None
