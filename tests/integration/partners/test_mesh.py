"""By MESH a message is taken in once and acknowledged after that, and ours arrive there."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
import requests
from mesh_client import MeshClient
from sqlalchemy import literal, select, text

from deploy.local import ports
from operations import partner_messages
from services.partners import mesh
from services.partners.agreements.rules import System, Transport
from services.partners.inbound.models import UnreadableMessage
from services.partners.inbound.queries import MOST_UNDER_WAY
from services.partners.mesh import Postman
from services.partners.mesh_client import Mailbox, MeshAwayError
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.oversight.queries import open_tasks
from services.partners.post.models import MeshMessage
from services.partners.register import Register
from services.partners.settings import MeshSettings
from services.partners.tables import KEYS_SETTING
from shared.database import open_engine, open_sessions
from tests.integration.partners.conftest import a_message
from tests.waiting import eventually

OURS, TRUSTS, STRANGERS = "X26ABC1", "X26ABC2", "X26ABC3"
PASSWORD, SHARED_KEY = "password", "TestKey"
IN, OUT = "IPB_MESSAGE", "IPB_ANSWER"
SANDBOX = Path(".venv-mesh/bin/uvicorn")
CHUNK_BYTES = 200  # so that whatever is sent has several


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """NHS England's own sandbox, with nothing in its mailboxes."""
    port = ports.choose(["mesh"], former={}, taken=())["mesh"]
    environment = {
        **os.environ,
        "AUTH_MODE": "full",
        "SHARED_KEY": SHARED_KEY,
        "STORE_MODE": "memory",
    }
    command = [SANDBOX, "mesh_sandbox.api:app", "--host", "127.0.0.1", "--port", str(port)]
    with (tmp_path_factory.mktemp("mesh") / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        url = f"http://127.0.0.1:{port}"
        try:
            eventually(lambda: is_up(url))
            yield url
        finally:
            process.terminate()
            process.wait(timeout=10)


def is_up(url):
    try:
        return requests.get(f"{url}/health", timeout=1).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def box(sandbox):
    """Open a mailbox as its owner; whatever waits in it is acknowledged first."""

    with ExitStack() as clients:

        def opened(name):
            client = clients.enter_context(
                MeshClient(sandbox, name, PASSWORD, shared_key=SHARED_KEY.encode(), timeout=5)
            )
            for mesh_id in client.list_messages():
                client.acknowledge_message(mesh_id)
            return client

        yield opened


@pytest.fixture
def register(register):
    """Let the trust's records be reached by MESH."""
    trust = register.agreements["aldermoor-trust"]
    system = System(
        name="records",
        transport=Transport.MESH,
        mailbox=TRUSTS,
        workflow_in=IN,
        workflow_out=OUT,
    )
    return Register({**register.agreements, trust.code: replace(trust, systems=[system])})


@pytest.fixture
def mailbox(sandbox):
    """Open our mailbox as the poller does."""
    usual = {"url": sandbox, "mailbox": OURS, "password": PASSWORD, "shared_key": SHARED_KEY}
    with ExitStack() as mailboxes:
        yield lambda **changed: mailboxes.enter_context(
            closing(Mailbox(MeshSettings(**usual | changed)))
        )


@pytest.fixture
def postman(mailbox, register, transaction, engines, box):
    box(OURS)
    return Postman(
        mailbox(chunk_bytes=CHUNK_BYTES),
        register=register,
        sessions=open_sessions(engines("partners")),
        poll_seconds=0,
    )


def send(client, message, workflow=IN, **how):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return client.send_message(OURS, body, workflow_id=workflow, **how)


def test_a_message_in_chunks_is_taken_in_whole_and_acknowledged(
    postman, box, trust, errands, register
):
    message = a_message(trust)
    trusts = box(TRUSTS)
    send(trusts, message, max_chunk_size=CHUNK_BYTES)

    postman.go_round()

    assert errands() == [{"partner": trust.code, "message_id": message["id"]}]
    assert box(OURS).list_messages() == []


def test_what_was_kept_and_not_acknowledged_is_taken_in_once(  # noqa: PLR0917 - what a test needs
    postman, box, trust, errands, transaction, monkeypatch
):
    send(box(TRUSTS), a_message(trust))
    monkeypatch.setattr(mesh.crash, "point", stop_at("mesh.taken_in"))
    with pytest.raises(StoppedError):
        postman.go_round()
    monkeypatch.undo()

    postman.go_round()

    assert len(errands()) == 1
    with transaction() as session:
        assert len(session.scalars(select(MeshMessage)).all()) == 1


class StoppedError(Exception):
    """Somebody pulled the plug."""


def stop_at(name):
    def point(here):
        if here == name:
            raise StoppedError

    return point


def test_a_copy_under_another_mesh_id_has_one_effect(postman, box, trust, errands):
    message, trusts = a_message(trust), box(TRUSTS)
    for _ in range(2):
        send(trusts, message)

    postman.go_round()

    assert len(errands()) == 1


@pytest.mark.parametrize(
    ("sender", "workflow", "reason"),
    [(STRANGERS, IN, "unknown_mailbox"), (TRUSTS, "OTHER", "wrong_workflow")],
)
def test_what_comes_from_nobody_we_agreed_with_is_somebodys_task(  # noqa: PLR0917
    postman, box, trust, transaction, sender, workflow, reason
):
    send(box(sender), a_message(trust), workflow)

    postman.go_round()

    with transaction() as session:
        (kept,) = session.scalars(select(UnreadableMessage))
        assert len(open_tasks({"role": None}, session=session)) == 1
    assert (kept.reason, kept.system) == (reason, sender)
    assert box(OURS).list_messages() == []


def test_a_reply_arrives_in_the_partners_mailbox_and_says_nobodys_name(
    postman, box, trust, transaction
):
    trusts = box(TRUSTS)
    message = a_message(trust, data={})
    send(trusts, message)

    postman.go_round()

    (mesh_id,) = trusts.list_messages()
    letter = trusts.retrieve_message(mesh_id)
    reply = json.loads(letter.read())
    assert reply["causationid"] == message["id"]
    assert reply["data"]["code"] == "invalid_data"
    assert letter.workflow_id == OUT
    assert letter.local_id == reply["id"]
    with transaction() as session:
        (row,) = session.scalars(select(OutgoingMessage))
    assert (row.state, row.outside_id) == (OutgoingState.SENT, mesh_id)


def test_a_letter_that_says_it_is_packed_and_is_not_is_set_apart(
    postman, box, trust, errands, transaction
):
    """It came first, and whoever stumbles over it never gets to the next."""
    trusts = box(TRUSTS)
    trusts._session.headers["Content-Encoding"] = "gzip"
    send(trusts, b"this is not packed at all")
    del trusts._session.headers["Content-Encoding"]
    send(trusts, a_message(trust))

    postman.go_round()

    assert len(errands()) == 1
    with transaction() as session:
        (kept,) = session.scalars(select(UnreadableMessage))
    assert kept.reason == "not_json"
    assert box(OURS).list_messages() == []


def test_a_letter_that_cannot_be_fetched_is_tried_after_all_others(
    postman, box, trust, errands, monkeypatch
):
    trusts = box(TRUSTS)
    broken = send(trusts, a_message(trust))
    send(trusts, a_message(trust))
    fetch = Mailbox.fetch

    def stumble(self, mesh_id, **how):
        if mesh_id == broken:
            raise MeshAwayError
        return fetch(self, mesh_id, **how)

    monkeypatch.setattr(Mailbox, "fetch", stumble)
    for _ in range(2):
        with pytest.raises(MeshAwayError):
            postman.go_round()

    assert len(errands()) == 1


def test_what_mesh_refuses_holds_up_nobody_and_is_somebodys_task(  # noqa: PLR0917
    box, mailbox, sandbox, trust, council, receive, engines, transaction, register
):
    """One wrong line in one file: all others' replies go out."""
    box(OURS)
    system = register.agreements[trust.code].systems[0]
    wrong = replace(system, mailbox="NOWHERE1")
    agreements = {**register.agreements, council.code: replace(council, systems=[wrong])}
    postman = Postman(
        mailbox(),
        register=Register(agreements),
        sessions=open_sessions(engines("partners")),
        poll_seconds=0,
    )
    receive(a_message(council, data={}), agreements[council.code])
    receive(a_message(trust, data={}), agreements[trust.code])

    with pytest.raises(MeshAwayError):
        postman.go_round()
    assert len(box_without_taking(sandbox, TRUSTS)) == 1
    for _ in range(mesh.MOST_REFUSALS - 1):
        with pytest.raises(MeshAwayError):
            postman.go_round()

    assert postman.go_round() == 0
    with transaction() as session:
        (task,) = open_tasks({"role": None}, session=session)
    assert task["kind"] == "partner_message_undelivered"


def box_without_taking(sandbox, name):
    key = SHARED_KEY.encode()
    with MeshClient(sandbox, name, PASSWORD, shared_key=key, timeout=5) as client:
        return client.list_messages()


def test_where_a_message_of_ours_is_mesh_tells(  # noqa: PLR0917 - what a test needs
    postman, box, trust, transaction, servers, sandbox, monkeypatch, capsys
):
    trusts = box(TRUSTS)
    send(trusts, a_message(trust, data={}))
    postman.go_round()
    with transaction() as session:
        (row,) = session.scalars(select(OutgoingMessage))
    mesh = {"URL": sandbox, "MAILBOX": OURS, "PASSWORD": PASSWORD, "SHARED_KEY": SHARED_KEY}
    database = "COMMONPURSE_DATABASE_URL"
    monkeypatch.setenv(database, servers.process_environment("partners")[database])
    for name, value in mesh.items():
        monkeypatch.setenv(f"PARTNERS_MESH_{name}", value)

    said = []
    for _ in range(2):
        assert partner_messages.main(["track", str(row.message_id)]) == 0
        said.append(capsys.readouterr().out)
        trusts.acknowledge_message(row.outside_id)

    at_mesh = [one.strip().rpartition(f"MESH {row.outside_id}: ")[2].lower() for one in said]
    assert at_mesh == ["accepted", "acknowledged"]
    assert partner_messages.main(["track", str(uuid4())]) == 1


def test_what_was_sent_and_not_noted_is_sent_again_as_a_copy(postman, box, trust, monkeypatch):
    trusts = box(TRUSTS)
    send(trusts, a_message(trust, data={}))
    monkeypatch.setattr(mesh.crash, "point", stop_at("mesh.sent"))
    with pytest.raises(StoppedError):
        postman.go_round()
    monkeypatch.undo()

    postman.go_round()

    bodies = [trusts.retrieve_message(one).read() for one in trusts.list_messages()]
    assert len(bodies) == 2
    assert len(set(bodies)) == 1


def test_a_report_that_nobody_fetched_it_makes_it_somebodys_task(
    postman, box, trust, transaction, sandbox
):
    send(box(TRUSTS), a_message(trust, data={}))
    postman.go_round()
    with transaction() as session:
        (row,) = session.scalars(select(OutgoingMessage))
    report = {
        "mailbox_id": OURS,
        "code": "14",
        "description": "Message not collected by recipient after 5 days",
        "workflow_id": OUT,
        "linked_message_id": row.outside_id,
    }
    created = requests.post(f"{sandbox}/messageexchange/admin/report", json=report, timeout=5)
    created.raise_for_status()

    postman.go_round()

    with transaction() as session:
        (row,) = session.scalars(select(OutgoingMessage))
        (task,) = open_tasks({"role": None}, session=session)
    assert (row.state, row.last_error) == (OutgoingState.UNDELIVERED, "14")
    assert task["kind"] == "partner_message_undelivered"


def test_a_wrong_password_is_told_as_away_and_nothing_is_lost(
    mailbox, engines, register, box, trust
):
    send(box(TRUSTS), a_message(trust))
    postman = Postman(
        mailbox(password=str(uuid4())),
        register=register,
        sessions=open_sessions(engines("partners")),
        poll_seconds=0,
    )

    with pytest.raises(MeshAwayError):
        postman.go_round()


def test_what_there_is_no_room_for_waits_in_the_mailbox_and_holds_up_nobody(
    postman, box, trust, errands, transaction
):
    """Of one partner as much is under way as by AMQP, so that its letters delay no other's."""
    trusts = box(TRUSTS)
    for _ in range(MOST_UNDER_WAY + 2):
        send(trusts, a_message(trust))
    send(box(STRANGERS), b"{}")  # a letter of nobody's, behind them

    came = [postman.go_round(), postman.go_round()]

    assert came == [MOST_UNDER_WAY + 1, 0]
    assert len(errands()) == MOST_UNDER_WAY
    with transaction() as session:
        assert session.scalars(select(UnreadableMessage)).one().reason == "unknown_mailbox"


@pytest.mark.parametrize("what", ["shake_hands", "waiting", "send"])
def test_a_mesh_that_nobody_answers_for_is_away(mailbox, what):
    (port,) = ports.choose(["nobody"], former={}, taken=()).values()
    nobodys = mailbox(url=f"http://127.0.0.1:{port}")
    told = {"to": TRUSTS, "workflow": OUT, "local_id": "1", "subject": "any"}
    asked = {"send": partial(nobodys.send, b"{}", **told)}

    with pytest.raises(MeshAwayError):
        asked.get(what, getattr(nobodys, what))()


HOLDER = text("""
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND (classid::bigint << 32 | objid::bigint) = hashtextextended('partners-mesh', 0)
""")
ASKING = text("""
    SELECT pid FROM pg_stat_activity WHERE datname = 'partners'
    AND query LIKE 'SELECT pg_try_advisory_lock(%' AND pid <> :holder
""")
END = text("SELECT pg_terminate_backend(:pid)")


@pytest.fixture
def look(administrators):
    """Ask the database's server, as its administrator."""

    def asked(question, **told):
        with administrators("partners").connect() as connection:
            return connection.scalar(question, told)

    return asked


@pytest.fixture
def start_poller(servers, sandbox, transaction):
    """Start the program that goes to our mailbox, as often as asked."""
    own = servers.process_environment("partners-mesh") | {
        "PARTNERS_MESH_URL": sandbox,
        "PARTNERS_MESH_MAILBOX": OURS,
        "PARTNERS_MESH_PASSWORD": PASSWORD,
        "PARTNERS_MESH_SHARED_KEY": SHARED_KEY,
        "PARTNERS_MESH_POLL_SECONDS": "0",
        KEYS_SETTING: os.environ[KEYS_SETTING],
    }
    command = [sys.executable, "-m", "services.partners.mesh"]
    started = []

    def start():
        started.append(subprocess.Popen(command, env={**os.environ, **own}))
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.wait()


def test_nobody_goes_to_the_mailbox_beside_whoever_goes_there(servers, transaction):
    url = servers.process_environment("partners")["COMMONPURSE_DATABASE_URL"]
    first, second, told_to_stop = (
        open_engine(url, pool_size=1),
        open_engine(url, pool_size=1),
        Event(),
    )
    told_to_stop.set()

    guard = mesh._alone(first, Event())
    assert guard.scalar(select(literal(1))) == 1
    assert mesh._alone(second, told_to_stop) is None

    guard.invalidate()  # as when the process ends
    next_one = eventually(lambda: mesh._alone(second, told_to_stop))
    assert mesh._alone(first, told_to_stop) is None
    next_one.invalidate()
    first.dispose()
    second.dispose()


def test_a_poller_that_lost_its_guard_stops_and_the_one_that_waited_goes_on(
    start_poller, look, box, transaction
):
    """By now another may go to the mailbox: two would send what waits in no order."""
    trusts = box(TRUSTS)
    box(OURS)

    def is_taken_in(mesh_id):
        with transaction() as session:
            return session.get(MeshMessage, mesh_id) is not None

    first = start_poller()
    holder = eventually(lambda: look(HOLDER))
    second = start_poller()
    eventually(lambda: look(ASKING, holder=holder))
    letter = send(trusts, b"{}")
    eventually(lambda: is_taken_in(letter))
    assert look(HOLDER) == holder

    look(END, pid=holder)

    eventually(lambda: first.poll() is not None)
    assert first.returncode != 0
    after_that = send(trusts, b"{}")
    eventually(lambda: is_taken_in(after_that))
    assert look(HOLDER) not in {None, holder}
    assert second.poll() is None
