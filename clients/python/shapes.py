"""How the forms of the description are written in Python."""

import keyword
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Form = Mapping[str, Any]

HEAD = '''"""Generated from docs/api/openapi.yaml by ``make docs``: what goes in and comes out."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from .values import Day, Id, Instant

'''
PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
# What a caller may hand over, and what they get.
GIVEN = {"uuid": "Id", "date": "Day", "date-time": "Instant"}
OF_A_PAGE = {"items", "next_cursor"}


class NoShapeError(Exception):
    """A form for which nothing was thought of here yet."""


def module(document: Form) -> str:
    """Return the module of the forms that methods take and give."""
    forms: Mapping[str, Form] = document["components"]["schemas"]
    taken, given = _named(_inputs(document), forms), _named(_outputs(document), forms)
    if both := taken & given:
        raise NoShapeError(f"Both taken and given: {sorted(both)}")
    classes = [
        _class(name, forms[name], is_input=name in taken)
        for name in forms
        if name in taken or (name in given and not is_page(forms[name]))
    ]
    return HEAD + "\n\n".join(classes) + "\n"


def kind(form: Form, *, is_input: bool, prefix: str = "") -> str:
    """Return the type of a value of this form; the prefix is that of other forms' names.

    Raises:
        NoShapeError: there is none here yet.
    """
    if "$ref" in form:
        return prefix + last(form["$ref"])
    if "anyOf" in form:
        return either(kind(one, is_input=is_input, prefix=prefix) for one in form["anyOf"])
    if "enum" in form:
        words = [repr(one) for one in form["enum"] if one is not None]
        return either([f"Literal[{', '.join(words)}]", *(["None"] if None in form["enum"] else [])])
    types = form.get("type", "any")
    several = [types] if isinstance(types, str) else types
    return either(_one(one, form, is_input=is_input, prefix=prefix) for one in several)


def either(kinds: Iterable[str]) -> str:
    """Return one of several types, ``None`` at the end."""
    parts = dict.fromkeys(part for one in kinds for part in one.split(" | "))
    return " | ".join(sorted(parts, key=lambda part: part == "None"))


def is_page(form: Form) -> bool:
    return set(form.get("properties", ())) - {"not_answered"} == OF_A_PAGE


def body_of(operation: Form) -> tuple[str, Form] | None:
    """Return the media type and the form of a request's body."""
    content = operation.get("requestBody", {}).get("content", {})
    found: list[tuple[str, Form]] = [(media, one["schema"]) for media, one in content.items()]
    return found[0] if found else None


def answers_of(operation: Form) -> Iterator[tuple[str, Form]]:
    """Give the media type and the form of each good answer."""
    for answer in operation["responses"].values():
        for media, one in answer.get("content", {}).items():
            yield media, one["schema"]


def operations(document: Form) -> Iterator[tuple[str, str, Form]]:
    """Give each operation with its method and path; what its path takes stands beside it."""
    for path, item in document["paths"].items():
        for method, one in item.items():
            if method != "parameters":
                heads = [*item.get("parameters", []), *one.get("parameters", [])]
                yield method, path, {**one, "parameters": heads}


def name_of(field: str) -> str:
    """Return a field's name as Python may have it."""
    return f"{field}_" if keyword.iskeyword(field) else field


def last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _one(word: str, form: Form, *, is_input: bool, prefix: str) -> str:
    if word == "string":
        return GIVEN.get(form.get("format", ""), "str") if is_input else "str"
    if word == "array":
        several = "Sequence" if is_input else "list"
        return f"{several}[{kind(form['items'], is_input=is_input, prefix=prefix)}]"
    if word == "object":
        return "Mapping[str, Any]" if is_input else "dict[str, Any]"
    if word == "any":
        return "Any"
    if word in PLAIN:
        return PLAIN[word]
    raise NoShapeError(str(form))


def _class(name: str, form: Form, *, is_input: bool) -> str:
    """Return the class of one form; of an answer no field is promised, a role may hide it."""
    must = set(form.get("required", ())) if is_input else set()
    fields = {
        field: _field(kind(told, is_input=is_input), is_there=not is_input or field in must)
        for field, told in form.get("properties", {}).items()
    }
    total = "" if is_input else ", total=False"
    if any(map(keyword.iskeyword, fields)):
        pairs = ", ".join(f"{field!r}: {told}" for field, told in fields.items())
        return f"{name} = TypedDict({name!r}, {{{pairs}}}{total})\n"
    lines = [f"    {field}: {told}" for field, told in fields.items()] or ["    pass"]
    return "\n".join((f"class {name}(TypedDict{total}):", *lines, ""))


def _field(told: str, *, is_there: bool) -> str:
    return told if is_there else f"NotRequired[{told}]"


def _inputs(document: Form) -> list[Form]:
    """Return the fields of all bodies: the body itself is taken apart into arguments."""
    forms = document["components"]["schemas"]
    bodies = [found for _, _, one in operations(document) if (found := body_of(one))]
    return [told for _, body in bodies for told in forms[last(body["$ref"])]["properties"].values()]


def _outputs(document: Form) -> list[Form]:
    return [form for _, _, one in operations(document) for _, form in answers_of(one)]


def _named(parts: list[Form], forms: Mapping[str, Form]) -> set[str]:
    """Return the names of the forms that these name, and of those named in turn."""
    found: set[str] = set()
    left: list[Any] = list(parts)
    while left:
        part = left.pop()
        if isinstance(part, list):
            left += part
        elif isinstance(part, dict):
            left += part.values()
            if "$ref" in part and last(part["$ref"]) not in found:
                found.add(last(part["$ref"]))
                left.append(forms[last(part["$ref"])])
    return found
