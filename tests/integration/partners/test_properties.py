"""Whatever a partner writes beside its message, the message is answered and the next ones, too."""

import json
import struct
import threading
from urllib.parse import urlsplit, urlunsplit

import amqp
import pytest

from services.partners.hosts import IN, OUT
from services.partners.lanes import Lane
from shared.database import open_sessions
from shared.messaging.publisher import connect
from tests.integration.partners.conftest import a_message
from tests.waiting import eventually

DISPUTE = "assessment.dispute.v1"  # both agreed to send it
NO_DATE = struct.pack(">Q", 2**63)  # seconds after 1970, beyond the last year there is
HEADERS = b"\x20\x00"  # of all properties this one alone is there


class Raw(amqp.Message):
    """A message whose properties are these bytes, as another client might write them."""

    def __init__(self, body, written):
        super().__init__(body)
        self.written = written

    def _serialize_properties(self):
        return self.written


def with_header(kind, value):
    """Return a message's properties with one header, of a kind that is no kind or too large."""
    table = b"\x01a" + kind + value
    return lambda body: Raw(body, HEADERS + struct.pack(">I", len(table)) + table)


def with_(**properties):
    return lambda body: amqp.Message(body, **properties)


ODD = {
    "an id that is no text": with_(message_id=b"\xff\xfe"),
    "a content type that is no text": with_(content_type=b"\xff\xfe"),
    "a header in a year that there is not": with_header(b"T", NO_DATE),
    "headers of another kind": with_(application_headers={"x-death": 5, "compression": ["gzip"]}),
    "packed, it says": with_(application_headers={"compression": "gzip"}),
    "an encoding that nobody knows": with_(content_encoding="nope"),
    "another encoding than it has": with_(content_encoding="cp037"),  # it makes sense of any bytes
    "packed as on the web, it says": with_(content_encoding="gzip"),
    "another content type": with_(content_type="text/plain"),
    "a content type that runs": with_(content_type="application/x-python-serialize"),
    "no content type": with_(),
}


@pytest.fixture
def url(servers):
    """Return the address of a partner's virtual host, as the partner."""
    return lambda partner: servers.partner_environment(partner)["PARTNER_BROKER_URL"]


@pytest.fixture
def lanes(servers, engines, transaction, trust, council):
    """A lane of each partner at work, as the bridge runs them."""
    bridge_url = urlsplit(servers.process_environment("partners")["PARTNERS_BRIDGE_URL"])
    stopping = threading.Event()
    working = {
        partner.code: Lane(
            agreement=partner,
            url=urlunsplit(bridge_url._replace(path=f"/{partner.virtual_host}")),
            sessions=open_sessions(engines("partners")),
            stopping=stopping,
        )
        for partner in (trust, council)
    }
    threads = [thread for lane in working.values() for thread in lane.start()]
    yield working
    stopping.set()
    for thread in threads:
        thread.join()


@pytest.fixture
def partners(url, trust, council):
    """Open a channel as each partner, with nothing in its queue."""
    connections = {one.code: connect(url(one), name="a partner") for one in (trust, council)}
    channels = {code: one.channel() for code, one in connections.items()}
    for channel in channels.values():
        channel.confirm_select()
        while channel.basic_get(OUT, no_ack=True):
            pass
    yield channels
    for one in connections.values():
        one.close()


def an_invalid(partner):
    """A message to which the lane itself has the answer: nothing is in it."""
    return a_message(partner, DISPUTE, data={})


def send(channel, message, how):
    channel.basic_publish_confirm(how(json.dumps(message).encode()), IN, DISPUTE)


@pytest.fixture
def answered(partners, lanes):
    """Return which message the next answer to a partner is to, and what it says."""

    def fetched(partner):
        lanes[partner.code].wake(to_send=True)  # as the bridge does when something waits
        return partners[partner.code].basic_get(OUT, no_ack=True)

    def next_to(partner):
        reply = json.loads(eventually(lambda: fetched(partner)).body)
        return reply["causationid"], reply["data"]["code"]

    return next_to


@pytest.mark.parametrize("how", ODD.values(), ids=ODD)
def test_what_is_written_beside_a_message_changes_nothing_for_it_and_for_others(
    partners, answered, trust, council, how
):
    odd, next_one, of_another = an_invalid(trust), an_invalid(trust), an_invalid(council)

    send(partners[trust.code], odd, how)
    send(partners[trust.code], next_one, with_(content_type="application/cloudevents+json"))
    send(partners[council.code], of_another, with_())

    assert [answered(trust) for _ in range(2)] == [
        (odd["id"], "invalid_data"),
        (next_one["id"], "invalid_data"),
    ]
    assert answered(council) == (of_another["id"], "invalid_data")
