"""What Notify does not have: an inbox, replies, a clock to move on, faults to plan, a log."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from simulators.notify import faults, inbox, inbox_page, letters, recipients
from simulators.notify.errors import ApiError
from simulators.notify.messages import Message
from simulators.notify.replies import ReceivedText
from simulators.notify.simulation import current_simulation

control = Blueprint("control", __name__)


@control.get("/health/live")
def live() -> Response:
    return jsonify(status="live")


@control.get("/_inbox")
def show_inbox() -> str:
    return inbox_page.render(_asked_for(), replies=current_simulation().replies)


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


@control.get("/_sim/clock")
def show_clock() -> Response:
    return jsonify(current_simulation().clock.as_wire())


@control.post("/_sim/clock")
def move_clock() -> tuple[Response, int]:
    """Move the clock on, or let tokens be judged by a clock that is off."""
    clock = current_simulation().clock
    try:
        clock.obey(request.get_json(force=True, silent=True))
    except ValueError as error:
        return jsonify(message=str(error)), 400
    return jsonify(clock.as_wire()), 200


@control.post("/_sim/replies")
def reply() -> ResponseReturnValue:
    """Text the service as a person does: JSON, or the form of the inbox page."""
    body = request.get_json(silent=True) if request.is_json else request.form
    written = body if isinstance(body, Mapping) else {}
    message = written.get("message")
    if not isinstance(message, str) or not message.strip():
        return jsonify(message="Say from and message; the message is a text"), 400
    try:
        number = recipients.normalised_number(str(written.get("from", "")))
    except recipients.InvalidRecipientError as error:
        return jsonify(message=f"from {error}"), 400
    simulation = current_simulation()
    received = ReceivedText(
        received_id=uuid4(),
        from_number=number,
        message=message,
        received_at=simulation.clock.utc_now(),
        service_id=simulation.settings.keys[0].service_id,
    )
    simulation.replies.add(received)
    simulation.callbacks.pass_on(received)
    if not request.is_json:
        return redirect("/_inbox", code=303)
    return jsonify(received.as_callback()), 201


@control.get("/_inbox/<uuid:message_id>.pdf")
def show_letter(message_id: UUID) -> Response:
    """Show a letter as it would be printed."""
    message = current_simulation().store.received(message_id)
    if message is None:
        raise ApiError.not_found()
    return Response(letters.pdf_of(message), mimetype="application/pdf")


@control.get("/_sim/log")
def show_log() -> Response:
    return jsonify(current_simulation().log.as_wire())


def _asked_for() -> list[Message]:
    return inbox.received(
        current_simulation().store,
        reference=request.args.get("reference"),
        to=request.args.get("to"),
    )
