"""What a partner does not fetch, and what nobody took in, is told, is a task, and goes again."""

import json
import re
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import amqp
import pytest
import yaml
from sqlalchemy import select

from operations import partner_messages
from operations.topology import Broker
from services.partners.figures import PartnerCollector
from services.partners.inbound import handlers as inbound
from services.partners.inbound.models import UnreadableMessage
from services.partners.lanes import Lane
from services.partners.outbound import handlers as outbound
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.oversight.queries import open_tasks
from shared.database import open_sessions
from shared.messaging.publisher import Outgoing, Publisher, connect
from tests.factories import a_trace
from tests.integration.partners.conftest import a_message
from tests.waiting import eventually

ALARMS = Path("deploy/prometheus/partners.yml")


@pytest.fixture
def bridge_url(servers, trust):
    own = servers.process_environment("partners")["PARTNERS_BRIDGE_URL"]
    return urlunsplit(urlsplit(own)._replace(path=f"/{trust.virtual_host}"))


@pytest.fixture
def lane(trust, engines, transaction, bridge_url):
    """A lane at work, as the bridge runs it."""
    lane = Lane(
        agreement=trust,
        url=bridge_url,
        sessions=open_sessions(engines("partners")),
        stopping=threading.Event(),
    )
    threads = lane.start()
    yield lane
    lane.stopping.set()
    for thread in threads:
        thread.join()


@pytest.fixture
def _nobody_fetches(servers, trust):
    """Let messages become too old at once; in earnest that takes days."""
    broker = Broker(servers.topology_environment()["COMMONPURSE_BROKER_MANAGEMENT_URL"])
    # What came before is older, and has longer: nothing behind it could become too old.
    with connect(servers.partner_environment(trust)["PARTNER_BROKER_URL"], name="trust") as own:
        own.channel().queue_purge("out")
    name = f"policies/{trust.virtual_host}"
    (usual,) = [one for one in broker.ask("GET", name) if one["name"] == "out"]
    hasty = {**usual["definition"], "message-ttl": 1}
    asked = {"pattern": "^out$", "apply-to": "queues", "priority": 9, "definition": hasty}
    broker.ask("PUT", f"{name}/hasty", asked)
    yield
    broker.ask("DELETE", f"{name}/hasty")


def rows(transaction, model):
    with transaction() as session:
        return list(session.scalars(select(model)))


def kinds_of_tasks(transaction):
    with transaction() as session:
        return [one["kind"] for one in open_tasks({"role": None}, session=session)]


@pytest.mark.usefixtures("_nobody_fetches")
def test_what_becomes_too_old_before_a_partner_fetches_it_is_somebodys_task(
    lane, receive, trust, transaction
):
    def too_old():
        lane.wake(to_send=True)  # as the bridge does again and again while something waits
        sent = rows(transaction, OutgoingMessage)
        return [one for one in sent if one.state is OutgoingState.UNDELIVERED]

    receive(a_message(trust, data={}), trust)

    (row,) = eventually(too_old)
    assert row.last_error == "expired"
    assert "partner_message_undelivered" in kinds_of_tasks(transaction)


def test_what_was_delivered_too_often_is_set_apart_whole(lane, trust, transaction, bridge_url):
    body = json.dumps(a_message(trust)).encode()
    with closing(Publisher(connect(bridge_url, name="a test"))) as publisher:
        dead = Outgoing(message_id=str(uuid4()), exchange="", routing_key="in.dead", body=body)
        assert publisher.publish([dead]) == {}

    (kept,) = eventually(
        lambda: [one for one in rows(transaction, UnreadableMessage) if one.body == body]
    )
    assert kept.reason == inbound.NOT_TAKEN_IN


def test_how_much_waits_for_a_partner_is_looked_at(lane):
    eventually(lambda: lane.unfetched is not None)


@pytest.fixture
def lose(receive, trust, transaction):
    """Let some replies be sent and not fetched; returns their ids."""

    def lost(how_many):
        for _ in range(how_many):
            receive(a_message(trust, data={}), trust)
        with transaction() as session:
            for row in session.scalars(select(OutgoingMessage)):
                row.state = OutgoingState.SENT
                session.flush()
                outbound.not_fetched(row.message_id, "expired", agreement=trust, session=session)
        return [one.message_id for one in rows(transaction, OutgoingMessage)]

    return lost


def test_another_partners_message_is_not_touched(lose, council, transaction):
    (message_id,) = lose(1)

    with transaction() as session:
        row = session.scalars(select(OutgoingMessage)).one()
        row.state = OutgoingState.SENT
        session.flush()
        found = outbound.not_fetched(message_id, "expired", agreement=council, session=session)

    assert found is None
    assert rows(transaction, OutgoingMessage)[0].state is OutgoingState.SENT


@pytest.fixture
def tool(servers, monkeypatch, capsys):
    """Run the tool with partners' settings."""
    for name, value in servers.process_environment("partners").items():
        monkeypatch.setenv(name, value)

    def run(*words):
        status = partner_messages.main(words)
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def test_what_was_not_fetched_goes_again_in_order_and_before_anything_new(  # noqa: PLR0917
    tool, lose, receive, trust, replies, transaction
):
    lost = lose(2)
    receive(a_message(trust, data={}), trust)

    status, said = tool("list")
    assert status == 0
    assert all(str(message_id) in said for message_id in lost)
    assert tool("again", trust.code) == (0, "On their way again: 2.\n")

    assert [one["id"] for one in replies(trust)][:2] == list(map(str, lost))
    assert kinds_of_tasks(transaction) == []
    assert tool("again", trust.code)[0] == 1


def test_one_message_goes_again_alone(tool, lose, trust, replies):
    first, _ = lose(2)

    assert tool("again", trust.code, str(first))[0] == 0
    assert [one["id"] for one in replies(trust)] == [str(first)]


@pytest.fixture
def set_apart(trust, transaction):
    def apart(body, reason=inbound.NOT_TAKEN_IN):
        with transaction() as session:
            inbound.set_apart(
                body,
                reason,
                agreement=trust,
                system=trust.systems[0],
                session=session,
                trace=a_trace(),
            )
        return str(rows(transaction, UnreadableMessage)[-1].unreadable_id)

    return apart


def test_what_was_set_apart_for_a_fault_of_ours_is_taken_in_once_that_is_mended(
    tool, set_apart, trust, errands, transaction
):
    message = a_message(trust)
    id_ = set_apart(json.dumps(message).encode())

    assert tool("retake", id_)[0] == 0

    assert errands() == [{"partner": trust.code, "message_id": message["id"]}]
    assert kinds_of_tasks(transaction) == []
    assert tool("retake", id_)[0] == 1


def test_what_cannot_be_read_is_not_taken_in_but_laid_by(tool, set_apart, transaction):
    id_ = set_apart(b"{", "not_json")

    assert tool("retake", id_)[0] == 1
    assert kinds_of_tasks(transaction) == ["partner_message_unreadable"]
    assert tool("seen", id_, "Duty desk")[0] == 0
    assert kinds_of_tasks(transaction) == []
    assert rows(transaction, UnreadableMessage)[0].seen_to_by == "Duty desk"


def test_all_that_one_partner_sent_and_nobody_can_read_is_laid_by_at_once(  # noqa: PLR0917
    tool, receive, set_apart, transaction, trust, council
):
    for partner in (trust, trust, council):
        receive(b"not JSON", partner)
    set_apart(b"{}")  # for a fault of ours: it is to be taken in

    assert tool("seen", trust.code, "Duty desk")[0] == 0

    seen = [(one.partner, one.seen_to_by) for one in rows(transaction, UnreadableMessage)]
    assert sorted(seen, key=str) == [
        (council.code, None),
        *[(trust.code, "Duty desk")] * 2,
        (trust.code, None),
    ]


@pytest.mark.parametrize("words", [("again", "nobody"), ("seen", str(uuid4()), "x")])
def test_what_is_not_there_is_said_and_changes_nothing(tool, transaction, words):
    status, said = tool(*words)

    assert (status, said.startswith("Nothing was done: ")) == (1, True)


def test_each_alarm_is_about_a_figure_that_is_told(engines, transaction, lose, trust, set_apart):
    lose(2)
    set_apart(b"{", "not_json")
    lane = Lane(agreement=trust, url="", sessions=None, stopping=threading.Event(), unfetched=3)

    collector = PartnerCollector(engines("partners"), [lane], partners=[trust.code, "silent"])
    told = {
        (one.name, sample.labels["partner"]): sample.value
        for one in collector.collect()
        for sample in one.samples
    }

    assert told["commonpurse_partner_undelivered", trust.code] == 2
    assert told["commonpurse_partner_undelivered", "silent"] == 0
    assert told["commonpurse_partner_unreadable", trust.code] == 1
    assert told["commonpurse_partner_unfetched", trust.code] == 3
    (group,) = yaml.safe_load(ALARMS.read_text())["groups"]
    asked = {re.search(r"commonpurse_\w+", one["expr"]).group() for one in group["rules"]}
    assert asked == {name for name, _ in told}


def test_a_partner_reads_no_dead_letters_and_the_bridge_writes_no_other_exchange(bridge_url):
    with closing(connect(bridge_url, name="the bridge")) as connection:
        channel = connection.channel()
        channel.confirm_select()
        with pytest.raises(amqp.AccessRefused):
            channel.basic_publish_confirm(amqp.Message("{}"), "in", "admission.notify.v1")
