"""Errands: calls to the outside, each a row written in the transaction that needs it.

A worker (``operations/errand_runner.py``) claims a row, commits the attempt and its lease, calls
with the row's id as idempotency key, and records the outcome. No transaction is open during a
call. An outcome that is unknown is enquired about before anything is sent again.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.messaging import effects, wake
from shared.messaging.tables import ErrandState, errands_table
from shared.trace import Trace

_WANTED = os.environ.get("COMMONPURSE_ERRAND_WORKERS") or "6"
if not _WANTED.isdecimal() or int(_WANTED) == 0:  # whatever needs it ends at its start
    raise SystemExit("COMMONPURSE_ERRAND_WORKERS must be a whole number, 1 or more.")
WORKERS = int(_WANTED)  # calls at once in a process

OUT_OF_TRIES = "out_of_tries"  # the reason for giving up when nobody refused: it may have worked


class RefusedOutsideError(Exception):
    """The other side understood and will never do it; ``reason`` is a word of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSentError(Exception):
    """The call certainly had no effect: it may be made again."""


class OutcomeUnknownError(Exception):
    """The call may have had its effect: enquire before anything else."""


Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of errand and how it is done.

    ``call(errand_id, arguments)`` does it and returns what ``record`` needs; it raises one of
    the three errors above. ``enquire`` asks whether an earlier call had its effect and returns
    what ``call`` would have, or None if it certainly had none; where the other side
    recognises the errand's id as a repeat, ``call`` itself serves. ``record`` and ``give_up``
    store the outcome and tell of it, in one transaction with the errand's end.
    """

    call: Callable[[UUID, Arguments], Any]
    enquire: Callable[[UUID, Arguments], Any]
    record: Callable[..., None]  # (answer, arguments, *, session, trace)
    give_up: Callable[..., None]  # (reason, arguments, *, session, trace)


def add(session: Session, kind: str, arguments: Arguments, *, trace: Trace) -> UUID:
    """Save an errand. It is run if, and only if, ``session`` commits; returns its id."""
    errand_id = uuid4()
    session.execute(
        insert(errands_table).values(
            errand_id=errand_id,
            kind=kind,
            arguments=dict(arguments),
            correlation_id=trace.correlation_id,
            causation_id=trace.causation_id,
            actor=trace.actor,
            traceparent=trace.traceparent,
            state=ErrandState.WAITING,
            attempts=0,
        )
    )
    effects.note(session, errand=kind)
    wake.note(session, "errands")
    return errand_id
