"""The edge's desk: it asks assessment as a caller does, through the service's own entrypoints."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text

from services.assessment.service import AssessmentService
from shared.contracts import catalogue
from shared.contracts.actor import system
from shared.messaging.answering import Call
from shared.messaging.tables import OutboxMessage
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.assessment.planning import (
    a_decision,
    a_plan,
    an_interview,
    an_item,
    attending,
)

__all__ = ["Case", "Desk", "a_domain", "a_person", "a_plan", "a_referral", "an_item"]

ALEX_NHS_NUMBER = "9990000018"
ALEX_DOMAINS = {
    "nhs-trust": [("B1", 2, 4), ("B2", 2, 3), ("B6", 3, 4), ("C1", 2, 2), ("C3", 1, 2)],
    "council": [("A1", 2, 3), ("A6", 1, 2), ("A7", 3, 4), ("A8", 3, 4), ("A9", 2, 3)],
}
STAFF = ("broker", "care_coordinator", "team_manager")
LADDER_STAFF = (*STAFF, "multidisciplinary_team", "risk_enablement_panel")
# Who is there when a rung decides, beside whoever decides.
QUORUM = {
    "multidisciplinary_team": ("practitioner", "guest"),
    "risk_enablement_panel": ("practitioner", "lived_experience", "guest"),
}


def a_person(**changes: Any) -> dict[str, Any]:
    return {
        "nhs_number": ALEX_NHS_NUMBER,
        "council_client_id": "LAS1000001",
        "given_name": "Alex",
        "family_name": "Sample",
        "birth_date": "1961-04-09",
        "address_lines": ["1 Example Street", "Exampleton", "ZZ99 3WZ"],
        "ethnic_category": "Z",
        "language": "en",
        "interpreter_required": False,
        "accessible_format": None,
        "mobile": "07700 900123",
        "email": "alex@example.org",
        "preferred_channel": "sms",
        "safe_to_text": True,
    } | changes


def a_referral(**changes: Any) -> dict[str, Any]:
    return {
        "referral_id": str(uuid4()),
        "source": "nhs",
        "organisation": "nhs-trust",
        "relation": None,
        "heard_from": "A leaflet in the surgery",
        "basis": "local_offer",
        "condition_group": "mental_health",
        "urgency": "routine",
        "received_on": "2026-11-20",
        "consent_to_share": True,
        "person": a_person(),
    } | changes


def a_domain(
    domain: str = "B1", typical: int = 2, worst: int = 4, **changes: Any
) -> dict[str, Any]:
    return {
        "domain": domain,
        "without_present_support": {"typical": typical, "worst": worst},
        "with_present_support": {"typical": 0, "worst": 1},
        "worst_days_per_28": 8,
        "look_back_months": 12,
        "onset_speed": "hours",
        "hidden": True,
        "unseen_by_others": "The post lies unopened.",
        "reliably": {
            "safely": False,
            "repeatedly": False,
            "in_reasonable_time": True,
            "without_distress": False,
        },
        "present_support": [],
        "person_words": "Since the stroke I get lost.",
        "worker_words": "Needs somebody at the door.",
        "strengths": "I like helping other people",
        "wants": "To drive again",
        "evidence": [],
    } | changes


def a_contribution(referral_id: str, organisation: str, **changes: Any) -> dict[str, Any]:
    return {
        "contribution_id": str(uuid4()),
        "referral_id": referral_id,
        "organisation": organisation,
        "author_role": "care_coordinator",
        "questionnaire": "joint-2026-1",
        "as_of": "2026-11-23T09:00:00+00:00",
        "in_the_room": ["person", "care_coordinator"],
        "domains": [a_domain(*levels) for levels in ALEX_DOMAINS[organisation]],
        "whole_life": {"faith": None, "good_day": "Driving to my group"},
    } | changes


def a_support_offer(referral_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "offer_id": str(uuid4()),
        "referral_id": referral_id,
        "support": "broker",
        "offered_on": "2026-11-24",
        "offered_by_role": "care_coordinator",
        "answer": "accepted",
        "person_words": "Somebody who has done it before, please",
    } | changes


def an_offer(referral_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "referral_id": referral_id,
        "budget_kind": "ongoing",
        "weekly_contribution_pence": 0,
    } | changes


def a_talk(referral_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "telling_id": str(uuid4()),
        "referral_id": referral_id,
        "version": 1,
        "told_by_id": str(uuid4()),
        "told_by_role": "care_coordinator",
        "told_on": "2026-11-24",
        "how_understood": "They went through the lines and said them back.",
        "interpreter": None,
    } | changes


def a_crisis(case: "Case", **changes: Any) -> dict[str, Any]:
    return {
        "crisis_id": str(uuid4()),
        "referral_id": case.referral_id,
        "activated_by": "person",
        "happened": "I have stopped opening the post",
    } | changes


def a_rapid_review(referral_id: Any, **changes: Any) -> dict[str, Any]:
    return {
        "review_id": str(uuid4()),
        "referral_id": str(referral_id),
        "asked_by": "person",
        "trigger": "I am worried",
    } | changes


def a_meeting(referral_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "meeting_id": str(uuid4()),
        "referral_id": referral_id,
        "held_on": "2026-11-24",
        "attendee_roles": ["care_coordinator", "broker"],
        "person_present": True,
        "absent_because": None,
        "conclusions": "It goes on as it is.",
        "goals": [
            {
                "goal": "Regain confidence in interacting with people",
                "words": "I go to the group every week now.",
                "self_rating": 7,
                "may_quote": True,
            }
        ],
    } | changes


def a_death(person_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "person_id": person_id,
        "died_on": "2026-11-20",
        "source": "nhs-trust",
        "estate": {"name": "Kim", "contact": "01632 960000"},
    } | changes


def a_correction(person_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "person_id": person_id,
        "source": "nhs-trust",
        "reason": "Another person of the same name had died.",
    } | changes


def an_admission(person_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "person_id": person_id,
        "admitted_on": "2026-11-23",
        "source": "nhs-trust",
        "expected_discharge_on": None,
    } | changes


def a_move(person_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid4()),
        "person_id": person_id,
        "moves_on": "2026-12-01",
        "source": "council",
        "to_area": "Exampleshire",
    } | changes


class Desk:
    """Asks, and looks at what was told."""

    def __init__(self, transaction: Any) -> None:
        self.transaction = transaction
        self.at = TUESDAY_AT_TEN
        self.organisation = "tests"  # that asks

    def answer(
        self, operation: str, request: Mapping[str, Any], *, command_id: UUID | None = None
    ) -> dict[str, Any]:
        """Return the whole answer, a result or a refusal."""
        worker = SimpleNamespace(
            name=AssessmentService.name,
            transaction=self.transaction,
            access=AssessmentService.access,
            trace=a_trace(at=self.at, actor=f"{self.organisation}/system"),
        )
        call = Call(
            operation=operation,
            request=request,
            actor=system("tests"),
            command_id=command_id or uuid4(),
        )
        return getattr(AssessmentService, operation)(worker, call)

    def ask(self, operation: str, **request: Any) -> Any:
        """Return the result of what must not be refused."""
        answer = self.answer(operation, request)
        assert "refusal" not in answer, answer
        return answer["result"]

    def refused(self, operation: str, **request: Any) -> dict[str, Any]:
        """Return the refusal of what must be refused, having seen that nothing was written."""
        before = self.everything()
        answer = self.answer(operation, request)
        assert "result" not in answer, answer
        assert self.everything() == before
        return answer["refusal"]

    def everything(self) -> dict[str, Any]:
        """Return every row of every table but the answers to commands and who was refused."""
        rows = {}
        with self.transaction() as session:
            tables = session.scalars(
                text(
                    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
                    " AND tablename NOT IN"
                    " ('answered_commands', 'alembic_version', 'audit_entries', 'audit_seals')"
                )
            )
            for table in tables.all():
                content = text(f"SELECT array_agg(t::text ORDER BY t::text) FROM {table} t")  # noqa: S608
                rows[table] = session.scalar(content)
        return rows

    def told(self, event: str) -> list[dict[str, Any]]:
        """Return the data of every event of a kind that was told so far."""
        with self.transaction() as session:
            bodies = session.scalars(
                select(OutboxMessage.body)
                .where(OutboxMessage.event_type == f"assessment.{event}.v1")
                .order_by(OutboxMessage.position)
            )
            return [catalogue.data_of(body) for body in bodies]

    def strike(self, due: Any, handler: Any) -> int:
        """Let a clock of the service strike once, at the desk's time; return how much was due."""
        with self.transaction() as session:
            commands = due(self.at, session=session)
        for command in commands:
            with self.transaction() as session:
                handler(command, session=session, trace=a_trace(at=self.at))
        return len(commands)

    def case(self, referral_id: str) -> Any:
        return self.ask("case", referral_id=referral_id)

    def a_team(self, person_id: str, roles: tuple[str, ...] = STAFF) -> dict[str, str]:
        """Assign somebody to each role; return who has which, the person included."""
        team = {role: str(uuid4()) for role in roles}
        for role, staff_id in team.items():
            self.ask(
                "assign_team_member",
                person_id=person_id,
                role=role,
                staff_id=staff_id,
                name=f"{role} O'Neil",
                organisation="voluntary-broker",
                employer="voluntary-broker",
            )
        return team | {"person": person_id}

    def agreed(self, **changes: Any) -> dict[str, Any]:
        """Play a case as far as the agreed assessment; return the answer to its referral."""
        received = self.ask("receive_referral", **a_referral(**changes))
        for organisation in ALEX_DOMAINS:
            self.ask("contribute", **a_contribution(received["referral_id"], organisation))
        self.with_support_offered(received["referral_id"])
        return received

    def with_support_offered(self, referral_id: str) -> None:
        """Offer all the help there is before the person chooses."""
        for support in ("broker", "peer_supporter", "advocate"):
            self.ask("record_offer", **a_support_offer(referral_id, support=support))

    def offered(
        self, budget_kind: str = "ongoing", *, is_told: bool = True, **changes: Any
    ) -> dict[str, Any]:
        """Play a case as far as an amount, of which the person was told unless said otherwise."""
        received = self.agreed(**changes)
        version = self.offer(received["referral_id"], budget_kind=budget_kind)["version"]
        if is_told:
            self.tell_in_person(received["referral_id"], version=version)
        return received

    def offer(self, referral_id: str, **changes: Any) -> Any:
        return self.ask("offer_budget", **an_offer(referral_id, **changes))

    def tell_in_person(self, referral_id: str, **changes: Any) -> Any:
        return self.ask("record_told_in_person", **a_talk(referral_id, **changes))

    def submitted(self, **plan: Any) -> "Case":
        """Play a case as far as a plan that waits for its signatures."""
        received = self.offered()
        team = self.a_team(received["person_id"], LADDER_STAFF)
        drafted = self.ask("draft_plan", **a_plan(received["referral_id"], **plan))
        self.interview(received["referral_id"], team["broker"])
        submitted = self.ask("submit_plan", plan_id=drafted["plan_id"], version=drafted["version"])
        return Case(received["referral_id"], submitted, team)

    def interview(self, referral_id: str, broker_id: str) -> None:
        self.ask("record_interview", **an_interview(referral_id, broker_id))

    def drafted_again(self, case: "Case", **plan: Any) -> "Case":
        """Edit a plan, and put its new version before the three."""
        request = a_plan(case.referral_id, plan_id=case.plan_id, **plan)
        drafted = self.ask("draft_plan", **request)
        case.submitted = self.ask("submit_plan", plan_id=case.plan_id, version=drafted["version"])
        return case

    def decide(self, case: "Case", rung: str, **changes: Any) -> Any:
        return self.ask("decide_plan", **case.decision(rung, **changes))

    def sign(self, case: "Case", role: str, **changes: Any) -> Any:
        return self.ask("sign_plan", **case.signature(role, **changes))

    def signed(self, *, is_comfortable: bool = True, **plan: Any) -> "Case":
        """Play a case as far as a plan that all three have signed."""
        case = self.submitted(**plan)
        for role in ("person", "broker"):
            self.sign(case, role)
        worry = None if is_comfortable else "Is this really health spending?"
        self.sign(case, "care_coordinator", is_comfortable=is_comfortable, worry=worry)
        return case

    def approved(self, **plan: Any) -> "Case":
        case = self.signed(**plan)
        self.ask("decide_plan", **case.decision("care_coordinator"))
        return case


class Case:
    """The ids of a case whose plan was submitted, and requests that fit it."""

    def __init__(self, referral_id: str, submitted: Mapping[str, Any], team: dict[str, str]):
        self.referral_id = referral_id
        self.submitted = submitted
        self.plan_id = submitted["plan_id"]
        self.team = team

    def signature(self, role: str, **changes: Any) -> dict[str, Any]:
        return {
            **self.submitted,
            "role": role,
            "signatory_id": self.team[role],
            "capacity_basis": None,
            "is_comfortable": True if role == "care_coordinator" else None,
            "worry": None,
        } | changes

    def decision(self, rung: str, **changes: Any) -> dict[str, Any]:
        return {
            "plan_id": self.plan_id,
            "version": self.submitted["version"],
            "rung": rung,
            "decider_id": self.team[rung],
            **a_decision(attendees=attending(*QUORUM.get(rung, ()))),
        } | changes
