"""How the operations of the description are written in Python: a method for each."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clients.python import shapes
from clients.python.shapes import Form, NoShapeError, last

HEAD = '''"""Generated from docs/api/openapi.yaml by ``make docs``: a method for each address."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from . import forms
from .calls import Calls, Document
from .values import OMITTED, Day, Id, Instant, Omitted, Page

'''
FORMS = "forms."
WIDTH = 92  # of what stands in a docstring
HEADERS = {
    "IdempotencyKey": ("key", "str | None", "None", "to repeat it later; a new one otherwise"),
    "Prefer": ("wait", "int", "0", "for how many seconds to wait for the outcome, at most 30"),
    "IfMatch": ("if_match", "str | int", "", "the version, or the ETag, of what was read before"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument of a method, and where it goes."""

    field: str  # as it is sent
    where: str  # path, query, body or header
    kind: str
    default: str = ""  # none: it must be said
    says: str = ""

    @property
    def name(self) -> str:
        return shapes.name_of(self.field)

    @property
    def text(self) -> str:
        return f"{self.name}: {self.kind}" + (f" = {self.default}" if self.default else "")


def module(document: Form) -> str:
    """Return the module of all methods: a class for each service, and one for the whole."""
    groups: dict[str, list[str]] = {}
    for method, path, one in shapes.operations(document):
        service, _, name = one["operationId"].rpartition(".")
        text = _method(name, method, path, one, document)
        groups.setdefault(service, []).append(text)
    own = groups.pop("", [])
    classes = [_service(service, texts) for service, texts in groups.items()]
    return HEAD + "\n\n".join([*classes, _api(groups, own, document["info"])])


def _service(service: str, texts: Iterable[str]) -> str:
    name = service.capitalize()
    says = f'    """What the gateway has of {service}."""\n'
    return "\n".join((f"class {name}:", says, _begin("        self._calls = calls"), *texts))


def _api(services: Iterable[str], texts: Iterable[str], told: Form) -> str:
    lines = [f"        self.{one} = {one.capitalize()}(calls)" for one in services]
    begin = _begin("\n".join(("        self._calls = calls", *lines)))
    says = f'    """{told["title"]}, {told["version"]}."""\n'
    return "\n".join(("class Api:", says, begin, *texts))


def _begin(lines: str) -> str:
    return f"    def __init__(self, calls: Calls) -> None:\n{lines}\n"


def _method(name: str, method: str, path: str, one: Form, document: Form) -> str:
    arguments = _arguments(one, document)
    must = [argument.text for argument in arguments if not argument.default]
    may = [argument.text for argument in arguments if argument.default]
    heads = ", ".join(["self", *(["*"] if arguments else []), *must, *may])
    comma = "," if arguments else ""
    gives = _gives(one, document)
    returned = "" if gives == "None" else "return "
    return "\n".join(
        (
            f"    def {name}({heads}{comma}) -> {gives}:",
            textwrap.indent(_docstring(one["summary"], arguments), " " * 8),
            f"        {returned}{_call(method, path, one, arguments)}",
            "",
        )
    )


def _arguments(one: Form, document: Form) -> list[Argument]:
    """Return the arguments of a method: path, query and body, and then what is about sending."""
    found = [_told(head) for head in one["parameters"] if "$ref" not in head]
    if body := shapes.body_of(one):
        form = document["components"]["schemas"][last(body[1]["$ref"])]
        must = form.get("required", ())
        found += [
            _argument(name, "body", told, is_needed=name in must)
            for name, told in form["properties"].items()
        ]
    for head in one["parameters"]:
        if "$ref" in head:
            name, text, default, says = HEADERS[last(head["$ref"])]
            found.append(
                Argument(field=name, where="header", kind=text, default=default, says=says)
            )
    names = [argument.name for argument in found]
    if len(names) != len(set(names)):
        raise NoShapeError(f"{one['operationId']} has an argument twice.")
    return found


def _told(head: Form) -> Argument:
    form = {**head["schema"], "description": head.get("description", "")}
    return _argument(head["name"], head["in"], form, is_needed=head["required"])


def _argument(name: str, where: str, form: Form, *, is_needed: bool) -> Argument:
    text = shapes.kind(form, is_input=True, prefix=FORMS)
    return Argument(
        field=name,
        where=where,
        kind=text if is_needed else shapes.either([text, "Omitted"]),
        default="" if is_needed else "OMITTED",
        says=form.get("description", ""),
    )


def _docstring(summary: str, arguments: Iterable[Argument]) -> str:
    lines = textwrap.wrap(f"{summary.rstrip('.')}.", WIDTH)
    explained = [argument for argument in arguments if argument.says]
    if not explained and len(lines) == 1:
        return f'"""{lines[0]}"""'
    more = [""] if len(lines) == 1 else ["", *lines[1:], ""]
    if explained:
        more = [*more, "Args:"]
        for argument in explained:
            text = f"{argument.name}: {argument.says.rstrip('.')}."
            more += textwrap.wrap(text, WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 8)
    return "\n".join((f'"""{lines[0]}', *more)).rstrip() + '\n"""'


def _gives(one: Form, document: Form) -> str:
    """Return what a method gives: a form, one of two, a page, a document, or nothing."""
    kinds = [
        "Document" if media == "*/*" else _given(form, document)
        for media, form in shapes.answers_of(one)
    ]
    return shapes.either(kinds) or "None"


def _given(form: Form, document: Form) -> str:
    whole: Mapping[str, Any] = document["components"]["schemas"][last(form["$ref"])]
    if not shapes.is_page(whole):
        return shapes.kind(form, is_input=False, prefix=FORMS)
    item = whole["properties"]["items"]["items"]
    return f"Page[{shapes.kind(item, is_input=False, prefix=FORMS)}]"


def _call(method: str, path: str, one: Form, arguments: Iterable[Argument]) -> str:
    """Return the call that sends it: by how it may be repeated."""
    parts = {
        where: ", ".join(f"{a.field!r}: {a.name}" for a in arguments if a.where == where)
        for where in ("path", "query", "body")
    }
    heads = [f"{a.name}={a.name}" for a in arguments if a.where == "header"]
    body = shapes.body_of(one)
    is_form = body is not None and body[0] != "application/json"
    named = {
        "ids": parts["path"],
        "query": parts["query"],
        ("form" if is_form else "body"): parts["body"],
    }
    told = [f"{name}={{{text}}}" for name, text in named.items() if text] + heads
    if any(media == "*/*" for media, _ in shapes.answers_of(one)):
        return f"self._calls.fetch({', '.join([repr(path), *told])})"
    how = "ask" if method == "get" or one.get("x-only-asks") else "tell" if heads else "once"
    return f"self._calls.{how}({', '.join([repr(method.upper()), repr(path), *told])})"
