"""Commands and queries: from a request's JSON to an answer's, with no broker in sight."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from marshmallow import Schema, ValidationError
from sqlalchemy import Text, Uuid, bindparam, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.contracts import documents
from shared.contracts.actor import Actor
from shared.errors import (
    IdReusedError,
    InProgressError,
    InvalidRequestError,
    NotKnownYetError,
    NotYouError,
    OutOfScopeError,
    Refusal,
)
from shared.messaging import crash, effects
from shared.messaging.inbox import Transaction
from shared.messaging.tables import AnsweredCommand, answered_commands_table
from shared.trace import Trace

Answer = dict[str, Any]
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ"}
NOT_REMEMBERED = (
    NotKnownYetError,
    InProgressError,
    InvalidRequestError,
    IdReusedError,
    NotYouError,
)

_CLAIMED_ID = bindparam("command_id", type_=Uuid)
# Who claims an id holds its lock until the commit: a twin sees so at once, and nobody waits.
_CLAIM = (
    insert(answered_commands_table)
    .from_select(
        ["command_id", "operation", "request_sha256"],
        select(_CLAIMED_ID, bindparam("operation"), bindparam("request_sha256")).where(
            func.pg_try_advisory_xact_lock(func.hashtextextended(cast(_CLAIMED_ID, Text), 0))
        ),
    )
    .on_conflict_do_nothing()
    .returning(answered_commands_table.c.command_id)
)
_REMEMBER = (
    update(answered_commands_table)
    .where(answered_commands_table.c.command_id == bindparam("claimed_id"))
    .values(answer=bindparam("answer"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the edge asked of a service."""

    operation: str
    request: Mapping[str, Any]
    actor: Actor  # as the edge has signed it
    command_id: UUID | None = None  # chosen by the caller; a query has none
    is_dry_run: bool = False  # a command that is only tried


class Scope(Protocol):
    """Whose records one call may touch. The package ``access`` has the one there is."""

    def narrowed(self, session: Session) -> AbstractContextManager[None]:
        """Read the rows of these people only, and of whatever is nobody's."""

    def of(self, answer: object) -> "Scope":
        """Return the scope once the answer is known: a person was made, or found."""

    def write_down(
        self, session: Session, act: str, *, about: object, outcome: str = "done", at: datetime
    ) -> None:
        """Write down who read or wrote."""


class Access(Protocol):
    """What a service knows of whose record a call is about."""

    def scope(self, call: Call, *, at: datetime, session: Session) -> Scope:
        """Return whose records a call may touch. Raises OutOfScopeError or NotYouError."""

    def of_nobody(self, call: Call) -> Scope:
        """Return a scope with nobody in it."""


def load(schema: Schema, request: Mapping[str, Any]) -> Any:
    """Return the command or the question that ``request`` spells out.

    Raises:
        InvalidRequestError: names the fields that are wrong and why; never their values.
    """
    try:
        return schema.load(request)
    except ValidationError as error:
        wrong = dict(_flat(error.messages_dict))
        raise InvalidRequestError(
            "These fields are not as they must be: " + ", ".join(sorted(wrong)) + ".", **wrong
        ) from None


def answer_query(
    call: Call,
    *,
    schema: Schema,
    query: Callable[..., Any],
    transaction: Transaction,
    access: Access,
    trace: Trace,
    finish: Callable[[Any], Any] | None = None,
) -> Answer:
    """Answer a question, and write down who asked. It changes nothing and may be asked any time.

    All of it is read as it stood at one moment, whatever is written meanwhile: that of the query's
    own first look, which may ask something else beforehand. So whose record it is was found out in
    a transaction before.

    Whoever asks about people reads the rows of those whom they may see, and no others. What is
    slow and needs no database is done by ``finish`` with what was found, afterwards.
    """
    try:
        question = load(schema, call.request)
        with transaction() as session:
            scope = access.scope(call, at=trace.at, session=session)
        with transaction() as session:
            session.connection(execution_options=_ONE_MOMENT)
            with scope.narrowed(session):
                found = query(question, session=session)
            scope.of(found).write_down(session, "read", about=found, at=trace.at)
        return {"result": documents.plain(finish(found) if finish else found)}
    except Refusal as refusal:
        with transaction() as session:
            nobody = access.of_nobody(call)
            nobody.write_down(session, "read", about={}, outcome=refusal.code, at=trace.at)
        return {"refusal": refusal.as_answer()}


def answer_command(
    call: Call,
    *,
    schema: Schema,
    handler: Callable[..., Any],
    transaction: Transaction,
    access: Access,
    trace: Trace,
) -> Answer:
    """Carry out a command, once for each ``command_id`` however often it is asked.

    The answer, a refusal too, is stored in the transaction of the effect and given again to a
    repeat; a repeat that comes too early is told so, and the same id with another request is
    refused. One that is only tried is answered with
    what it ``would_answer`` and its ``effects``, of which nothing stays.
    """
    if call.command_id is None and not call.is_dry_run:
        return {"refusal": InvalidRequestError("A command needs a command_id.").as_answer()}
    try:
        command = load(schema, call.request)
        with transaction() as session:
            scope = access.scope(call, at=trace.at, session=session)
            carry_out = partial(handler, command, session=session, trace=trace)
            if call.is_dry_run:
                return _tried(session, carry_out)
            answered = _claim(session, call)
            if answered is not None:
                return answered
            crash.point("command.claimed")
            answer = {"result": documents.plain(carry_out())}
            _remember(session, call, answer)
            scope.of(answer["result"]).write_down(session, "write", about=call.request, at=trace.at)
            crash.point("command.handled")
        crash.point("command.committed")
    except Refusal as refusal:
        return _refused(call, refusal, access, transaction=transaction, trace=trace)
    return answer


def _tried(session: Session, carry_out: Callable[[], Any]) -> Answer:
    """Carry out a command by the same code, look at what it did, and take all of it back."""
    done = effects.watch(session)
    tried = {"would_answer": carry_out(), "effects": done}
    session.flush()
    session.rollback()
    return {"result": documents.plain(tried)}


def _refused(
    call: Call, refusal: Refusal, access: Access, *, transaction: Transaction, trace: Trace
) -> Answer:
    """Write down after the rollback who was refused, and the refusal if it is one that stays.

    What is not there, or not theirs, may be on its way: it is asked for again with the same id.
    """
    if isinstance(refusal, OutOfScopeError):
        refusal = NotKnownYetError(refusal.message)
    answer = {"refusal": documents.plain(refusal.as_answer())}
    with transaction() as session:
        nobody = access.of_nobody(call)
        nobody.write_down(session, "write", about={}, outcome=refusal.code, at=trace.at)
        if call.is_dry_run or isinstance(refusal, NOT_REMEMBERED):
            return answer
        try:
            answered = _claim(session, call)  # a twin of the command may have been quicker
        except Refusal as of_the_twin:
            return {"refusal": of_the_twin.as_answer()}
        if answered is None:
            _remember(session, call, answer)
    return answered or answer


def _claim(session: Session, call: Call) -> Answer | None:
    """Claim a command id, or return the answer that it got before.

    Raises:
        InProgressError: somebody else has claimed it and has not answered.
        IdReusedError: it was another command's.
    """
    request_sha256 = documents.digest([call.operation, call.request])
    claim = {
        "command_id": call.command_id,
        "operation": call.operation,
        "request_sha256": request_sha256,
    }
    if session.execute(_CLAIM, claim).first() is not None:
        return None
    earlier = session.get(AnsweredCommand, call.command_id)
    if earlier is None:
        raise InProgressError("This command is being carried out.")
    if earlier.request_sha256 != request_sha256:
        raise IdReusedError("This command id was used for another command.")
    return earlier.answer


def _remember(session: Session, call: Call, answer: Answer) -> None:
    session.execute(_REMEMBER, {"claimed_id": call.command_id, "answer": answer})


def _flat(messages: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return marshmallow's nested messages, each with its path: ``items.0.payer``."""
    flat: list[tuple[str, str]] = []
    for name, message in messages.items():
        path = f"{prefix}{name}"
        if isinstance(message, dict):
            flat += _flat(message, f"{path}.")
        else:
            flat.append((path, " ".join(map(str, message))))
    return flat
