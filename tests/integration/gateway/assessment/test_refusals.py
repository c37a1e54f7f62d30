"""Who may not: what is not theirs, what is not for their role, and what is their own."""

from uuid import uuid4

import pytest

from tests.integration.assessment import desk, planning
from tests.integration.gateway.assessment.visits import a_visitor, without


def seen(answer):
    """Return all of an answer but the id of its request."""
    return answer.status_code, without(answer.json, "request_id")


@pytest.mark.parametrize(
    "path", ["", "/deadlines", "/indicative-budgets/1", "/indicative-budgets/told"]
)
def test_somebody_elses_case_and_none_look_the_same(gateway, case, path):
    case.refer().staff().assess().offer()
    strangers = [
        a_visitor("budget_holder"),
        a_visitor("representative"),
        a_visitor("advocate"),
        a_visitor("broker"),
        a_visitor("care_coordinator", organisation="another-trust"),
        a_visitor("practitioner", organisation="another-trust"),
        a_visitor("broker", actor_id=case.coordinator.actor_id),
    ]

    for stranger in strangers:
        theirs = gateway.get(stranger, f"{case.case}{path}")
        nobodys = gateway.get(stranger, f"/cases/{uuid4()}{path}")
        assert theirs.status_code == 404
        assert seen(theirs) == seen(nobodys)


def test_nothing_is_done_to_somebody_elses_case_nor_said_of_it(gateway, case):
    case.refer().staff().assess().offer().submit()
    stranger = a_visitor("budget_holder")
    attempts = [
        (f"{case.plan}/signatures", f"/plans/{uuid4()}/signatures", case.signature()),
        (f"{case.case}/reviews", f"/cases/{uuid4()}/reviews", {"trigger": "I am worried"}),
        (
            f"/people/{case.person.actor_id}/complaints",
            f"/people/{uuid4()}/complaints",
            {"words": "Nobody rang", "may_team_read": True},
        ),
    ]

    for theirs, nobodys, body in attempts:
        refused = gateway.send(stranger, theirs, body)
        assert refused.status_code == 404
        assert seen(refused) == seen(gateway.send(stranger, nobodys, body))
    case.sign()


def test_an_appeal_against_an_amount_is_the_persons_own(gateway, case):
    case.refer().staff().assess().offer()
    referral_id = case.case.rpartition("/")[2]
    appeal = {"amount": {"referral_id": referral_id, "version": 1}, "grounds": "It is too little"}

    assert gateway.send(a_visitor("budget_holder"), "/appeals", appeal).status_code == 404
    assert gateway.do(case.person, "/appeals", appeal)["due_on"]


@pytest.mark.parametrize(
    ("role", "path", "body"),
    [
        ("broker", "{plan}/decisions", {}),
        ("budget_holder", "{plan}/decisions", {}),
        ("finance_officer", "{case}/plans/{uuid}", {}),
        ("team_manager", "{plan}/signatures", {}),
        ("budget_holder", "{case}/refusal", {}),
        ("budget_holder", "/rule-sets", {}),
        ("administrator", "/people/search", {"nhs_number": "9990000018"}),
        ("broker", "{case}/crises", {"happened": "It is bad"}),
    ],
)
def test_what_is_not_for_a_role_is_refused_to_it(gateway, case, role, path, body):
    case.refer().staff().assess().offer().submit()
    bodies = {
        "{plan}/decisions": case.decision(),
        "{plan}/signatures": case.signature(),
        "{case}/plans/{uuid}": without(planning.a_plan(""), "plan_id", "referral_id"),
        "{case}/refusal": {
            "reason": "not_appropriate",
            "because": "No need was seen",
            "evidence": ["A talk"],
            "alternatives": ["A choir"],
            "appeal_route": "Write to us",
        },
        "/rule-sets": {"name": "x", "active_from": "2027-04-01", "content": CONTENT},
    }
    visitor = case.person if role == "budget_holder" else case.team.get(role, a_visitor(role))
    address = path.format(plan=case.plan, case=case.case, uuid=uuid4())
    method = "PUT" if "/plans/" in address and address.startswith("/cases") else "POST"

    answer = gateway.send(visitor, address, bodies.get(path, body), method=method)

    assert answer.status_code == 403, answer.json
    assert answer.json["code"] == "not_allowed"


CONTENT = {
    "rates_pence": {"nhs": 100_00, "council": 100_00},
    "payers": {"B1": "nhs"},
    "weights": {"B1": 1},
    "joint_shares": {"nhs": 5_000, "council": 5_000},
    "section_117_shares": {"nhs": 5_000, "council": 5_000},
    "section_75": [],
    "reserve_basis_points": 500,
    "contribution_weeks": 52,
    "bands": [{"up_to_28ths": None, "words": "any", "amount_pence": 100_00}],
}


def test_nobody_signs_twice_or_for_another_role(gateway, case):
    case.refer().staff().assess().offer().submit()
    path = f"{case.plan}/signatures"
    gateway.do(case.person, path, case.signature())

    again = gateway.send(case.person, path, case.signature())
    as_another = gateway.send(case.broker, path, case.signature(role="person"))
    another_broker = a_visitor("broker", actor_id=case.coordinator.actor_id)
    in_two_roles = gateway.send(another_broker, path, case.signature())

    assert (again.status_code, again.json["code"]) == (409, "already_signed")
    assert (as_another.status_code, as_another.json["code"]) == (403, "not_yours_to_say")
    assert in_two_roles.status_code == 404


def test_who_has_two_roles_on_a_case_signs_in_one(gateway, case):
    both = a_visitor("broker", "care_coordinator", organisation="nhs-trust")
    case.team["broker"] = case.team["care_coordinator"] = case.broker = case.coordinator = both
    case.refer().staff().assess().offer().submit()
    path = f"{case.plan}/signatures"
    gateway.do(both, path, case.signature(role="broker"))

    second = gateway.send(both, path, case.signature(role="care_coordinator", is_comfortable=True))

    assert (second.status_code, second.json["code"]) == (409, "already_signed")


def test_who_acts_is_never_said_in_a_body(gateway, case):
    case.refer().staff().assess().offer().submit()
    body = case.signature(signatory_id=case.person.actor_id)

    answer = gateway.send(case.broker, f"{case.plan}/signatures", body)

    assert answer.status_code == 422
    assert set(answer.json["details"]) == {"signatory_id"}


def test_a_rung_decides_for_itself_and_the_person_never(gateway, case):
    case.signed()
    path = f"{case.plan}/decisions"
    manager = case.team["team_manager"]

    for_another = gateway.send(manager, path, case.decision(rung="care_coordinator"))
    too_early = gateway.send(manager, path, case.decision())
    own = a_visitor("care_coordinator", actor_id=case.person.actor_id)

    assert (for_another.status_code, for_another.json["code"]) == (403, "not_yours_to_say")
    assert (too_early.status_code, too_early.json["code"]) == (409, "wrong_rung")
    assert gateway.send(own, path, case.decision()).status_code == 404


def test_nobody_answers_their_own_request_for_another_worker(gateway, case):
    case.refer().staff()
    about = {"role": "team_manager", "person_words": "Somebody else, please"}
    asked = gateway.do(case.person, f"{case.case}/worker-changes", about)
    path = f"/worker-changes/{asked['request_id']}/answer"
    no = {"reasons": "There is nobody else"}

    by_the_person = gateway.send(case.person, path, no)
    by_whom_it_is_about = gateway.send(case.team["team_manager"], path, no)

    assert by_the_person.status_code == 403
    assert by_whom_it_is_about.json["code"] == "answerer_not_in_role"
    assert gateway.do(case.team["multidisciplinary_team"], path, no)["is_agreed"] is False


def test_nobody_approves_the_rates_they_proposed(gateway):
    proposer, second = a_visitor("finance_officer"), a_visitor("finance_officer")
    content = next(one for one in gateway.read(proposer, "/rule-sets")["items"])
    names = ("name", "active_from", "published_at")
    body = {"name": "ours-2027", "active_from": "2027-04-01", "content": without(content, *names)}
    gateway.do(proposer, "/rule-sets", body)

    own = gateway.send(proposer, "/rule-sets/ours-2027/approval")

    assert (own.status_code, own.json["code"]) == (409, "second_person_needed")
    assert gateway.do(second, "/rule-sets/ours-2027/approval")["is_published"]


@pytest.fixture
def appealed(gateway, case):
    """Have a referral refused and the person appeal; return the address of the decision."""
    case.refer().staff()
    refused = gateway.do(
        case.coordinator,
        f"{case.case}/refusal",
        {
            "reason": "not_appropriate",
            "because": "No need was seen",
            "evidence": ["A talk"],
            "alternatives": ["A choir"],
            "appeal_route": "Write to us",
        },
    )
    lodged = gateway.do(
        case.person, "/appeals", {"refusal_id": refused["refusal_id"], "grounds": "There is one"}
    )
    return f"/appeals/{lodged['appeal_id']}/decision"


UPHELD = {"outcome": "upheld", "reasons": "There is", "evidence": ["A talk with the person"]}


def reports_to_nobody(gateway, visitor):
    administrator = a_visitor("administrator")
    gateway.do(administrator, f"/staff/{visitor.actor_id}/reporting-line", {}, method="PUT")


def test_nobody_appeals_to_themselves(gateway, case, appealed):
    as_manager = a_visitor("team_manager", actor_id=case.person.actor_id)
    reports_to_nobody(gateway, as_manager)

    own = gateway.send(as_manager, appealed, UPHELD)

    assert gateway.send(case.person, appealed, UPHELD).status_code == 403
    assert (own.status_code, own.json["code"]) == (409, "appeal_decider_not_new")


def test_who_decided_first_does_not_decide_on_the_appeal_and_somebody_new_does(
    gateway, case, appealed
):
    first = a_visitor("team_manager", actor_id=case.coordinator.actor_id)
    of_the_team = case.team["team_manager"]
    new = a_visitor("team_manager")
    for manager in (first, of_the_team, new):
        reports_to_nobody(gateway, manager)

    for manager in (first, of_the_team):
        refused = gateway.send(manager, appealed, UPHELD)
        assert (refused.status_code, refused.json["code"]) == (409, "appeal_decider_not_new")
    assert gateway.do(new, appealed, UPHELD)["is_reopened"]


def test_a_representative_signs_only_where_their_scope_says_so(gateway, case):
    case.refer().staff().assess().offer().submit()
    speaker, signer = a_visitor("representative"), a_visitor("representative")
    for one, scope in ((speaker, "speak_for"), (signer, "sign_plan")):
        gateway.do(
            case.coordinator,
            f"/people/{case.person.actor_id}/representatives",
            {
                "representative_id": one.actor_id,
                "kind": "attorney",
                "name": "Kim",
                "scopes": [scope],
                "basis": "The document, seen on 20 November",
                "starts_on": "2026-11-20",
            },
        )
    body = case.signature(capacity_basis="Assessed on 20 November by the coordinator")

    assert gateway.send(speaker, f"{case.plan}/signatures", body).status_code == 404
    assert gateway.do(signer, f"{case.plan}/signatures", body)["signed_by"] == ["person"]


@pytest.mark.parametrize(
    ("role", "organisation", "body"),
    [
        ("budget_holder", "", {"party": "nhs"}),
        ("broker", "voluntary-broker", {"party": "council"}),
        ("practitioner", "nhs-trust", {"party": "council"}),
        ("practitioner", "nhs-trust", {"party": "person"}),
        ("care_coordinator", "nhs-trust", {"party": "nhs"}),
    ],
)
def test_nobody_disputes_in_anothers_name(gateway, case, role, organisation, body):
    case.refer().staff().assess()
    visitor = {"budget_holder": case.person, **case.team}.get(
        role, a_visitor(role, organisation=organisation)
    )

    answer = gateway.send(
        visitor, f"{case.case}/domains/B1/disputes", {"reasons": "It is worse", **body}
    )

    assert (answer.status_code, answer.json["code"]) == (403, "not_yours_to_say")
    assert gateway.read(case.person, case.case)["disputes"]["disputes"] == []


def test_a_worker_writes_down_what_a_person_said(gateway, case):
    case.refer().staff().assess()
    body = {"asked_by": "person", "trigger": "They rang: it is getting worse"}

    gateway.do(case.coordinator, f"{case.case}/reviews", body)

    (review,) = gateway.read(case.person, case.case)["reviews"]
    assert review["asked_by"] == "person"


def test_a_referral_is_sent_by_ones_own_body_or_for_who_rang(gateway):
    coordinator = a_visitor("care_coordinator")
    referral = without(desk.a_referral(), "referral_id", "source", "organisation")

    for another in ({"organisation": "council"}, {"source": "council"}):
        answer = gateway.send(coordinator, "/referrals", referral | another)
        assert (answer.status_code, answer.json["code"]) == (403, "not_yours_to_say")
    rang = gateway.do(
        coordinator, "/referrals", referral | {"source": "person", "organisation": None}
    )
    assert rang["answer_due_on"]


def test_a_body_sees_a_case_while_the_person_agrees_to_share_it(gateway, case):
    case.refer()
    person, path = case.person, f"/people/{case.person.actor_id}/consents"
    theirs = a_visitor("practitioner", organisation="a-hospice")
    assert gateway.get(theirs, case.case).status_code == 404

    consent = {"purpose": "support_plan", "organisation": "a-hospice"}
    said = {"given_on": "2026-11-24", "evidence": "Ticked on the form"}
    gateway.do(person, path, consent | said)
    gateway.read(theirs, case.case)

    ended = {"withdrawn_on": "2026-11-24", "evidence": "Rang us"}
    gateway.do(person, f"{path}/withdrawal", consent | ended)
    assert gateway.get(theirs, case.case).status_code == 404


def test_the_same_key_does_a_thing_once_and_another_thing_never(gateway, case):
    case.refer().staff()
    key = str(uuid4())
    path, body = f"{case.case}/reviews", {"trigger": "I am worried"}

    first = gateway.send(case.person, path, body, key=key)
    again = gateway.send(case.person, path, body, key=key)
    another = gateway.send(case.person, path, {"trigger": "Something else"}, key=key)

    assert (first.status_code, first.json) == (202, again.json)
    assert (another.status_code, another.json["code"]) == (422, "id_reused")
    assert len(gateway.read(case.person, case.case)["reviews"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("/reviews", {"trigger": 7}, {"trigger"}),
        ("/reviews", {"trigger": "x", "asked_by": "king"}, {"asked_by"}),
        ("/crises", {}, {"happened"}),
        ("/crises", {"happened": "x", "colour": "blue"}, {"colour"}),
        ("/worker-changes", {"role": "king", "person_words": "x"}, {"role"}),
    ],
)
def test_what_is_not_as_it_must_be_is_named_and_does_nothing(gateway, case, path, body, wrong):
    case.refer().staff()

    answer = gateway.send(case.person, f"{case.case}{path}", body)

    assert answer.status_code == 422
    assert set(answer.json["details"]) == wrong
    shown = gateway.read(case.person, case.case)
    assert (shown["reviews"], shown["crises"], shown["worker_changes"]) == ([], [], [])


def test_whom_somebody_finds_by_their_number_sees_that_they_were_looked_for(gateway, case):
    case.refer().staff()
    by_number = {"nhs_number": desk.ALEX_NHS_NUMBER, "council_client_id": None}

    gateway.send(case.coordinator, "/people/search", by_number)

    newest = gateway.read(case.person, "/me/access-log")["items"][0]
    assert (newest["operation"], newest["actor_id"]) == ("find_person", case.coordinator.actor_id)
