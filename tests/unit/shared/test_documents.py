"""JSON as it travels."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts import documents
from shared.contracts.documents import UnreadableDocumentError

JSON = "application/json"
ID = UUID("6f1c1f0a-7d3b-4d53-9c39-3a4f1c6f2a10")

STORABLE = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(STORABLE),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=5,
)
json_objects = st.dictionaries(st.text("abc"), json_values)


@settings(max_examples=40)
@given(document=json_objects)
def test_what_is_written_is_read_again(document):
    assert documents.read(documents.write(document), content_type=JSON) == document


@pytest.mark.parametrize("content_type", [JSON, "application/cloudevents+json"])
@pytest.mark.parametrize("body", [b'{"a": 1}', '{"a": 1}', memoryview(b'{"a": 1}')])
def test_a_json_object_is_read_however_the_broker_hands_it_over(content_type, body):
    assert documents.read(body, content_type=content_type) == {"a": 1}


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"{}", "text/plain", "wrong_content_type"),
        (b"{}", "application/x-python-serialize", "wrong_content_type"),
        (b"{}", None, "wrong_content_type"),
        (b'"' + b"a" * documents.LARGEST_MESSAGE_BYTES + b'"', JSON, "too_large"),
        (b"", JSON, "not_json"),
        (b'{"a": ', JSON, "not_json"),
        (b"\xff\xfe\xfa", JSON, "not_json"),
        (b'{"a": ' + b"9" * 5_000 + b"}", JSON, "not_json"),
        (b"[" * 500_000, JSON, "not_json"),
        (b"[]", JSON, "not_an_object"),
        (b'"a"', JSON, "not_an_object"),
        (b"null", JSON, "not_an_object"),
        (b'{"a": "b\\u0000c"}', JSON, "bad_character"),
        (b'{"a": ["\\ud800"]}', JSON, "bad_character"),
        (b'{"\\udfff": 1}', JSON, "bad_character"),
        (b'{"a": NaN}', JSON, "not_json"),
        (b'{"a": "\xed\xa0\x80"}', JSON, "not_json"),
    ],
)
def test_what_cannot_be_read_is_named_by_a_reason_and_nothing_of_it_is_repeated(
    body, content_type, reason
):
    with pytest.raises(UnreadableDocumentError) as refused:
        documents.read(body, content_type=content_type)

    assert refused.value.reason == reason
    assert str(refused.value) == reason


def test_ids_dates_and_instants_become_text():
    document = {
        "id": ID,
        "due_on": date(2026, 11, 24),
        "at": datetime(2026, 11, 24, 10, tzinfo=UTC),
        "pence": 5,
    }

    assert documents.plain(document) == {
        "id": str(ID),
        "due_on": "2026-11-24",
        "at": "2026-11-24T10:00:00+00:00",
        "pence": 5,
    }


def test_anything_else_that_has_no_form_in_json_is_a_fault():
    with pytest.raises(TypeError, match="set has no form in JSON"):
        documents.write({"a": {1}})


@settings(max_examples=40)
@given(document=json_objects)
def test_a_digest_is_the_same_for_every_order_of_the_keys(document):
    assert documents.digest(document) == documents.digest(dict(reversed(document.items())))


def test_documents_that_differ_have_different_digests():
    several = [{}, {"a": 1}, {"a": "1"}, {"a": 2}, {"b": 1}, {"a": [1]}, {"a": None}]

    assert len({documents.digest(document) for document in several}) == len(several)
