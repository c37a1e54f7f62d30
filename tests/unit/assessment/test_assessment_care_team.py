"""Who answers when a person wants somebody else, and two records that may be one person."""

from uuid import UUID, uuid4

import pytest

from services.assessment.care_team import rules
from services.assessment.identity import rules as identity
from services.assessment.people.rules import TeamRole

BROKER, MANAGER, MEETING = uuid4(), uuid4(), uuid4()
TEAM = {
    TeamRole.BROKER: BROKER,
    TeamRole.TEAM_MANAGER: MANAGER,
    TeamRole.MULTIDISCIPLINARY_TEAM: MEETING,
}


def test_the_team_manager_answers_a_wish_for_another_broker():
    rules.check_answerer(MANAGER, about=BROKER, team=TEAM)

    assert rules.answering_role(TeamRole.BROKER) == TeamRole.TEAM_MANAGER


@pytest.mark.parametrize("answered_by", [BROKER, uuid4()])
def test_nobody_else_answers(answered_by):
    with pytest.raises(rules.AnswererNotInRoleError):
        rules.check_answerer(answered_by, about=BROKER, team=TEAM)


def test_nobody_answers_about_themselves():
    with pytest.raises(rules.AnswererNotInRoleError):
        rules.check_answerer(MANAGER, about=MANAGER, team=TEAM)
    rules.check_answerer(MEETING, about=MANAGER, team=TEAM)

    assert rules.answering_role(TeamRole.TEAM_MANAGER) == TeamRole.MULTIDISCIPLINARY_TEAM


def test_a_request_is_answered_once():
    rules.check_unanswered(is_answered=False, is_same=False)
    rules.check_unanswered(is_answered=True, is_same=True)

    with pytest.raises(rules.ChangeAnsweredError):
        rules.check_unanswered(is_answered=True, is_same=False)


def test_a_pair_is_one_pair_in_whatever_order_it_comes():
    first, second = UUID(int=1), UUID(int=2)

    assert identity.pair(first, second) == identity.pair(second, first) == (first, second)
    assert identity.merged_id(first, of=(first, second)) == second
    assert identity.merged_id(second, of=(first, second)) == first
    with pytest.raises(identity.KeptNotOfPairError):
        identity.merged_id(uuid4(), of=(first, second))


def test_a_question_is_answered_once():
    identity.check_open(is_answered=False, is_same=False)
    identity.check_open(is_answered=True, is_same=True)

    with pytest.raises(identity.QuestionAnsweredError):
        identity.check_open(is_answered=True, is_same=False)
