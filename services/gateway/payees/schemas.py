"""What goes in and comes out about payees."""

from marshmallow import Schema, fields

from services.gateway import strict
from services.gateway.schemas import Form, like, number, one_of, words


class PayeesForm(Form):
    """Whose payees; nobody's own without it."""

    person_id = fields.UUID()


class AddPayeeForm(Form):
    """Who is paid, where, and how they stand to the person."""

    sort_code = like(r"[0-9]{6}\Z", required=True)
    account_number = like(r"(?!0{8})[0-9]{8}\Z", required=True)
    name = words(longest=200, required=True)
    person_id = fields.UUID()
    relationship = one_of(
        "supplier",
        "assistant",
        "self",
        "nominee",
        "partner",
        "close_family",
        "other_family",
        "friend",
        required=True,
    )
    is_same_household = strict.Flag(load_default=False)


class ChangePayeeDetailsForm(Form):
    """Change the account of a payee; it is to be confirmed anew."""

    sort_code = like(r"[0-9]{6}\Z", required=True)
    account_number = like(r"(?!0{8})[0-9]{8}\Z", required=True)


class ConfirmPayeeForm(Form):
    """Which version of the details was seen."""

    details_version = number(least=1, most=1_000_000, required=True)


class AgreePayeeForm(Form):
    """Which funder agrees, why, and between which days."""

    funder = one_of("nhs", "council", required=True)
    reason = words(longest=2_000, required=True)
    from_on = strict.Day(required=True)
    until_on = strict.Day()


class PayeeStateSchema(Schema):
    """How a payee stands after a command."""

    payee_id = fields.UUID()
    details_version = fields.Integer()
    is_confirmed = fields.Boolean()


class PayeeLinkSchema(Schema):
    """How a payee stands to an item."""

    item_id = fields.UUID()
    is_link_confirmed = fields.Boolean()
    payee_id = fields.UUID()
    details_version = fields.Integer()
    is_confirmed = fields.Boolean()


class PayeeAgreementSchema(Schema):
    """The agreement that was written down."""

    agreement_id = fields.UUID()


class LinkedItemSchema(Schema):
    """An item for which a payee is paid."""

    item_id = fields.UUID()
    linked_by = fields.UUID()
    confirmed_by = fields.UUID(allow_none=True)


class PayeeSchema(Schema):
    """One payee."""

    payee_id = fields.UUID()
    name = fields.String()
    relationship = fields.String()
    is_same_household = fields.Boolean()
    account = fields.String()
    details_version = fields.Integer()
    details_by = fields.UUID()
    is_confirmed = fields.Boolean()
    confirmed_by = fields.UUID(allow_none=True)
    items = fields.List(fields.Nested(LinkedItemSchema))
