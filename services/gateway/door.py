"""The one way in: who asks, whether they may, the service behind it, and its answer.

Every route of every subject passes through ``Door``; what it does not do, nothing does.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid5

from flask import Response, g, json, request

from services.gateway import conditions, files, stories
from services.gateway.calling import Callers
from services.gateway.merging import Merge
from services.gateway.pages import page_of
from services.gateway.policy import Policy
from services.gateway.problems import ProblemError
from services.gateway.routes import Route
from services.gateway.stories import Stories
from services.gateway.visitors import Visitor
from services.gateway.voices import Voice
from shared.contracts import documents
from shared.contracts.actor import Actor

COMMANDS = UUID("3c0f2c92-4a0e-4d43-8a5c-1f3d9b6f7e21")
LONGEST_WAIT_SECONDS = 30
MOST_WAITING = 10  # of sixteen threads: whoever waits must not keep everybody else out
PAGE = ("cursor", "limit")
_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])")
_KEY = re.compile(r"[\x21-\x7e]{8,255}")

JSON = "application/json"

Told = Mapping[str, Any]
TakeLook = Callable[[Visitor, Route, Told], None]


class Door:
    """Takes a request to the service that answers it."""

    def __init__(
        self,
        callers: Callers,
        policy: Policy,
        *,
        stories: Stories,
        take_look: TakeLook | None = None,
    ) -> None:
        """Take whom to ask, who may what, whose story goes on, and what counts who is read of."""
        self._callers = callers
        self._policy = policy
        self._stories = stories
        self._take_look = take_look
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def read(self, route: Route, asked: Told, ids: Told) -> Response:
        """Answer a question.

        Raises:
            ProblemError: it is refused, or nobody answers, or they looked at too many people.
        """
        page = {name: asked[name] for name in PAGE if name in asked}
        rest = {name: value for name, value in asked.items() if name not in page}
        visitor = self._visitor(route.operations[0])
        whole = _whole(route, rest, ids, visitor)
        if self._take_look is not None:
            self._take_look(visitor, route, whole)
        if route.merge:
            return self._merged(route, route.merge, whole, page)
        found = self._callers.ask(route.operation, whole, actor=self._actor(route.operation))
        if route.is_file:
            return files.sent(found)
        tag = str(route.version(found)) if route.version else None
        shown = route.gives(many=route.is_list, exclude=route.hidden_from(visitor.roles))
        if route.is_list:
            items, after = page_of(found, **page)
            return _tagged({"items": shown.dump(items), "next_cursor": after}, tag)
        return _tagged(shown.dump(found), tag)

    def _merged(self, route: Route, merge: Merge, whole: Told, page: Told) -> Response:
        """Ask several services; one that is away is named, and the others' answers are given."""

        def ask(operation: str, more: Told) -> Any:
            actor = self._actor(operation)
            try:
                return self._callers.ask(operation, {**whole, **more}, actor=actor)
            except ProblemError as problem:
                if problem.status is HTTPStatus.SERVICE_UNAVAILABLE:
                    return None
                raise

        items, after, away = merge.paged(ask, merge.operations, **page)
        visitor = self._visitor(merge.operations[0])
        shown = route.gives(many=True).dump(merge.visible(items, roles=visitor.roles))
        return _tagged({"items": shown, "next_cursor": after, "not_answered": away})

    def do(self, route: Route, told: Told, ids: Told) -> Response:
        """Have something done once, and say what became of it, or where to look.

        Raises:
            ProblemError: it is refused, or nobody answers.
        """
        visitor = self._visitor(route.operation)
        command_id = uuid5(COMMANDS, f"{visitor.client}/{_idempotency_key()}")
        whole = _whole(route, told, ids, visitor)
        if route.if_match is not None:
            whole[route.if_match] = conditions.version_seen()
        if route.new is not None:
            whole[route.new] = str(uuid5(command_id, route.new))
        answer = self._callers.tell(
            route.operation,
            whole,
            actor=self._actor(route.operation),
            command_id=command_id,
            story_id=self._stories.of_caller(
                request.headers.get(stories.HEADER, ""), request.remote_addr or ""
            ),
        )
        known = {**whole, **(answer or {})}
        headers = {"Location": route.location.format(**known)} if route.location else {}
        settled = self._settled(route, known)
        if settled is not None:
            return Response(json.dumps(settled), HTTPStatus.OK, headers, mimetype=JSON)
        shown = json.dumps(route.gives().dump(known))
        return Response(shown, HTTPStatus.ACCEPTED, headers, mimetype=JSON)

    def _settled(self, route: Route, known: Told) -> Any | None:
        """Wait, if that is preferred and not too many do, until what was begun is at rest."""
        settling, seconds = route.settling, _preferred_wait_seconds()
        if settling is None or seconds == 0 or not self._waiting.acquire(blocking=False):
            return None
        try:
            found = self._callers.ask_until(
                settling.query,
                {settling.by: known[settling.by]},
                actor=self._actor(settling.query),
                is_settled=settling.is_settled,
                seconds=seconds,
            )
        finally:
            self._waiting.release()
        return settling.gives().dump(found) if settling.is_settled(found) else None

    def _visitor(self, operation: str) -> Visitor:
        visitor: Visitor = g.visitor
        return visitor.acting(operation, policy=self._policy)

    def _actor(self, operation: str) -> Actor:
        visitor = self._visitor(operation)
        return visitor.actor(operation, policy=self._policy, request_id=g.request_id)


def _whole(route: Route, told: Told, ids: Told, visitor: Visitor) -> dict[str, Any]:
    """Return the request as the service gets it: told, from the address, and who it is from."""
    filled = {name: visitor.told(what) for name, what in route.fills.items()}
    voiced = {name: _voiced(name, voice, told, visitor) for name, voice in route.voices.items()}
    return {**documents.plain({**told, **ids}), **voiced, **filled}


def _voiced(name: str, voice: Voice, told: Told, visitor: Visitor) -> str | None:
    """Return as what they say it, if they may."""
    may = voice.of(visitor)
    said = told[name] if name in told else next(iter(may), None)
    if said not in may:
        raise ProblemError(
            HTTPStatus.FORBIDDEN,
            "not_yours_to_say",
            "You cannot say this in that name.",
            next_step="Leave the field out, or say one of what the details list.",
            details={name: ", ".join(str(one) for one in may)},
        )
    return said


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise ProblemError(
            HTTPStatus.BAD_REQUEST,
            "idempotency_key_wanted",
            "An Idempotency-Key header is needed: 8 to 255 visible ASCII characters.",
            next_step="Choose a new key, a UUID say, for each new request, and keep it to repeat.",
        )
    return key


def _preferred_wait_seconds() -> int:
    """Return for how long the caller would wait for the outcome (RFC 7240)."""
    found = _WAIT.search(request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST_WAIT_SECONDS) if found else 0


def _tagged(shown: Any, tag: str | None = None) -> Response:
    """Return what is shown with its ETag, or that nothing has changed since it was fetched."""
    body = json.dumps(shown)
    answer = Response(body, mimetype=JSON)
    answer.set_etag(tag or hashlib.sha256(body.encode()).hexdigest()[:32])
    answer.make_conditional(request)
    if answer.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise conditions.changed()
    return answer
