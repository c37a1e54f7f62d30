"""What is done with rule sets: two people publish one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.needs.questionnaires import DOMAINS
from services.assessment.rule_sets import rules
from services.assessment.rule_sets.commands import ApproveRuleSet, ProposeRuleSet
from services.assessment.rule_sets.models import PublishedRuleSet
from services.assessment.rule_sets.shipped import shipped
from shared.trace import Trace


def propose_rule_set(
    command: ProposeRuleSet, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep proposed rates; until they are approved they can be proposed anew.

    Raises:
        RuleSetPublishedError: one of this name was published.
        RuleSetUnfitError: some amount could not be worked out by it.
        ActiveInThePastError: it would change the rates of days that have passed.
    """
    rules.check_active_from(command.active_from, today=trace.today)
    rules.from_content(command.name, command.content, domains=list(DOMAINS))
    row = session.get(PublishedRuleSet, command.name, with_for_update=True)
    if command.name in shipped() or (row is not None and row.approved_at is not None):
        raise rules.RuleSetPublishedError("This name is taken.", field="name")
    content = dict(command.content)
    if row is None:
        row = PublishedRuleSet(
            name=command.name,
            active_from=command.active_from,
            content=content,
            proposed_by=command.proposed_by,
            proposed_at=trace.at,
        )
        session.add(row)
    row.active_from, row.content = command.active_from, content
    row.proposed_by, row.proposed_at = command.proposed_by, trace.at
    return {"name": row.name, "is_published": False}


def approve_rule_set(
    command: ApproveRuleSet, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Publish proposed rates, once.

    Raises:
        UnknownRuleSetError: nobody proposed one of this name.
        RuleSetPublishedError: it was published.
        SecondPersonNeededError: whoever proposed it does not approve it.
        ActiveInThePastError: it would change the rates of days that have passed.
    """
    row = session.get(PublishedRuleSet, command.name, with_for_update=True)
    if row is None:
        raise rules.UnknownRuleSetError("Nobody proposed a rule set of this name.", field="name")
    if row.approved_at is not None:
        raise rules.RuleSetPublishedError("This rule set is published.", field="name")
    rules.check_second_person(proposed_by=row.proposed_by, approved_by=command.approved_by)
    rules.check_active_from(row.active_from, today=trace.today)
    row.approved_by, row.approved_at = command.approved_by, trace.at
    return {"name": row.name, "is_published": True}
