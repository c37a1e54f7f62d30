"""Setting a card policy, and the second person for one that lets cards do more."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.card_policies import rules
from services.payments.card_policies.commands import ConfirmCardPolicy, SetCardPolicy
from services.payments.card_policies.models import KeptCardPolicy
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.limits.rules import in_force, see_that_two_decide
from shared.errors import IdReusedError
from shared.trace import Trace


def set_card_policy(
    command: SetCardPolicy, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a policy, once for each ``policy_id``; if it only tightens, it counts at once.

    One that lets cards do more, by anything, than the policy in whose place it would come waits
    for a second person: until then cards are as before.

    Raises:
        PolicyInThePastError: it would change what held on days that have passed.
        IdReusedError: ``policy_id`` was used for another policy.
    """
    _one_at_a_time(session)
    earlier = session.get(KeptCardPolicy, command.policy_id)
    said = asdict(command)
    if earlier is not None:
        if any(getattr(earlier, name) != value for name, value in said.items()):
            raise IdReusedError("Another policy has this id.")
        return _answer(earlier)
    rules.check_applies_from(command.applies_from, today=trace.today)
    policy = KeptCardPolicy(**said, set_at=trace.at, loosens=[])
    before = _standing_before(policy, session=session)
    policy.loosens = rules.loosened(policy.as_rule(), before=before)
    if policy.loosens:
        task = RaiseException(
            kind=ExceptionKind.CARD_POLICY_TO_CONFIRM, about=f"card_policy/{policy.policy_id}"
        )
        exceptions.raise_exception(task, session=session, trace=trace)
    else:
        policy.version = _next_version(session)
    session.add(policy)
    return _answer(policy)


def confirm_card_policy(
    command: ConfirmCardPolicy, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Let a policy count from its day on that somebody else has set, once.

    Raises:
        UnknownPolicyError: nobody has set it.
        PolicyCountsError: it counts already, confirmed by another one or by nobody.
        SamePersonError: whoever set it does not confirm it.
        PolicyInThePastError: its day has passed meanwhile.
    """
    _one_at_a_time(session)
    policy = session.get(KeptCardPolicy, command.policy_id)
    if policy is None:
        raise rules.UnknownPolicyError("Nobody has set such a policy.")
    if policy.version is not None:
        if policy.confirmed_by != command.confirmed_by:
            raise rules.PolicyCountsError("This policy counts already.")
        return _answer(policy)
    see_that_two_decide(asked_by=policy.set_by, decided_by=command.confirmed_by)
    rules.check_applies_from(policy.applies_from, today=trace.today)
    policy.version = _next_version(session)
    policy.confirmed_by, policy.confirmed_at = command.confirmed_by, trace.at
    exceptions.end_waiting(
        ExceptionKind.CARD_POLICY_TO_CONFIRM,
        f"card_policy/{policy.policy_id}",
        by=command.confirmed_by,
        reason="confirmed",
        session=session,
        trace=trace,
    )
    return _answer(policy)


def _one_at_a_time(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("card policies"))))


def _standing_before(policy: KeptCardPolicy, *, session: Session) -> rules.CardPolicy:
    """Return what would hold on a policy's first day without it."""
    counting = session.scalars(
        select(KeptCardPolicy)
        .where(KeptCardPolicy.version.is_not(None))
        .where(KeptCardPolicy.applies_from <= policy.applies_from)
        .order_by(KeptCardPolicy.applies_from, KeptCardPolicy.version)
    )
    return in_force(
        [one.as_said() for one in counting], first=rules.SHIPPED, tightest=rules.tightest
    )


def _next_version(session: Session) -> int:
    return (session.scalar(select(func.max(KeptCardPolicy.version))) or 0) + 1


def _answer(policy: KeptCardPolicy) -> Mapping[str, object]:
    return {
        "policy_id": policy.policy_id,
        "version": policy.version,
        "counts": policy.version is not None,
        "loosens": policy.loosens,
    }
