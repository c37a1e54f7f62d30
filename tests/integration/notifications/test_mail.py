"""E-mails by a mail server: over SMTP, to the simulator."""

import re
import socket
import ssl
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notifications.delivery.rules import Outgoing
from services.notifications.mail_client import MailClient
from services.notifications.provider_settings import MailSettings
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError
from tests.simulators.mail_server import mail_server


@pytest.fixture
def mail():
    with mail_server() as served:
        yield served


def client_at(address, **changed):
    settings = {
        "NOTIFICATIONS_MAIL_URL": f"smtp+plain://{address}",
        "NOTIFICATIONS_MAIL_FROM": "Common Purse <purse@commonpurse.example>",
        "NOTIFICATIONS_MAIL_TIMEOUT_SECONDS": "0.5",
        **changed,
    }
    return MailClient(MailSettings.from_environment(settings))


@pytest.fixture
def client(mail):
    return client_at(f"127.0.0.1:{mail.port}")


def an_email(to="ada@example.org", **changed):
    fields = {"subject": "An update", "body": "Dear Ada,\n.\n..\nGoodbye ŷ"}
    return Outgoing(
        **{"reference": str(uuid4()), "channel": "email", "to": [to], **fields, **changed}
    )


def test_an_email_arrives_as_it_was_worded(mail, client):
    outgoing = an_email(subject="Łódź: an\r\nupdate")

    provider_id = client.send(outgoing)

    [arrived] = mail.inbox(message_id=provider_id)
    assert provider_id == f"<{outgoing.reference}@commonpurse.example>"
    assert arrived["from"] == "Common Purse <purse@commonpurse.example>"
    assert (arrived["to"], arrived["subject"]) == (["ada@example.org"], "Łódź: an update")
    assert arrived["body"].rstrip("\n") == outgoing.body
    assert arrived["headers"]["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in arrived["headers"]


def test_one_click_is_offered_by_both_headers(mail, client):
    client.send(an_email(unsubscribe_url="https://commonpurse.example/unsubscribe/" + "x" * 120))

    headers = mail.inbox()[0]["headers"]
    address = re.sub(r"\s", "", headers["List-Unsubscribe"])
    assert address == "<https://commonpurse.example/unsubscribe/" + "x" * 120 + ">"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("to", "meaning", "reason"),
    [
        ("no-such-person@example.org", RefusedOutsideError, "mail_refused_550"),
        ("busy@example.org", NotSentError, ""),
        ("mailbox-full@example.org", NotSentError, ""),
        ("nobody", RefusedOutsideError, "mail_refused_address"),
        ("", RefusedOutsideError, "mail_refused_address"),
        ("żółw@example.org", RefusedOutsideError, "mail_refused_address"),
        ("ada@example.org\r\nBcc: eve@example.org", RefusedOutsideError, "mail_refused_address"),
    ],
)
def test_an_address_may_be_refused_for_good_or_for_now(mail, client, to, meaning, reason):
    with pytest.raises(meaning, match=reason or None):
        client.send(an_email(to))

    assert mail.inbox() == []


@pytest.mark.parametrize(
    ("fault", "meaning", "kept"),
    [
        ("drop_at_greeting", NotSentError, 0),
        ("busy", NotSentError, 0),
        ("refuse_content", RefusedOutsideError, 0),
        ("drop_before_store", OutcomeUnknownError, 0),
        ("drop_after_data", OutcomeUnknownError, 1),
        ("slow", OutcomeUnknownError, 1),
    ],
)
def test_a_failed_call_is_understood_by_how_far_it_came(mail, client, fault, meaning, kept):
    mail.plan(fault, seconds=1.5)

    with pytest.raises(meaning):
        client.send(an_email())

    assert len(mail.inbox()) == kept


def test_what_is_unknown_stays_so_and_what_was_taken_counts_as_delivered(client):
    with pytest.raises(OutcomeUnknownError):
        client.find(str(uuid4()))

    assert client.status("<1@commonpurse.example>") == "delivered"


def test_a_text_is_no_email(client):
    with pytest.raises(RefusedOutsideError, match="mail_sends_only_emails"):
        client.send(an_email(channel="sms"))


def test_where_nobody_listens_or_nobody_answers_nothing_was_sent():
    with pytest.raises(NotSentError):
        client_at("127.0.0.1:1").send(an_email())
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotSentError):
        client_at(f"127.0.0.1:{silent.getsockname()[1]}").send(an_email())


def test_a_server_that_wants_a_name_gets_it_and_a_wrong_one_fails_no_message():
    with mail_server(MAIL_USER="purse", MAIL_PASSWORD="p@ss") as mail:
        client_at(f"purse:p%40ss@127.0.0.1:{mail.port}").send(an_email())
        for wrong in ("", "purse:wrong@"):
            with pytest.raises(NotSentError):
                client_at(f"{wrong}127.0.0.1:{mail.port}").send(an_email())

        assert len(mail.inbox()) == 1


@pytest.fixture
def certificate(tmp_path):
    """Make a certificate for localhost that nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    at = clock.system_time()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_over_tls_an_email_goes_only_to_a_server_that_somebody_vouches_for(
    certificate, monkeypatch
):
    with mail_server(MAIL_TLS_CERTIFICATE_FILE=str(certificate)) as mail:
        url = f"smtp://localhost:{mail.port}"
        with pytest.raises(NotSentError) as raised:
            client_at("", NOTIFICATIONS_MAIL_URL=url).send(an_email())
        assert isinstance(raised.value.__cause__, ssl.SSLCertVerificationError)

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        client_at("", NOTIFICATIONS_MAIL_URL=url).send(an_email())

        assert len(mail.inbox()) == 1


def test_a_server_without_tls_gets_nothing_unless_it_is_said(mail):
    url = f"smtp://127.0.0.1:{mail.port}"

    with pytest.raises(NotSentError):
        client_at("", NOTIFICATIONS_MAIL_URL=url).send(an_email())

    assert mail.inbox() == []


def test_several_threads_may_send(mail, client):
    threads = [threading.Thread(target=client.send, args=(an_email(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mail.inbox()) == 8
