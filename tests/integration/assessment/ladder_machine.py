"""Anybody asks anything of a plan in any order; then it is looked at what came of it."""

from collections import Counter
from random import Random
from uuid import uuid4

from sqlalchemy import select

from services.assessment.sign_off.models import Decision
from services.assessment.signatures.models import Signature
from services.assessment.support_plans.models import PlanVersion
from tests.integration.assessment.desk import QUORUM, Desk
from tests.integration.assessment.planning import (
    a_plan,
    an_appeal,
    an_appeal_decision,
    an_item,
    attending,
)

SIGNING = ("person", "broker", "care_coordinator")
LADDER = ("care_coordinator", "team_manager", "multidisciplinary_team", "risk_enablement_panel")
OUTCOMES = ("approve", "approve_in_part", "return", "refuse", "escalate", "escalate")
APPROVING = ("approve", "approve_in_part")


class Ladder:
    """One case, of which anything is asked. What is refused is refused, and it goes on."""

    def __init__(self, transaction, *, seed):
        self.transaction = transaction
        self.random = Random(seed)
        self.desk = Desk(transaction)
        self.item = an_item(unit_cost_pence=self.random.choice([100_00, 900_00]), occurrences=1)
        self.kit = an_item(unit_cost_pence=1_00, occurrences=1)
        self.case = self.desk.submitted(items=[self.item, self.kit])
        self.hashes = [self.case.submitted["content_sha256"]]
        self.version = 1
        self.officer_id = str(uuid4())
        self.desk.ask("record_reporting_line", staff_id=self.officer_id, reports_to_id=None)

    def walk(self, *, steps):
        asks = {
            self.draft: 1,
            self.submit: 1,
            self.sign_somehow: 4,
            self.sign_all: 3,
            self.decide_somehow: 4,
            self.decide_in_turn: 8,
            self.appeal: 3,
            self.change_a_chair: 1,
        }
        for _ in range(steps):
            (ask,) = self.random.choices(list(asks), weights=list(asks.values()))
            ask()
        self.look()

    def ask(self, operation, **request):
        return self.desk.answer(operation, request).get("result")

    def maybe(self, one, other):
        return self.random.choice((one, other))

    def draft(self):
        items = [self.item | {"occurrences": self.random.randint(1, 3)}, self.kit]
        plan = a_plan(self.case.referral_id, plan_id=self.case.plan_id, items=items)
        drafted = self.ask("draft_plan", **plan)
        if drafted:
            self.version = drafted["version"]
            self.hashes.append(drafted["content_sha256"])

    def submit(self):
        self.ask("submit_plan", plan_id=self.case.plan_id, version=self.version)

    def sign_somehow(self):
        role, who = self.random.choice(SIGNING), self.random.choice((*SIGNING, "team_manager"))
        self.sign(role, who, self.random.choice(self.hashes))

    def sign_all(self):
        self.submit()
        for role in SIGNING:
            self.sign(role, role, self.hashes[-1])

    def sign(self, role, who, content_sha256):
        is_coordinator, is_comfortable = role == "care_coordinator", self.maybe(True, False)
        self.ask(
            "sign_plan",
            **self.case.signature(
                role,
                signatory_id=self.case.team[who],
                version=self.version,
                content_sha256=content_sha256,
                is_comfortable=is_comfortable if is_coordinator else None,
                worry="Not sure" if is_coordinator and not is_comfortable else None,
            ),
        )

    def decide_somehow(self):
        """Decide as anybody, in any words, with too few there and reasons left out."""
        rung = self.random.choice(LADDER)
        there = self.maybe(QUORUM.get(rung, ()), ())
        self.decide(
            rung,
            self.case.team[self.random.choice(LADDER)],
            attending(*there),
            reasons=self.maybe("Because", " "),
            evidence=self.maybe(["A letter"], []),
            alternatives=self.maybe("A choir", None),
            appeal_route=self.maybe("Write to us", None),
        )

    def decide_in_turn(self):
        """Decide as whoever is asked, whole; perhaps with somebody who decided before."""
        asked = self.desk.case(self.case.referral_id)["plan"]["decision"]
        if asked is None:
            return
        rung = asked["rung"]
        attendees = attending(*QUORUM.get(rung, ()))
        if attendees and self.maybe(True, False):
            attendees[0]["attendee_id"] = self.case.team[self.random.choice(LADDER)]
        self.decide(
            rung,
            self.case.team[rung],
            attendees,
            reasons="Because",
            evidence=["A letter"],
            alternatives="A choir",
            appeal_route="Write to us",
        )

    def decide(self, rung, decider_id, attendees, **said):
        outcome = self.random.choice(OUTCOMES)
        items, why = [], self.random.choice(["Too dear", "Too dear", None])
        if outcome in {"refuse", "approve_in_part"}:
            first = "approve" if outcome == "approve_in_part" else "refuse"
            items = [
                {"item_id": self.item["item_id"], "outcome": first, "reasons": why},
                {"item_id": self.kit["item_id"], "outcome": "refuse", "reasons": why},
            ]
        request = self.case.decision(rung, version=self.version, outcome=outcome, items=items)
        there = {"decider_id": decider_id, "attendees": attendees}
        if self.ask("decide_plan", **request | there | said):
            self.look()

    def appeal(self):
        last = self.desk.case(self.case.referral_id)["plan"]["decision"]
        lodged = last and self.ask("lodge_appeal", **an_appeal(last["decision_id"]))
        if lodged:
            decider_id = self.maybe(self.officer_id, self.case.team["team_manager"])
            request = an_appeal_decision(lodged["appeal_id"], decider_id)
            outcome = {"outcome": self.maybe("upheld", "not_upheld"), "next_route": "Ombudsman"}
            self.ask("decide_appeal", **request | outcome)

    def change_a_chair(self):
        """Put somebody else on a rung: perhaps one who is on another, too."""
        role = self.random.choice(LADDER[1:])
        staff_id = self.maybe(str(uuid4()), self.case.team[self.random.choice(LADDER)])
        worker = {"name": "New", "organisation": "council", "employer": "council"}
        person_id = self.case.team["person"]
        self.ask("assign_team_member", person_id=person_id, role=role, staff_id=staff_id, **worker)
        self.case.team[role] = staff_id

    def look(self):
        """See that whatever came of it had its signatures and its reasons."""
        with self.transaction() as session:
            decided = session.scalars(select(Decision).where(Decision.decided_at.is_not(None)))
            steps = decided.all()
            approved = [step for step in steps if step.outcome in APPROVING]
            for step in approved:
                self.look_at_signatures(step, session)
            twice = Counter((step.version, one) for step in steps for one in step.deciding_ids)
            assert all(times == 1 for times in twice.values())
            told = {told["version"] for told in self.desk.told("plan_approved")}
            assert told == {step.version for step in approved}
        for refused in self.desk.told("plan_refused"):
            assert refused["reasons"].strip()
            assert refused["alternatives"]
            assert refused["appeal_route"]
            assert len(refused["items"]) == (1 if refused["is_in_part"] else 2)
            assert all(item["reasons"] for item in refused["items"])

    def look_at_signatures(self, step, session):
        key = step.plan_id, step.version
        content_sha256 = session.get_one(PlanVersion, key).content_sha256
        counted = [
            one
            for one in Signature.of(*key, session=session)
            if one.content_sha256 == content_sha256
            and (one.voided_at is None or one.voided_at >= step.decided_at)
        ]
        assert {one.role.value for one in counted} == set(SIGNING)
        assert len({one.signatory_id for one in counted}) == len(SIGNING)

    def outcomes(self):
        """Return what was decided so far, to see that the walk led anywhere."""
        with self.transaction() as session:
            decided = session.scalars(select(Decision).where(Decision.decided_at.is_not(None)))
            outcomes = Counter(step.outcome.value for step in decided)
        return outcomes + Counter(told["outcome"] for told in self.desk.told("appeal_decided"))
