"""What Notify does not have: an inbox to look into, faults to plan, a log, a health check."""

from flask import Blueprint, Response, jsonify, request

from simulators.notify import faults, inbox, inbox_page
from simulators.notify.messages import Message
from simulators.notify.simulation import current_simulation

control = Blueprint("control", __name__)


@control.get("/health/live")
def live() -> Response:
    return jsonify(status="live")


@control.get("/_inbox")
def show_inbox() -> str:
    return inbox_page.render(_asked_for())


@control.get("/_inbox.json")
def list_inbox() -> Response:
    return jsonify([inbox.as_wire(message) for message in _asked_for()])


@control.post("/_sim/faults")
def plan_fault() -> tuple[Response, int]:
    plan = current_simulation().faults
    try:
        plan.add(faults.fault_from_wire(request.get_json(force=True, silent=True)))
    except ValueError as error:
        known = [kind.value for kind in faults.FaultKind]
        return jsonify(message=str(error), known_faults=known), 400
    return jsonify(planned=plan.as_wire()), 201


@control.get("/_sim/faults")
def list_faults() -> Response:
    return jsonify(planned=current_simulation().faults.as_wire())


@control.delete("/_sim/faults")
def clear_faults() -> tuple[str, int]:
    current_simulation().faults.clear()
    return "", 204


@control.get("/_sim/log")
def show_log() -> Response:
    return jsonify(current_simulation().log.as_wire())


def _asked_for() -> list[Message]:
    return inbox.received(
        current_simulation().store,
        reference=request.args.get("reference"),
        to=request.args.get("to"),
    )
