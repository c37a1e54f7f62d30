"""The addresses of ways that money goes."""

from services.gateway.money_routes.schemas import (
    BrokerReportSchema,
    BrokerTransferForm,
    BrokerTransferSchema,
    DeliverySchema,
    MoneyRoutesForm,
    MoneyRoutesSchema,
    PaymentReturnedSchema,
    RecordDeliveryForm,
    RecordPaymentReturnedForm,
    RecordReturnForm,
    ReportBrokerBalanceForm,
    ReturnSchema,
    RouteSchema,
    ScheduleDirectPaymentForm,
    ScheduleSchema,
    SetRouteForm,
)
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_BUDGET = "/budgets/<uuid:budget_id>"
_ITEM = "/budgets/<uuid:budget_id>/items/<uuid:item_id>"

MONEY_ROUTES = Subject(
    name="money routes",
    says="By which way money goes: direct payments, a broker's account, a partner",
    routes=(
        read(
            f"{_BUDGET}/money-routes",
            "budget.money_routes",
            MoneyRoutesSchema,
            "Which way each item's money goes, and where the money is",
            takes=MoneyRoutesForm,
        ),
        do(
            f"{_ITEM}/route",
            "budget.set_route",
            SetRouteForm,
            "Send an item's money another way from a day on",
            gives=RouteSchema,
            location="/v1/budgets/{budget_id}/money-routes",
        ),
        do(
            f"{_ITEM}/direct-payments",
            "budget.schedule_direct_payment",
            ScheduleDirectPaymentForm,
            "Pay an item's money to the person or their nominee, on a schedule",
            gives=ScheduleSchema,
            new="schedule_id",
        ),
        do(
            f"{_ITEM}/returns",
            "budget.record_return",
            RecordReturnForm,
            "Record what a direct payment was spent on",
            gives=ReturnSchema,
            new="return_id",
        ),
        do(
            "/direct-payments/<uuid:payment_id>/return",
            "budget.record_payment_returned",
            RecordPaymentReturnedForm,
            "Record that a direct payment came back",
            gives=PaymentReturnedSchema,
        ),
        do(
            f"{_ITEM}/deliveries",
            "budget.record_delivery",
            RecordDeliveryForm,
            "Record what a partner has arranged, without a payment",
            gives=DeliverySchema,
            new="delivery_id",
        ),
        do(
            f"{_BUDGET}/broker-top-ups",
            "budget.top_up_broker",
            BrokerTransferForm,
            "Give money to the broker's organisation to hold",
            gives=BrokerTransferSchema,
            new="top_up_id",
        ),
        do(
            f"{_BUDGET}/broker-returns",
            "budget.record_broker_returned",
            BrokerTransferForm,
            "Record that the broker's organisation gave money back",
            gives=BrokerTransferSchema,
            new="top_up_id",
        ),
        do(
            f"{_BUDGET}/broker-balances",
            "budget.report_broker_balance",
            ReportBrokerBalanceForm,
            "Compare what the broker's organisation says it holds with the ledger",
            gives=BrokerReportSchema,
            new="report_id",
        ),
    ),
)
