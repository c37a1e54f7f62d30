"""One call of the gateway over HTTP, sent again as often as that is safe and of use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import requests
from requests.auth import AuthBase

from .problems import NotReachedError, ProblemError, problem_of, unreadable
from .repeating import NO_ANSWER, Clock, pause_after, pause_without_answer
from .values import in_query, plain, said

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
SHORTEST_SECONDS = 0.05
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that the gateway sent."""

    content: bytes
    media_type: str
    file_name: str
    known_at: str  # the instant whose state it shows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    data: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0
    key: str | None = None
    is_repeatable: bool = True


class _Bearer(AuthBase):
    """Sends our token and nothing else: a file of passwords in the home folder is not asked."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Calls:
    """Calls one gateway as one somebody. Belongs to one thread."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None,
        deadline_seconds: float,
        http: requests.Session,
        clock: Clock,
    ) -> None:
        self.base_url = _checked(base_url)
        self.token = token
        self._deadline_seconds = deadline_seconds
        self._http = http
        self._clock = clock

    def ask(
        self,
        method: str,
        path: str,
        *,
        ids: Mapping[str, Any] = NOTHING,
        query: Mapping[str, Any] = NOTHING,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the gateway knows. A question may be asked twice."""
        return self._document(
            _Request(
                method=method,
                url=self._url(path, ids),
                params=in_query(query),
                json=None if body is None else said(body),
            )
        )

    def fetch(
        self, path: str, *, ids: Mapping[str, Any] = NOTHING, query: Mapping[str, Any] = NOTHING
    ) -> Document:
        """Return a document, whole and as it is."""
        request = _Request(method="GET", url=self._url(path, ids), params=in_query(query))
        answer = self._answer(request)
        _, _, name = answer.headers.get("Content-Disposition", "").partition("filename=")
        return Document(
            content=answer.content,
            media_type=answer.headers.get("Content-Type", ""),
            file_name=name.strip('"'),
            known_at=answer.headers.get("Known-At", ""),
        )

    def tell(
        self,
        method: str,
        path: str,
        *,
        ids: Mapping[str, Any] = NOTHING,
        body: Mapping[str, Any] = NOTHING,
        key: str | None = None,
        wait: int = 0,
        if_match: str | int | None = None,
    ) -> Any:
        """Have something done once, however often it has to be sent.

        Args:
            method: of HTTP.
            path: with the names of ``ids`` in it.
            ids: what stands in the path.
            body: what is said.
            key: for whoever may have to repeat it later; a new one otherwise.
            wait: for how many seconds to wait for the outcome.
            if_match: the version, or the ETag, of what was read before.
        """
        key = key or str(uuid4())
        headers = {"Idempotency-Key": key}
        if wait:
            headers["Prefer"] = f"wait={wait}"
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"' if isinstance(if_match, int) else if_match
        return self._document(
            _Request(
                method=method,
                url=self._url(path, ids),
                json=said(body),
                headers=headers,
                wait=wait,
                key=key,
            )
        )

    def once(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> Any:
        """Send what bears no key, and so may not be sent again."""
        return self._document(
            _Request(
                method=method,
                url=self._url(path, {}),
                json=None if body is None else said(body),
                data=None if form is None else in_query(form),
                is_repeatable=False,
            )
        )

    def _url(self, path: str, ids: Mapping[str, Any]) -> str:
        safe = {name: quote(str(plain(one)), safe="") for name, one in ids.items()}
        return self.base_url + path.format(**safe)

    def _document(self, request: _Request) -> Any:
        answer = self._answer(request)
        if not answer.content:
            return None
        try:
            return answer.json()
        except requests.JSONDecodeError:
            raise unreadable(answer, key=request.key) from None

    def _answer(self, request: _Request) -> requests.Response:
        """Return a good answer, after as many tries as there is time for.

        Raises:
            ProblemError: it is refused.
            NotReachedError: nobody answered until the deadline.
        """
        give_up_at = self._clock.now() + self._deadline_seconds + request.wait
        tries = 0
        while True:
            failure: ProblemError | NotReachedError
            try:
                answer = self._send(request, seconds=give_up_at - self._clock.now())
                if HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return answer
                failure = problem_of(answer, key=request.key)
                pause = pause_after(failure, answer.headers, unix=self._clock.unix())
            except requests.exceptions.SSLError:
                raise
            except NO_ANSWER:
                failure, pause = NotReachedError(request.key), pause_without_answer(tries)
            is_over = pause is None or self._clock.now() + pause >= give_up_at
            if pause is None or is_over or not request.is_repeatable:
                raise failure
            self._clock.sleep(pause)
            tries += 1

    def _send(self, request: _Request, *, seconds: float) -> requests.Response:
        answer_seconds = min(ANSWER_SECONDS + request.wait, max(seconds, SHORTEST_SECONDS))
        return self._http.request(
            request.method,
            request.url,
            params=request.params,
            json=request.json,
            data=request.data,
            headers=request.headers,
            auth=_Bearer(self.token),
            timeout=(CONNECT_SECONDS, answer_seconds),
            allow_redirects=False,
        )


def _checked(base_url: str) -> str:
    """Return the gateway's address before each path; a token goes over TLS, or not far.

    Raises:
        ValueError: it is no such address.
    """
    parts = urlsplit(base_url)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("The gateway's address begins with https://, or is on this machine.")
    return base_url.rstrip("/")
