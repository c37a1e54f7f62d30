"""Every event's name, subject and data."""

from dataclasses import fields as fields_of
from uuid import UUID, uuid4

import pytest
from marshmallow import ValidationError

from shared.contracts.assessment.sign_off import ApprovedItem
from shared.contracts.budget.holds import HoldPlaced, HoldPlacedSchema
from shared.contracts.catalogue import SCHEMAS
from shared.contracts.event import Event, PartSchema, count, pence, version, words
from tests.factories import TUESDAY_AT_TEN

PURCHASE_ID = UUID("6f1c1f0a-7d3b-4d53-9c39-3a4f1c6f2a10")
EVERY_SCHEMA = pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)


def a_hold_placed(**changes):
    fields = {
        "event_id": uuid4(),
        "occurred_at": TUESDAY_AT_TEN,
        "purchase_id": PURCHASE_ID,
        "version": 1,
        "budget_id": uuid4(),
        "held_pence": 30_00,
        "available_pence": 70_00,
        "expires_at": TUESDAY_AT_TEN,
    }
    return HoldPlaced(**(fields | changes))


def test_an_event_says_what_it_is_about():
    assert a_hold_placed().subject == f"purchase/{PURCHASE_ID}"


def test_an_event_that_is_given_no_id_has_a_new_one():
    one, another = (Event(occurred_at=TUESDAY_AT_TEN) for _ in range(2))

    assert one.event_id != another.event_id


def test_an_event_is_read_as_it_was_written():
    event = a_hold_placed()

    assert HoldPlacedSchema().load(HoldPlacedSchema().dump(event)) == event


def test_what_a_later_release_adds_is_ignored():
    event = a_hold_placed()

    assert HoldPlacedSchema().load({**HoldPlacedSchema().dump(event), "added": "later"}) == event


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("held_pence", -1),
        ("held_pence", 1.5),
        ("held_pence", "1"),
        ("held_pence", None),
        ("version", 0),
        ("purchase_id", "purchase one"),
        ("occurred_at", "2026-11-24T10:00:00"),
        ("expires_at", "2026-11-24"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name, value):
    written = {**HoldPlacedSchema().dump(a_hold_placed()), name: value}

    with pytest.raises(ValidationError) as refused:
        HoldPlacedSchema().load(written)

    assert set(refused.value.messages_dict) == {name}


@pytest.mark.parametrize("name", ["event_id", "occurred_at", "purchase_id", "held_pence"])
def test_a_missing_value_is_refused_by_its_name(name):
    written = HoldPlacedSchema().dump(a_hold_placed())
    del written[name]

    with pytest.raises(ValidationError) as refused:
        HoldPlacedSchema().load(written)

    assert set(refused.value.messages_dict) == {name}


@EVERY_SCHEMA
def test_a_schema_knows_every_field_of_its_event(schema):
    assert set(schema.fields) == {field.name for field in fields_of(schema.event_class)}
    assert schema.event_class.subject_id in schema.fields


@EVERY_SCHEMA
def test_a_part_of_an_event_has_every_field_too(schema):
    for field in schema.fields.values():
        part = getattr(getattr(field, "inner", None), "schema", None)
        if isinstance(part, PartSchema):
            assert set(part.fields) == {field.name for field in fields_of(part.part_class)}


def test_an_item_costs_its_unit_as_often_as_it_occurs():
    item = ApprovedItem(
        item_id=uuid4(),
        description="Drum lessons",
        category="course",
        unit_cost_pence=25_50,
        occurrences=12,
        rail="bacs",
        payee="A drummer",
        merchant_category_code=None,
        payer="joint",
    )

    assert item.total_pence == 306_00


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (pence(), 0, -1),
        (count(), 1, 0),
        (version(), 1, 0),
        (words(), "a word", None),
        (words(may_be_missing=True), None, 7),
    ],
)
def test_a_field_takes_what_it_is_for_and_nothing_else(field, good, bad):
    assert field.deserialize(good) == good
    with pytest.raises(ValidationError):
        field.deserialize(bad)
