"""What one purchase costs stays what it was: counts that are the same on any machine."""

import json

import pytest

from benchmarks import counts

EXACT = {"purchases.messages", "purchases.rows"}
TOLERANCE = 0.15  # retries and full-page writes differ a little from run to run


@pytest.mark.prove
def test_a_purchase_costs_no_more_round_trips_rows_messages_and_wal_than_it_did():
    baseline = json.loads(counts.BASELINE.read_text())

    measured = counts.figures()

    assert measured.keys() == baseline.keys()
    for name, expected in baseline.items():
        allowed = 0 if name in EXACT else TOLERANCE
        assert measured[name] == pytest.approx(expected, rel=allowed), measured
