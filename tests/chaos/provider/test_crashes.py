"""kill -9 at five points of a send, with a fault of the provider at each: one message, once."""

import pytest

from tests.chaos.provider.table import FAULTS, POINTS, REFUSED, SILENT

pytestmark = pytest.mark.prove
CELLS = [(point, fault) for point in POINTS for fault in (*FAULTS, REFUSED)]


@pytest.mark.parametrize(("point", "fault"), CELLS)
def test_the_provider_takes_each_delivery_once_and_we_know_what_became_of_it(point, fault, cells):
    cell = cells[point, fault]
    states = ["failed", "delivered"] if fault == SILENT else ["delivered"]

    assert [len(accepted) for accepted in cell.accepted] == [1] * len(states)
    assert [row.state for row in cell.deliveries] == states
    there = [one["status"].replace("technical-failure", "failed") for (one,) in cell.accepted]
    assert there == states
    assert {row.message_state for row in cell.deliveries} == {"delivered"}


@pytest.mark.parametrize(("point", "fault"), CELLS)
def test_what_became_of_it_is_told_once(point, fault, cells):
    cell = cells[point, fault]

    assert cell.events == {
        "notifications.message_sent.v1": len(cell.deliveries),
        "notifications.message_delivered.v1": 1,
    }


def test_nothing_failed_but_what_failed_at_the_provider(cells):
    silent = [cells[point, SILENT].deliveries for point in POINTS]

    assert {(row.channel, row.reason) for row, _ in silent} == {("sms", "technical_failure")}
    assert {row.channel for _, row in silent} == {"email"}
