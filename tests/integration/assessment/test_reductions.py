"""What is lower than before waits until it was explained and shown."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import a_contribution, a_domain, a_person
from tests.integration.assessment.publishing import a_proposal, approve


def seen_again(desk, received, *domains, side="nhs-trust"):
    """Let a side see the person again, an hour after it last did."""
    desk.at += timedelta(hours=1)
    request = a_contribution(
        received["referral_id"], side, as_of=desk.at.isoformat(), domains=list(domains)
    )
    return desk.ask("contribute", **request)


def as_before(**changes):
    levels = {"B1": (2, 4), "B2": (2, 3), "B6": (3, 4), "C1": (2, 2), "C3": (1, 2)} | changes
    return [a_domain(domain, *figures) for domain, figures in levels.items()]


def a_statement(referral_id, **changes):
    return {
        "statement_id": str(uuid4()),
        "referral_id": referral_id,
        "domains": ["B1"],
        "what_support_prevents": "The group on Tuesdays keeps the low days away.",
        "what_if_it_ended": "The low days come back within weeks.",
        "why_less_is_right": "The need fell as it is without the group, too.",
        "written_by_id": str(uuid4()),
        "written_by_role": "care_coordinator",
    } | changes


def a_showing(statement, **changes):
    return {
        "statement_id": statement["statement_id"],
        "shown_by_id": str(uuid4()),
        "shown_by_role": "care_coordinator",
        "shown_on": "2026-11-24",
        "person_words": "That is right. I still want the group.",
        "interpreter": None,
    } | changes


def explained(desk, referral_id, **changes):
    """Let somebody explain what is held up, and show it to the person."""
    statement = a_statement(referral_id, **changes)
    desk.ask("record_preventive_effect", **statement)
    desk.ask("record_preventive_effect_shown", **a_showing(statement, shown_on=str(desk.at.date())))


def test_levels_that_rise_count_at_once_while_lower_ones_wait(desk):
    received = desk.offered()
    seen_again(desk, received, *as_before(B1=(0, 0), B2=(4, 4)))

    offered = desk.offer(received["referral_id"])

    assert offered["blocked"]["code"] == "reduction_unexplained"
    assert offered["blocked"]["domains"] == ["B1"]
    assert "names these domains" in offered["blocked"]["next_step"]
    assert offered["blocked"]["same_levels_pence"] is None
    amounts = {line["domain"]: line["amount_pence"] for line in offered["lines"]}
    assert amounts["B1"] == 231_43
    assert amounts["B2"] == 360_00


def test_a_held_up_reduction_is_told_once(desk):
    received = desk.offered()
    seen_again(desk, received, *as_before(B1=(0, 0)))

    for _ in range(2):
        desk.offer(received["referral_id"])

    (told,) = desk.told("reduction_blocked")
    assert told["domains"] == ["B1"]
    assert (told["standing_pence"], told["asked_pence"]) == (2_022_87, 2_022_87 - 231_43)


def test_a_domain_that_is_seen_no_more_is_lower_too(desk):
    received = desk.offered()
    seen_again(desk, received, a_domain("B1"))

    offered = desk.offer(received["referral_id"])

    assert offered["blocked"]["domains"] == ["B2", "B6", "C1", "C3"]
    assert offered["total_pence"] == 2_022_87


def test_help_from_somebody_close_that_is_new_lowers_nothing_in_passing(desk):
    received = desk.offered()
    help_ = {
        "source": "informal",
        "hours_a_week": 10,
        "is_willing_to_continue": True,
        "levels_met": 1,
    }
    levels = [a_domain("B1", present_support=[help_]), *as_before()[1:]]
    seen_again(desk, received, *levels)

    assert desk.offer(received["referral_id"])["blocked"]["domains"] == ["B1"]


def test_a_statement_twice_is_one_and_shown_once_is_enough(desk):
    received = desk.offered()
    seen_again(desk, received, *as_before(B1=(0, 0)))
    statement = a_statement(received["referral_id"])

    first, again = (desk.ask("record_preventive_effect", **statement) for _ in range(2))
    assert first == again
    assert not first["is_shown"]
    shown, once_more = (
        desk.ask("record_preventive_effect_shown", **a_showing(statement)) for _ in range(2)
    )
    assert shown == once_more

    refusal = desk.refused("record_preventive_effect", **statement | {"domains": []})
    assert refusal["code"] == "id_reused"


def test_there_must_be_something_to_explain(desk):
    received = desk.offered()
    statement = a_statement(received["referral_id"])

    refusal = desk.refused("record_preventive_effect", **statement)
    assert refusal["code"] == "nothing_is_lowered"

    seen_again(desk, received, *as_before(B1=(0, 0)))
    refusal = desk.refused("record_preventive_effect", **statement | {"domains": ["B2"]})
    assert (refusal["code"], refusal["details"]["field"]) == ("domain_not_lowered", "domains")


@pytest.mark.parametrize("shown_on", ["2026-11-23", "2026-11-25"])
def test_nobody_saw_a_statement_before_it_was_written_or_on_a_day_to_come(desk, shown_on):
    received = desk.offered()
    seen_again(desk, received, *as_before(B1=(0, 0)))
    statement = a_statement(received["referral_id"])
    desk.ask("record_preventive_effect", **statement)

    showing = a_showing(statement, shown_on=shown_on)
    refusal = desk.refused("record_preventive_effect_shown", **showing)

    assert refusal["code"] == "shown_on_impossible_day"


def test_a_statement_nobody_wrote_cannot_have_been_shown(desk):
    showing = a_showing({"statement_id": str(uuid4())})

    assert desk.refused("record_preventive_effect_shown", **showing)["code"] == "not_known_yet"


def test_another_kind_of_budget_is_a_choice_until_a_plan_was_approved(desk):
    case = desk.approved()
    one_off = {"budget_kind": "one_off_recovery"}

    desk.at = TUESDAY_AT_TEN + timedelta(hours=1)
    offered = desk.offer(case.referral_id, **one_off)

    assert offered["blocked"]["same_levels_pence"] == 1_000_00
    assert offered["total_pence"] == 2_022_87
    explained(desk, case.referral_id, domains=[])
    assert desk.offer(case.referral_id, **one_off)["total_pence"] == 1_000_00


def lower_rates(desk, name, active_from, rate_pence):
    """Publish a rule set by which each point of need is worth less from a day on."""
    content = {"rates_pence": {"council": rate_pence, "nhs": rate_pence}}
    proposal = a_proposal(name=name, active_from=active_from, content=content)
    desk.ask("propose_rule_set", **proposal)
    approve(desk, name=name)


def test_a_statement_on_one_domain_lowers_no_other_one(desk):
    received = desk.offered()
    referral_id = received["referral_id"]
    seen_again(desk, received, *as_before(B1=(0, 0), B2=(0, 0)))
    assert desk.offer(referral_id)["blocked"]["domains"] == ["B1", "B2"]

    explained(desk, referral_id, domains=["B1"])

    offered = desk.offer(referral_id)
    assert offered["total_pence"] == 2_022_87 - 231_43
    assert offered["blocked"]["domains"] == ["B2"]
    tasks = desk.ask("open_tasks", role="care_coordinator")
    assert "preventive_effect" in [task["kind"] for task in tasks]


def test_a_statement_on_a_domain_does_not_let_lower_rates_through(desk):
    received = desk.offered()
    referral_id = received["referral_id"]
    lower_rates(desk, "here-2026-2", "2026-11-25", 50_00)
    desk.at = TUESDAY_AT_TEN + timedelta(days=1)
    seen_again(desk, received, *as_before(B1=(0, 0)))
    desk.offer(referral_id)
    explained(desk, referral_id, domains=["B1"])

    offered = desk.offer(referral_id)

    assert offered["total_pence"] == 2_022_87
    assert offered["blocked"]["domains"] == []
    assert offered["blocked"]["same_levels_pence"] == 1_192_87
    assert "without domains" in offered["blocked"]["next_step"]

    explained(desk, referral_id, domains=[])
    offered = desk.offer(referral_id)
    assert offered["blocked"] is None
    assert offered["total_pence"] == 1_064_30


def test_lower_rates_need_a_statement_for_each_time_they_fall(desk):
    received = desk.offered()
    referral_id = received["referral_id"]
    lower_rates(desk, "here-2026-2", "2026-11-25", 70_00)
    lower_rates(desk, "here-2026-3", "2026-11-26", 50_00)
    desk.at = TUESDAY_AT_TEN + timedelta(days=1)
    desk.offer(referral_id)
    explained(desk, referral_id, domains=[])

    # Nobody offered it again before the rates fell once more: that is more than was explained.
    desk.at += timedelta(days=1)
    offered = desk.offer(referral_id)

    assert offered["total_pence"] == 2_022_87
    assert len(desk.told("reduction_blocked")) == 2
    explained(desk, referral_id, domains=[])
    assert desk.offer(referral_id)["blocked"] is None


def test_a_statement_without_domains_explains_no_domain(desk):
    received = desk.offered()
    seen_again(desk, received, *as_before(B1=(0, 0)))
    desk.offer(received["referral_id"])

    statement = a_statement(received["referral_id"], domains=[])
    refusal = desk.refused("record_preventive_effect", **statement)

    assert refusal["code"] == "nothing_is_lowered"


def test_what_the_person_pays_themselves_is_no_reduction(desk):
    received = desk.offered()

    offered = desk.offer(received["referral_id"], weekly_contribution_pence=10_00)

    assert offered["council_pence"] == 994_30 - 520_00
    assert offered["blocked"] is None


def test_who_needs_an_interpreter_has_not_seen_a_statement_without_one(desk):
    received = desk.offered(is_told=False, person=a_person(interpreter_required=True))
    seen_again(desk, received, *as_before(B1=(0, 0)))
    statement = a_statement(received["referral_id"])
    desk.ask("record_preventive_effect", **statement)

    refusal = desk.refused("record_preventive_effect_shown", **a_showing(statement))
    assert refusal["code"] == "interpreter_missing"

    shown = a_showing(statement, interpreter="Ms Example, Polish")
    assert desk.ask("record_preventive_effect_shown", **shown)["is_shown"]
