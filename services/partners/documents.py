"""``python -m services.partners.documents docs``: what partners need to know, generated.

A JSON Schema for each type of message that a partner can send and for the two replies, in
``events/partners``; and in ``partners`` an AsyncAPI 3.0 document for each partner's file.
"""

import argparse
import hashlib
import inspect
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, fields

from services.partners import hosts
from services.partners.agreements.rules import Agreement, Content
from services.partners.envelopes.rules import CONTENT_TYPE, TYPE_PREFIX
from services.partners.envelopes.wire import EnvelopeForm
from services.partners.inbound.rules import ACCEPTED, REJECTED
from services.partners.incoming import INCOMING
from services.partners.outgoing import OUTGOING
from services.partners.register import Register
from shared.contracts.catalogue import SCHEMAS
from shared.contracts.export import DIALECT, form_of_schema

ROOT = Path(__file__).parents[2]
FILES = ROOT / "deploy" / "partners"
EXAMPLES = ROOT / "docs" / "events" / "partners" / "examples"  # written by hand, one a type
RELEASED = "released.json"  # by the file's name, the digest of what was released: it stays


class AcceptedForm(Schema):
    """A message had its effect, or what it asked for was begun."""

    message_id = fields.UUID(required=True)
    message_type = fields.String(required=True)
    ids = fields.Dict(required=True)


class RejectedForm(Schema):
    """A message had no effect, and why."""

    message_id = fields.UUID(required=True)
    message_type = fields.String(required=True)
    code = fields.String(required=True)
    reason = fields.String(required=True)
    next_step = fields.String(required=True)
    field = fields.String()


REPLIES: Mapping[str, type[Schema]] = {ACCEPTED: AcceptedForm, REJECTED: RejectedForm}


def schemas() -> Mapping[str, dict[str, Any]]:
    """Return every schema of partners' messages by the name of its file."""
    sent = {f"{name}.json": _document(name, one.form) for name, one in INCOMING.items()}
    replies = {f"{name}.json": _document(name, form) for name, form in REPLIES.items()}
    envelope = {
        "$schema": DIALECT,
        "$id": "partners/envelope.json",
        "title": "The envelope of every message of a partner",
        "description": inspect.getdoc(EnvelopeForm) or "",
        **form_of_schema(EnvelopeForm()),
    }
    return {"envelope.json": envelope, **sent, **replies}


def _document(name: str, form: type[Schema]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": f"partners/{name}.json",
        "title": name,
        "description": inspect.getdoc(form) or "",
        "allOf": [{"$ref": "envelope.json"}],
        "properties": {"type": {"const": TYPE_PREFIX + name}, "data": form_of_schema(form())},
    }


def asyncapi(agreement: Agreement) -> dict[str, Any]:
    """Return what a partner sends and hears as an AsyncAPI 3.0 document."""
    sent = {one.message_type: _sent(one.message_type, agreement) for one in agreement.sends}
    replies = {name: _message(name, _document(name, form)) for name, form in REPLIES.items()}
    heard = {one.event_type: _heard(one.event_type, agreement) for one in agreement.receives}
    messages = {**sent, **replies, **heard}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Common Purse for {agreement.name}",
            "version": "1.0.0",
            "description": "What your systems send and hear. Generated from your agreement.",
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "broker": {
                "host": "broker.example",
                "pathname": f"/{agreement.virtual_host}",
                "protocol": "amqps",
                "protocolVersion": "0.9.1",
            }
        },
        "channels": {
            hosts.IN: {
                "address": hosts.IN,
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in sent},
                "bindings": {"amqp": _exchange(agreement)},
            },
            hosts.OUT: {
                "address": hosts.OUT,
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"} for name in (*replies, *heard)
                },
                "bindings": {"amqp": _queue(agreement)},
            },
        },
        "operations": {
            "send": {"action": "send", "channel": {"$ref": f"#/channels/{hosts.IN}"}},
            "hear": {"action": "receive", "channel": {"$ref": f"#/channels/{hosts.OUT}"}},
        },
        "components": {"messages": messages},
    }


def _sent(name: str, agreement: Agreement) -> dict[str, Any]:
    message = _message(name, _document(name, INCOMING[name].form))
    message["summary"] = INCOMING[name].says
    source = agreement.source(agreement.systems[0])
    message["examples"] = [{"payload": {**example(name), "source": source}}]
    if name in agreement.older_versions:
        message["summary"] += f" (this version goes on {agreement.older_versions[name]})"
    return message


def example(name: str) -> dict[str, Any]:
    """Return a message of a type as it travels, of people and records that are invented."""
    written_down: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text())
    return written_down


def _heard(name: str, agreement: Agreement) -> dict[str, Any]:
    agreed = agreement.received(name)
    names = agreed.fields if agreed is not None and agreed.content is Content.DATA else ()
    form = form_of_schema(SCHEMAS[OUTGOING[name].name])
    document = {
        "type": "object",
        "properties": {
            "type": {"const": TYPE_PREFIX + name},
            "data": {
                "type": "object",
                "properties": {field: form["properties"][field] for field in names},
                "additionalProperties": False,
            },
        },
    }
    return _message(name, document)


def _message(name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in payload.items() if not key.startswith("$")}
    shown.pop("allOf", None)
    return {"name": name, "payload": {"type": "object", **shown}}


def _exchange(agreement: Agreement) -> dict[str, Any]:
    exchange = {
        "name": hosts.IN,
        "type": "topic",
        "durable": True,
        "autoDelete": False,
        "vhost": agreement.virtual_host,
    }
    return {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}


def _queue(agreement: Agreement) -> dict[str, Any]:
    queue = {
        "name": hosts.OUT,
        "durable": True,
        "exclusive": False,
        "autoDelete": False,
        "vhost": agreement.virtual_host,
    }
    return {"is": "queue", "queue": queue, "bindingVersion": "0.3.0"}


def written(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return documents as they stand in their files."""
    return {name: json.dumps(one, indent=2) + "\n" for name, one in documents.items()}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m services.partners.documents", description="What partners need to know."
    )
    parser.add_argument("directory", type=Path)
    directory: Path = parser.parse_args(arguments).directory
    forms = directory / "events" / "partners"
    pages = directory / "partners"
    for folder in (forms, pages):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in written(schemas()).items():
        (forms / name).write_text(text)
    for code, agreement in Register.read(FILES).agreements.items():
        page = yaml.safe_dump(asyncapi(agreement), sort_keys=False, allow_unicode=True)
        (pages / f"{code}.asyncapi.yaml").write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
