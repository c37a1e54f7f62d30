"""The addresses of recharges and shared risk."""

from services.gateway.recharges.schemas import (
    RechargeForm,
    RechargeLinesForm,
    RechargeLinesSchema,
    RechargeRunSchema,
    RechargesSchema,
    RiskOutlookSchema,
    RiskRuleSchema,
    RiskShareForm,
    RiskShareOutlookForm,
    RiskShareSchema,
    RunRechargeForm,
    SetRiskRuleForm,
    SettledSchema,
    SettleRechargeForm,
)
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_POOL = "/pools/<uuid:pool_id>"

RECHARGES = Subject(
    name="recharges",
    says="What partners owe one another: recharges, and the risk they share",
    routes=(
        read(
            f"{_POOL}/recharges",
            "budget.recharge",
            RechargesSchema,
            "What partners owe one another, by month, and since when",
            takes=RechargeForm,
        ),
        do(
            f"{_POOL}/recharges",
            "budget.run_recharge",
            RunRechargeForm,
            "Work out what partners owe one another for a month",
            gives=RechargeRunSchema,
            new="run_id",
            location="/v1/pools/{pool_id}/recharges",
        ),
        read(
            "/invoices/<uuid:invoice_id>/lines",
            "budget.recharge_lines",
            RechargeLinesSchema,
            "What an invoice is made of, budget by budget",
            takes=RechargeLinesForm,
        ),
        do(
            "/recharges/<uuid:run_id>/settlements",
            "budget.settle_recharge",
            SettleRechargeForm,
            "Record that a debt between partners was paid",
            gives=SettledSchema,
        ),
        do(
            f"{_POOL}/risk-rules",
            "budget.set_risk_rule",
            SetRiskRuleForm,
            "Write down how partners share what is over or short at a year's end",
            gives=RiskRuleSchema,
            new="rule_id",
        ),
        read(
            f"{_POOL}/risk-share",
            "budget.risk_share_outlook",
            RiskOutlookSchema,
            "What sharing a year's risk would come to, as things stand",
            takes=RiskShareOutlookForm,
        ),
        do(
            f"{_POOL}/risk-shares",
            "budget.run_risk_share",
            RiskShareForm,
            "Share a year's risk",
            gives=RiskShareSchema,
            new="run_id",
        ),
    ),
)
