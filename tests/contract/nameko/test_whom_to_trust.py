"""N21, N23: who a broker says it is, and what a message may be written in."""

import os
import pickle
import ssl
from pathlib import Path

import kombu
import pytest

from shared.messaging.publisher import connect
from tests.contract.nameko.test_messages_that_fail import PLAIN_QUEUE, a_request
from tests.probe import amounts
from tests.probe.certificates import write_certificate
from tests.waiting import eventually

HERE = "127.0.0.1"
ELSEWHERE = "192.0.2.1"
PICKLE = "application/x-python-serialize"


@pytest.fixture
def known(monkeypatch, tmp_path):
    """A file of those whom this process and its programs trust to be who they say."""
    path = tmp_path / "known.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture
def certified(tmp_path, known):
    """Make a certificate of an address, trusted if you like, and return it for a server."""

    def certify(address, *, is_known=True):
        own = tmp_path / "own.pem"
        context = write_certificate(own, address=address)
        if is_known:
            with known.open("ab") as all_known:
                all_known.write(own.read_bytes())
        return context

    return certify


def by_tls(line, url):
    return line.through(url).replace("amqp://", "amqps://")


def test_n21_a_broker_that_is_who_it_says_is_spoken_to_by_tls(broker, line, certified):
    line.tls = certified(HERE)

    connection = connect(by_tls(line, broker.url()), name="tests")

    assert isinstance(connection.sock, ssl.SSLSocket)
    assert connection.channel().queue_declare("budget.inbox", passive=True)
    connection.close()


def test_n21_a_broker_that_bears_another_s_name_is_refused(broker, line, certified):
    line.tls = certified(ELSEWHERE)

    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        connect(by_tls(line, broker.url()), name="tests")


def test_n21_a_broker_that_nobody_vouches_for_is_refused(broker, line, certified):
    line.tls = certified(HERE, is_known=False)

    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        connect(by_tls(line, broker.url()), name="tests")


@pytest.mark.parametrize("address", ["AMQPS://127.0.0.1", "http://127.0.0.1", "127.0.0.1:5672", ""])
def test_n21_an_address_of_another_kind_is_refused(address):
    with pytest.raises(ValueError, match="amqps"):
        connect(address, name="tests")


def test_n21_a_service_works_by_tls_and_leaves_a_broker_that_changes_its_name(
    servers, ours, send, line, certified
):
    line.tls = certified(HERE)
    url = servers.process_environment("budget")["COMMONPURSE_BROKER_URL"]
    program = ours(COMMONPURSE_BROKER_URL=by_tls(line, url))
    program.await_line("service_started")
    send(a_request(amounts.FINE))
    program.await_line("processed")

    line.tls = certified(ELSEWHERE)
    line.cut()

    program.await_line('"fault": "SSLCertVerificationError"')


@pytest.mark.parametrize("options", [{"ssl": True}, {}], ids=["ssl", "amqps"])
def test_n21_kombu_speaks_to_a_broker_that_bears_another_s_name(broker, line, certified, options):
    line.tls = certified(ELSEWHERE)
    url = line.through(broker.url())

    with kombu.Connection(url if options else by_tls(line, broker.url()), **options) as connection:
        connection.connect()

        assert isinstance(connection.connection.sock, ssl.SSLSocket)


class Trap:
    """Whoever unpickles this makes a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)

    def __reduce__(self):
        return os.mkdir, (self._folder,)


def test_n23_a_message_that_is_code_is_put_aside_unread(ours, send, budget, tmp_path):
    program = ours()
    program.await_line("service_started")

    send.raw(pickle.dumps(Trap(tmp_path / "trap")), content_type=PICKLE)

    program.await_line("wrong_content_type")
    assert budget("SELECT message_id FROM effects") == []
    assert not (tmp_path / "trap").exists()


def test_n23_plain_nameko_runs_a_message_that_is_code_once_somebody_sets_it_so(
    plain, tell_plain, broker, tmp_path
):
    plain(serializer="pickle").await_line("service_started")

    tell_plain(pickle.dumps(Trap(tmp_path / "trap")), content_type=PICKLE)

    eventually((tmp_path / "trap").exists)
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 0)
