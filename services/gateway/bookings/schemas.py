"""What goes in and comes out about bookings of the joint assessment."""

from marshmallow import Schema, fields

from services.gateway import forms, strict
from services.gateway.schemas import Form

MOST_COMING = 10


class ComingForm(Form):
    """Somebody who comes, beside the person."""

    name = forms.name()
    role = forms.name()


class BookForm(Form):
    """A time is fixed for the joint assessment, in place of any that was fixed before."""

    starts_at = strict.Instant(required=True)
    way = forms.choice("at_home", "at_place", "by_phone", "by_video")
    place = forms.name_or_none(metadata={"description": "where people meet at a place"})
    coming = forms.several(fields.Nested(ComingForm), least=1, most=MOST_COMING)


class BookingStateSchema(Schema):
    booking_id = fields.UUID()
    version = fields.Integer()


class ComingSchema(Schema):
    name = fields.String()
    role = fields.String()


class BookingSchema(Schema):
    """A booking; the last one of a case counts."""

    booking_id = fields.UUID()
    version = fields.Integer()
    starts_at = fields.String()
    way = fields.String()
    place = fields.String(allow_none=True)
    coming = fields.List(fields.Nested(ComingSchema))
    booked_at = fields.String()
