"""The envelope as a partner must write it, in the words of CloudEvents."""

from marshmallow import EXCLUDE, Schema, fields, validate

from services.partners.envelopes.rules import TYPE_PREFIX

_TYPE = TYPE_PREFIX.replace(".", "[.]") + r"[a-z_]+[.][a-z_]+[.]v[0-9]+\Z"


class EnvelopeForm(Schema):
    """CloudEvents 1.0 with our extensions. Extensions of others are passed over."""

    class Meta:
        unknown = EXCLUDE

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.UUID(required=True)
    source = fields.String(required=True, validate=validate.Length(1, 200))
    type = fields.String(required=True, validate=validate.Regexp(_TYPE))
    time = fields.AwareDateTime(required=True)
    subject = fields.String(validate=validate.Length(1, 200))
    datacontenttype = fields.String(validate=validate.Equal("application/json"))
    correlationid = fields.UUID()
    causationid = fields.UUID()
    actas = fields.String(validate=validate.Length(1, 200))
    data = fields.Dict(required=True)
