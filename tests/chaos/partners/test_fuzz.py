"""Whatever a partner sends: one answer to it, or a dead letter with a reason, and nothing else.

``COMMONPURSE_FUZZ_MESSAGES`` says how many, 5,000 unless set; ``COMMONPURSE_FUZZ_SEED`` repeats a
run.
"""

import hashlib
import json
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from tests.chaos.partners.messages import Mill, Sent
from tests.chaos.partners.world import COUNCIL, STRANGER, TRUST, World

pytestmark = pytest.mark.prove
MESSAGES = int(os.environ.get("COMMONPURSE_FUZZ_MESSAGES", "5000"))
SEED = int(os.environ.get("COMMONPURSE_FUZZ_SEED", "20261124"))
REFERRED, BAD = 30, 60  # of a hundred; the rest is about those who were referred
PATIENCE_SECONDS = 600
ALIENS = 6  # each is tried for a while before it is refused
UNREADABLE = "SELECT partner, digest, reason FROM unreadable_messages"
ERRANDS_LEFT = "SELECT state, count(*) AS n FROM errands WHERE state <> 'done' GROUP BY 1"
LARGEST_ANSWER_BYTES = 2_000
SHOWN = re.compile(r"[A-Za-z0-9_.-]*")


def bad_messages(mill: Mill, dice: random.Random, *, how_many: int) -> list[Sent]:
    """Return messages of which none may have an effect unless it is accepted."""
    made: list[Sent] = []
    while len(made) < how_many:
        answered = [one for one in made[-50:] if one.message_id is not None]
        draw = dice.random()
        if draw < 0.1 and answered:
            made.append(mill.again(dice.choice(made[-50:])))
        elif draw < 0.15 and answered:
            made.append(mill.reused(dice.choice(answered)))
        else:
            made.append(mill.mutated() if dice.random() < 0.5 else mill.hostile())
    return made


@dataclass(frozen=True, kw_only=True)
class Played:
    """What was sent and what came of it."""

    world: World
    sent: Sequence[Sent]
    answers: Mapping[str, Mapping]  # by partner, then by the message answered, then by their ids
    dead: Mapping[tuple[str, str], str]  # why, by partner and digest
    budget: Sequence[Mapping[str, int]]  # rows of each of its tables: before, and in the end

    def accepted(self, field: str) -> list[str]:
        """Return the ids of one kind that partners were told."""
        replies = [
            reply["data"]
            for by_message in self.answers.values()
            for by_id in by_message.values()
            for reply in by_id.values()
        ]
        return sorted(one["ids"][field] for one in replies if field in one.get("ids", ()))

    def codes(self, kind: str) -> Counter:
        """Count what was answered to the messages of one kind: a code, or that it was accepted."""
        return Counter(
            reply["data"].get("code", "accepted")
            for one in self.sent
            if one.kind == kind and one.message_id is not None
            for reply in self.answers[one.partner][one.message_id].values()
        )


@pytest.fixture(scope="module")
def played(world):
    """Send everything: first people are referred, then all that is bad, then what is about them."""
    dice = random.Random(SEED)
    trust, council, stranger = (
        Mill(world.agreements[code], seed=SEED) for code in (TRUST, COUNCIL, STRANGER)
    )
    sent: list[Sent] = []
    answers = defaultdict(lambda: defaultdict(dict))
    before = world.counts("budget")

    def play(messages: Sequence[Sent]) -> None:
        world.send(messages)
        sent.extend(messages)
        world.come_to_rest(len(sent), patience_seconds=PATIENCE_SECONDS)
        for code, came in world.fetch().items():
            for reply in came:
                answers[code][reply["causationid"]].setdefault(reply["id"], reply)

    play([trust.referral() for _ in range(MESSAGES * REFERRED // 100)])
    people = [
        reply["data"]["ids"]["person_id"]
        for by_id in answers[TRUST].values()
        for reply in by_id.values()
    ]
    each = MESSAGES * BAD // 200
    bad = [one for mill in (trust, council) for one in bad_messages(mill, dice, how_many=each)]
    dice.shuffle(bad)
    play(bad)
    admitted = people[: MESSAGES - len(sent) - ALIENS]
    aliens = [stranger.death(person_id) for person_id in people[:ALIENS]]
    play([*map(trust.admission, admitted), *aliens])
    rows = world.house.rows("partners", UNREADABLE)
    return Played(
        world=world,
        sent=sent,
        answers=answers,
        dead={(one.partner, one.digest): one.reason for one in rows},
        budget=(before, world.counts("budget")),
    )


def test_each_message_gets_one_answer_or_is_a_dead_letter_with_a_reason(played):
    contents = defaultdict(set)
    for one in played.sent:
        if one.message_id is not None:
            contents[one.partner, one.message_id].add(digest(one))

    unanswered = [
        (code, message_id, played.answers[code][message_id])
        for (code, message_id), digests in contents.items()
        if len(played.answers[code][message_id]) != len(digests)
    ]
    silent = [
        (one.kind, one.partner, one.body[:200])
        for one in played.sent
        if one.message_id is None and not played.dead.get((one.partner, digest(one)))
    ]
    of_nobody = [
        (code, message_id)
        for code, by_message in played.answers.items()
        for message_id in by_message
        if (code, message_id) not in contents
    ]

    assert len(played.sent) == MESSAGES
    assert (unanswered, silent, of_nobody) == ([], [], [])
    assert played.dead.keys() == {
        (one.partner, digest(one)) for one in played.sent if one.message_id is None
    }


def test_nothing_changes_but_what_was_accepted(played):
    house = played.world.house
    referrals = house.rows("assessment", "SELECT referral_id::text AS id FROM referrals")
    events = house.rows("assessment", "SELECT event_id::text AS id FROM life_events")

    assert sorted(one.id for one in referrals) == played.accepted("referral_id")
    assert sorted(one.id for one in events) == played.accepted("event_id")
    before, after = played.budget
    assert before == after
    assert house.rows("partners", ERRANDS_LEFT) == []


def test_what_is_as_it_should_be_is_accepted_and_what_is_not_is_told_why(played):
    valid, reused = played.codes("valid"), played.codes("id_reused")

    assert valid["accepted"] == sum(valid.values()) - ALIENS
    assert valid["not_known_yet"] == ALIENS
    assert set(played.dead.values()) >= {"too_large", "too_deep", "not_utf8", "duplicate_key"}
    assert reused["id_reused"] > 0


def test_no_answer_repeats_what_a_stranger_wrote(played):
    for by_message in played.answers.values():
        for by_id in by_message.values():
            for reply in by_id.values():
                assert len(json.dumps(reply)) < LARGEST_ANSWER_BYTES
                assert SHOWN.fullmatch(reply["data"].get("field", ""))


def digest(one: Sent) -> str:
    return hashlib.sha256(one.body).hexdigest()
