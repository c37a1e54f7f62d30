"""The routes for whoever runs the simulator: time, outage, disputes' ends, files, scenarios."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from simulators.card_issuer import outcomes, passing, scenarios, settlement
from simulators.card_issuer.errors import StripeError
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.programme import ANSWERS, APPROVE
from simulators.card_issuer.scenarios import ScenarioError

FOUR_DAYS_SECONDS = 4 * 86_400


def sim_routes(issuer: Issuer) -> Blueprint:
    routes = Blueprint("sim", __name__, url_prefix="/_sim")
    for path, view, method in (
        ("/clock", read_clock, "GET"),
        ("/clock", move_clock, "POST"),
        ("/programme", read_programme, "GET"),
        ("/programme", change_programme, "POST"),
        ("/outage", begin_outage, "POST"),
        ("/outage", end_outage, "DELETE"),
        ("/scenarios", play_scenario, "POST"),
        ("/waiting", read_waiting, "GET"),
    ):
        routes.add_url_rule(path, f"{method} {path}", _on(issuer, view), methods=[method])
    path = "/disputes/<dispute_id>/<outcome>"
    routes.add_url_rule(path, "dispute", _on(issuer, decide_dispute), methods=["POST"])
    path = "/events/<event_id>/send"
    routes.add_url_rule(path, "event", _on(issuer, send_event), methods=["POST"])
    path = "/settlement/<day>.<form>"
    routes.add_url_rule(path, "settlement", _on(issuer, read_settlement))
    return routes


def _on(issuer: Issuer, view: Callable[..., ResponseReturnValue]) -> Callable[..., Any]:
    def on_issuer(**named: str) -> ResponseReturnValue:
        return view(issuer, **named)

    return on_issuer


def _asked() -> dict[str, Any]:
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict):
        raise StripeError("Send a JSON object.")
    return asked


def read_clock(issuer: Issuer) -> ResponseReturnValue:
    return {"now": issuer.clock.now(), "day": issuer.clock.day()}


def move_clock(issuer: Issuer) -> ResponseReturnValue:
    """Take ``{"now": "2026-12-01T09:00:00Z"}``, unix seconds, or ``{"advance_seconds": 86400}``."""
    asked = _asked()
    try:
        if "advance_seconds" in asked:
            passing.advance(issuer, float(asked["advance_seconds"]))
        else:
            passing.advance_to(issuer, _unix_seconds(asked["now"]))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise StripeError(f"Send now or advance_seconds. {error}", param="now") from error
    return read_clock(issuer)


def _unix_seconds(value: object) -> float:
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("The time needs its zone.")
        return moment.timestamp()
    return float(value)  # type: ignore[arg-type] # what is no number is said to be none


def read_programme(issuer: Issuer) -> ResponseReturnValue:
    programme = issuer.programme
    return {"when_unanswered": programme.when_unanswered, "is_out": programme.is_out()}


def change_programme(issuer: Issuer) -> ResponseReturnValue:
    """Agree what a purchase gets about which nobody answers in time."""
    wanted = _asked().get("when_unanswered")
    if wanted not in ANSWERS:
        raise StripeError(f"One of {', '.join(ANSWERS)}.", param="when_unanswered")
    issuer.programme.when_unanswered = wanted
    return read_programme(issuer)


def begin_outage(issuer: Issuer) -> ResponseReturnValue:
    """Reach nobody from now on, for so long by the issuer's clock."""
    asked = request.get_json(force=True, silent=True) or {}
    stand_in = asked.get("stand_in", APPROVE)
    seconds = asked.get("seconds", FOUR_DAYS_SECONDS)
    if stand_in not in ANSWERS or type(seconds) not in {int, float} or seconds <= 0:
        raise StripeError("Send seconds above 0, and stand_in: approve or decline.")
    issuer.programme.go_out(seconds=seconds, stand_in=stand_in)
    return read_programme(issuer)


def end_outage(issuer: Issuer) -> ResponseReturnValue:
    issuer.programme.come_back()
    return read_programme(issuer)


def play_scenario(issuer: Issuer) -> ResponseReturnValue:
    """Take YAML; names in the query (``?card=ic_1``) are ids that the steps speak of."""
    try:
        text = request.get_data().decode()
        played = scenarios.play(text, issuer=issuer, given=request.args.to_dict())
    except (ScenarioError, UnicodeDecodeError) as error:
        raise StripeError(str(error), param="scenario") from error
    return {"steps": played}


def read_waiting(issuer: Issuer) -> ResponseReturnValue:
    """Tell how many events are still to arrive, so that a test knows when to look."""
    return {"events": issuer.events.waiting(), "rules": len(issuer.faults.waiting())}


def decide_dispute(issuer: Issuer, dispute_id: str, outcome: str) -> ResponseReturnValue:
    if outcome not in outcomes.OUTCOMES:
        raise StripeError(f"One of {', '.join(outcomes.OUTCOMES)}.", status=HTTPStatus.NOT_FOUND)
    asked = request.get_json(force=True, silent=True) or {}
    reason = asked.get("loss_reason", outcomes.LOSS_REASON)
    return outcomes.OUTCOMES[outcome](issuer, dispute_id, loss_reason=reason)


def send_event(issuer: Issuer, event_id: str) -> ResponseReturnValue:
    return issuer.events.send_again(event_id)


def read_settlement(issuer: Issuer, day: str, form: str) -> ResponseReturnValue:
    if form not in {"csv", "json"}:
        raise StripeError("A file is csv or json.", status=HTTPStatus.NOT_FOUND)
    found = settlement.of_day(issuer, day)
    if form == "json":
        return found
    name = f"attachment; filename={found['file_id']}.csv"
    return Response(
        settlement.as_csv(found), mimetype="text/csv", headers={"Content-Disposition": name}
    )
