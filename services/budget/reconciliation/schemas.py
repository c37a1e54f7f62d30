"""The form of the requests about lines from outside; every field has an end."""

from datetime import date, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.budget.reconciliation.commands import (
    AssignSuspense,
    ImportLines,
    MatchByHand,
    MatchLines,
    UndoMatch,
)
from services.budget.reconciliation.rules import OutsideLine

MOST_LINES_OF_A_FILE = 2_000  # a request is a megabyte at most: a larger file comes in parts
MOST_LINES_BY_HAND = 200  # of one side
MOST_DAYS_AT_ONCE = 92
LARGEST_PENCE = 10**13

_WORD = validate.Regexp(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_DAY = validate.Range(min=date(2000, 1, 1), max=date(9000, 1, 1))
_TOLD = validate.And(validate.Length(min=1, max=500), validate.Regexp(r"\s*\S"))


def _not_zero(amount_pence: int) -> None:
    if amount_pence == 0:
        raise ValidationError("A line moves money.")


class OutsideLineForm(Schema):
    external_id = fields.String(required=True, validate=validate.Length(min=1, max=64))
    amount_pence = fields.Integer(
        strict=True,
        required=True,
        validate=[validate.Range(min=-LARGEST_PENCE, max=LARGEST_PENCE), _not_zero],
    )
    booked_on = fields.Date(required=True, validate=_DAY)
    reference = fields.String(required=True, validate=validate.Length(max=140))


class ImportLinesForm(Schema):
    source = fields.String(required=True, validate=_WORD)
    file_sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    lines = fields.List(
        fields.Nested(OutsideLineForm),
        required=True,
        validate=validate.Length(min=1, max=MOST_LINES_OF_A_FILE),
    )

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ImportLines:
        source = loaded["source"]
        return ImportLines(
            source=source,
            file_sha256=bytes.fromhex(loaded["file_sha256"]),
            lines=[OutsideLine(source=source, **line) for line in loaded["lines"]],
        )


class MatchLinesForm(Schema):
    since = fields.Date(required=True, validate=_DAY)
    until = fields.Date(required=True, validate=_DAY)

    @validates_schema(skip_on_field_errors=True)
    def _days_follow(self, given: dict[str, Any], **_kwargs: Any) -> None:
        if not timedelta() <= given["until"] - given["since"] < timedelta(days=MOST_DAYS_AT_ONCE):
            raise ValidationError(f"From one day to {MOST_DAYS_AT_ONCE} days.", field_name="until")

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> MatchLines:
        return MatchLines(**loaded)


class OutsideKeyForm(Schema):
    source = fields.String(required=True, validate=_WORD)
    external_id = fields.String(required=True, validate=validate.Length(min=1, max=64))

    @post_load
    def _as_key(self, loaded: dict[str, Any], **_kwargs: Any) -> tuple[str, str]:
        return loaded["source"], loaded["external_id"]


class LedgerKeyForm(Schema):
    journal_id = fields.UUID(required=True)
    line = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=10_000))

    @post_load
    def _as_key(self, loaded: dict[str, Any], **_kwargs: Any) -> tuple[Any, int]:
        return loaded["journal_id"], loaded["line"]


class MatchByHandForm(Schema):
    outside = fields.List(
        fields.Nested(OutsideKeyForm),
        required=True,
        validate=validate.Length(max=MOST_LINES_BY_HAND),
    )
    ledger = fields.List(
        fields.Nested(LedgerKeyForm),
        required=True,
        validate=validate.Length(max=MOST_LINES_BY_HAND),
    )
    reason = fields.String(required=True, validate=_TOLD)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> MatchByHand:
        return MatchByHand(**loaded)


class UndoMatchForm(Schema):
    match_id = fields.UUID(required=True)
    reason = fields.String(required=True, validate=_TOLD)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> UndoMatch:
        return UndoMatch(**loaded)


class AssignSuspenseForm(Schema):
    suspense_id = fields.UUID(required=True)
    owner = fields.String(required=True, validate=validate.Length(min=1, max=127))
    due_on = fields.Date(required=True, validate=_DAY)
    reason = fields.String(required=True, validate=_TOLD)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> AssignSuspense:
        return AssignSuspense(**loaded)


class ReconciliationForm(Schema):
    on = fields.Date(required=True, validate=_DAY)  # the day that ages are counted to

    @post_load
    def _as_day(self, loaded: dict[str, Any], **_kwargs: Any) -> date:
        return loaded["on"]
