"""A traceparent names the story that a command belongs to, and decides nothing else."""

from uuid import UUID, uuid4

import pytest

from services.gateway.stories import story_of
from shared.trace import traceparent_of

STORY, SPAN = uuid4(), uuid4()
TRACE = UUID("0af76519-16cd-43dd-8448-eb211c80319c").hex


def test_the_trace_is_the_story():
    assert story_of(traceparent_of(STORY, SPAN)) == STORY
    assert story_of(f"00-{TRACE}-b7ad6b7169203331-01") == UUID(TRACE)


@pytest.mark.parametrize(
    "header",
    [
        "",
        TRACE,
        f"00-{TRACE}-b7ad6b7169203331",
        f"00-{TRACE.upper()}-b7ad6b7169203331-01",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-b7ad6b7169203331-01-more",
        f" 00-{TRACE}-b7ad6b7169203331-01\n",
        "00-' OR 1=1 --",
    ],
)
def test_what_is_no_traceparent_names_no_story(header):
    assert story_of(header) is None
