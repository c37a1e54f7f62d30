"""What a person chose, and what they had chosen before."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.choices.models import Choice
from services.notifications.people.models import every_id
from services.notifications.preferences.commands import PreferencesAsked


def preferences(asked: PreferencesAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every version of what a person chose, the one that counts first.

    An empty list says that they have not chosen: what assessment told of them counts.
    """
    ids = every_id(asked.person_id, session=session)
    newest = Choice.chosen_at.desc(), Choice.version.desc()
    found = session.scalars(select(Choice).where(Choice.person_id.in_(ids)).order_by(*newest))
    return [
        {
            "version": one.version,
            "channels": one.channels,
            "declined_topics": one.declined_topics,
            "copied": one.copied,
            "language": one.language,
            "accessible_format": one.accessible_format,
            "opens": one.opens,
            "closes": one.closes,
            "is_safe_to_text": one.is_safe_to_text,
            "chosen_at": one.chosen_at,
            "set_by": one.set_by,
            "reason": one.reason,
        }
        for one in found
    ]
