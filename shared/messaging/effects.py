"""What a command would do that is only tried: it is carried out, looked at, and rolled back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

Effect = Mapping[str, Any]


def watch(session: Session) -> list[Effect]:
    """Return a list that fills with what is done in ``session`` from now on."""
    effects: list[Effect] = session.info.setdefault("effects", [])
    return effects


def note(session: Session, **effect: Any) -> None:
    """Say what is done; heard where a command is only tried, and nowhere else."""
    if "effects" in session.info:
        session.info["effects"].append(effect)
