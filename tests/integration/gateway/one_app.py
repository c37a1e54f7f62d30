"""One application for all tests of a process: to build its two hundred routes takes a while."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from services.gateway.app import app_on
from services.gateway.stories import Stories
from services.gateway.visitors import Visitor


class OneApp:
    """The application as one test has it: its own services behind it, its own visitors."""

    def __init__(self, callers: Any, *, who_asks: Callable[[], Visitor]) -> None:
        self._callers, self._who_asks = callers, who_asks

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        _now.app = self
        return _built()(environ, start_response)

    def test_client(self, **more: Any) -> FlaskClient:
        client: FlaskClient = _built().test_client(one=self, **more)
        return client


class _Client(FlaskClient):
    def __init__(self, *arguments: Any, one: OneApp, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._one = one

    def open(self, *arguments: Any, **more: Any) -> Any:
        _now.app = self._one
        return super().open(*arguments, **more)


class _Now:
    """Whose turn it is: stands where ``Callers`` does, and hands on."""

    app: OneApp

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app._callers, name)

    def who_asks(self) -> Visitor:
        return self.app._who_asks()


_now = _Now()


@cache
def _built() -> Flask:
    app = app_on(_now, who_asks=_now.who_asks, stories=Stories.of("127.0.0.1"))  # type: ignore[arg-type]
    app.test_client_class = _Client
    return app
