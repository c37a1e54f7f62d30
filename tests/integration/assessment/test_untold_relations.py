"""Who may see the record of somebody known before relations were kept is told once."""

import pytest
from sqlalchemy import delete, select

from access.tables import Relation, RelationVersion
from services.assessment.care_team import handlers, queries
from tests.integration.assessment.desk import a_referral
from tests.integration.assessment.test_representatives import an_appointment


@pytest.fixture
def known_before(desk):
    """Have somebody with a care team and a representative, of whom no relation is kept."""
    received = desk.ask("receive_referral", **a_referral())
    desk.a_team(received["person_id"], ("care_coordinator",))
    desk.ask("appoint_representative", **an_appointment(received["person_id"]))
    kept = everything(desk)
    with desk.transaction() as session:
        session.execute(delete(Relation))
        session.execute(delete(RelationVersion))
    return kept


def everything(desk):
    with desk.transaction() as session:
        rows = session.execute(select(Relation.person_id, Relation.holder, Relation.relation))
        return {tuple(row) for row in rows}


def strike(desk):
    return desk.strike(queries.untold_relations, handlers.tell_relations)


def test_both_are_told_once_and_all_that_was_kept_is_kept_again(desk, known_before):
    assert [strike(desk), strike(desk)] == [1, 0]

    assert everything(desk) == known_before
    for event in ("care_team_changed", "representative_changed"):
        *_, before, again = desk.told(event)
        assert again["version"] == before["version"] + 1
        assert {**again, "version": 0, "event_id": 0, "occurred_at": 0} == {
            **before,
            "version": 0,
            "event_id": 0,
            "occurred_at": 0,
        }


def test_two_clocks_that_strike_at_once_tell_it_once(desk, known_before):
    with desk.transaction() as session:
        found_by_both = queries.untold_relations(desk.at, session=session)

    for _ in range(2):
        desk.strike(lambda *_, **__: found_by_both, handlers.tell_relations)

    assert len(desk.told("care_team_changed")) == 2


def test_what_is_told_anyway_needs_no_telling(desk):
    received = desk.ask("receive_referral", **a_referral())
    desk.a_team(received["person_id"], ("care_coordinator",))

    assert strike(desk) == 0
