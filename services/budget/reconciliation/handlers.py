"""Taking in lines from outside, matching them, and handing round what was not matched."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.accounts.rules import BatchTooLargeError
from services.budget.reconciliation import matching, models, rules
from services.budget.reconciliation.commands import (
    AssignSuspense,
    ImportLines,
    MatchByHand,
    MatchLines,
    UndoMatch,
)
from services.budget.reconciliation.matching import Match, Proposals, Unmatched
from services.budget.reconciliation.models import (
    ExternalFile,
    ExternalLine,
    LineMatch,
    MatchLine,
    SuspenseAssignment,
    SuspenseItem,
    UndoneMatch,
)
from services.budget.reconciliation.rules import (
    MOST_LINES,
    Charge,
    DuplicateFileError,
    LedgerLine,
    LineDiffersError,
    LineMatchedError,
    LineNotFoundError,
    MatchNotFoundError,
    MatchUndoneError,
    OutsideLine,
    Rule,
    Side,
    SuspenseNotFoundError,
    SuspenseSettledError,
)
from shared.database import sqlstate
from shared.errors import NotKnownYetError
from shared.trace import Trace

LOCK_NOT_AVAILABLE = "55P03"
SHOWN = 100  # matches, and unmatched lines, that an answer spells out
SHOWN_LINES = 20  # of one match
MOST_SETTLED = 50_000  # matched lines whose references are remembered at once
BY_RULE = "A rule found no other way to match these lines."
NOT_MATCHED = "No rule matched this line."

# Whoever imports, matches or undoes waits for whoever does so now; the trigger takes it, too.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('reconciliation'))")


def _one_at_a_time(session: Session) -> None:
    """Wait until nobody else imports, matches or undoes, and keep it so.

    Raises:
        NotKnownYetError: somebody takes long; ask again.
    """
    try:
        session.execute(_ONE_AT_A_TIME)
    except DBAPIError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        raise NotKnownYetError("Somebody else is matching lines at this moment.") from error


def import_lines(command: ImportLines, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Take in a file: what is new in it is added, what is here already is left as it is.

    Raises:
        DuplicateFileError: this file was imported before.
        LineDiffersError: a line is known with other content; nothing of the file is imported.
    """
    _one_at_a_time(session)
    if session.scalar(select(ExternalFile).where(ExternalFile.sha256 == command.file_sha256)):
        raise DuplicateFileError("This file was imported before.")
    new = _new_lines(command.lines, session=session)
    file = ExternalFile(
        file_id=uuid4(),
        source=command.source,
        sha256=command.file_sha256,
        lines=len(command.lines),
        imported_at=trace.at,
        actor=trace.actor,
    )
    session.add(file)
    session.flush()
    if new:
        session.execute(insert(ExternalLine), [_line_row(line, file.file_id) for line in new])
    return {"file_id": file.file_id, "added": len(new), "known": len(command.lines) - len(new)}


def _new_lines(lines: Sequence[OutsideLine], *, session: Session) -> list[OutsideLine]:
    """Return the lines that are not here yet.

    Raises:
        LineDiffersError: one is here, or earlier in the file, with other content.
    """
    keys = {line.key for line in lines}
    known = {line.key: line for line in models.external_lines_named(session, keys)}
    new = []
    for number, line in enumerate(lines, start=1):
        earlier = known.setdefault(line.key, line)
        if earlier != line:
            raise LineDiffersError(number=number, external_id=line.external_id)
        if earlier is line:
            new.append(line)
    return new


def _line_row(line: OutsideLine, file_id: UUID) -> dict[str, Any]:
    return {
        "file_id": file_id,
        "source": line.source,
        "external_id": line.external_id,
        "amount_pence": line.amount_pence,
        "booked_on": line.booked_on,
        "reference": line.reference,
    }


def match_lines(command: MatchLines, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Match by rule, and put into suspense what no rule matches.

    Raises:
        BatchTooLargeError: more is unmatched than is matched at once; ask for fewer days.
    """
    _one_at_a_time(session)
    since, until, most = command.since, command.until, MOST_LINES + 1
    numbers = models.external_lines(session, since=since, until=until, most=most)
    ledger = models.ledger_lines(session, since=since, until=until, most=most)
    _see_that_it_is_not_too_much(len(numbers), len(ledger))
    proposals = matching.propose(
        [*numbers],
        ledger,
        settled=_settled(command, session=session),
        undone=models.undone_matches(session),
    )
    today = trace.today
    opening = _to_open(proposals.unmatched, numbers, today=today, session=session)
    match_ids = _save_matches(
        proposals.matches, numbers, reason=BY_RULE, session=session, trace=trace
    )
    _open_suspense(opening, today=today, session=session, trace=trace)
    return _told(proposals, match_ids) | {"suspense_opened": len(opening)}


def _see_that_it_is_not_too_much(*sizes: int) -> None:
    if max(sizes) > MOST_LINES:
        raise BatchTooLargeError(asked=max(sizes), most=MOST_LINES)


def _settled(command: MatchLines, *, session: Session) -> set[str]:
    """Return the references of what was matched before, as far back as a rule looks."""
    reach = timedelta(days=max(rules.TOLERANCE_DAYS.values()))
    lines = models.ledger_lines(
        session,
        since=command.since - reach,
        until=command.until + reach,
        most=MOST_SETTLED,
        is_matched=True,
    )
    return {reference for line in lines for reference in line.references}


def _save_matches(
    matches: Sequence[Match],
    numbers: Mapping[OutsideLine, int],
    *,
    reason: str,
    session: Session,
    trace: Trace,
) -> list[UUID]:
    """Write matches. The database refuses a line that is in another one."""
    saved = [
        LineMatch(
            match_id=uuid4(),
            rule=match.rule,
            amount_pence=match.amount_pence,
            matched_at=trace.at,
            actor=trace.actor,
            reason=reason,
        )
        for match in matches
    ]
    session.add_all(saved)
    session.flush()
    lines = [
        {"match_id": row.match_id, "position": position, **_place(line, numbers)}
        for row, match in zip(saved, matches, strict=True)
        for position, line in enumerate(match.lines, start=1)
    ]
    if lines:
        session.execute(insert(MatchLine), lines)
    return [row.match_id for row in saved]


def _place(line: OutsideLine | LedgerLine, numbers: Mapping[OutsideLine, int]) -> dict[str, Any]:
    """Return the columns by which a row says which line it is about."""
    if isinstance(line, OutsideLine):
        return {"external_line_id": numbers[line], "journal_id": None, "line": None}
    return {"external_line_id": None, "journal_id": line.journal_id, "line": line.line}


Opening = tuple[Unmatched, OutsideLine | LedgerLine, dict[str, Any]]


def _to_open(
    unmatched: Collection[Unmatched],
    numbers: Mapping[OutsideLine, int],
    *,
    today: date,
    session: Session,
) -> list[Opening]:
    """Return what goes into suspense now: what is there already, or still awaited, does not."""
    there = models.in_suspense(session, [line for one in unmatched for line in one.lines], numbers)
    placed = (
        (one, line, _place(line, numbers))
        for one in unmatched
        for line in one.lines
        if isinstance(line, OutsideLine)
        or not rules.is_awaited(occurred_on=line.occurred_on, today=today)
    )
    return [opening for opening in placed if opening[1] not in there]


def _open_suspense(
    openings: Collection[Opening], *, today: date, session: Session, trace: Trace
) -> None:
    """Give each line that was not matched an owner and a day."""
    items, assignments = [], []
    for one, line, place in openings:
        suspense_id = uuid4()
        charge = rules.charge(side=one.side, amount_pence=line.amount_pence, opened_on=today)
        items.append({"suspense_id": suspense_id, "why": one.why, "opened_at": trace.at, **place})
        assignments.append(_assignment(suspense_id, 1, charge, reason=NOT_MATCHED, trace=trace))
    if items:
        session.execute(insert(SuspenseItem), items)
        session.execute(insert(SuspenseAssignment), assignments)


def _assignment(
    suspense_id: UUID, number: int, charge: Charge, *, reason: str, trace: Trace
) -> dict[str, Any]:
    return {
        "suspense_id": suspense_id,
        "number": number,
        "owner": charge.owner,
        "due_on": charge.due_on,
        "assigned_at": trace.at,
        "actor": trace.actor,
        "reason": reason,
    }


def _told(proposals: Proposals, match_ids: Sequence[UUID]) -> dict[str, Any]:
    """Return what an answer says of proposals: all of it in numbers, the first ones in full."""
    shown = zip(proposals.matches[:SHOWN], match_ids, strict=False)
    return {
        "matched": {
            "matches": len(proposals.matches),
            "outside_lines": sum(len(match.outside) for match in proposals.matches),
            "ledger_lines": sum(len(match.ledger) for match in proposals.matches),
            "by_rule": Counter(match.rule for match in proposals.matches),
        },
        "matches": [
            {
                "match_id": match_id,
                "rule": match.rule,
                "amount_pence": match.amount_pence,
                "lines": _keys(match.lines),
            }
            for match, match_id in shown
        ],
        "not_matched": {
            side: sum(len(one.lines) for one in proposals.unmatched if one.side is side)
            for side in Side
        },
        "unmatched": [
            {"why": one.why, "lines": _keys(one.lines), "candidates": _keys(one.candidates)}
            for one in proposals.unmatched[:SHOWN]
        ],
    }


def _keys(lines: Iterable[OutsideLine | LedgerLine]) -> list[dict[str, Any]]:
    """Return the first of these lines as they are named: never what the bank wrote."""
    return [
        {"source": line.source, "external_id": line.external_id}
        if isinstance(line, OutsideLine)
        else {"journal_id": line.journal_id, "line": line.line}
        for line in [*lines][:SHOWN_LINES]
    ]


def match_by_hand(command: MatchByHand, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Match what somebody says is the same money, equal to the penny.

    Raises:
        LineNotFoundError: one of the lines is not here.
        LineMatchedError: one of them is matched already.
        LineTwiceError, AmountsDifferError: see ``check_by_hand``.
    """
    _one_at_a_time(session)
    outside = models.external_lines_named(session, command.outside)
    ledger = models.ledger_lines_named(session, command.ledger)
    match = Match(
        rule=Rule.BY_HAND,
        outside=_in_order(command.outside, outside),
        ledger=_in_order(command.ledger, ledger),
    )
    rules.check_by_hand(match.outside, match.ledger)
    if any(ledger.values()) or any(is_matched for _, is_matched in outside.values()):
        raise LineMatchedError("One of these lines is matched already.")
    numbers = {line: number for line, (number, _) in outside.items()}
    (match_id,) = _save_matches(
        [match], numbers, reason=command.reason, session=session, trace=trace
    )
    return {"match_id": match_id, "amount_pence": match.amount_pence}


def _in_order(keys: Sequence[Any], lines: Iterable[Any]) -> tuple[Any, ...]:
    """Return the line of each key.

    Raises:
        LineNotFoundError: one of them is not there.
    """
    by_key = {line.key: line for line in lines}
    if not by_key.keys() >= set(keys):
        raise LineNotFoundError("One of these lines is not here, or moves no money in or out.")
    return tuple(by_key[key] for key in keys)


def undo_match(command: UndoMatch, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Free the lines of a match. The match stays, with who undid it and why.

    Raises:
        MatchNotFoundError: there is none.
        MatchUndoneError: it was undone before.
    """
    _one_at_a_time(session)
    if session.get(LineMatch, command.match_id) is None:
        raise MatchNotFoundError("There is no such match.")
    if session.get(UndoneMatch, command.match_id) is not None:
        raise MatchUndoneError("This match was undone before.")
    undone = UndoneMatch(
        match_id=command.match_id,
        undone_at=trace.at,
        actor=trace.actor,
        reason=command.reason,
    )
    session.add(undone)
    freed = select(func.count()).where(MatchLine.match_id == command.match_id)
    return {"match_id": command.match_id, "lines_freed": session.scalar(freed)}


def assign_suspense(command: AssignSuspense, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Hand a line in suspense to somebody else, or put it off, and keep who did so and why.

    Raises:
        SuspenseNotFoundError: there is no such item.
        SuspenseSettledError: its line is matched.
        OwnerUnknownError, DueDateError: see ``check_charge``.
    """
    _one_at_a_time(session)
    item = session.get(SuspenseItem, command.suspense_id)
    if item is None:
        raise SuspenseNotFoundError("There is no such item in suspense.")
    if models.is_settled(session, item):
        raise SuspenseSettledError("The line of this item is matched.")
    charge = Charge(owner=command.owner, due_on=command.due_on)
    rules.check_charge(charge, today=trace.today)
    so_far = select(func.max(SuspenseAssignment.number)).where(
        SuspenseAssignment.suspense_id == item.suspense_id
    )
    number = (session.scalar(so_far) or 0) + 1
    assignment = _assignment(item.suspense_id, number, charge, reason=command.reason, trace=trace)
    session.add(SuspenseAssignment(**assignment))
    return {"suspense_id": item.suspense_id, "owner": charge.owner, "due_on": charge.due_on}
