"""What goes in and comes out about reconciliation."""

from marshmallow import Schema, fields, validate

from services.gateway import strict
from services.gateway.schemas import LARGEST_IN_ALL, Form, a_day, like, number, pence, words


class ReconciliationForm(Form):
    """As of which day."""

    on = strict.Day(required=True)


class BankLineForm(Form):
    """One of the lines."""

    external_id = words(longest=64, required=True)
    amount_pence = pence(at_least=-LARGEST_IN_ALL, at_most=LARGEST_IN_ALL, required=True)
    booked_on = strict.Day(required=True)
    reference = words(longest=140, least=0, required=True)


class ImportLinesForm(Form):
    """Lines of one file of one source."""

    source = like(r"[a-z0-9][a-z0-9_-]{0,63}\Z", required=True)
    file_sha256 = like(r"[0-9a-f]{64}\Z", required=True)
    lines = fields.List(
        fields.Nested(BankLineForm), validate=validate.Length(min=1, max=2000), required=True
    )


class MatchLinesForm(Form):
    """Between which days, both counted."""

    since = strict.Day(required=True)
    until = strict.Day(required=True)


class OutsideLineForm(Form):
    """One of the outside."""

    source = like(r"[a-z0-9][a-z0-9_-]{0,63}\Z", required=True)
    external_id = words(longest=64, required=True)


class LedgerLineForm(Form):
    """One of the ledger."""

    journal_id = fields.UUID(required=True)
    line = number(least=1, most=10_000, required=True)


class MatchByHandForm(Form):
    """Which lines of both sides, and why."""

    outside = fields.List(
        fields.Nested(OutsideLineForm), validate=validate.Length(max=200), required=True
    )
    ledger = fields.List(
        fields.Nested(LedgerLineForm), validate=validate.Length(max=200), required=True
    )
    reason = words(longest=2_000, required=True)


class UndoMatchForm(Form):
    """Why it was wrong."""

    reason = words(longest=2_000, required=True)


class AssignSuspenseForm(Form):
    """Who, until when, and why."""

    owner = words(longest=127, required=True)
    due_on = strict.Day(required=True)
    reason = words(longest=2_000, required=True)


class TotalSchema(Schema):
    """How many lines, and how much."""

    lines = fields.Integer()
    amount_pence = fields.Integer()


class SideSchema(Schema):
    """What there is on a side, and what became of it."""

    all = fields.Nested(TotalSchema)
    matched = fields.Nested(TotalSchema)
    unmatched = fields.Nested(TotalSchema)
    in_suspense = fields.Nested(TotalSchema)
    awaited = fields.Nested(TotalSchema)


class SidesSchema(Schema):
    """Both sides."""

    outside = fields.Nested(SideSchema)
    ledger = fields.Nested(SideSchema)


class SourceSchema(Schema):
    """An account or a card programme."""

    source = fields.String()
    lines = fields.Integer()
    amount_pence = fields.Integer()
    unmatched_lines = fields.Integer()
    unmatched_pence = fields.Integer()
    newest_on = a_day(allow_none=True)


class MatchesSchema(Schema):
    """How many matches stand, by rule, and how many were undone."""

    by_rule = fields.Dict()
    undone = fields.Integer()


class SuspenseOfOwnerSchema(Schema):
    """What somebody looks after, of one age."""

    owner = fields.String()
    age = fields.String()
    lines = fields.Integer()
    in_pence = fields.Integer()
    out_pence = fields.Integer()
    overdue = fields.Integer()


class SuspenseItemSchema(Schema):
    """A line in suspense."""

    suspense_id = fields.UUID()
    why = fields.String()
    owner = fields.String()
    due_on = a_day()
    age_days = fields.Integer()
    amount_pence = fields.Integer()
    moved_on = a_day()
    line = fields.Dict()


class SuspenseSchema(Schema):
    """What is in suspense."""

    by_owner = fields.List(fields.Nested(SuspenseOfOwnerSchema))
    first_due = fields.List(fields.Nested(SuspenseItemSchema))


class ReconciliationSchema(Schema):
    """Both sides, and suspense."""

    on = a_day()
    sides = fields.Nested(SidesSchema)
    difference_pence = fields.Integer()
    sources = fields.List(fields.Nested(SourceSchema))
    matches = fields.Nested(MatchesSchema)
    suspense = fields.Nested(SuspenseSchema)


class ImportedSchema(Schema):
    """How many lines were new."""

    file_id = fields.UUID()
    added = fields.Integer()
    known = fields.Integer()


class FoundMatchSchema(Schema):
    """A match that was made."""

    match_id = fields.UUID()
    rule = fields.String()
    amount_pence = fields.Integer()
    lines = fields.List(fields.Dict())


class UnmatchedSchema(Schema):
    """Lines that were not matched, and what they may belong to."""

    why = fields.String()
    lines = fields.List(fields.Dict())
    candidates = fields.List(fields.Dict())


class LinesMatchedSchema(Schema):
    """What was matched and what was not."""

    matched = fields.Dict()
    matches = fields.List(fields.Nested(FoundMatchSchema))
    not_matched = fields.Dict()
    unmatched = fields.List(fields.Nested(UnmatchedSchema))
    suspense_opened = fields.Integer()


class MatchSchema(Schema):
    """The match that was made."""

    match_id = fields.UUID()
    amount_pence = fields.Integer()


class UndoneSchema(Schema):
    """How many lines are free again."""

    match_id = fields.UUID()
    lines_freed = fields.Integer()


class AssignedSchema(Schema):
    """Who looks after it."""

    suspense_id = fields.UUID()
    owner = fields.String()
    due_on = a_day()
