"""The form of the questions."""

from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from marshmallow import Schema, fields, post_load, validate

from services.budget.reports.rules import Asked, Form

# Before the first day that a journal may count for, there is nothing to tell.
FIRST_DAY = date(1900, 1, 1)
_DAY = validate.Range(min=FIRST_DAY)
_INSTANT = validate.Range(min=datetime.combine(FIRST_DAY, time(), tzinfo=UTC))


class _AskedForm(Schema):
    starts_on = fields.Date(required=True, validate=_DAY)
    ends_on = fields.Date(required=True, validate=_DAY)
    known_at = fields.AwareDateTime(load_default=None, validate=_INSTANT)
    form = fields.Enum(Form, by_value=True, required=True)

    @post_load
    def _as_asked(self, loaded: dict[str, Any], **_kwargs: Any) -> Asked:
        return Asked(**loaded)


class PersonStatementForm(_AskedForm):
    budget_id = fields.UUID(required=True)


class FunderStatementForm(_AskedForm):
    funder_id = fields.UUID(required=True)
    budget_id = fields.UUID(load_default=None)


class AuditorStatementForm(_AskedForm):
    budget_id = fields.UUID(load_default=None)


class JournalsExportForm(_AskedForm):
    """The export is for machines: there is none on paper."""

    FOR_MACHINES: ClassVar = [Form.JSON, Form.CSV]
    budget_id = fields.UUID(load_default=None)
    funder_id = fields.UUID(load_default=None)
    form = fields.Enum(Form, by_value=True, required=True, validate=validate.OneOf(FOR_MACHINES))
