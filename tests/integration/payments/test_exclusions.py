"""An exclusion: proposed by one person, tried, approved by another, and then in force."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.payments.decisions.models import Decision
from services.payments.exclusions import queries, rules
from services.payments.exclusions.commands import (
    ApproveExclusion,
    ProposeExclusion,
    TryExclusion,
)
from services.payments.exclusions.handlers import approve_exclusion, propose_exclusion
from services.payments.exclusions.models import KeptExclusion
from services.payments.exclusions.rules import Kind, Strength
from services.payments.exclusions.shipped import SHIPPED
from services.payments.limits.rules import SamePersonError
from services.payments.purchases.models import Purchase
from services.payments.trials.handlers import try_exclusion
from shared import clock
from shared.errors import IdReusedError
from tests.integration.payments import facts

PATH = "/webhooks/issuer/authorizations"
SECRET = facts.SETTINGS.issuer_authorisations_secret


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch):
    offset = clock.offset_seconds_to(facts.TUESDAY_AT_TEN)
    monkeypatch.setenv("COMMONPURSE_CLOCK_OFFSET_SECONDS", str(offset))


@pytest.fixture
def swipe(client):
    def ask(card, **asked):
        request = facts.of_the_issuer(facts.a_request(card, **asked), secret=SECRET)
        return client.post(PATH, **request).json

    return ask


def a_proposal(**changed):
    return ProposeExclusion(
        **{
            "exclusion_id": uuid4(),
            "kind": Kind.FUNDER,
            "strength": Strength.HARD,
            "funder": "council",
            "merchant_category_code": "5813",
            "item_category": None,
            "item_id": None,
            "lifts": None,
            "applies_from": date(2026, 11, 24),
            "applies_until": None,
            "set_by": uuid4(),
            "source": "The council's list of 2026",
            "why": "This council's money is not spent in bars.",
        }
        | changed
    )


@pytest.fixture
def tried(carry_out):
    """Propose and try an exclusion; returns the trial's id and result."""

    def propose_and_try(proposal, days=30):
        carry_out(propose_exclusion, proposal)
        command = TryExclusion(
            trial_id=uuid4(), exclusion_id=proposal.exclusion_id, days=days, tried_by=uuid4()
        )
        result = carry_out(try_exclusion, command)
        assert carry_out(try_exclusion, command) == result
        with pytest.raises(IdReusedError):
            carry_out(try_exclusion, replace(command, days=days + 1))
        return command.trial_id, result

    return propose_and_try


@pytest.fixture
def approved(carry_out, tried):
    def approve(proposal):
        trial_id, _ = tried(proposal)
        command = ApproveExclusion(
            exclusion_id=proposal.exclusion_id, approved_by=uuid4(), trial_id=trial_id
        )
        carry_out(approve_exclusion, command)
        return command

    return approve


def test_nothing_is_excluded_before_a_second_person_has_seen_what_it_would_refuse(
    with_card, swipe, carry_out, tried
):
    purchase_id, card = with_card(merchant_category_code=None)
    assert swipe(card, category_code="5813", amount=1_00)["approved"]
    proposal = a_proposal()
    trial_id, result = tried(proposal)
    assert result["looked_at"] == {"purchases": 1, "card_payments": 1}
    assert (result["would_refuse"]["count"], result["would_refuse"]["pence"]) == (1, 1_00)
    assert result["would_refuse"]["named"][0]["purchase_id"] == str(purchase_id)
    assert swipe(card, authorisation="iauth_2", category_code="5813", amount=1_00)["approved"]

    approval = ApproveExclusion(
        exclusion_id=proposal.exclusion_id, approved_by=uuid4(), trial_id=trial_id
    )
    for wrong, refusal in (
        ({"approved_by": proposal.set_by}, SamePersonError),
        ({"trial_id": uuid4()}, rules.TrialNeededError),
        ({"exclusion_id": uuid4()}, rules.UnknownExclusionError),
    ):
        with pytest.raises(refusal):
            carry_out(approve_exclusion, replace(approval, **wrong))
    assert carry_out(approve_exclusion, approval)["is_approved"]
    assert carry_out(approve_exclusion, approval)["is_approved"]
    with pytest.raises(rules.AlreadyApprovedError):
        carry_out(approve_exclusion, replace(approval, approved_by=uuid4()))

    declined = swipe(card, authorisation="iauth_3", category_code="5813", amount=1_00)
    assert declined["metadata"] == {"reason": "excluded_by_funder"}


def test_a_trial_of_another_exclusion_does_not_do(carry_out, tried):
    other_trial, _ = tried(a_proposal())
    proposal = a_proposal(merchant_category_code="5999")
    carry_out(propose_exclusion, proposal)

    with pytest.raises(rules.TrialNeededError):
        carry_out(
            approve_exclusion,
            ApproveExclusion(
                exclusion_id=proposal.exclusion_id, approved_by=uuid4(), trial_id=other_trial
            ),
        )


def test_a_decision_says_by_which_rules_it_was_made(with_card, swipe, approved, transaction):
    _, card = with_card()
    swipe(card, event_id="evt_1", amount=0, country="FR")
    approved(a_proposal())
    swipe(card, event_id="evt_2", amount=0)

    with transaction() as session:
        first, second = (session.get_one(Decision, one) for one in ("evt_1", "evt_2"))
    assert (first.policy_version, second.policy_version) == ("1.0.0", "1.0.1")
    assert (first.merchant_category_code, first.merchant_country) == ("8299", "FR")
    assert first.decided_ms > 0


def test_an_item_that_is_excluded_is_refused_before_anything_is_held(
    known_plan, ask, carry_out, approved, count
):
    approved(a_proposal(merchant_category_code=None, item_category="activity"))

    with pytest.raises(rules.ExcludedError) as refused:
        carry_out(facts.request_purchase, ask(known_plan()))

    assert refused.value.details["source"] == "The council's list of 2026"
    assert count(Purchase) == 0


def test_health_care_is_not_bought_with_the_councils_money(known_plan, ask, carry_out, count):
    for payer in ("council", "joint"):
        with pytest.raises(rules.WrongFunderError):
            carry_out(
                facts.request_purchase,
                ask(known_plan(facts.an_item(category="therapy", payer=payer))),
            )
    assert count(Purchase) == 0
    carry_out(
        facts.request_purchase, ask(known_plan(facts.an_item(category="therapy", payer="nhs")))
    )


def test_a_soft_rule_is_lifted_for_one_plan(with_card, swipe, approved, now):
    purchase_id, card = with_card(merchant_category_code=None, payer="nhs")
    stored_value = next(one for one in SHIPPED if one.merchant_category_code == "6540")
    assert swipe(card, category_code="6540", amount=1_00)["metadata"] == {
        "reason": "excluded_by_plan"
    }

    lifts = {"lifts": stored_value.exclusion_id, "merchant_category_code": None}
    approved(a_proposal(kind=Kind.PLAN, funder=None, item_id=now(purchase_id).item_id, **lifts))

    assert swipe(card, category_code="6540", amount=1_00, authorisation="iauth_2")["approved"]


def test_a_trial_of_a_lifting_shows_what_it_would_allow(with_card, swipe, tried):
    _, card = with_card(merchant_category_code=None, payer="nhs")
    swipe(card, category_code="6540", amount=1_00)
    stored_value = next(one for one in SHIPPED if one.merchant_category_code == "6540")

    _, result = tried(
        a_proposal(
            kind=Kind.PLAN,
            funder=None,
            merchant_category_code=None,
            lifts=stored_value.exclusion_id,
        )
    )

    assert (result["would_allow"]["count"], result["would_refuse"]["count"]) == (1, 0)


def test_what_cannot_be_proposed_is_refused_and_nothing_is_kept(carry_out, count):
    hard = next(one for one in SHIPPED if one.merchant_category_code == "7995")
    lifts = {"merchant_category_code": None, "lifts": hard.exclusion_id}
    for changed, refusal in (
        ({"applies_from": date(2026, 11, 23)}, rules.ExclusionInThePastError),
        ({"merchant_category_code": None, "lifts": uuid4()}, rules.UnknownExclusionError),
        ({"item_id": uuid4(), **lifts}, rules.PlanOnlyError),
        ({"exclusion_id": hard.exclusion_id}, IdReusedError),
    ):
        with pytest.raises(refusal):
            carry_out(propose_exclusion, a_proposal(**changed))
    assert count(KeptExclusion) == 0


def test_a_proposal_is_kept_once_and_shown_with_who_set_it_and_why(carry_out, transaction):
    proposal = a_proposal()
    for _ in range(2):
        assert carry_out(propose_exclusion, proposal)["is_approved"] is False
    with pytest.raises(IdReusedError):
        carry_out(propose_exclusion, replace(proposal, why="Another reason"))

    with transaction() as session:
        shown = queries.exclusions(None, session=session)
    (own,) = shown["own"]
    assert (own["set_by"], own["why"]) == (proposal.set_by, proposal.why)
    assert len(shown["shipped"]) == len(SHIPPED)
    assert "stockport" in shown["council_lists"]
