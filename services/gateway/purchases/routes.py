"""The addresses of purchases."""

from services.gateway.purchases.schemas import (
    AmendPurchaseForm,
    ApprovePurchaseForm,
    HistoryForm,
    PurchaseHistorySchema,
    PurchaseSchema,
    PurchaseStateSchema,
    RecordInvoiceForm,
    RequestPurchaseForm,
    RequestWagesForm,
    SecondRailSchema,
    UseSecondRailForm,
    WagesStateSchema,
)
from services.gateway.routes import Settling, do, read
from services.gateway.schemas import ReasonForm
from services.gateway.subjects import Subject

_ONE = "/purchases/<uuid:purchase_id>"
_OF_BUDGET = "/budgets/<uuid:budget_id>"
# Until the ledger has answered and the card is there, it is only asked for.
_SETTLED = Settling(
    query="payments.purchase",
    by="purchase_id",
    is_settled=lambda purchase: purchase["state"] != "requested",
    gives=PurchaseSchema,
)

PURCHASES = Subject(
    name="purchases",
    says="What is bought for a person, and how it is paid",
    routes=(
        do(
            "/purchases",
            "payments.request_purchase",
            RequestPurchaseForm,
            "Ask for a purchase: money is set aside, and a card or a transfer opened",
            gives=PurchaseStateSchema,
            new="purchase_id",
            fills={"requested_by": "id"},
            location="/v1/purchases/{purchase_id}",
            settling=_SETTLED,
        ),
        do(
            "/wages",
            "payments.request_wages",
            RequestWagesForm,
            "Ask for somebody's wages: hours times rate, paid through the bank",
            gives=WagesStateSchema,
            new="purchase_id",
            fills={"requested_by": "id"},
            location="/v1/purchases/{purchase_id}",
            settling=_SETTLED,
        ),
        read(_ONE, "payments.purchase", PurchaseSchema, "One purchase"),
        read(
            f"{_OF_BUDGET}/purchases",
            "payments.purchases",
            PurchaseSchema,
            "What was bought with a budget, the oldest first",
            is_list=True,
        ),
        read(
            "/people/<uuid:person_id>/purchase-history",
            "payments.history",
            PurchaseHistorySchema,
            "Everything that is kept of a person's purchases, a hundred at a time",
            takes=HistoryForm,
        ),
        do(
            f"{_ONE}/approval",
            "payments.approve_purchase",
            ApprovePurchaseForm,
            "Be the second person for a purchase above the broker's limit",
            gives=PurchaseStateSchema,
            fills={"approved_by": "id"},
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/return",
            "payments.return_purchase",
            ReasonForm,
            "Send a purchase back to be put right",
            gives=PurchaseStateSchema,
            fills={"returned_by": "id"},
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/rejection",
            "payments.reject_purchase",
            ReasonForm,
            "Say no to a purchase above the broker's limit",
            gives=PurchaseStateSchema,
            fills={"rejected_by": "id"},
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/amendment",
            "payments.amend_purchase",
            AmendPurchaseForm,
            "Put right what was sent back, and ask anew",
            gives=PurchaseStateSchema,
            fills={"amended_by": "id"},
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/invoices",
            "payments.record_invoice",
            RecordInvoiceForm,
            "Record a supplier's invoice, which is then paid",
            gives=PurchaseStateSchema,
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/second-rail",
            "payments.use_second_rail",
            UseSecondRailForm,
            "Pay another way while one is down, once it is sure that nothing was paid",
            gives=SecondRailSchema,
            fills={"decided_by": "id"},
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/finish",
            "payments.finish_purchase",
            ReasonForm,
            "Say that nothing more is bought; what is still held goes back",
            gives=PurchaseStateSchema,
            location="/v1/purchases/{purchase_id}",
        ),
        do(
            f"{_ONE}/cancellation",
            "payments.cancel_purchase",
            ReasonForm,
            "Call a purchase off; what is held goes back",
            gives=PurchaseStateSchema,
            location="/v1/purchases/{purchase_id}",
        ),
    ),
)
