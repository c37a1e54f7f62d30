"""The client: a method for each address of the gateway, and what goes around them."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import requests

from .api import Api
from .calls import Calls
from .forms import Renewed
from .problems import NotAnsweredError
from .repeating import Clock
from .sign_in import DEADLINE_SECONDS, SIGN_IN_SECONDS, Show, in_browser, signed_in
from .values import Page

Item = TypeVar("Item")


class Client(Api):
    """Speaks to one gateway as one somebody. One client belongs to one thread."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        http: requests.Session | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Connect to nobody yet.

        Args:
            base_url: the gateway's address before ``/v1``; https, unless it is on this machine.
            token: a bearer token; without one only a token can be asked for.
            deadline_seconds: for so long a call is repeated, if repeating is safe.
            http: how the client reaches others, where they have settings of their own.
            clock: of a test.
        """
        self._http = http or requests.Session()
        self._calls = Calls(
            base_url,
            token=token,
            deadline_seconds=deadline_seconds,
            http=self._http,
            clock=clock or Clock(),
        )
        super().__init__(self._calls)

    @classmethod
    def from_token(cls, base_url: str, token: str, **more: Any) -> Self:
        """Return a client for whoever has a token already."""
        return cls(base_url, token=token, **more)

    @classmethod
    def from_sign_in(
        cls,
        base_url: str,
        provider: str,
        *,
        show: Show = in_browser,
        seconds: float = SIGN_IN_SECONDS,
        **more: Any,
    ) -> Self:
        """Have somebody sign in with their browser, and return a client that acts as them.

        Args:
            base_url: the gateway's address.
            provider: where they sign in, as the gateway names it: ``nhs-login``, say.
            show: shows them an address; the browser of this machine otherwise.
            seconds: for how long to wait for them.
            more: as the client itself takes it.

        Raises:
            NotSignedInError: nobody came back within the time.
            ProblemError: the gateway does not take the code.
        """
        client = cls(base_url, **more)
        client._calls.token = signed_in(client, base_url, provider, show=show, seconds=seconds)
        return client

    def iterate(
        self, pages: Callable[..., Page[Item]], *, may_lack: bool = False, **asked: Any
    ) -> Iterator[Item]:
        """Give every item of a list, page by page: ``iterate(client.tasks)``.

        Args:
            pages: the method that gives one page.
            may_lack: go on if a service is away, without what it knows.
            asked: what the method is asked.

        Raises:
            NotAnsweredError: a service is away.
            ProblemError or NotReachedError: as the method does.
        """
        page = pages(**asked)
        while True:
            away = page.get("not_answered")
            if away and not may_lack:
                raise NotAnsweredError(away)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            page = pages(**{**asked, "cursor": page["next_cursor"]})

    def choose_role(self, *, choice: int) -> Renewed:
        """Choose another of my roles; from now on the client sends the token of that one."""
        renewed = super().choose_role(choice=choice)
        self._calls.token = renewed["access_token"] or self._calls.token
        return renewed

    def sign_out(self) -> None:
        """Sign out; the token is good for nothing afterwards."""
        super().sign_out()
        self._calls.token = None

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self._calls.base_url!r})"
