"""What the same person asked for lately that is like a purchase: parts of one, perhaps."""

from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import LiveBudget, PlanItem
from services.payments.payees.models import ItemPayee, Payee
from services.payments.payees.rules import folded
from services.payments.purchases.models import Purchase
from services.payments.requesting.rules import Named, is_alike
from services.payments.tables import Table

# What was asked for with what a shop may take beyond it, or what it took, where that is more.
COST = func.greatest(Purchase.amount_pence + Purchase.tolerance_pence, Purchase.captured_pence)


def others_pence(purchase: Purchase, *, since: datetime, session: Session) -> int:
    """Return what else the same person asked for, for the same item or payee of this budget.

    What was called off, refused, rejected or lapsed before anything was paid does not count, nor
    what a series asked for: that was approved as a whole. The budget is locked, so that of two
    requests at once the second counts the first.
    """
    others = and_(
        Purchase.item_id == PlanItem.item_id,
        Purchase.requested_by == purchase.requested_by,
        Purchase.purchase_id != purchase.purchase_id,
        Purchase.series_id.is_(None),
        Purchase.ending.is_(None) | (Purchase.captured_pence > 0),
        Purchase.requested_at > since,
    )
    session.get_one(LiveBudget, purchase.budget_id, with_for_update=True)
    item = session.get_one(PlanItem, purchase.item_id)
    return pence_of_alike(item, table=Purchase, which=others, cost=COST, session=session)


def pence_of_alike(
    item: PlanItem,
    *,
    table: type[Table],
    which: ColumnElement[bool],
    cost: SQLColumnExpression[int],
    session: Session,
) -> int:
    """Return the sum of a table's rows for this item, or for an item of the same payee.

    Args:
        item: an item of a plan; the items of the same budget are looked at.
        table: what is added up.
        which: which of its rows belong to an item.
        cost: what one of them counts, in pence.
        session: reads.
    """
    found = session.execute(
        select(
            PlanItem.item_id,
            PlanItem.payee,
            Payee.name_key,
            func.coalesce(func.sum(cost), 0).label("pence"),
        )
        .outerjoin(ItemPayee, ItemPayee.item_id == PlanItem.item_id)
        .outerjoin(Payee, Payee.payee_id == ItemPayee.payee_id)
        .outerjoin(table, which)
        .where(PlanItem.budget_id == item.budget_id)
        .group_by(PlanItem.item_id, Payee.name_key)
    ).all()
    named = {
        row.item_id: Named(
            item_id=row.item_id, payees=frozenset({folded(row.payee), row.name_key} - {None})
        )
        for row in found
    }
    own = named[item.item_id]
    return sum(int(row.pence) for row in found if is_alike(named[row.item_id], own))
