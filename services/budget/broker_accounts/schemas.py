"""The form of the requests about money with a broker."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.budget.broker_accounts.commands import (
    Held,
    RecordBrokerReturned,
    ReportBrokerBalance,
    TopUpBroker,
)
from services.budget.broker_accounts.rules import Share
from services.budget.money_routes.schemas import pence, reference

MOST_FUNDERS = 50
FEW = validate.Length(min=1, max=MOST_FUNDERS)


class ShareForm(Schema):
    funder_id = fields.UUID(required=True)
    amount_pence = pence()

    @post_load
    def _as_share(self, loaded: dict[str, Any], **_kwargs: Any) -> Share:
        return Share(**loaded)


class HeldForm(Schema):
    funder_id = fields.UUID(required=True)
    held_pence = pence(least=0)

    @post_load
    def _as_held(self, loaded: dict[str, Any], **_kwargs: Any) -> Held:
        return Held(**loaded)


class TransferForm(Schema):
    top_up_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    amount_pence = pence(is_required=False)
    portions = fields.List(fields.Nested(ShareForm), validate=FEW)
    bank_reference = reference()


class TopUpBrokerForm(TransferForm):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> TopUpBroker:
        return TopUpBroker(**({"amount_pence": None, "portions": None} | loaded))


class RecordBrokerReturnedForm(TransferForm):
    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> RecordBrokerReturned:
        return RecordBrokerReturned(**({"amount_pence": None, "portions": None} | loaded))


class ReportBrokerBalanceForm(Schema):
    report_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    on = fields.Date(required=True)
    balances = fields.List(fields.Nested(HeldForm), required=True, validate=FEW)

    @post_load
    def _as_command(self, loaded: dict[str, Any], **_kwargs: Any) -> ReportBrokerBalance:
        return ReportBrokerBalance(**loaded)
