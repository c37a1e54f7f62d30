"""Whether there is anything to seal."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.accounts.models import Journal
from services.budget.seal.commands import SealJournals
from services.budget.seal.models import Seal


def unsealed(_at: datetime, *, session: Session) -> list[SealJournals]:
    """Return what is to be done about journals that no seal holds yet."""
    sealed_until = session.scalar(select(func.max(Seal.last_seq))) or 0
    newest = session.scalar(select(func.max(Journal.seq))) or 0
    return [SealJournals()] if newest > sealed_until else []
