"""Visitors at the gateway's door, and a case as they bring it from a referral to a plan."""

from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient

from services.gateway.visitors import Visitor
from tests.integration.assessment import desk, planning
from tests.integration.gateway.assessment.callers import DirectCallers
from tests.integration.gateway.one_app import OneApp

OF = {
    "broker": "voluntary-broker",
    "budget_holder": "",
    "representative": "",
    "advocate": "an-advocacy",
    "finance_officer": "council",
}


def a_visitor(role: str, *more: str, actor_id: str = "", organisation: str = "") -> Visitor:
    who = actor_id or str(uuid4())
    return Visitor(
        client=who,
        actor_id=who,
        roles=(role, *more),
        organisation=organisation or OF.get(role, "nhs-trust"),
        purpose="direct_care",
    )


class Gateway:
    """The application on the real service, and whoever stands before it."""

    def __init__(self, transaction: Any) -> None:
        self.callers = DirectCallers(transaction)
        self._visitor: Visitor | None = None
        self._client: FlaskClient = OneApp(self.callers, who_asks=self._who).test_client()

    def _who(self) -> Visitor:
        assert self._visitor is not None
        return self._visitor

    def get(self, visitor: Visitor, path: str) -> Any:
        self._visitor = visitor
        return self._client.get(f"/v1{path}")

    def send(
        self, visitor: Visitor, path: str, body: Any = None, *, method: str = "POST", key: str = ""
    ) -> Any:
        self._visitor = visitor
        return self._client.open(
            f"/v1{path}",
            method=method,
            json=body or {},
            headers={"Idempotency-Key": key or str(uuid4())},
        )

    def read(self, visitor: Visitor, path: str) -> Any:
        """Return what must be shown."""
        answer = self.get(visitor, path)
        assert answer.status_code == 200, answer.json
        return answer.json

    def do(self, visitor: Visitor, path: str, body: Any = None, *, method: str = "POST") -> Any:
        """Return the answer to what must be done."""
        answer = self.send(visitor, path, body, method=method)
        assert answer.status_code == 202, answer.json
        return answer.json


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a body as it comes in: who acts and which id it gets is not for it to say."""
    return {name: value for name, value in body.items() if name not in names}


class CaseAtTheDoor:
    """One case and everybody who works on it, each with the role they have."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.team = {role: a_visitor(role) for role in desk.LADDER_STAFF}
        self.social_worker = a_visitor("practitioner", organisation="council")
        self.coordinator = self.team["care_coordinator"]
        self.broker = self.team["broker"]
        self.person: Visitor
        self.case = ""
        self.submitted: dict[str, Any] = {}

    @property
    def plan(self) -> str:
        return f"/plans/{self.submitted['plan_id']}"

    def refer(self, **changes: Any) -> "CaseAtTheDoor":
        referral = without(desk.a_referral(**changes), "referral_id", "source", "organisation")
        received = self.gateway.do(self.coordinator, "/referrals", referral)
        self.case = f"/cases/{received['referral_id']}"
        self.person = a_visitor("budget_holder", actor_id=received["person_id"])
        return self

    def staff(self) -> "CaseAtTheDoor":
        for role, member in self.team.items():
            self.gateway.do(
                self.coordinator,
                f"/people/{self.person.actor_id}/care-team",
                {
                    "role": role,
                    "staff_id": member.actor_id,
                    "name": f"{role} O'Neil",
                    "organisation": member.organisation,
                    "employer": member.organisation,
                },
            )
        return self

    def assess(self) -> "CaseAtTheDoor":
        for side in (self.coordinator, self.social_worker):
            contribution = desk.a_contribution("", side.organisation)
            body = without(
                contribution, "contribution_id", "referral_id", "organisation", "author_role"
            )
            self.gateway.do(side, f"{self.case}/contributions", body)
        for support in ("broker", "peer_supporter", "advocate"):
            offer = desk.a_support_offer("", support=support)
            body = without(offer, "offer_id", "referral_id", "offered_by_role")
            self.gateway.do(self.coordinator, f"{self.case}/offers", body)
        return self

    def offer(self) -> "CaseAtTheDoor":
        body = {"budget_kind": "ongoing", "weekly_contribution_pence": 0}
        offered = self.gateway.do(self.coordinator, f"{self.case}/indicative-budgets", body)
        talk = {"told_on": "2026-11-24", "how_understood": "They said the lines back."}
        path = f"{self.case}/indicative-budgets/{offered['version']}/telling"
        self.gateway.do(self.coordinator, path, talk)
        return self

    def submit(self) -> "CaseAtTheDoor":
        interview = planning.an_interview("", "")
        body = without(interview, "interview_id", "referral_id", "broker_id")
        self.gateway.do(self.broker, f"{self.case}/interviews", body)
        plan = without(planning.a_plan(""), "plan_id", "referral_id")
        path = f"{self.case}/plans/{uuid4()}"
        drafted = self.gateway.do(self.broker, path, plan, method="PUT")
        self.submitted = self.gateway.do(
            self.broker, f"/plans/{drafted['plan_id']}/submission", {"version": drafted["version"]}
        )
        return self

    def signature(self, **more: Any) -> dict[str, Any]:
        return {**without(self.submitted, "plan_id"), **more}

    def sign(self) -> "CaseAtTheDoor":
        for signatory, more in (
            (self.person, {}),
            (self.broker, {}),
            (self.coordinator, {"is_comfortable": True}),
        ):
            self.gateway.do(signatory, f"{self.plan}/signatures", self.signature(**more))
        return self

    def decision(self, **changes: Any) -> dict[str, Any]:
        return planning.a_decision(version=self.submitted["version"], **changes)

    def signed(self) -> "CaseAtTheDoor":
        return self.refer().staff().assess().offer().submit().sign()
