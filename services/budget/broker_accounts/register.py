"""What brokers have of a budget's money, and what the items cost that go by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.broker_accounts.models import BrokerReport, BrokerReportLine
from services.budget.broker_accounts.rules import Line, Outcome, weights_of
from services.budget.holds import purchases

_HELD = text("""
    SELECT a.funder_id, sum(CASE a.account_id WHEN debit_account_id THEN amount_pence
                            ELSE -amount_pence END) AS pence
    FROM accounts AS a JOIN postings AS p ON a.account_id IN (debit_account_id, credit_account_id)
    JOIN journals AS j USING (journal_id)
    WHERE a.budget_id = :budget_id AND a.kind = 'with_broker' AND j.effective_on <= :on
    GROUP BY a.funder_id
""")
_ITEMS = text("""
    SELECT i.item_id, i.unit_cost_pence * i.occurrences AS cost_pence, i.payer,
           (SELECT coalesce(sum(h.held_pence + h.posted_pence), 0) FROM holds AS h
            WHERE h.item_id = i.item_id)::bigint AS used_pence,
           (SELECT a.agreement_id FROM agreements AS a
            WHERE a.budget_id = i.budget_id AND a.purpose = i.payer
              AND a.state IN ('agreed', 'provisional')
              AND daterange(a.starts_on, a.ends_on) @> CAST(:on AS date)) AS agreement_id
    FROM budget_items AS i JOIN budgets AS b USING (budget_id)
    WHERE i.budget_id = :budget_id AND i.plan_version = b.plan_version
      AND (SELECT route FROM route_of(i.item_id, :on, 'infinity')) = 'broker'
    ORDER BY i.item_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerItems:
    """The items of a plan that go by a broker on a day, and who pays them."""

    agreed: Mapping[UUID, int]  # what each funder pays of them over the whole plan, in pence
    left: Mapping[UUID, int]  # what of that is neither spent nor held

    @property
    def left_pence(self) -> int:
        return sum(self.left.values())


def held(session: Session, budget_id: UUID, *, on: date) -> dict[UUID, int]:
    """Return what the broker has of each book's money by the ledger, in pence.

    Below nothing where more was bought of a book's money than the broker was given.
    """
    session.flush()
    rows = session.execute(_HELD, {"budget_id": budget_id, "on": on})
    return {row.funder_id: int(row.pence) for row in rows}


def broker_items(session: Session, budget_id: UUID, *, on: date) -> BrokerItems:
    """Return what the items cost that go by a broker, as the shares are agreed on a day."""
    costs: list[tuple[int, Mapping[UUID, int]]] = []
    left: list[tuple[int, Mapping[UUID, int]]] = []
    rows = session.execute(_ITEMS, {"budget_id": budget_id, "on": on}).all()
    for row in rows:
        if row.agreement_id is None:
            continue
        fundings = purchases.fundings_of(session, row.agreement_id)
        shares = {one.funder_id: one.weight for one in fundings}
        costs.append((row.cost_pence, shares))
        left.append((max(0, row.cost_pence - row.used_pence), shares))
    return BrokerItems(agreed=weights_of(costs), left=weights_of(left))


def newest_report(session: Session, budget_id: UUID) -> tuple[BrokerReport, list[Line]] | None:
    """Return what the broker said last, if it said anything."""
    report = session.scalars(
        select(BrokerReport)
        .where(BrokerReport.budget_id == budget_id)
        .order_by(BrokerReport.number.desc())
        .limit(1)
    ).first()
    return None if report is None else (report, lines_of(session, report.report_id))


def lines_of(session: Session, report_id: UUID) -> list[Line]:
    """Return the lines of a report, by funder."""
    of_report = select(BrokerReportLine).where(BrokerReportLine.report_id == report_id)
    return [
        Line(
            funder_id=line.funder_id,
            reported_pence=line.reported_pence,
            ledger_pence=line.ledger_pence,
        )
        for line in session.scalars(of_report.order_by(BrokerReportLine.funder_id))
    ]


def is_open(report: BrokerReport) -> bool:
    """Say whether a report, the newest, leaves a difference to be explained."""
    return report.outcome is Outcome.DIFFERS
