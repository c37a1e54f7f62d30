"""What comes out about open tasks."""

from marshmallow import Schema, fields

from services.gateway.schemas import an_instant


class TaskSchema(Schema):
    """Something that only a person can do. It is open until somebody does what it is about."""

    task_id = fields.UUID()
    kind = fields.String()
    about = fields.String(metadata={"description": "what it is about: exception/<id>"})
    words = fields.String()
    role = fields.String()
    opened_at = an_instant()
    due_at = an_instant()
