"""How it is told that a partner is silent."""

from uuid import UUID, uuid5

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.partners.silence.commands import TellSilence
from services.partners.silence.models import Silence
from shared.contracts.partners import PartnerSilent
from shared.messaging import outbox
from shared.trace import Trace

SILENCES = UUID("b1c9f6b2-7a3e-4f1a-8a55-3f3b8a7f2d10")


def tell_silence(command: TellSilence, *, session: Session, trace: Trace) -> None:
    """Tell of a silence, once however often it is seen."""
    row = {
        "partner": command.partner,
        "silent_since": command.silent_since,
        "told_at": trace.at,
    }
    claim = insert(Silence).on_conflict_do_nothing().returning(Silence.partner)
    if session.execute(claim, row).first() is None:
        return
    event = PartnerSilent(
        occurred_at=trace.at,
        silence_id=uuid5(SILENCES, f"{command.partner}/{command.silent_since.isoformat()}"),
        partner=command.partner,
        silent_since=command.silent_since,
    )
    outbox.add(session, event, trace=trace)
