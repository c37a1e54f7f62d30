"""``/docs``: the description of the API for a person to read, and for a program at its side.

Plain pages, made here: no script runs on them, and nothing comes from elsewhere. Whoever may call
us may read them; they hold nobody's data.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, json, render_template, request

from services.gateway import description

STYLE = Path(__file__).with_name("pages") / "docs.css"
POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none';"
    " base-uri 'none'"
)

Document = Mapping[str, Any]


def blueprint(app: Flask) -> Blueprint:
    """Return the pages about an application; its description is made when somebody first asks."""
    routes = Blueprint("documentation", __name__, url_prefix="/docs", template_folder="pages")
    document = cache(lambda: description.of(app))

    @routes.get("")
    def contents() -> Response:
        return _conditional(_page("docs_contents.html", document=document()))

    @routes.get("/<subject>")
    def one(subject: str) -> Response:
        found = next((tag for tag in document()["tags"] if slug(tag["name"]) == subject), None)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        asked = _of_subject(document(), found["name"])
        forms = _forms_of([operation for _, _, operation in asked], document())
        heads = document()["components"]["parameters"]
        return _conditional(
            _page("docs_subject.html", subject=found, operations=asked, forms=forms, heads=heads)
        )

    @routes.get("/openapi.json")
    def for_programs() -> Response:
        return _conditional(Response(json.dumps(document()), mimetype="application/json"))

    @routes.get("/docs.css")
    def style() -> Response:
        return _conditional(Response(STYLE.read_text(encoding="utf-8"), mimetype="text/css"))

    routes.add_app_template_filter(slug)
    routes.add_app_template_filter(_last, "last_part")
    return routes


def slug(name: str) -> str:
    """Return a subject's name as it stands in an address."""
    return name.replace(" ", "-").replace("_", "-")


def _of_subject(document: Document, name: str) -> Sequence[tuple[str, str, Document]]:
    return [found for found in description.operations(document) if name in found[2]["tags"]]


def _forms_of(parts: Sequence[Any], document: Document) -> Mapping[str, Document]:
    """Return every form that these parts of the description name, and those named in turn."""
    found: dict[str, Document] = {}
    left = list(parts)
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += part
        elif isinstance(part, dict):
            left += part.values()
            where = part.get("$ref", "")
            name = _last(where)
            if where.startswith("#/components/schemas/") and name not in found:
                found[name] = document["components"]["schemas"][name]
                left.append(found[name])
    return dict(sorted(found.items()))


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _page(template: str, **what: Any) -> Response:
    answer = Response(render_template(template, **what), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _conditional(answer: Response) -> Response:
    answer.add_etag()
    answer.make_conditional(request)
    return answer
