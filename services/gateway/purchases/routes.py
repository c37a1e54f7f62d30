"""The addresses of purchases."""

from services.gateway.purchases.schemas import (
    PurchaseSchema,
    PurchaseStateSchema,
    ReasonForm,
    RequestPurchaseForm,
)
from services.gateway.routes import Settling, do, read
from services.gateway.subjects import Subject

# Until the ledger has answered and the card is there, it is only asked for.
_SETTLED = Settling(
    query="payments.purchase",
    by="purchase_id",
    is_settled=lambda purchase: purchase["state"] != "requested",
    gives=PurchaseSchema,
)
_ONE = "/purchases/<uuid:purchase_id>"

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
        read(_ONE, "payments.purchase", PurchaseSchema, "One purchase"),
        read(
            "/budgets/<uuid:budget_id>/purchases",
            "payments.purchases",
            PurchaseSchema,
            "What was bought with a budget, the oldest first",
            is_list=True,
        ),
        do(
            f"{_ONE}/approval",
            "payments.approve_purchase",
            ReasonForm,
            "Be the second person for a purchase above the broker's limit",
            gives=PurchaseStateSchema,
            fills={"approved_by": "id"},
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
