"""The part of GOV.UK Notify's public API that shows templates."""

from flask import Response, jsonify, request
from markupsafe import escape

from simulators.notify import personalisation, request_checks
from simulators.notify.api import json_body, public_api
from simulators.notify.errors import ApiError
from simulators.notify.templates import CHANNELS, TEMPLATES, Channel, Template, write

templates_api = public_api("templates")


@templates_api.get("/templates")
def list_templates() -> Response:
    request_checks.check_known(list(request.args), known=("type",))
    channel = request.args.get("type")
    if channel is not None:
        request_checks.check_choice("type", channel, choices=CHANNELS)
    shown = [
        template.as_wire()
        for template in TEMPLATES.values()
        if channel in (None, template.channel.value)
    ]
    return jsonify(templates=shown)


@templates_api.get("/template/<text_id>")
def get_template(text_id: str) -> Response:
    return jsonify(_template(text_id).as_wire())


@templates_api.get("/template/<text_id>/version/<int:version>")
def get_template_version(text_id: str, version: int) -> Response:
    template = _template(text_id)
    if version != template.version:
        raise ApiError.not_found()
    return jsonify(template.as_wire())


@templates_api.post("/template/<text_id>/preview")
def preview_template(text_id: str) -> Response:
    template = _template(text_id)
    body = request_checks.check_body(json_body(), required=(), optional=("personalisation",))
    values = personalisation.plain_values(body.get("personalisation", {}))
    wording = write(template, values=values)
    is_email = template.channel is Channel.EMAIL
    return jsonify(
        id=str(template.template_id),
        type=template.channel.value,
        version=template.version,
        subject=wording.subject,
        body=wording.body,
        html=f"<p>{escape(wording.body)}</p>" if is_email else None,
        postage=template.postage,
    )


def _template(text_id: str) -> Template:
    template = TEMPLATES.get(request_checks.id_of(text_id, name="id"))
    if template is None:
        raise ApiError.not_found()
    return template
