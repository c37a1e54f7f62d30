"""A traceparent of ours names the story that a command belongs to, and decides nothing else."""

from uuid import UUID, uuid4

import pytest

from services.gateway.app import app_on
from services.gateway.settings import SettingUnfitError, _stories
from services.gateway.stories import Stories
from services.gateway.visitors import Visitor
from shared.trace import traceparent_of

STORY, SPAN = uuid4(), uuid4()
TRACE = UUID("0af76519-16cd-43dd-8448-eb211c80319c").hex
INSIDE, OUTSIDE = "192.0.2.7", "198.51.100.7"
OURS = Stories.of("192.0.2.0/24, ::1")


def test_the_trace_is_the_story():
    assert OURS.of_caller(traceparent_of(STORY, SPAN), INSIDE) == STORY
    assert OURS.of_caller(f"00-{TRACE}-b7ad6b7169203331-01", "::1") == UUID(TRACE)


@pytest.mark.parametrize("address", [OUTSIDE, "192.0.3.1", "::2", "", "somewhere", "192.0.2.7, x"])
def test_whoever_comes_from_outside_begins_a_story_of_their_own(address):
    assert OURS.of_caller(traceparent_of(STORY, SPAN), address) is None


def test_nobody_is_inside_unless_it_is_set():
    assert _stories({}) == _stories({"GATEWAY_STORIES_FROM": ""}) == Stories()
    assert Stories().of_caller(traceparent_of(STORY, SPAN), "127.0.0.1") is None
    assert _stories({"GATEWAY_STORIES_FROM": "192.0.2.0/24,::1"}) == OURS


@pytest.mark.parametrize("said", ["everywhere", "192.0.2.1/24", "10.0.0.0/8;::1", "10.0.0.0/8, ,"])
def test_a_network_that_is_none_starts_nothing(said):
    with pytest.raises(SettingUnfitError, match="GATEWAY_STORIES_FROM must be networks"):
        _stories({"GATEWAY_STORIES_FROM": said})


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
    assert OURS.of_caller(header, INSIDE) is None


class Telling:
    """Callers that note to which story a command belongs."""

    def __init__(self):
        self.stories = []

    def tell(self, _operation, _request, *, actor, command_id, story_id):
        self.stories.append(story_id)
        return {}


@pytest.mark.parametrize(("address", "story"), [(INSIDE, STORY), (OUTSIDE, None)])
def test_at_the_door_only_ours_say_which_story_goes_on(address, story):
    callers = Telling()
    coordinator = Visitor(
        client="c-1",
        actor_id="c-1",
        roles=("care_coordinator",),
        organisation="nhs-trust",
        purpose="direct_care",
    )
    door = app_on(callers, who_asks=lambda: coordinator, stories=OURS).test_client()

    answer = door.post(
        f"/v1/plans/{uuid4()}/submission",
        json={"version": 1},
        headers={"traceparent": traceparent_of(STORY, SPAN), "Idempotency-Key": uuid4().hex},
        environ_base={"REMOTE_ADDR": address},
    )

    assert answer.status_code == 202, answer.json
    assert callers.stories == [story]
