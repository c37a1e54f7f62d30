"""What can be asked for with sessions."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.gateway.sessions.rules import LONGEST


class Kind(enum.StrEnum):
    """Where the secret of a session is kept: a session counts there and nowhere else."""

    BROWSER = "browser"  # a cookie
    APP = "app"  # a bearer token of a person's app or tool
    SYSTEM = "system"  # a bearer token of a partner's system


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A role that somebody has, and the organisation for which they have it."""

    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSession:
    """Let somebody in of whom it is known who they are."""

    kind: Kind
    actor_id: str
    choices: Sequence[Choice]
    chosen: int | None  # which of them counts; none: they have to say
    provider: str  # who said who they are: a provider's name, or a client's own id
    subject: str = ""  # as the provider knows them
    provider_session: str = ""
    lasts: timedelta = LONGEST
