"""Sending and finding messages in GOV.UK Notify's public API, version 2."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, jsonify, request

from simulators import hanging_up
from simulators.notify import acceptance, letters, request_checks, sending
from simulators.notify.api import calling_key, json_body, public_api
from simulators.notify.errors import ApiError
from simulators.notify.message_store import Wanted
from simulators.notify.messages import FAILURES, Message, Status
from simulators.notify.simulation import Simulation, current_simulation
from simulators.notify.templates import CHANNELS, Channel

messages_api = public_api("messages")

STATUSES = [status.value for status in Status]
LIST_ARGUMENTS = ("reference", "status", "template_type", "older_than", "include_jobs")


@messages_api.post("/notifications/<any(sms, email, letter):channel_name>")
def post_message(channel_name: str) -> tuple[Response, int]:
    channel, key = Channel(channel_name), calling_key()
    body = request_checks.check_message(json_body(), channel=channel)
    simulation = current_simulation()
    simulation.rate_limit.check(key.key_type)
    simulation.daily_limit.check(channel, key_type=key.key_type)
    message = _compose(body, channel=channel, simulation=simulation)
    try:
        acceptance.accept(message, simulation=simulation)
    except hanging_up.ConnectionDropped:
        hanging_up.hang_up(request.environ)
    except hanging_up.AnswerCutShort:
        hanging_up.hang_up(request.environ, first=hanging_up.CUT_ANSWER)
    return jsonify(_answer(message)), 201


def _compose(body: dict[str, Any], *, channel: Channel, simulation: Simulation) -> Message:
    key, at = calling_key(), simulation.clock.utc_now()
    if request_checks.is_precompiled(body):
        return letters.compose(body, key=key, at=at)
    settings = simulation.settings
    return sending.compose(body, channel=channel, key=key, settings=settings, at=at)


def _answer(message: Message) -> dict[str, Any]:
    if message.template is letters.PRECOMPILED:
        return letters.answer(message)
    return sending.answer(message, host_url=request.host_url, service_id=calling_key().service_id)


@messages_api.get("/notifications/<text_id>")
def get_message(text_id: str) -> Response:
    return jsonify(_message(text_id).as_wire())


@messages_api.get("/notifications/<text_id>/pdf")
def get_pdf(text_id: str) -> Response:
    return Response(letters.pdf_of(_message(text_id)), mimetype="application/pdf")


def _message(text_id: str) -> Message:
    message_id = request_checks.id_of(text_id, name="notification_id")
    message = current_simulation().store.get(message_id)
    if message is None:
        raise ApiError.not_found()
    return message


@messages_api.get("/notifications")
def list_messages() -> Response:
    page = current_simulation().store.page(_wanted())
    links = {"current": request.url}
    if page:
        links["next"] = _next_link(str(page[-1].message_id))
    return jsonify(notifications=[message.as_wire() for message in page], links=links)


@messages_api.get("/received-text-messages")
def list_received_texts() -> Response:
    request_checks.check_known(list(request.args), known=("older_than",))
    page = current_simulation().replies.page(older_than=_older_than())
    links = {"current": request.url}
    if page:
        links["next"] = _next_link(str(page[-1].received_id))
    return jsonify(received_text_messages=[text.as_wire() for text in page], links=links)


def _wanted() -> Wanted:
    arguments = request.args
    request_checks.check_known(list(arguments), known=LIST_ARGUMENTS)
    for status in arguments.getlist("status"):
        request_checks.check_choice("status", status, choices=STATUSES)
    channel = arguments.get("template_type")
    if channel is not None:
        request_checks.check_choice("template_type", channel, choices=CHANNELS)
    return Wanted(
        key_type=calling_key().key_type,
        reference=arguments.get("reference"),
        statuses=_statuses(arguments.getlist("status")),
        channel=Channel(channel) if channel else None,
        older_than=_older_than(),
    )


def _older_than() -> UUID | None:
    older_than = request.args.get("older_than")
    return request_checks.id_of(older_than, name="older_than") if older_than else None


def _statuses(names: list[str]) -> set[Status]:
    statuses = {Status(name) for name in names}
    if Status.FAILED in statuses:
        statuses.update(FAILURES)
    return statuses


def _next_link(last_id: str) -> str:
    kept = [item for item in request.args.items(multi=True) if item[0] != "older_than"]
    return f"{request.base_url}?{urlencode([*kept, ('older_than', last_id)])}"
