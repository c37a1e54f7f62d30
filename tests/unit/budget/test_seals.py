"""The form in which a journal is sealed: whatever is changed in it, its digest changes."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.budget.seal.rules import (
    BEFORE_THE_FIRST,
    WrittenJournal,
    canonical,
    chained,
    digest,
    heading,
)

POSTINGS = [(1, "nhs", 7, "available", 8, "paid_out", 5), (2, "nhs", 9, "overspent", 8, "x", 6)]
JOURNAL = WrittenJournal(
    seq=3,
    journal_id=UUID(int=1),
    budget_id=UUID(int=2),
    kind="capture",
    source_id=UUID(int=3),
    effective_on="2026-11-24",
    occurred_on="2026-11-23",
    recorded_at="2026-11-24T10:00:00.000001",
    actor="tests/system",
    reason="Café.",
    metadata="{}",
    postings=POSTINGS,
)


def test_a_journal_has_one_form():
    assert canonical(JOURNAL).decode() == (
        '[3,"00000000-0000-0000-0000-000000000001","00000000-0000-0000-0000-000000000002","capture",'
        '"00000000-0000-0000-0000-000000000003","2026-11-24","2026-11-23",'
        '"2026-11-24T10:00:00.000001","tests/system","Café.","{}",'
        '[[1,"nhs",7,"available",8,"paid_out",5],[2,"nhs",9,"overspent",8,"x",6]]]'
    )
    assert JOURNAL.amount_pence == 11


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 4},
        {"journal_id": UUID(int=9)},
        {"budget_id": UUID(int=9)},
        {"kind": "refund"},
        {"source_id": UUID(int=9)},
        {"effective_on": "2026-11-25"},
        {"occurred_on": "2026-11-24"},
        {"recorded_at": "2026-11-24T10:00:00.000002"},
        {"actor": "tests/other"},
        {"reason": "Cafe."},
        {"metadata": '{"a": 1}'},
        {"postings": POSTINGS[:1]},
        {"postings": [(1, "nhs", 7, "available", 8, "paid_in", 5), POSTINGS[1]]},
        {"postings": [(1, "nhs", 7, "available", 8, "paid_out", 6), POSTINGS[1]]},
    ],
)
def test_whatever_is_changed_the_digest_changes(change):
    assert digest(replace(JOURNAL, **change)) != digest(JOURNAL)


def test_a_seal_stands_on_the_one_before_on_what_it_says_and_on_every_digest():
    said = heading(
        number=1,
        last_seq=3,
        journals=2,
        amount_pence=11,
        sealed_at=datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
    )
    digests = [digest(JOURNAL), digest(replace(JOURNAL, seq=4))]

    assert said == b"1:3:2:11:1000000"
    whole = BEFORE_THE_FIRST + said + b"".join(digests)
    assert chained(BEFORE_THE_FIRST, said, digests) == hashlib.sha256(whole).digest()
