"""What is asked at the same moment has the effect of one after the other."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.integration.assessment.desk import ALEX_DOMAINS, a_contribution, a_person, a_referral


def at_once(*asked):
    """Run every one of ``asked`` in a thread of its own, all of them together."""
    with ThreadPoolExecutor(len(asked)) as workers:
        return [one.result() for one in [workers.submit(ask) for ask in asked]]


def test_one_person_referred_by_several_at_once_is_one_record(desk):
    identified = [
        {},
        {"council_client_id": None},
        {"nhs_number": None},
        {"given_name": "Alexander"},
    ]
    # Somebody known by one identifier must be known before another one can be added to them.
    desk.ask("receive_referral", **a_referral())

    received = at_once(
        *(
            partial(desk.ask, "receive_referral", **a_referral(person=a_person(**changes)))
            for changes in identified * 2
        )
    )

    assert len({one["person_id"] for one in received}) == 1
    versions = sorted(told["version"] for told in desk.told("contact_details_changed"))
    assert versions == list(range(1, 10))


def test_a_person_new_to_us_who_is_referred_twice_at_once_is_one_record(desk):
    received = at_once(*(partial(desk.ask, "receive_referral", **a_referral()) for _ in range(6)))

    assert len({one["person_id"] for one in received}) == 1


def test_people_alike_who_are_referred_at_once_are_asked_about_pair_by_pair(desk):
    nobody = a_person(nhs_number=None, council_client_id=None)

    received = at_once(
        *(partial(desk.ask, "receive_referral", **a_referral(person=nobody)) for _ in range(3))
    )

    assert len({one["person_id"] for one in received}) == 3
    tasks = desk.ask("open_tasks", role="information_officer")
    assert len(tasks) == 3  # three pairs


def test_a_known_person_and_somebody_alike_referred_at_once_hinder_nobody(desk):
    desk.ask("receive_referral", **a_referral())
    nobody = a_person(nhs_number=None, council_client_id=None)

    at_once(
        *(
            partial(desk.ask, "receive_referral", **a_referral(person=person))
            for person in (a_person(), nobody, a_person(), a_person(), nobody)
        )
    )

    assert len(desk.ask("open_tasks", role="information_officer")) == 3


def test_two_answers_at_once_merge_once(desk):
    nobody = a_person(nhs_number=None, council_client_id=None)
    first, _ = (desk.ask("receive_referral", **a_referral(person=nobody)) for _ in range(2))
    (question,) = desk.case(first["referral_id"])["identity_questions"]
    request = {
        "question_id": question["question_id"],
        "answered_by": first["person_id"],
        "answered_by_role": "information_officer",
        "reasons": "One person",
        "kept_person_id": first["person_id"],
    }

    at_once(*(partial(desk.ask, "merge_people", **request) for _ in range(4)))

    assert len(desk.told("people_merged")) == 1


def test_both_sides_contributing_at_once_agree_once(desk):
    referral_id = desk.ask("receive_referral", **a_referral())["referral_id"]

    answers = at_once(
        *(
            partial(desk.ask, "contribute", **a_contribution(referral_id, side))
            for side in ALEX_DOMAINS
        )
    )

    assert sorted(answer["is_agreed"] for answer in answers) == [False, True]
    assert len(desk.told("assessment_agreed")) == 1


def test_a_contribution_and_its_referral_at_once_do_not_pass_each_other(desk):
    for number in range(4):
        person = a_person(
            nhs_number=None, council_client_id=f"LAS{number}", given_name=f"Alex {number}"
        )
        referral = a_referral(person=person)
        contributions = [a_contribution(referral["referral_id"], side) for side in ALEX_DOMAINS]

        at_once(
            partial(desk.ask, "receive_referral", **referral),
            *(partial(desk.ask, "contribute", **contribution) for contribution in contributions),
        )

        assert desk.case(referral["referral_id"])["assessment"]["is_agreed"]
    assert desk.ask("open_tasks", role="information_officer") == []


def test_three_who_sign_at_once_ask_for_one_decision(desk):
    case = desk.submitted()

    answers = at_once(
        *(
            partial(desk.sign, case, role, **changes)
            for role, changes in (
                ("person", {}),
                ("broker", {}),
                ("care_coordinator", {"is_comfortable": False, "worry": "Is it?"}),
            )
        )
    )

    assert sorted(len(answer["missing"]) for answer in answers) == [0, 1, 2]
    assert len(desk.told("plan_escalated")) == 1
