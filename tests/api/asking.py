"""One request: as whom, with ids that exist or without, and what must be true of its answer."""

import random
from collections.abc import Collection, Mapping
from typing import Any

import requests
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks as conformance

from tests.api.answers import Answer, Tally
from tests.api.known import Known, near_today
from tests.api.signing_in import LIAR, NOBODY, Visitor, sign_in

SECONDS = 60
LONGEST_KEY = 255
LONGEST_MESSAGE = 160  # of what is wrong: what is said alike is kept once
ENDS_A_TOKEN = ("sign_out", "choose_role")
# Each is asked of every answer. Not among them: positive_data_acceptance, since what fits a form
# may still be refused for what is in the records (409, 412) or for how two fields stand to each
# other (422); unsupported_method and missing_required_header, which look at requests of another
# phase; ensure_resource_availability and use_after_free, since nothing here is ever deleted.
CHECKS = (
    not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_headers_conformance,
    conformance.response_schema_conformance,
    conformance.negative_data_rejection,
)


class Counted(requests.Session):
    """Counts whatever is sent, by whichever check."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        self._tally.asked += 1
        self.cookies.clear()
        return super().send(request, **how)


class Asker:
    """Sends requests as one or another of those who are signed in."""

    def __init__(
        self,
        gateway: str,
        *,
        visitors: Collection[Visitor],
        may: Mapping[str, Collection[str]],
        known: Known,
        dice: random.Random,
    ) -> None:
        """Take where to ask.

        Args:
            gateway: its address.
            visitors: who is signed in.
            may: the roles that may, by operation; what is not in it is for everybody.
            known: ids that exist.
            dice: decides all that schemathesis does not.
        """
        self.tally = Tally()
        self._gateway = gateway
        self._visitors = list(visitors)
        self._may = may
        self._known = known
        self._dice = dice
        self._session = Counted(self.tally)
        self._enforced: set[str] = set()

    def anybody(self) -> Visitor:
        return self._dice.choice(self._visitors)

    def ask(self, case: Case, visitor: Visitor | None = None, *, has_ids: bool = False) -> Response:
        """Send one request, and keep what is wrong with its answer.

        Args:
            case: what to ask.
            visitor: who would ask; where they may not, somebody else does.
            has_ids: the ids in it come from an answer before, and stay.
        """
        operation = case.operation.definition.raw["operationId"]
        if visitor not in self._visitors or visitor.role not in self._may.get(operation, ()):
            visitor = self._somebody(operation)
        self._new_key(case)
        if not has_ids:
            self._fill(case)
        return self._send(case, visitor, operation)

    def _send(self, case: Case, visitor: Visitor, operation: str) -> Response:
        headers = {} if visitor.token is None else {"Authorization": f"Bearer {visitor.token}"}
        how = {"base_url": self._gateway, "session": self._session, "timeout": SECONDS}
        response = case.call(headers=headers, **how)
        answer = Answer(case=case, response=response, visitor=visitor, operation=operation)
        self._count(answer)
        if answer.is_of_the_server:
            return response
        self._look_at(answer, headers, how)
        if response.status_code // 100 == 2:
            self._known.learn_from(answer.json())
            if operation in ENDS_A_TOKEN:
                self._sign_in_again(visitor)
            elif response.status_code == 202 and self._dice.random() < 0.2:
                self._say_again(answer)
        return response

    def _count(self, answer: Answer) -> None:
        mode = answer.case.meta.generation.mode.value if answer.case.meta else "linked"
        who = "somebody" if answer.visitor.role else answer.visitor.name
        self.tally.statuses[f"{mode} {who} {answer.response.status_code}"] += 1

    def _look_at(self, answer: Answer, headers: Mapping[str, str], how: dict[str, Any]) -> None:
        status, case = answer.response.status_code, answer.case
        checks = list(CHECKS)
        if status // 100 == 2 and answer.operation not in {*self._enforced, *ENDS_A_TOKEN}:
            checks.append(conformance.ignored_auth)  # once: it asks again without a token
            self._enforced.add(answer.operation)
        try:
            case.validate_response(
                answer.response, checks=checks, headers=dict(headers), transport_kwargs=dict(how)
            )
        except FailureGroup as group:
            for failure in group.exceptions:
                said = " ".join(failure.message.split())[:LONGEST_MESSAGE]
                self._keep(answer, f"{failure.title}: {said}")
        for wrong in self._breaches(answer):
            self._keep(answer, wrong)
        if status // 100 in {2, 3}:
            self.tally.answered[answer.request_id] = answer.operation

    def _breaches(self, answer: Answer) -> list[str]:
        """Say what of our own promises an answer breaks."""
        found, status = [], answer.response.status_code
        is_open = answer.case.operation.definition.raw.get("security") == []
        if not answer.visitor.role and not is_open and status not in {400, 401, 404, 405, 413, 415}:
            found.append("Nobody is signed in, and it is not 401")
        may = self._may.get(answer.operation)
        if may is not None and answer.visitor.role not in may and status // 100 in {2, 3}:
            found.append("A role that may not is answered")
        if not answer.request_id:
            found.append("No request id")
        return found

    def _say_again(self, answer: Answer) -> None:
        """Send a command once more with its key: it is answered as before, and done once."""
        again = self._session.send(answer.response.request, timeout=SECONDS)
        said = (again.status_code, again.content)
        if said != (answer.response.status_code, answer.response.content):
            self._keep(answer, f"The same key is answered otherwise: {again.status_code}")

    def _keep(self, answer: Answer, wrong: str) -> None:
        key = f"{answer.operation}: {wrong}"
        if key not in self.tally.found:
            self.tally.found[key] = answer.shown()

    def _somebody(self, operation: str) -> Visitor:
        roll = self._dice.random()
        if roll < 0.08:
            return NOBODY if roll < 0.05 else LIAR
        may = self._may.get(operation, ())
        fit = [one for one in self._visitors if one.role in may]
        return self._dice.choice(fit if fit and roll < 0.85 else self._visitors)

    def _sign_in_again(self, visitor: Visitor) -> None:
        place = self._visitors.index(visitor)
        self._visitors[place] = sign_in(self._gateway, visitor.way, visitor.name, visitor.role)

    def _new_key(self, case: Case) -> None:
        """See that no two commands have the same key by chance, and some a version that is."""
        if _is_wrong(case, ParameterLocation.HEADER):
            return
        headers = case.headers or {}
        if "Idempotency-Key" in headers:
            new = f"{self._dice.getrandbits(64):016x}"
            headers["Idempotency-Key"] = (new + headers["Idempotency-Key"])[:LONGEST_KEY]
        if "If-Match" in headers and self._dice.random() < 0.8:
            headers["If-Match"] = f'"{self._dice.randrange(4)}"'

    def _fill(self, case: Case) -> None:
        """Put ids that exist, and times that make sense, in the place of some."""
        if self._dice.random() < 0.1:
            return
        is_negative = case.meta is not None and case.meta.generation.mode.is_negative
        parts: list[dict[str, Any]] = []
        if not _is_wrong(case, ParameterLocation.PATH):
            parts.append(case.path_parameters or {})
        if not is_negative:
            parts += [case.query or {}, *_objects(case.body)]
        names = {name for part in parts for name in part if name.endswith("_id")}
        found = self._known.together(names, self._dice)
        for part in parts:
            part.update({name: found[name] for name in part if name in found})
            if not is_negative:
                part.update({name: near_today(said, self._dice) for name, said in part.items()})


def _is_wrong(case: Case, where: ParameterLocation) -> bool:
    return case.meta is not None and case.meta.is_negative_at(where)


def _objects(body: Any) -> list[dict[str, Any]]:
    """Return a body and all objects within it."""
    if isinstance(body, NotSet):
        return []
    parts = (
        list(body.values()) if isinstance(body, dict) else body if isinstance(body, list) else []
    )
    own = [body] if isinstance(body, dict) else []
    return own + [one for part in parts for one in _objects(part)]
