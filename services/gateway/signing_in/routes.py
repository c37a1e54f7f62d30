"""The addresses of signing in: for browsers, for apps, and for providers that end a session."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Response, g, json, redirect, request
from flask_smorest import Blueprint as ApiBlueprint
from werkzeug.wrappers import Response as AnyResponse

from services.gateway.bodies import takes_form
from services.gateway.door import JSON
from services.gateway.problems import ProblemError, not_signed_in
from services.gateway.provider_client import CodeRefusedError, ProviderAwayError
from services.gateway.sessions import who
from services.gateway.signing_in import handlers, rules
from services.gateway.signing_in.commands import App
from services.gateway.signing_in.schemas import LONGEST_CODE, ExchangeForm, TokenSchema
from services.gateway.signing_in.sign_in import Back, SigningIn
from services.gateway.tokens.rules import BadTokenError
from shared.errors import InvalidRequestError

COOKIE = "__Host-sign-in"
AFTERWARDS = "/v1/me"
LONGEST_ARGUMENT = 4_000  # characters: codes of some providers are long
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}")

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The routes of browsers, with what they need."""

    signing_in: SigningIn

    def begin(self, name: str) -> AnyResponse:
        """Send a browser to where somebody signs in."""
        _check_name(name, self.signing_in)
        browser = _browser() or secrets.token_urlsafe(32)
        try:
            app, return_to = _app(), request.args.get("return_to", AFTERWARDS)
            rules.check_own_path(return_to)
            address = self.signing_in.begin(name, browser=browser, return_to=return_to, app=app)
        except InvalidRequestError as error:
            raise _invalid(error) from None
        except ProviderAwayError:
            raise _provider_away() from None
        answer = redirect(address, HTTPStatus.SEE_OTHER)
        answer.set_cookie(
            COOKIE,
            browser,
            max_age=int(rules.LONGEST_SIGN_IN.total_seconds()),
            secure=True,
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return answer

    def come_back(self, name: str) -> AnyResponse:
        """Let somebody in who comes back from there."""
        _check_name(name, self.signing_in)
        try:
            sign_in, handed_over = self.signing_in.come_back(name, _back())
        except (BadTokenError, CodeRefusedError) as error:
            because = getattr(error, "because", "code")
            log.warning("sign_in_refused", provider=name, because=because)
            raise _not_believed() from None
        except ProviderAwayError:
            raise _provider_away() from None
        log.info("signed_in", provider=name)
        if sign_in.app is None:
            answer = redirect(sign_in.return_to, HTTPStatus.SEE_OTHER)
            who.keep(answer, handed_over)
        else:
            told = urlencode({"code": handed_over, "state": sign_in.app.state})
            answer = redirect(f"{sign_in.app.redirect_uri}?{told}", HTTPStatus.SEE_OTHER)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
        return answer

    @takes_form
    def hear_of_end(self) -> Response:
        """Hear from a provider that somebody's session there has ended."""
        try:
            count = self.signing_in.hear_of_end(request.form.get("logout_token", ""))
        except BadTokenError as error:
            log.warning("logout_refused", because=error.because)
            raise _bad_logout() from None
        except ProviderAwayError:
            raise _provider_away() from None
        log.info("sessions_ended", count=count)
        return Response(status=HTTPStatus.OK)


def browser_blueprint(signing_in: SigningIn) -> Blueprint:
    """Return where browsers come, and providers that tell of an end."""
    routes, ways = (
        Blueprint("signing_in", __name__, url_prefix="/sign-in"),
        Ways(signing_in=signing_in),
    )
    routes.add_url_rule("/<name>", view_func=ways.begin, methods=["GET"])
    routes.add_url_rule("/<name>/callback", view_func=ways.come_back, methods=["GET"])
    routes.add_url_rule("/back-channel-logout", view_func=ways.hear_of_end, methods=["POST"])
    return routes


def api_blueprint(signing_in: SigningIn) -> ApiBlueprint:
    """Return where an app exchanges its code."""
    routes = ApiBlueprint("apps", __name__, url_prefix="/v1", description="Apps that sign in")

    @routes.route("/sessions", methods=["POST"])
    @routes.arguments(ExchangeForm)
    @routes.response(HTTPStatus.CREATED, TokenSchema)
    @routes.doc(summary="Exchange the code of a sign-in for a token", operationId="exchange_code")
    def exchange(told: Mapping[str, Any]) -> Response:
        with signing_in.transactions.begin() as session:
            secret = handlers.take_code(
                told["code"],
                verifier=told["code_verifier"],
                redirect_uri=told["redirect_uri"],
                session=session,
                at=signing_in.now(),
            )
        if secret is None:
            raise not_signed_in()
        shown = json.dumps({"access_token": secret, "token_type": "Bearer"})
        return Response(shown, HTTPStatus.CREATED, mimetype=JSON)

    return routes


def _check_name(name: str, signing_in: SigningIn) -> None:
    if name not in signing_in.clients:
        raise ProblemError(
            HTTPStatus.NOT_FOUND,
            "no_such_provider",
            "Nobody signs in there.",
            next_step="The ways in are: " + ", ".join(sorted(signing_in.clients)) + ".",
        )


def _app() -> App | None:
    """Return the app that waits for a code, if one does."""
    names = ("redirect_uri", "code_challenge", "code_challenge_method", "state")
    if not set(names) & set(request.args):
        return None
    redirect_uri, challenge, method, state = (request.args.get(name, "") for name in names)
    rules.check_app(redirect_uri, challenge, method, state)
    return App(redirect_uri=redirect_uri, challenge=challenge, state=state)


def _browser() -> str:
    """Return the secret of the browser's cookie; empty: it has none of ours."""
    found = request.cookies.get(COOKIE, "")
    return found if _BROWSER.fullmatch(found) else ""


def _back() -> Back:
    """Read what a browser brings back; what is there twice is not read at all."""
    said = {
        name: values[0]
        for name, values in request.args.lists()
        if len(values) == 1 and len(values[0]) <= LONGEST_ARGUMENT
    }
    former = request.cookies.get(who.COOKIE, "")
    return Back(
        state=said.get("state", ""),
        code="" if "error" in said else said.get("code", ""),
        issuer=said.get("iss"),
        browser=_browser(),
        former=former if len(former) <= LONGEST_CODE else "",
        request_id=g.request_id,
    )


def _invalid(error: InvalidRequestError) -> ProblemError:
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        error.code,
        error.message,
        next_step=error.next_step,
        details=error.details,
    )


def _not_believed() -> ProblemError:
    """Say nothing of what was wrong: that is for the log."""
    return ProblemError(
        HTTPStatus.UNAUTHORIZED,
        "not_signed_in",
        "You are not signed in: this sign-in cannot be used, or not any more.",
        next_step="Sign in once more, from the beginning.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _bad_logout() -> ProblemError:
    return ProblemError(
        HTTPStatus.BAD_REQUEST,
        "bad_logout_token",
        "This logout token is none that counts here.",
        next_step="Send one that is signed, new and for us.",
    )


def _provider_away() -> ProblemError:
    return ProblemError(
        HTTPStatus.BAD_GATEWAY,
        "provider_away",
        "Where you sign in does not answer as it should.",
        next_step="Try again in a moment.",
        headers={"Retry-After": "5"},
    )
