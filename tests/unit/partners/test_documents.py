"""What partners are given to read is what the code does, and what was released stays."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from services.partners import documents
from services.partners.catalogue.rules import Told
from services.partners.incoming import INCOMING
from services.partners.register import Register
from tests.unit.gateway.forms import form_of

SCHEMAS = Path("docs/events/partners")
PAGES = Path("docs/partners")
UP_TO_DATE = "make docs writes it anew"


def test_each_schema_stands_in_its_file():
    there = {file.name: file.read_text() for file in SCHEMAS.glob("*.v*.json")}
    there["envelope.json"] = (SCHEMAS / "envelope.json").read_text()

    assert there == documents.written(documents.schemas()), UP_TO_DATE


def test_what_was_released_is_never_changed():
    released = json.loads((SCHEMAS / documents.RELEASED).read_text())

    changed = [
        name
        for name, digest in released.items()
        if documents.digest((SCHEMAS / name).read_text()) != digest
    ]
    assert changed == [], "A released schema stays: make a new version beside it."
    assert set(released) == set(documents.schemas()), "Add the digest of what is new."


def test_each_partner_has_a_page_that_says_what_its_file_says():
    for code, agreement in Register.read(documents.FILES).agreements.items():
        page = yaml.safe_load((PAGES / f"{code}.asyncapi.yaml").read_text())

        assert page == documents.asyncapi(agreement), UP_TO_DATE
        assert set(page["channels"]["in"]["messages"]) == {
            one.message_type for one in agreement.sends
        }


@pytest.fixture(scope="module")
def validators():
    resources = {
        f"partners/{name}": Resource.from_contents(document)
        for name, document in documents.schemas().items()
    }
    resources["envelope.json"] = resources["partners/envelope.json"]
    registry = Registry().with_resources(resources.items())
    return {
        name.removesuffix(".json"): Draft202012Validator(document, registry=registry)
        for name, document in documents.schemas().items()
    }


def test_each_schema_is_one(validators):
    for validator in validators.values():
        validator.check_schema(validator.schema)


def test_each_type_has_an_example_and_nothing_else_has():
    assert {file.stem for file in documents.EXAMPLES.iterdir()} == set(INCOMING)


@pytest.mark.parametrize("name", sorted(INCOMING))
def test_an_example_keeps_the_schema_and_becomes_what_the_service_takes(name, validators):
    incoming, message = INCOMING[name], documents.example(name)
    assert list(validators[name].iter_errors(message)) == []
    agreement = Register.read(documents.FILES).agreements["aldermoor-council"]
    told = Told(agreement=agreement, message_id=UUID(message["id"]), data=message["data"])

    wrong = form_of(incoming.operation).validate(incoming.as_request(told))

    assert wrong == {}


@pytest.mark.parametrize("changed", [{}, {"admitted_on": 7}, {"ward": "B"}, {"person_id": None}])
def test_schema_and_form_agree_on_what_is_right(validators, changed):
    name = "admission.notify.v1"
    data = {"person_id": str(uuid4()), "admitted_on": "2026-11-24", **changed}
    message = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/org/aldermoor-trust/records",
        "type": f"uk.commonpurse.{name}",
        "time": "2026-11-24T10:00:00+00:00",
        "data": data,
    }

    by_form = not INCOMING[name].form().validate(data)

    assert validators[name].is_valid(message) == by_form == (changed == {})
