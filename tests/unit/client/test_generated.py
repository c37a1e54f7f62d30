"""The client's methods are those of the description, and fit the gateway's own forms."""

import ast
import inspect

import pytest
import yaml

from clients.python import generate, shapes
from clients.python.commonpurse_client import api
from clients.python.commonpurse_client.calls import Calls
from services.gateway import description

DOCUMENT = yaml.safe_load(generate.DESCRIPTION.read_text("utf-8"))
OPERATIONS = {
    one["operationId"]: (method, path, one)
    for method, path, one in description.operations(DOCUMENT)
}


class Noted(Calls):
    """Notes what would be sent."""

    def __init__(self):
        self.noted = []

    def _document(self, request):
        self.noted.append(request)

    _answer = _document

    def _url(self, path, ids):
        return path.format(**ids)


def method_of(whole, name):
    service, _, line = name.rpartition(".")
    return getattr(getattr(whole, service) if service else whole, line)


def test_what_is_committed_is_what_is_generated():
    """Write it anew with ``make docs``."""
    for name, text in generate.written(DOCUMENT).items():
        assert (generate.PACKAGE / name).read_text("utf-8") == text


def test_there_is_a_method_for_each_operation_and_no_other():
    (module,) = (ast.parse((generate.PACKAGE / "api.py").read_text("utf-8")),)
    methods = [
        one.name
        for one in ast.walk(module)
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
    ]

    assert len(methods) == len(OPERATIONS)
    for name in OPERATIONS:
        assert callable(method_of(api.Api(Noted()), name))


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_must_be_said_is_asked_for_and_is_sent_where_it_belongs(name):
    method, path, one = OPERATIONS[name]
    calls = Noted()
    call = method_of(api.Api(calls), name)
    arguments = inspect.signature(call).parameters
    assert {argument.kind for argument in arguments.values()} <= {inspect.Parameter.KEYWORD_ONLY}
    told = {argument: f"the-{argument}" for argument in arguments if argument != "wait"}

    if "*/*" not in str(one["responses"]):
        call(**told)
        (sent,) = calls.noted
        body = shapes.body_of(one)
        form = DOCUMENT["components"]["schemas"][shapes.last(body[1]["$ref"])] if body else {}
        assert (sent.method, sent.url.count("/")) == (method.upper(), path.count("/"))
        assert "{" not in sent.url
        assert set(sent.json or sent.data or ()) == set(form.get("properties", ()))
        heads = {shapes.last(head["$ref"]) for head in one.get("parameters", []) if "$ref" in head}
        assert ("Idempotency-Key" in sent.headers) == ("IdempotencyKey" in heads)
        assert ("If-Match" in sent.headers) == ("IfMatch" in heads)


def test_whatever_bears_no_key_and_changes_something_is_sent_once():
    calls = Noted()
    whole = api.Api(calls)

    whole.choose_role(choice=0)
    whole.sign_out()
    whole.exchange_code(code="x", code_verifier="y", redirect_uri="z")
    assert [one.is_repeatable for one in calls.noted] == [False, False, False]

    calls.noted.clear()
    whole.me()
    whole.assessment.find_person(nhs_number="x")
    whole.payments.cancel_purchase(purchase_id="x", reason="y")
    assert [one.is_repeatable for one in calls.noted] == [True, True, True]


def test_a_form_nobody_thought_of_is_refused():
    with pytest.raises(shapes.NoShapeError):
        shapes.kind({"type": "colour"}, is_input=True)


def test_what_goes_in_may_be_what_python_has_and_what_comes_out_is_json():
    day = {"type": ["string", "null"], "format": "date"}

    assert shapes.kind(day, is_input=True) == "Day | None"
    assert shapes.kind(day, is_input=False) == "str | None"
    assert shapes.kind({"type": "string", "enum": ["a", None]}, is_input=True) == (
        "Literal['a'] | None"
    )
