"""A partner's file that is taken away ends what waits for that partner, and leaves tasks."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from uuid import uuid4

import pytest
import yaml
from sqlalchemy import select

from operations.errand_runner import ErrandRunner
from services.partners import errands as passing
from services.partners import gone
from services.partners.agreements.rules import Transport
from services.partners.bridge import GONE_AFTER
from services.partners.inbound.handlers import PASS_ON
from services.partners.inbound.models import ReceivedState
from services.partners.outbound import handlers as outbound
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.oversight.queries import open_tasks
from services.partners.register import Register
from services.partners.tables import KEYS_SETTING
from shared.clock import now
from shared.database import open_sessions
from shared.messaging.errands import Kind, RefusedOutsideError
from shared.settings import ServiceSettings
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.partners.conftest import FILES, a_message
from tests.waiting import eventually


@pytest.fixture
def tasks(transaction):
    def waiting():
        with transaction() as session:
            return sorted(
                (one["kind"], one["words"]) for one in open_tasks({"role": None}, session=session)
            )

    return waiting


@pytest.fixture
def outgoing(transaction):
    def rows():
        with transaction() as session:
            found = select(OutgoingMessage).order_by(OutgoingMessage.position)
            return [(one.partner, one.state, one.last_error) for one in session.scalars(found)]

    return rows


class NeverAsked:
    """A service that nobody may ask in the name of a partner without an agreement."""

    def command(self, *_asked):
        raise AssertionError


@pytest.fixture
def passing_on(engines, council):
    """Pass on as it is done for the files that there are: without the trust's."""
    return passing.PassingOn(
        sessions=open_sessions(engines("partners")),
        register=Register({council.code: council}),
        caller=NeverAsked(),
    )


@pytest.fixture
def _errands_run(servers, passing_on, transaction):
    kind = Kind(
        call=passing_on.call,
        enquire=passing_on.enquire,
        record=passing.record,
        give_up=passing.give_up,
    )
    settings = ServiceSettings.from_environment(servers.process_environment("partners"))
    runner = ErrandRunner(service="partners", settings=settings, kinds={PASS_ON: kind})
    thread = threading.Thread(target=runner.run)
    thread.start()
    yield
    runner.stop()
    thread.join()


@pytest.mark.usefixtures("_errands_run")
def test_what_a_partner_sent_before_its_file_went_is_given_up_at_once_and_seen(
    receive, trust, received, tasks, outgoing
):
    receive(a_message(trust), trust)

    eventually(lambda: received()[0].state is ReceivedState.REJECTED)

    (row,) = received()
    assert row.code == "not_agreed"
    assert json.loads(row.reply)["data"]["next_step"]
    assert tasks() == [
        ("errand_failed", f"{PASS_ON}: partner_gone"),
        ("partner_message_undelivered", f"{trust.code}/records: reply.rejected.v1"),
    ]
    assert outgoing() == [(trust.code, OutgoingState.UNDELIVERED, gone.REASON)]


def test_what_may_have_been_done_before_the_file_went_is_not_to_be_sent_again(
    passing_on, receive, trust, received, transaction
):
    message = a_message(trust)
    receive(message, trust)
    arguments = {"partner": trust.code, "message_id": message["id"]}

    with pytest.raises(RefusedOutsideError) as refused:
        passing_on.enquire(uuid4(), arguments)
    with transaction() as session:
        passing.give_up(refused.value.reason, arguments, session=session, trace=a_trace())

    (row,) = received()
    assert row.code == "not_done"
    assert "Do not send it again" in json.loads(row.reply)["data"]["next_step"]


@pytest.fixture
def bridge(servers, trust, tmp_path):
    """Start the bridge for the trust's file alone, in which one of its systems is no more."""
    file = yaml.safe_load((FILES / f"{trust.code}.yml").read_text())
    left = [one for one in file["systems"] if one["transport"] == Transport.AMQP.value]
    (tmp_path / f"{trust.code}.yml").write_text(yaml.safe_dump(file | {"systems": left}))
    own = servers.process_environment("partners-bridge") | {
        "PARTNERS_DIRECTORY": str(tmp_path),
        KEYS_SETTING: os.environ[KEYS_SETTING],
    }
    command = [sys.executable, "-m", "services.partners.bridge"]
    started = []
    yield lambda: started.append(subprocess.Popen(command, env={**os.environ, **own}))
    for process in started:
        process.terminate()
        assert process.wait() == 0


def test_what_waits_for_whom_no_file_names_is_somebodys_task_and_the_rest_is_sent(  # noqa: PLR0917
    bridge, receive, trust, council, tasks, outgoing, transaction
):
    by_mesh = replace(trust, systems=[one for one in trust.systems if one.mailbox])
    for partner in (council, by_mesh, trust):
        receive(a_message(partner, data={}), partner, at=TUESDAY_AT_TEN - 2 * GONE_AFTER)

    bridge()

    lost = OutgoingState.UNDELIVERED, gone.REASON
    sent = OutgoingState.SENT, None
    eventually(
        lambda: outgoing() == [(council.code, *lost), (trust.code, *lost), (trust.code, *sent)]
    )
    assert [words for _, words in tasks()] == [
        f"{council.code}/{council.systems[0].name}: reply.rejected.v1",
        f"{trust.code}/records-mesh: reply.rejected.v1",
    ]


def test_should_the_file_come_back_what_was_laid_by_is_sent_again(
    receive, council, outgoing, transaction
):
    receive(a_message(council, data={}), council)
    with transaction() as session:
        assert gone.lay_by([], before=TUESDAY_AT_TEN, session=session) == 0
        assert gone.lay_by([], before=now(), session=session) == 1

    with transaction() as session:
        assert outbound.send_again(council.code, message_id=None, session=session) == 1

    assert outgoing() == [(council.code, OutgoingState.PENDING, None)]
