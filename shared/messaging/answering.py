"""Commands and queries: from a request's JSON to an answer's, with no broker in sight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError
from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.contracts import documents
from shared.errors import IdReusedError, InvalidRequestError, NotKnownYetError, Refusal
from shared.messaging import crash, effects
from shared.messaging.inbox import Transaction
from shared.messaging.tables import AnsweredCommand, answered_commands_table
from shared.trace import Trace

Answer = dict[str, Any]

_CLAIM = (
    insert(answered_commands_table)
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
    command_id: UUID | None  # chosen by the caller; a query has none
    is_dry_run: bool = False  # a command that is only tried


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
    trace: Trace | None = None,
    finish: Callable[[Any], Any] | None = None,
) -> Answer:
    """Answer a question. It changes nothing and may be asked at any time.

    What is slow and needs no database is done by ``finish`` with what was found, afterwards.
    """
    try:
        question = load(schema, call.request)
        with transaction() as session:
            found = query(question, session=session)
        return {"result": documents.plain(finish(found) if finish else found)}
    except Refusal as refusal:
        return {"refusal": refusal.as_answer()}


def answer_command(
    call: Call,
    *,
    schema: Schema,
    handler: Callable[..., Any],
    transaction: Transaction,
    trace: Trace,
) -> Answer:
    """Carry out a command, once for each ``command_id`` however often it is asked.

    The answer, a refusal too, is stored in the transaction of the effect and given again to a
    repeat; the same id with another request is refused. One that is only tried is answered with
    what it ``would_answer`` and its ``effects``, of which nothing stays.
    """
    if call.command_id is None and not call.is_dry_run:
        return {"refusal": InvalidRequestError("A command needs a command_id.").as_answer()}
    try:
        command = load(schema, call.request)
        with transaction() as session:
            carry_out = partial(handler, command, session=session, trace=trace)
            if call.is_dry_run:
                return _tried(session, carry_out)
            answered = _claim(session, call)
            if answered is not None:
                return answered
            crash.point("command.claimed")
            answer = {"result": documents.plain(carry_out())}
            _remember(session, call, answer)
            crash.point("command.handled")
        crash.point("command.committed")
    except (NotKnownYetError, InvalidRequestError, IdReusedError) as refusal:
        return {"refusal": refusal.as_answer()}
    except Refusal as refusal:
        answer = {"refusal": documents.plain(refusal.as_answer())}
        return answer if call.is_dry_run else _remember_refusal(call, answer, transaction)
    return answer


def _tried(session: Session, carry_out: Callable[[], Any]) -> Answer:
    """Carry out a command by the same code, look at what it did, and take all of it back."""
    done = effects.watch(session)
    tried = {"would_answer": carry_out(), "effects": done}
    session.flush()
    session.rollback()
    return {"result": documents.plain(tried)}


def _remember_refusal(call: Call, answer: Answer, transaction: Transaction) -> Answer:
    """Store a refusal after the rollback, unless a twin of the command was quicker."""
    with transaction() as session:
        answered = _claim(session, call)
        if answered is None:
            _remember(session, call, answer)
    return answered or answer


def _claim(session: Session, call: Call) -> Answer | None:
    """Claim a command id, or return the answer that it got before."""
    request_sha256 = documents.digest([call.operation, call.request])
    claim = {
        "command_id": call.command_id,
        "operation": call.operation,
        "request_sha256": request_sha256,
    }
    if session.execute(_CLAIM, claim).first() is not None:
        return None
    earlier = session.get_one(AnsweredCommand, call.command_id)
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
