"""What every event has, and how its data is read and written."""

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from marshmallow import EXCLUDE, Schema, fields, post_load, validate


class DataClass(enum.StrEnum):
    """How carefully the data of an event must be handled."""

    NONE = "none"
    PERSONAL = "personal"  # names or addresses: sent only to those who need them


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact that was committed."""

    event_type: ClassVar[str]  # <service>.<noun>_<past participle>.v<n>
    data_class: ClassVar[DataClass] = DataClass.NONE
    subject_id: ClassVar[str]  # the field that holds the id of what the event is about
    business_key: ClassVar[str] = ""  # the field by which listeners know a repeat for ever

    event_id: UUID = field(default_factory=uuid4)
    occurred_at: datetime

    @property
    def subject(self) -> str:
        """What the event is about: ``purchase/<uuid>``."""
        aggregate = self.subject_id.removesuffix("_id")
        return f"{aggregate}/{getattr(self, self.subject_id)}"


class EventSchema(Schema):
    """The form of an event's data. What a later release added is ignored."""

    class Meta:
        unknown = EXCLUDE

    event_class: ClassVar[type[Event]]
    event_id = fields.UUID(required=True)
    occurred_at = fields.AwareDateTime(required=True)

    @post_load
    def _as_event(self, loaded: dict[str, Any], **_kwargs: Any) -> Event:
        return self.event_class(**loaded)


class PartSchema(Schema):
    """The form of a part of an event: an item of a plan, a member of a team."""

    class Meta:
        unknown = EXCLUDE

    part_class: ClassVar[type]

    @post_load
    def _as_part(self, loaded: dict[str, Any], **_kwargs: Any) -> Any:
        return self.part_class(**loaded)


def pence() -> fields.Integer:
    """Whole pence, never negative."""
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=0))


def count() -> fields.Integer:
    """How many: at least one."""
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=1))


def version() -> fields.Integer:
    """Count the changes of the subject; listeners ignore what is not newer."""
    return count()


def words(*, may_be_missing: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=may_be_missing)


def sha256() -> fields.String:
    """Return a field for a SHA-256 in hexadecimal."""
    return fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
