"""Every event by an example of it: what we write, what we read, and what we refuse."""

import base64
import importlib
import json
from pathlib import Path
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from shared.contracts import catalogue, export, sealing
from shared.contracts.catalogue import UnreadableEventError
from shared.contracts.event import DataClass
from shared.contracts.listeners import LISTENERS
from shared.messaging import inbox
from shared.trace import Trace
from tests.architecture.entrypoints import subscriptions
from tests.factories import TUESDAY_AT_TEN, a_trace

EXAMPLES = Path(__file__).parent / "events"
DOCUMENTS = Path(__file__).parents[2] / "docs" / "events"
EVERY_EVENT = pytest.mark.parametrize("event_type", sorted(catalogue.SCHEMAS))
EVERY_LISTENER = pytest.mark.parametrize(
    ("service", "event"),
    [(service, event) for event, services in LISTENERS.items() for service in services],
)
# One value for each kind of field that is no value of it.
WRONG = {"integer": "12", "string": 12, "boolean": "perhaps", "array": "none", "object": []}


def example(event_type: str) -> dict:
    return json.loads((EXAMPLES / f"{event_type}.json").read_text())


def form_of_data(event_type: str) -> dict:
    return export.event_document(event_type)["properties"]["data"]


def faults(document: dict, *, event_type: str) -> list[str]:
    """What JSON Schema, as it is published, finds wrong with an envelope."""
    resources = [
        (path.name, Resource.from_contents(json.loads(path.read_text())))
        for path in DOCUMENTS.glob("*.json")
    ]
    validator = Draft202012Validator(
        json.loads((DOCUMENTS / f"{event_type}.json").read_text()),
        registry=Registry().with_resources(resources),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return [error.message for error in validator.iter_errors(document)]


def test_each_event_has_an_example_and_each_example_is_of_an_event():
    assert {path.stem for path in EXAMPLES.glob("*.json")} == set(catalogue.SCHEMAS)


@EVERY_EVENT
def test_an_example_is_read_and_written_again_as_it_was(event_type):
    envelope = example(event_type)
    correlation_id, _ = catalogue.trace_of(envelope)
    trace = Trace(
        correlation_id=correlation_id,
        causation_id=UUID(envelope["causationid"]),
        actor=envelope["actas"],
        at=TUESDAY_AT_TEN,
    )

    event = catalogue.load(envelope)

    written = catalogue.dump(event, trace=trace)
    assert event.event_type == event_type
    assert {**written, "data": catalogue.data_of(written)} == envelope


@EVERY_EVENT
def test_an_example_has_the_form_that_is_published(event_type):
    assert faults(example(event_type), event_type=event_type) == []


@EVERY_EVENT
def test_what_the_published_form_refuses_is_refused_here_too(event_type):
    for name, form in form_of_data(event_type)["properties"].items():
        kinds = form["type"] if isinstance(form["type"], list) else [form["type"]]
        document = example(event_type)
        document["data"][name] = WRONG[kinds[0]]

        assert faults(document, event_type=event_type), name
        with pytest.raises(UnreadableEventError, match=f"^invalid_data:{name}$"):
            catalogue.load(document)


@EVERY_EVENT
def test_an_event_that_lacks_a_field_is_refused(event_type):
    for name in form_of_data(event_type)["required"]:
        document = example(event_type)
        del document["data"][name]

        assert faults(document, event_type=event_type), name
        with pytest.raises(UnreadableEventError, match=f"^invalid_data:{name}$"):
            catalogue.load(document)


@EVERY_EVENT
def test_numbers_below_their_limit_are_refused(event_type):
    for name, form in form_of_data(event_type)["properties"].items():
        if "minimum" in form:
            document = example(event_type)
            document["data"][name] = form["minimum"] - 1

            assert faults(document, event_type=event_type), name
            with pytest.raises(UnreadableEventError, match=f"^invalid_data:{name}$"):
                catalogue.load(document)


@EVERY_EVENT
def test_what_a_later_release_adds_is_ignored(event_type):
    envelope = example(event_type)
    later = example(event_type)
    later["data"]["added_later"] = {"anything": [1, None]}
    later["addedlater"] = "too"
    for part in (
        one for value in later["data"].values() if isinstance(value, list) for one in value
    ):
        if isinstance(part, dict):
            part["added_later"] = True

    assert catalogue.load(later) == catalogue.load(envelope)
    assert faults(later, event_type=event_type) == []


@EVERY_EVENT
def test_an_unknown_version_is_told_from_an_unknown_event(event_type):
    noun = event_type.rpartition(".")[0]
    for unknown, reason in {
        f"{noun}.v999": "unsupported_version",
        f"{noun}_never.v1": "unknown_type",
    }.items():
        with pytest.raises(UnreadableEventError, match=f"^{reason}$"):
            catalogue.load({**example(event_type), "type": catalogue.TYPE_PREFIX + unknown})


@pytest.mark.parametrize("data", [None, "text", 5, [], [{}]], ids=repr)
def test_data_that_is_no_object_is_refused(data):
    envelope = {**example("budget.hold_placed.v1"), "data": data}

    with pytest.raises(UnreadableEventError, match=r"^invalid_data$"):
        catalogue.load(envelope)


@pytest.mark.parametrize(("name", "field"), [("id", "event_id"), ("time", "occurred_at")])
def test_an_event_without_an_id_or_a_time_is_refused(name, field):
    envelope = example("budget.hold_placed.v1")
    envelope[name] = "neither"

    with pytest.raises(UnreadableEventError, match=f"^invalid_data:{field}$"):
        catalogue.load(envelope)


def test_no_reason_repeats_what_the_data_says():
    envelope = example("assessment.contact_details_changed.v1")
    envelope["data"]["preferred_channel"] = envelope["data"]["family_name"]

    with pytest.raises(UnreadableEventError) as refused:
        catalogue.load(envelope)

    assert envelope["data"]["family_name"] not in str(refused.value)


def test_only_events_marked_personal_hold_a_name_or_an_address():
    telling = {"given_name", "family_name", "name", "mobile", "email", "address_lines"}
    telling |= {"description", "payee", "lines"}
    for event_type, schema in catalogue.SCHEMAS.items():
        properties = form_of_data(event_type)["properties"]
        parts = [form["items"] for form in properties.values() if form.get("type") == "array"]
        named = {*properties, *(name for part in parts for name in part.get("properties", ()))}
        if telling & named:
            assert schema.event_class.data_class.value == "personal", event_type


PERSONAL = sorted(
    event_type
    for event_type, schema in catalogue.SCHEMAS.items()
    if schema.event_class.data_class is DataClass.PERSONAL
)


@pytest.mark.parametrize("event_type", PERSONAL)
def test_the_data_of_a_personal_event_is_sealed_between_services(event_type):
    event = catalogue.load(example(event_type))

    envelope = catalogue.dump(event, trace=a_trace())

    assert set(envelope["data"]) == {"sealed"}
    assert catalogue.load(envelope) == event


@pytest.mark.parametrize("moved", ["id", "type"])
def test_sealed_data_does_not_open_in_another_envelope(moved):
    envelope, other = (
        catalogue.dump(catalogue.load(example(event_type)), trace=a_trace())
        for event_type in PERSONAL[:2]
    )

    with pytest.raises(UnreadableEventError, match=r"^broken_seal$"):
        catalogue.load({**envelope, moved: other[moved]})


def test_what_is_sealed_with_a_key_we_do_not_have_is_named_so(monkeypatch):
    envelope = catalogue.dump(catalogue.load(example(PERSONAL[0])), trace=a_trace())
    monkeypatch.setenv(sealing.SETTING, f"other:{base64.b64encode(b'o' * 32).decode()}")

    with pytest.raises(UnreadableEventError, match=r"^unknown_key$"):
        catalogue.load(envelope)


@EVERY_LISTENER
def test_a_listener_takes_the_example_of_what_it_listens_to(service, event):
    """The very class that the example becomes is the one that the subscriber is given."""
    (event_type,) = (name for name in catalogue.SCHEMAS if name.rpartition(".")[0] == event)
    envelope = example(event_type)

    taking = [
        subscription
        for subscription in subscriptions(service)
        if subscription.event_class is type(catalogue.load(envelope))
    ]

    assert len(taking) == 1
    assert callable(taking[0].subscriber)
    assert str(inbox.trace_for(envelope).causation_id) == envelope["id"]


def test_the_publisher_of_an_event_is_a_service_with_a_catalogue_of_its_own():
    for event_type, schema in catalogue.SCHEMAS.items():
        publisher = event_type.split(".")[0]
        module = importlib.import_module(f"shared.contracts.{publisher}").__name__

        assert f"{schema.event_class.__module__}.".startswith(f"{module}.")
