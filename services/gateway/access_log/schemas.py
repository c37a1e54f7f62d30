"""What comes out about who looked."""

from marshmallow import Schema, fields

from services.gateway.schemas import an_instant


class AccessSchema(Schema):
    """One time that somebody read a person's record, changed it, or was refused."""

    service = fields.String()
    seq = fields.Integer(metadata={"description": "rises with each entry of the service"})
    at = an_instant()
    actor_id = fields.String()
    roles = fields.List(fields.String())
    organisation = fields.String()
    acting_for = fields.String()
    purpose = fields.String()
    operation = fields.String()
    act = fields.String(metadata={"description": "read or write"})
    fields_seen = fields.List(
        fields.String(),
        attribute="fields",
        data_key="fields",
        metadata={"description": "their names, never what they hold"},
    )
    outcome = fields.String(metadata={"description": "done, or why it was refused"})
