"""What goes in and comes out about messages, preferences and what must not be sent."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import Form, a_day, an_instant, like, number, one_of, words


class SetPreferencesForm(Form):
    """All that a person chose, and why it is changed."""

    channels = fields.List(
        one_of("sms", "email", "letter"), validate=validate.Length(min=1, max=3), required=True
    )
    declined_topics = fields.List(like(r"[a-z][a-z_-]{1,39}\Z"), validate=validate.Length(max=100))
    language = like(r"[a-z][a-z_-]{1,39}\Z")
    accessible_format = like(r"[a-z][a-z_-]{1,39}\Z")
    opens = number(least=0, most=23)
    closes = number(least=1, most=24)
    is_safe_to_text = strict.Flag(load_default=False)
    copied = fields.List(fields.UUID(), validate=validate.Length(max=20))
    reason = words(longest=500, required=True)


class SuppressForm(Form):
    """Which channel or address, why, and until when."""

    channel = one_of("sms", "email", "letter", required=True)
    is_of_address = strict.Flag(required=True)
    reason = one_of("permanent_failure", "unsubscribed", "stop", "wrong_number", required=True)
    until = strict.Instant()


class HoldForSafeguardingForm(Form):
    """What is held, why, and by which day somebody looks again."""

    channel = one_of("sms", "email", "letter")
    review_by = strict.Day(required=True)
    reason = words(longest=500, required=True)


class PreviewForm(Form):
    """Which words, how and in which language."""

    topic = words(longest=60, least=0, required=True)
    language = words(longest=60, least=0, load_default="en")
    channel = one_of("sms", "email", "letter", required=True)
    format = one_of("large_print", "easy_read")
    is_draft_shown = fields.Boolean(load_default=False)
    audience = one_of(
        "holder",
        "representative",
        "broker",
        "coordinator",
        "decider",
        "funder",
        "second",
        load_default="holder",
    )


class OtherChannelForm(Form):
    """By which channel."""

    channel = one_of("sms", "email", "letter", required=True)


class RetriedSchema(Schema):
    """The delivery that is tried now."""

    delivery_id = fields.UUID()
    channel = fields.String()


class MessageSchema(Schema):
    """One message, as it was said."""

    message_id = fields.UUID()
    topic = fields.String()
    state = fields.String()
    reason = fields.String(allow_none=True)
    correlation_id = fields.UUID()
    created_at = an_instant()
    delivered_at = an_instant(allow_none=True)
    channel = fields.String(allow_none=True)
    subject = fields.String(allow_none=True)
    body = fields.String(allow_none=True)


class PreferencesSchema(Schema):
    """What a person chose."""

    version = fields.Integer()
    channels = fields.List(fields.String())
    declined_topics = fields.List(fields.String())
    copied = fields.List(fields.UUID())
    language = fields.String(allow_none=True)
    accessible_format = fields.String(allow_none=True)
    opens = fields.Integer(allow_none=True)
    closes = fields.Integer(allow_none=True)
    is_safe_to_text = fields.Boolean()
    chosen_at = an_instant()
    set_by = fields.UUID()
    reason = fields.String()


class SuppressionSchema(Schema):
    """One suppression."""

    suppression_id = fields.UUID()
    channel = fields.String()
    is_of_address = fields.Boolean()
    reason = fields.String()
    source = fields.String()
    since = an_instant()
    until = an_instant(allow_none=True)
    lifted_at = an_instant(allow_none=True)
    lifted_by = fields.UUID(allow_none=True)


class SafeguardingHoldSchema(Schema):
    """One hold."""

    hold_id = fields.UUID()
    channel = fields.String(allow_none=True)
    review_by = a_day()
    set_by = fields.UUID()
    set_at = an_instant()
    reason = fields.String()
    released_at = an_instant(allow_none=True)
    released_by = fields.UUID(allow_none=True)
    release_reason = fields.String(allow_none=True)


class HeldSchema(Schema):
    """The hold that was set."""

    hold_id = fields.UUID()


class PreviewSchema(Schema):
    """What somebody would read, and what to look at in it."""

    topic = fields.String()
    channel = fields.String()
    language = fields.String()
    direction = fields.String()
    explained_in = fields.String(allow_none=True)
    format = fields.String(allow_none=True)
    version = fields.Integer()
    subject = fields.String(allow_none=True)
    text = fields.String(allow_none=True)
    pictures = fields.List(fields.String())
    is_checked = fields.Boolean()
    fragments = fields.Integer(allow_none=True)
    reading_level = fields.Float(allow_none=True)
    findings = fields.List(fields.String())
