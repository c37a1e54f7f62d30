"""Setting a card policy."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.card_policies import rules
from services.payments.card_policies.commands import SetCardPolicy
from services.payments.card_policies.models import KeptCardPolicy
from shared.errors import IdReusedError
from shared.trace import Trace


def set_card_policy(
    command: SetCardPolicy, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a policy, once for each ``policy_id``.

    Raises:
        PolicyInThePastError: it would change what held on days that have passed.
        IdReusedError: ``policy_id`` was used for another policy.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("card policies"))))
    earlier = session.get(KeptCardPolicy, command.policy_id)
    said = asdict(command)
    if earlier is not None:
        if any(getattr(earlier, name) != value for name, value in said.items()):
            raise IdReusedError("Another policy has this id.")
        return {"policy_id": earlier.policy_id, "version": earlier.version}
    rules.check_applies_from(command.applies_from, today=trace.today)
    version = (session.scalar(select(func.max(KeptCardPolicy.version))) or 0) + 1
    session.add(KeptCardPolicy(**said, version=version, set_at=trace.at))
    return {"policy_id": command.policy_id, "version": version}
