"""The form of what a preview is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.notifications.people.rules import Audience, Channel
from services.notifications.phrases.rules import Fact

MOST_CHARACTERS = 2_000  # of one fact
MOST_LINES = 50
MOST_FACTS = 20
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewAsked:
    topic: str
    language: str
    channel: Channel
    accessible_format: str | None
    facts: Mapping[str, Fact]
    is_draft_shown: bool
    audience: Audience


class _Fact(fields.Field[Fact]):
    """Words, or lines of words."""

    _words = fields.String(validate=validate.Length(max=MOST_CHARACTERS))
    _lines = fields.List(_words, validate=validate.Length(max=MOST_LINES))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Fact:
        form = self._lines if isinstance(value, list) else self._words
        return form.deserialize(value, attr, data, **kwargs)


class PreviewForm(Schema):
    """What is said on a topic, in which language, by which channel and in which format.

    A fact that is left out is shown by its name in brackets.
    """

    topic = fields.String(required=True, validate=validate.Length(max=LONGEST_CODE))
    language = fields.String(load_default="en", validate=validate.Length(max=LONGEST_CODE))
    channel = fields.Enum(Channel, by_value=True, required=True)
    format = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(("large_print", "easy_read")),
    )
    facts = fields.Dict(
        keys=fields.String(),
        values=_Fact(),
        load_default=dict,
        validate=validate.Length(max=MOST_FACTS),
    )
    is_draft_shown = fields.Boolean(load_default=False)  # else as the settings say
    audience = fields.Enum(Audience, by_value=True, load_default=Audience.HOLDER)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> PreviewAsked:
        return PreviewAsked(accessible_format=loaded.pop("format"), **loaded)
