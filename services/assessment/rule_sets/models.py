"""The table of rule sets that were proposed and approved here, beside the shipped ones."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.rule_sets.rules import RuleSet, UnknownRuleSetError, from_content
from services.assessment.rule_sets.shipped import shipped
from services.assessment.tables import Table


class PublishedRuleSet(Table):
    """A rule set of this place. Once it is approved its row never changes."""

    __tablename__ = "rule_sets"
    __table_args__ = (
        CheckConstraint("proposed_by <> approved_by", name="two_people"),
        CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_one"),
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    active_from: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def rule_set(self) -> RuleSet:
        return from_content(self.name, self.content, domains=list(DOMAINS))

    @classmethod
    def approved(cls, *, session: Session) -> list[Self]:
        """Return those that two people published, the newest first."""
        published = select(cls).where(cls.approved_at.is_not(None))
        newest_first = cls.active_from.desc(), cls.approved_at.desc()
        return list(session.scalars(published.order_by(*newest_first)))


def current(on_day: date, *, session: Session) -> RuleSet:
    """Return the rule set that counts on a day: of those that have begun, the latest.

    One of this place goes before a shipped one that began on the same day.
    """
    here = [
        (one.active_from, one.rule_set)
        for one in PublishedRuleSet.approved(session=session)
        if one.active_from <= on_day
    ][:1]
    with_us = [(one.active_from, one.rule_set) for one in shipped().values()]
    return max([*here, *with_us], key=lambda begun: begun[0])[1]


def named(name: str, *, session: Session) -> RuleSet:
    """Return a published rule set, however old.

    Raises:
        UnknownRuleSetError: none has this name.
    """
    if name in shipped():
        return shipped()[name].rule_set
    published = session.get(PublishedRuleSet, name)
    if published is None or published.approved_at is None:
        raise UnknownRuleSetError("No published rule set has this name.", field="rule_set")
    return published.rule_set
