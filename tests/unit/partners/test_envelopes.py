"""What is read of a partner's message before anybody looks into it."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.partners.envelopes.rules import DEEPEST, UnreadableError, opened

MOST_BYTES = 10_000


def body_of(**attributes):
    return json.dumps({"id": str(uuid4()), **attributes}).encode()


def test_a_text_without_an_end_is_read_once_and_not_from_each_of_its_quotes():
    """A mebibyte of it took three hours, during which nobody's messages were read."""
    for body in (b'"' + b'\\"' * 500_000, b'"' * 999_999, b'"\\\n' * 300_000, b'["\\'):
        with pytest.raises(UnreadableError, match="not_json"):
            opened(body, most_bytes=1024 * 1024)


def test_an_envelope_is_read_as_it_was_written():
    message_id = uuid4()

    envelope = opened(body_of(id=str(message_id), data={"a": [1]}), most_bytes=MOST_BYTES)

    assert envelope.message_id == message_id
    assert envelope.attributes["data"] == {"a": [1]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (b'{"id": "\xff"}', "not_utf8"),
        (b'{"id": ', "not_json"),
        (b"", "not_json"),
        (b'{"id": NaN}', "not_json"),
        (b"[" * (DEEPEST + 1), "too_deep"),
        (b"[" * 9_000, "too_deep"),
        (b'{"id": "a", "id": "b"}', "duplicate_key"),
        (b"[]", "no_envelope"),
        (b'"a"', "no_envelope"),
        (b"{}", "no_id"),
        (b'{"id": "7"}', "no_id"),
        (b'{"id": null}', "no_id"),
    ],
)
def test_what_nobody_can_be_answered_about_has_a_reason(body, reason):
    with pytest.raises(UnreadableError) as caught:
        opened(body, most_bytes=MOST_BYTES)

    assert caught.value.reason == reason


def test_brackets_within_a_text_are_no_depth():
    written = '[{"' * 500 + '\\"'

    assert opened(body_of(text=written), most_bytes=MOST_BYTES).attributes["text"] == written


@given(st.binary(max_size=200))
def test_what_has_no_id_of_ours_is_never_read(body):
    with pytest.raises(UnreadableError):
        opened(body, most_bytes=MOST_BYTES)
