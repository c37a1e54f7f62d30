"""Where browsers come: signing in and signing out."""

import secrets
from dataclasses import replace

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from simulators.identity import asking, bad_facts, facts, levels, logout, pages
from simulators.identity.asking import Asked
from simulators.identity.errors import BackToClientError, PageError
from simulators.identity.grants import Grant, Session
from simulators.identity.issuers import Issuer
from simulators.identity.provider import Provider
from simulators.identity.users import User

COOKIE = "signed_in"


class Front:
    """The authorisation endpoint of every issuer, and where sessions end."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def authorise(self, path: str) -> ResponseReturnValue:
        """Send a browser back with a code, or ask who is there."""
        issuer = self._where_people_sign_in(path)
        self.provider.break_down("authorise", issuer)
        client, redirect_uri = asking.read_client(
            request.args, issuer=issuer, clients=self.provider.clients
        )
        try:
            asked = asking.read(
                request.args, client=client, redirect_uri=redirect_uri, issuer=issuer
            )
            self._fail_as_planned(issuer)
            session = self._session(asked, issuer)
            if session is None:
                return pages.sign_in(issuer, self.provider.users.of(issuer))
            return self._back_with_code(asked, session, issuer)
        except BackToClientError as error:
            state = request.args.get("state")
            said = {
                "error": error.error,
                "error_description": error.description,
                "state": state,
                **self._named(issuer),
            }
            return redirect(asking.address(redirect_uri, said), 303)

    def end_session(self, path: str) -> ResponseReturnValue:
        """Sign somebody out, here and at the clients that asked to hear of it."""
        issuer = self._where_people_sign_in(path)
        back_to = logout.read(request.args, issuer=issuer, provider=self.provider)
        session = self.provider.grants.end_session(request.cookies.get(COOKIE), issuer=issuer)
        if session is not None:
            logout.tell(session, provider=self.provider)
        answer = make_response(redirect(back_to, 303) if back_to else pages.signed_out(issuer))
        answer.delete_cookie(COOKIE, path=issuer.path)
        return answer

    def _where_people_sign_in(self, path: str) -> Issuer:
        issuer = self.provider.issuer(path)
        if not issuer.kind.signs_people_in:
            raise PageError("Nobody signs in here.")
        return issuer

    def _fail_as_planned(self, issuer: Issuer) -> None:
        if variant := self.provider.variant("authorise_error", issuer):
            raise BackToClientError(variant, "As planned.")

    def _session(self, asked: Asked, issuer: Issuer) -> Session | None:
        """Find who is there. None: ask them.

        Raises:
            BackToClientError: nobody is, and nobody is to be asked.
            PageError: they chose a role that is not theirs.
        """
        grants, is_silent = self.provider.grants, "none" in asked.prompts
        chosen = asked.hint if is_silent else None
        if request.method == "POST":
            chosen = request.form.get("user")
        if chosen is not None:
            user = self.provider.users.find(chosen, issuer)
            if user is not None:
                return grants.begin_session(user, role_id=_role_of(user))
        elif not asked.prompts - {"none"}:
            found = request.cookies.get(COOKIE)
            session = grants.session(found, issuer=issuer, max_age=asked.max_age)
            if session is not None:
                return session
        if is_silent:
            raise BackToClientError("login_required", "Nobody is signed in.")
        return None

    def _back_with_code(
        self, asked: Asked, session: Session, issuer: Issuer
    ) -> ResponseReturnValue:
        grant = self._grant(asked, session, issuer)
        arguments: dict[str, str | None] = {
            "code": grant.code,
            "state": asked.state,
            **self._named(issuer),
        }
        variant = self.provider.variant("bad_callback", issuer)
        arguments |= self._bad_callback(variant, grant)
        answer = redirect(asking.address(asked.redirect_uri, arguments), 303)
        answer.set_cookie(
            COOKIE, session.session_id, path=issuer.path, httponly=True, samesite="Lax"
        )
        self.provider.log.write(
            "signed_in",
            issuer=issuer.path,
            client_id=asked.client.client_id,
            subject=grant.said.subject,
            bad_callback=variant,
        )
        return answer

    def _grant(self, asked: Asked, session: Session, issuer: Issuer) -> Grant:
        user = session.user
        variant = self.provider.variant("bad_facts", issuer)
        level = levels.reached(asked.levels, user=user)
        if variant is not None:
            user = bad_facts.changed(user, variant)
            level = bad_facts.LOW_LEVELS[issuer.kind.name] if variant == "low_level" else level
        said = facts.said(
            user,
            client_id=asked.client.client_id,
            scopes=asked.scope.split(),
            issuer_url=self.provider.url(issuer),
            level=level,
            role_id=session.role_id,
        )
        return Grant(
            issuer=issuer,
            client_id=asked.client.client_id,
            redirect_uri=asked.redirect_uri,
            nonce=asked.nonce,
            challenge=asked.challenge,
            scope=asked.scope,
            session=session,
            said=said,
        )

    def _bad_callback(self, variant: str | None, grant: Grant) -> dict[str, str | None]:
        """Give the code, as it should be or not, and say what else goes wrong."""
        grants = self.provider.grants
        if variant == "code_of_another_client":
            grant = replace(grant, client_id=f"not-{grant.client_id}")
        if variant == "code_of_another_challenge":
            grant = replace(grant, challenge=secrets.token_urlsafe(32))
        grants.give_code(grant, **({"seconds": -1} if variant == "expired_code" else {}))
        if variant == "replayed_code":
            grants.take_code(grant.code, issuer=grant.issuer, client_id=grant.client_id)
        other = self.provider.url(self.provider.issuers.other_than(grant.issuer))
        changes: dict[str, dict[str, str | None]] = {
            "no_code": {"code": None},
            "other_state": {"state": "of-another-browser"},
            "no_state": {"state": None},
            "other_issuer": {"iss": other},
        }
        return changes.get(variant or "", {})

    def _named(self, issuer: Issuer) -> dict[str, str | None]:
        return {"iss": self.provider.url(issuer)} if issuer.kind.names_itself else {}


def _role_of(user: User) -> str:
    """Read which of their roles somebody chose; empty: none of them."""
    chosen = request.form.get("role", "")
    held = {role["person_roleid"] for role in user.facts.get("nhsid_nrbac_roles", [])}
    if chosen and chosen not in held:
        raise PageError("This role is somebody else's.")
    return chosen


def front_routes(provider: Provider) -> Blueprint:
    routes, front = Blueprint("front", __name__), Front(provider)
    add = routes.add_url_rule
    add("/<path:path>/authorize", view_func=front.authorise, methods=["GET", "POST"])
    add("/<path:path>/logout", view_func=front.end_session, methods=["GET"])
    return routes
