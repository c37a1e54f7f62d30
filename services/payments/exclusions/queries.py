"""What applies on a day, in one question to the database or none, and what people read of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.payments.card_policies.models import KeptCardPolicy
from services.payments.card_policies.rules import SHIPPED as SHIPPED_POLICY
from services.payments.card_policies.rules import CardPolicy, tightest
from services.payments.exclusions.models import KeptExclusion
from services.payments.exclusions.rules import Exclusion, Kind, Strength, Wanted, applying
from services.payments.exclusions.shipped import COUNCIL_LISTS, SHIPPED
from services.payments.limits.rules import Said, in_force

RULES_VERSION = 1  # of the rules in code; rises when one of them decides otherwise than before
_RULEBOOK = text("""
    SELECT (SELECT jsonb_agg(to_jsonb(p) ORDER BY applies_from, version) FROM card_policies AS p
            WHERE version IS NOT NULL AND applies_from <= :day) AS policies,
           (SELECT coalesce(max(place), 0) FROM exclusions) AS place,
           (SELECT jsonb_agg(to_jsonb(e)) FROM exclusions AS e
            WHERE place IS NOT NULL AND applies_from <= :day
              AND (applies_until IS NULL OR applies_until > :day)) AS exclusions,
           (SELECT policy_id FROM card_policies
            WHERE version IS NOT NULL ORDER BY version DESC LIMIT 1) AS policy_id,
           (SELECT exclusion_id FROM exclusions
            WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1) AS exclusion_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything beside code that decisions of a day rest on."""

    version: str  # of the rules, the card policy and the exclusions: 1.0.24
    policy: CardPolicy
    exclusions: Sequence[Exclusion]


class Edition(NamedTuple):
    """Which rulebook: policies and exclusions are only added, so the last of each tells."""

    day: date
    policy_id: UUID | None
    exclusion_id: UUID | None


# Columns by which a question about something else asks which edition is the newest.
EDITION = (
    select(KeptCardPolicy.policy_id)
    .where(KeptCardPolicy.version.is_not(None))
    .order_by(KeptCardPolicy.version.desc())
    .limit(1)
    .scalar_subquery()
    .label("policy_id"),
    select(KeptExclusion.exclusion_id)
    .where(KeptExclusion.place.is_not(None))
    .order_by(KeptExclusion.place.desc())
    .limit(1)
    .scalar_subquery()
    .label("exclusion_id"),
)
_read_last: dict[Edition, Rulebook] = {}


def rulebook_on(day: date, *, session: Session) -> Rulebook:
    """Return what applies on a day."""
    return _read(day, session=session)[1]


def rulebook_of(edition: Edition, *, session: Session) -> Rulebook:
    """Return the rulebook of the newest edition; the one that was read last is remembered."""
    remembered = _read_last.get(edition)
    if remembered is not None:
        return remembered
    found, rulebook = _read(edition.day, session=session)
    _read_last.clear()
    _read_last[found] = rulebook  # under what was found: it may have become newer meanwhile
    return rulebook


def _read(day: date, *, session: Session) -> tuple[Edition, Rulebook]:
    found = session.execute(_RULEBOOK, {"day": day}).one()
    policy = in_force(
        [_said(row) for row in found.policies or []], first=SHIPPED_POLICY, tightest=tightest
    )
    rulebook = Rulebook(
        version=f"{RULES_VERSION}.{policy.version}.{found.place}",
        policy=policy,
        exclusions=[
            *applying(SHIPPED, on=day),
            *(_exclusion(row) for row in found.exclusions or []),
        ],
    )
    return Edition(day, found.policy_id, found.exclusion_id), rulebook


def wanted_of(item: Any, *, shop: str | None) -> Wanted:
    """Return what is to be bought for an item of a plan, at a shop of some kind if one asks.

    Args:
        item: a ``PlanItem``, or a row with its columns.
        shop: the merchant category code of the shop that asks.
    """
    return Wanted(
        item_id=item.item_id,
        item_category=item.category,
        payer=item.payer,
        item_shop=item.merchant_category_code,
        shop=shop,
    )


def exclusions(_asked: object, *, session: Session) -> Mapping[str, Any]:
    """Return what is excluded, by whom, why and from when; and councils' lists to propose."""
    kept = session.scalars(
        select(KeptExclusion).order_by(KeptExclusion.proposed_at, KeptExclusion.exclusion_id)
    )
    return {
        "shipped": [asdict(one) for one in SHIPPED],
        "own": [_shown(one) for one in kept],
        "council_lists": {
            name: [asdict(one) for one in listed] for name, listed in COUNCIL_LISTS.items()
        },
    }


def _shown(one: KeptExclusion) -> Mapping[str, Any]:
    return {
        **asdict(one.as_rule()),
        "set_by": one.set_by,
        "proposed_at": one.proposed_at,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
        "trial_id": one.trial_id,
    }


def _said(row: Mapping[str, Any]) -> Said[CardPolicy]:
    return Said(
        rule=_policy(row),
        at=datetime.fromisoformat(row["confirmed_at"] or row["set_at"]),
        is_by_two=row["confirmed_by"] is not None,
    )


def _policy(row: Mapping[str, Any]) -> CardPolicy:
    countries = row["allowed_countries"]
    return CardPolicy(
        version=row["version"],
        tolerance_basis_points=row["tolerance_basis_points"],
        tolerance_cap_pence=row["tolerance_cap_pence"],
        allowed_countries=tuple(countries) if countries else None,
        locks_at_issuer=row["locks_at_issuer"],
        payments_of_a_card=row["payments_of_a_card"],
        close_after_days=row["close_after_days"],
    )


def _exclusion(row: Mapping[str, Any]) -> Exclusion:
    until = row["applies_until"]
    return Exclusion(
        exclusion_id=UUID(row["exclusion_id"]),
        kind=Kind(row["kind"]),
        strength=Strength(row["strength"]),
        source=row["source"],
        why=row["why"],
        applies_from=date.fromisoformat(row["applies_from"]),
        applies_until=date.fromisoformat(until) if until else None,
        funder=row["funder"],
        merchant_category_code=row["merchant_category_code"],
        item_category=row["item_category"],
        item_id=UUID(row["item_id"]) if row["item_id"] else None,
        lifts=UUID(row["lifts"]) if row["lifts"] else None,
    )
