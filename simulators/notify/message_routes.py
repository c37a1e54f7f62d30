"""Sending and finding messages in GOV.UK Notify's public API, version 2."""

from urllib.parse import urlencode

from flask import Response, jsonify, request

from simulators.notify import acceptance, request_checks, sending
from simulators.notify.api import calling_key, json_body, public_api
from simulators.notify.errors import ApiError
from simulators.notify.message_store import Wanted
from simulators.notify.messages import FAILURES, Status
from simulators.notify.simulation import current_simulation
from simulators.notify.templates import CHANNELS, Channel

messages_api = public_api("messages")

STATUSES = [status.value for status in Status]
LIST_ARGUMENTS = ("reference", "status", "template_type", "older_than", "include_jobs")


@messages_api.post("/notifications/<any(sms, email, letter):channel_name>")
def post_message(channel_name: str) -> tuple[Response, int]:
    channel = Channel(channel_name)
    body = request_checks.check_message(json_body(), channel=channel)
    message = sending.compose(body, channel=channel, key=calling_key())
    try:
        acceptance.accept(message, simulation=current_simulation())
    except acceptance.ConnectionDropped:
        acceptance.hang_up(request.environ)
    answer = sending.answer(message, host_url=request.host_url, service_id=calling_key().service_id)
    return jsonify(answer), 201


@messages_api.get("/notifications/<text_id>")
def get_message(text_id: str) -> Response:
    message_id = request_checks.id_of(text_id, name="notification_id")
    message = current_simulation().store.get(message_id)
    if message is None:
        raise ApiError.not_found()
    return jsonify(message.as_wire())


@messages_api.get("/notifications")
def list_messages() -> Response:
    page = current_simulation().store.page(_wanted())
    links = {"current": request.url}
    if page:
        links["next"] = _next_link(str(page[-1].message_id))
    return jsonify(notifications=[message.as_wire() for message in page], links=links)


@messages_api.get("/received-text-messages")
def list_received_texts() -> Response:
    return jsonify(received_text_messages=[], links={"current": request.url})


def _wanted() -> Wanted:
    arguments = request.args
    request_checks.check_known(list(arguments), known=LIST_ARGUMENTS)
    for status in arguments.getlist("status"):
        request_checks.check_choice("status", status, choices=STATUSES)
    channel = arguments.get("template_type")
    if channel is not None:
        request_checks.check_choice("template_type", channel, choices=CHANNELS)
    older_than = arguments.get("older_than")
    return Wanted(
        key_type=calling_key().key_type,
        reference=arguments.get("reference"),
        statuses=_statuses(arguments.getlist("status")),
        channel=Channel(channel) if channel else None,
        older_than=request_checks.id_of(older_than, name="older_than") if older_than else None,
    )


def _statuses(names: list[str]) -> set[Status]:
    statuses = {Status(name) for name in names}
    if Status.FAILED in statuses:
        statuses.update(FAILURES)
    return statuses


def _next_link(last_id: str) -> str:
    kept = [item for item in request.args.items(multi=True) if item[0] != "older_than"]
    return f"{request.base_url}?{urlencode([*kept, ('older_than', last_id)])}"
