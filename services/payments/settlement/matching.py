"""What is known beside a settlement file, and what it all comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from services.payments.presentments.models import Presentment
from services.payments.settlement import rules
from services.payments.settlement.models import SettlementFile, SettlementRow
from services.payments.settlement.rules import Row, RowOutcome, Told
from shared.clock import LONDON

MOST_AT_ONCE = 10_000
MOST_SHOWN = 200
SETTLED = (RowOutcome.MATCHED, RowOutcome.WRONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPresentment:
    purchase_id: UUID | None
    told: Told


def told_of(transaction_ids: Sequence[str], *, session: Session) -> Mapping[str, KnownPresentment]:
    """Return what the issuer's events said of these transactions."""
    found = session.scalars(
        select(Presentment).where(Presentment.presentment_id.in_(transaction_ids))
    )
    return {
        one.presentment_id: KnownPresentment(
            purchase_id=one.counted_for,
            told=Told(
                issuer_card_id=one.issuer_card_id,
                is_refund=one.is_refund,
                amount_pence=one.amount_pence,
            ),
        )
        for one in found
    }


def seen_before(transaction_ids: Sequence[str], *, session: Session) -> set[str]:
    """Return those among these transactions that a file holds already."""
    found = select(SettlementRow.transaction_id).where(
        SettlementRow.transaction_id.in_(transaction_ids)
    )
    return set(session.scalars(found))


def file_that_counts(day: date, *, session: Session) -> SettlementFile | None:
    return session.scalar(
        select(SettlementFile)
        .where(SettlementFile.day == day)
        .where(SettlementFile.replaced_at.is_(None))
    )


def is_of_another_day(sha256: str, day: date, *, session: Session) -> bool:
    """Whether another day has this very file; an empty day's file says nothing of its day."""
    found = (
        select(SettlementFile.day)
        .where(SettlementFile.sha256 == sha256)
        .where(SettlementFile.day != day)
        .where(SettlementFile.row_count > 0)
        .limit(1)
    )
    return session.scalar(found) is not None


def extra_rows(*, session: Session) -> Sequence[SettlementRow]:
    return session.scalars(
        select(SettlementRow)
        .where(SettlementRow.outcome == RowOutcome.EXTRA)
        .order_by(SettlementRow.day.desc(), SettlementRow.line)
        .limit(MOST_AT_ONCE)
    ).all()


def as_read(row: SettlementRow) -> Row:
    return Row(
        line=row.line,
        transaction_id=row.transaction_id,
        authorisation_id=row.authorisation_id,
        issuer_card_id=row.issuer_card_id,
        amount_pence=row.amount_pence,
        currency=row.currency,
        is_refund=row.is_refund,
        processed_on=row.processed_on,
        fee_pence=row.fee_pence,
    )


def counts_of(purchase_id: UUID, *, session: Session) -> tuple[int, int]:
    """Return how many captures and refunds a purchase has, and how many of them are matched.

    Whose they are can change after their file came: a row is held against them by its transaction.
    """
    is_its_own = or_(
        Presentment.matched_to == purchase_id,
        and_(Presentment.purchase_id == purchase_id, Presentment.matched_to.is_(None)),
    )
    presentments = select(func.count()).select_from(Presentment).where(is_its_own)
    matched = (
        select(func.count())
        .select_from(Presentment)
        .join(SettlementRow, SettlementRow.transaction_id == Presentment.presentment_id)
        .where(is_its_own)
        .where(SettlementRow.outcome == RowOutcome.MATCHED)
    )
    return session.scalar(presentments) or 0, session.scalar(matched) or 0


def missing_by(day: date, *, session: Session) -> Sequence[Presentment]:
    """Return what we were told so long before a day that its file should hold it at the latest."""
    last_heard = _midnight(day - rules.IN_A_FILE_WITHIN + rules.ONE_DAY)
    return session.scalars(
        select(Presentment)
        .outerjoin(
            SettlementRow,
            (SettlementRow.transaction_id == Presentment.presentment_id)
            & SettlementRow.outcome.in_(SETTLED),
        )
        .where(SettlementRow.day.is_(None))
        .where(Presentment.heard_at < last_heard)
        .where(Presentment.heard_at >= last_heard - rules.LOOKED_BACK)
        .order_by(Presentment.heard_at, Presentment.presentment_id)
        .limit(MOST_AT_ONCE)
    ).all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)


def summary_of(day: date, *, session: Session) -> Mapping[str, Any]:
    """Return a day's file in figures, and its rows that are not as we were told, 200 at most."""
    file = file_that_counts(day, session=session)
    if file is None:
        return {"day": day, "file": None}
    return {
        "day": day,
        "file": {
            "sha256": file.sha256,
            "rows": file.row_count,
            "imported_at": file.imported_at,
            "imported_by": file.imported_by,
        },
        **_figures(day, session=session),
        "differences": _differences(day, session=session),
    }


def _figures(day: date, *, session: Session) -> Mapping[str, Any]:
    found = session.execute(
        select(
            SettlementRow.outcome,
            func.count().label("rows"),
            func.sum(SettlementRow.amount_pence).label("pence"),
            func.sum(SettlementRow.fee_pence).label("fees"),
            func.count().filter(SettlementRow.processed_on != day).label("other_day"),
        )
        .where(SettlementRow.day == day)
        .group_by(SettlementRow.outcome)
    ).all()
    by_outcome = {row.outcome: row for row in found}
    return {
        "outcomes": {
            outcome.value: {
                "rows": by_outcome[outcome].rows if outcome in by_outcome else 0,
                "amount_pence": int(by_outcome[outcome].pence) if outcome in by_outcome else 0,
            }
            for outcome in RowOutcome
        },
        "amount_pence": sum(int(row.pence) for row in found),
        "fees_pence": sum(int(row.fees) for row in found),
        "processed_on_another_day": sum(row.other_day for row in found),
    }


def _differences(day: date, *, session: Session) -> list[Mapping[str, Any]]:
    rows = session.scalars(
        select(SettlementRow)
        .where(SettlementRow.day == day, SettlementRow.outcome != RowOutcome.MATCHED)
        .order_by(SettlementRow.line)
        .limit(MOST_SHOWN)
    )
    return [
        {
            "line": row.line,
            "transaction_id": row.transaction_id,
            "outcome": row.outcome,
            "amount_pence": row.amount_pence,
            "purchase_id": row.purchase_id,
        }
        for row in rows
    ]
