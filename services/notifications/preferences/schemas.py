"""The forms of what is asked about preferences."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.notifications.people.rules import Channel
from services.notifications.preferences.commands import PreferencesAsked, SetPreferences

MOST_TOPICS = 100
MOST_COPIED = 20
LONGEST_REASON = 500
HOURS = 24


def _word(**how: Any) -> fields.String:
    return fields.String(validate=validate.Regexp(r"[a-z][a-z_-]{1,39}\Z"), **how)


class SetPreferencesForm(Schema):
    """All that a person chose, who says so, and why."""

    person_id = fields.UUID(required=True)
    channels = fields.List(
        fields.Enum(Channel, by_value=True),
        required=True,
        validate=validate.Length(min=1, max=len(Channel)),
    )
    declined_topics = fields.List(
        _word(), load_default=list, validate=validate.Length(max=MOST_TOPICS)
    )
    language = _word(load_default=None, allow_none=True)
    accessible_format = _word(load_default=None, allow_none=True)
    opens = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(0, HOURS - 1)
    )
    closes = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, HOURS)
    )
    is_safe_to_text = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    copied = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=MOST_COPIED)
    )
    replaces_version = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(min=0)
    )
    set_by = fields.UUID(required=True)
    reason = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_REASON))

    @validates_schema
    def _makes_sense(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        channels, opens, closes = loaded["channels"], loaded["opens"], loaded["closes"]
        if len(set(channels)) < len(channels):
            raise ValidationError("Name each channel once.", "channels")
        if (opens is None) != (closes is None) or (opens is not None and opens >= closes):
            raise ValidationError("Give both hours, or none; opens comes before closes.", "opens")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> SetPreferences:
        return SetPreferences(**loaded)


class PreferencesForm(Schema):
    person_id = fields.UUID(required=True)

    @post_load
    def _as_question(self, loaded: dict[str, Any], **_kwargs: Any) -> PreferencesAsked:
        return PreferencesAsked(**loaded)
