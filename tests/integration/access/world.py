"""Three people with records of every kind in every service: one's own, a neighbour's, a stranger's.

Two are the recorded cases, of the same bodies; the third is the first case once more, under other
ids, with a body of its own. What no recorded case has is planted: a row of each kind.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, Engine, text

from shared.database import open_sessions
from shared.errors import NotKnownYetError
from tests.integration.access.planted import ASKED, NEW, PLANTED
from tests.integration.access.records import FOUND
from tests.integration.order import recorded
from tests.integration.order.recorded import Line, ids_in
from tests.integration.order.stage import Stage, subscriptions

OWN, NEIGHBOUR, STRANGER = "own", "neighbour", "stranger"
_NHS_NUMBERS = {OWN: "9995247186", NEIGHBOUR: "9995960893"}
STORIES = {
    who: line["correlationid"]
    for who, nhs_number in _NHS_NUMBERS.items()
    for line in recorded.of("command", operation="receive_referral")
    if line["request"]["person"]["nhs_number"] == nhs_number
}
AT = datetime(2026, 12, 2, 10, tzinfo=UTC)

BOARD, POOL_HOST = "board", "pool-host"  # whose staff see the two sides, in what was recorded
_STAFF = {"nhs-trust": BOARD, "council": POOL_HOST}
_OF_FUNDERS = frozenset({"register_funder", "open_pool"})

# Under these the stranger comes last of the three, who comes first makes no difference, and those
# who are called for their money come in the order in which they were recorded.
_STRANGE = UUID("00000000-0000-0219-8000-000000000000")
_ANOTHER_PERSONS = {
    "9995247186": "9995247194",
    "LAS3464471": "LAS3464479",
    "07700 900503": "07700 900504",
    "case170": "case179",
    '"QZZ"': '"QYY"',  # and others pay for them
    '"E09999999"': '"E08888888"',
    f'"{BOARD}"': '"another-board"',
    f'"{POOL_HOST}"': '"another-host"',
}
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# Nobody stands outside, who would issue a card or pay a bill first.
_NEEDS_SOMEBODY_OUTSIDE = ("attach_receipt", "cancel_purchase", "record_invoice")


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """What one service has of one person."""

    person_id: UUID
    ids: Mapping[str, str]  # by the name of a field: the id of one record of theirs
    all_ids: frozenset[str]  # every id that is of them, and of neither of the others


def populate(service: type, engine: Engine) -> dict[str, Somebody]:
    """Let a service live through the three cases, and plant what they lack."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        stage = Stage(service=service, sessions=open_sessions(engine), connection=connection)
        _play(stage)
        people = {who: _person(stage, who) for who in (OWN, NEIGHBOUR, STRANGER)}
        for who, person_id in people.items():
            _plant(stage, who, person_id)
        records = {who: _records(connection, service.name, one) for who, one in people.items()}
    led = {who: _ids_of(who, people[who], found) for who, found in records.items()}
    return {
        who: Somebody(
            person_id=people[who],
            ids={name: ids[0] for name, ids in found.items()},
            all_ids=led[who].difference(*(led[other] for other in led if other != who)),
        )
        for who, found in records.items()
    }


def _play(stage: Stage) -> None:
    heard = {event_class.event_type for event_class in subscriptions(stage.service)}
    left = [
        line
        for who in (None, OWN, NEIGHBOUR, STRANGER)
        for line in _lines_of(who)
        if line.get("service") == stage.service.name or line.get("type") in heard
    ]
    before = -1
    while len(left) != before:
        before = len(left)
        left = [line for line in left if not _is_done(stage, line)]
    assert not left, [line.get("operation", line.get("type")) for line in left]


def _is_done(stage: Stage, line: Line) -> bool:
    if line.get("operation") in _NEEDS_SOMEBODY_OUTSIDE:
        return True
    try:
        if line["what"] == "command":
            stage.ask(_as_it_is_here(stage, line))
        else:
            stage.hear(line, message_id=UUID(line["id"]))
    except NotKnownYetError:
        return False
    return True


def _as_it_is_here(stage: Stage, line: Line) -> Line:
    """Return a command with the digest of the plan as it stands here: it has ids in it."""
    if line["operation"] != "sign_plan":
        return line
    asked = line["request"]
    digest = stage.connection.scalar(
        text("SELECT content_sha256 FROM plan_versions WHERE plan_id = :plan_id"), asked
    )
    return {**line, "request": {**asked, "content_sha256": digest}}


@cache
def _lines_of(who: str | None) -> tuple[Line, ...]:
    """Return what was said of one of the three; None: of the funders."""
    if who == STRANGER:
        pay = [line for line in _lines_of(None) if line.get("operation") in _OF_FUNDERS]
        shared = ids_in([line for line in _lines_of(None) if line not in pay])
        return tuple(_strange(line, shared) for line in (*pay, *_lines_of(OWN)))
    told = [_staffed(line) for line in recorded.lines() if line["what"] in {"command", "event"}]
    if who is None:
        return tuple(line for line in told if line["correlationid"] not in STORIES.values())
    return tuple(line for line in told if line["correlationid"] == STORIES[who])


def _staffed(line: Line) -> Line:
    """Return what was said with bodies that pay and work with nobody."""
    if line.get("operation") != "register_funder":
        return line
    asked = line["request"]
    return {**line, "request": {**asked, "organisation": _STAFF[asked["organisation"]]}}


def _strange(line: Line, shared: set[str]) -> Line:
    words = json.dumps(line)
    for word, other in _ANOTHER_PERSONS.items():
        words = words.replace(word, other)

    def other_id(found: re.Match[str]) -> str:
        return found[0] if found[0] in shared else str(uuid5(_STRANGE, found[0]))

    told: Line = json.loads(_ID.sub(other_id, words))
    return told


def _person(stage: Stage, who: str) -> UUID:
    """Return the person: under the id that assessment chose here, and that all others heard of."""
    (referral,) = (line for line in _lines_of(who) if line.get("operation") == "receive_referral")
    if stage.service.name != "assessment":
        return UUID(referral["answer"]["person_id"])
    chosen = text("SELECT person_id FROM referrals WHERE referral_id = :referral_id")
    return UUID(str(stage.connection.scalar(chosen, referral["request"])))


def _plant(stage: Stage, who: str, person_id: UUID) -> None:
    service = stage.service.name
    for operation, request in ASKED.get(service, {}).items():
        stage.ask(
            {
                "what": "command",
                "operation": operation,
                "at": AT.isoformat(),
                "id": str(uuid4()),
                "request": {
                    "person_id": str(person_id),
                    **{
                        name: str(uuid4()) if told == NEW else told
                        for name, told in request.items()
                    },
                },
                "answer": {},
            }
        )
    for table, row in PLANTED[service].items():
        names, values = ", ".join(row), ", ".join(row.values())
        found = _records(stage.connection, service, person_id)
        known = {name: ids[0] for name, ids in found.items() if ids}
        stage.connection.execute(
            text(f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING"),  # noqa: S608 - our own words
            {**known, "person_id": str(person_id), "at": AT},
        )


def _told(told: str | bool) -> str | bool:
    return str(uuid4()) if told == NEW else told


def _records(connection: Connection, service: str, person_id: UUID) -> dict[str, list[str]]:
    return {
        name: sorted(map(str, connection.scalars(text(asked), {"person_id": str(person_id)})))
        for name, asked in FOUND[service].items()
    }


def _ids_of(who: str, person_id: UUID, found: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return every id in what was said of a person, and of every record that leads to them."""
    said = ids_in(_lines_of(who))
    return frozenset({str(person_id), *said, *(id_ for ids in found.values() for id_ in ids)})
