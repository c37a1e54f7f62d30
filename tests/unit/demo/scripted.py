"""Services, shops and a stage that answer from a script and remember what they were asked."""

import inspect
import json
from collections import defaultdict
from dataclasses import replace
from functools import cache
from uuid import UUID

import jsonschema

from clients.edge import RefusedError
from clients.python.commonpurse_client import api
from demo.clients import Authorisation
from demo.ids import CaseIds
from demo.partners import Partners
from demo.playing.play import Play
from demo.schemas import CaseLine
from demo.staff import DECIDERS, Holder
from deploy.local.paths import CHECKOUT
from services.gateway import policy
from tests.unit.demo.lines import a_case

RUN_ID = UUID(int=1)
SHA = "ab" * 32
OFFER = {"total_pence": 400_00, "reserve_pence": 40_00}
NO_CONSENT = {"code": "consent_not_in_force", "message": "No.", "next_step": "Ask.", "details": {}}
RUNGS = tuple(DECIDERS)
POLICY = policy.load()


def offered(operation, arguments, *, by):
    """See that the client has such a method with such arguments, and that their role may do it."""
    if by is None:
        return
    service, _, name = operation.partition(".")
    method = getattr(getattr(api, service.capitalize()), name)
    inspect.signature(method).bind(None, **arguments)
    role = "budget_holder" if isinstance(by, Holder) else by.role
    assert POLICY.roles(operation, [role]), (operation, role)


@cache
def published(message_type):
    """The form of a partner's message, as partners read it."""
    path = CHECKOUT / "docs" / "events" / "partners" / f"{message_type}.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text())["properties"]["data"])


class Answer(dict):
    """Has an id of whatever is asked for: what was made is new."""

    def __init__(self, number, **known):
        super().__init__(**known)
        self._number = number

    def __missing__(self, name):
        assert name.endswith("_id"), name
        return f"{name}-{self._number}"


class Caller:
    """Answers as the gateway does when all goes well; ``answers`` says what is different."""

    def __init__(self, **answers):
        self.told = []
        self.told_by = []
        self.ways = []  # by which organisations sent
        self.command_ids = []
        self.answers = answers
        self.rails = {}
        self.states = defaultdict(lambda: "ready")
        self.asked_state = "requested"  # of a purchase that was just asked for

    def command(self, operation, request, *, command_id, correlation_id, by=None):
        offered(operation, {**request, "key": str(command_id)}, by=by)
        self.told.append((operation, request))
        self.told_by.append((operation, by))
        self.command_ids.append(command_id)
        if operation in self.answers:
            return self._planned(self.answers[operation])
        answered = getattr(self, operation.replace(".", "_"), lambda _: {})(request)
        return Answer(len(self.told), **answered)

    def send(self, organisation, message_type, data, *, by, message_id, story_id):
        """Answers as the partners' door does; what is sent keeps to the published form."""
        published(message_type).validate(data)
        self.told.append((message_type, data))
        self.told_by.append((message_type, organisation))
        self.ways.append((organisation, by))
        self.command_ids.append(message_id)
        if message_type in self.answers:
            return self._planned(self.answers[message_type])
        name = message_type.rpartition(".")[0].replace(".", "_")
        answered = getattr(self, name, lambda _: {})(data)
        return Answer(len(self.told), **answered)

    def query(self, operation, request, *, by=None):
        offered(operation, request, by=by)
        if operation in self.answers:
            return self._planned(self.answers[operation])
        if operation.startswith("assessment."):
            return self.known_to_assessment(operation)
        if operation.startswith("budget."):
            return self.known_to_budget()
        return {"state": self.states[request["purchase_id"]], "issuer_card_id": "ic_1"}

    def known_to_assessment(self, operation):
        if operation == "assessment.amount_told":
            return {"is_told": True}
        if operation == "assessment.where_is_it":
            return {"items": [{"stage": "decision", "role": "multidisciplinary_team"}]}
        return {
            "referral": {
                "received_at": "2026-11-24T10:00:00+00:00",
                "outcome": "closed" if self.is_closed() else "agreed",
            },
            "identity_questions": [{"question_id": "question-1"}],
            "indicative_budget": OFFER,
            "plan": {"crisis_plan": {"cap_pence": 40_01}},
            "reviews": [{"kind": "planned", "moved_because": self.moved(), "closed_at": None}],
        }

    def known_to_budget(self):
        return {
            "reason": "moved" if self.has("assessment.record_move") else "died",
            "is_death_taken_back": self.has("death.withdraw.v1"),
            "funders": [{"left_pence": 0}, {"left_pence": 1}],
            "activated_pence": 40_01,
        }

    def has(self, operation):
        return operation in self.operations()

    def is_closed(self):
        is_dead = self.has("death.notify.v1") and not self.has("death.withdraw.v1")
        return is_dead or self.has("assessment.record_move")

    def moved(self):
        return "discharge" if self.has("discharge.notify.v1") else "admission"

    def pause(self, seconds):
        pass

    def close(self):
        pass

    def requests(self, operation, *, by=None):
        """What was told, in order; with ``by`` what somebody did."""
        pairs = zip(self.told, self.told_by, strict=True)
        return [
            request
            for (told, request), (_, doer) in pairs
            if told == operation and by in {None, doer}
        ]

    def doers(self, operation):
        """Who did it, in order: a person, a partner's system; None is the demo itself."""
        return [by for told, by in self.told_by if told == operation]

    def operations(self):
        return [operation for operation, _ in self.told]

    def _planned(self, planned):
        answer = planned.pop(0) if isinstance(planned, list) else planned
        if isinstance(answer, Exception):
            raise answer
        return answer

    def assessment_receive_referral(self, request):
        return self.referral_submit(request)

    def referral_submit(self, request):
        is_known = request["person"]["nhs_number"] is not None
        return {"person_id": "person-1" if is_known else "person-2"}

    def assessment_contribute(self, request):
        if self.operations().count("consent.withdraw.v1") > self.operations().count(
            "consent.record.v1"
        ):
            raise RefusedError(NO_CONSENT)
        return {}

    def assessment_offer_budget(self, request):
        is_seen_again = "assessment.hold_review" in self.operations()
        is_shown = "assessment.record_preventive_effect_shown" in self.operations()
        is_blocked = is_seen_again and not is_shown
        blocked = {"domains": ["B1"]} if is_blocked else None
        return {**OFFER, "version": 2, "blocked": blocked}

    def assessment_decide_appeal(self, request):
        return {"is_reopened": True}

    def assessment_request_review(self, request):
        if self.is_closed():
            raise RefusedError({**NO_CONSENT, "code": "case_closed"})
        return {"opens_on": "2026-12-01"}

    def assessment_draft_plan(self, request):
        self.rails = {item["item_id"]: item["rail"] for item in request["items"]}
        total = sum(item["unit_cost_pence"] * item["occurrences"] for item in request["items"])
        return {
            "plan_id": request["plan_id"],
            "version": len(self.requests("assessment.draft_plan")),
            "content_sha256": SHA,
            "total_pence": total,
            "voided_signatures": self.requests("assessment.sign_plan")[-3:],
        }

    def assessment_sign_plan(self, request):
        is_worried = request.get("worry") is not None
        return {"decision_rung": "team_manager" if is_worried else "care_coordinator"}

    def assessment_decide_plan(self, request):
        above = RUNGS[RUNGS.index(request["rung"]) + 1 :]
        return {
            "decision_id": "decision-1",
            "budget_id": "budget-1",
            "next_rung": above[0] if above else None,
        }

    def budget_record_agreement(self, request):
        called = [("c1", "nhs", 60), ("c2", "council", 30), ("c3", "person", 10)]
        names = ("contribution_id", "funder_kind", "amount_pence")
        return {
            "called": [
                {
                    "funder_id": f"{kind}-1",
                    **dict(zip(names, (contribution_id, kind, pence), strict=True)),
                }
                for contribution_id, kind, pence in called
            ]
        }

    def budget_receive_contribution(self, request):
        return {"is_active": request["funder_id"] == "person-1"}

    def payments_add_payee(self, request):
        return {"details_version": 1}

    def payments_request_purchase(self, request):
        purchase_id = f"purchase-{len(self.told)}"
        if self.rails[request["item_id"]] == "bacs":
            self.states[purchase_id] = "completed"
        self.latest = purchase_id
        return {"purchase_id": purchase_id, "state": self.asked_state}

    def payments_record_invoice(self, request):
        self.states[request["purchase_id"]] = "completed"
        return {}


class Shops:
    """Every card works, except at betting shops."""

    def __init__(self, caller):
        self.caller = caller
        self.asked = []
        self.refunded = []

    def authorise(self, *, card_id, amount_pence, merchant, merchant_category_code):
        self.asked.append((merchant, merchant_category_code, amount_pence))
        number = f"iauth_{len(self.asked)}"
        return Authorisation(authorisation_id=number, is_approved=merchant_category_code != "7995")

    def capture(self, authorisation_id):
        self.caller.states[self.caller.latest] = "completed"
        return f"ipi_{authorisation_id}"

    def refund(self, transaction_id, *, amount_pence):
        self.refunded.append((transaction_id, amount_pence))
        for purchase_id in self.caller.states:
            self.caller.states[purchase_id] = "refunded"


class Shown:
    """Counts the steps."""

    def __init__(self):
        self.steps = []

    def advance(self, stage):
        self.steps.append(stage)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def on_a_later_day(play, *, weeks_later):
    """Put a case on the stage again, so many weeks after what was played of it."""
    return replace(play, weeks_later=weeks_later)


def a_play(case=None, **answers):
    """Put a case on the stage."""
    caller = Caller(**{name.replace("__", "."): answer for name, answer in answers.items()})
    loaded = CaseLine().load(case or a_case())
    return Play(
        case=loaded,
        ids=CaseIds(run_id=RUN_ID, case_ref=loaded.case_ref),
        caller=caller,
        shops=Shops(caller),
        shown=Shown(),
        partners=Partners(pool_id="pool-1", funder_ids={"nhs": "nhs-1", "council": "council-1"}),
    )
