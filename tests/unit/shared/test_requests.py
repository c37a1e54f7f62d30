"""Requests that are read strictly, and the words in which a wrong one is refused."""

import pytest
from marshmallow import Schema, fields

from shared.errors import InvalidRequestError
from shared.messaging import answering


class Item(Schema):
    unit_cost_pence = fields.Integer(strict=True, required=True)


class Request(Schema):
    name = fields.String(required=True)
    items = fields.List(fields.Nested(Item))


def test_a_request_as_it_must_be_is_loaded():
    request = {"name": "A walk", "items": [{"unit_cost_pence": 5}]}

    assert answering.load(Request(), request) == request


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ({}, "name"),
        ({"name": 7}, "name"),
        ({"name": "A", "colour": "red"}, "colour"),
        ({"name": "A", "items": [{"unit_cost_pence": 1.5}]}, "items.0.unit_cost_pence"),
        ({"name": "A", "items": [{"unit_cost_pence": 1}, {}]}, "items.1.unit_cost_pence"),
    ],
)
def test_a_wrong_field_is_named_with_its_whole_path(request_, named):
    with pytest.raises(InvalidRequestError) as refused:
        answering.load(Request(), request_)

    assert set(refused.value.details) == {named}
    assert refused.value.message == f"These fields are not as they must be: {named}."


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(InvalidRequestError) as refused:
        answering.load(Request(), {"items": [{}], "colour": "red"})

    assert list(refused.value.details) != []
    assert "colour, items.0.unit_cost_pence, name." in refused.value.message


def test_a_wrong_value_is_never_repeated():
    secret = "999 563 5902"

    with pytest.raises(InvalidRequestError) as refused:
        answering.load(Request(), {"name": [secret], "items": [{"unit_cost_pence": secret}]})

    assert secret not in str(refused.value.as_answer())
