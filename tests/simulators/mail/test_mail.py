import smtplib

import pytest
import requests

from tests.simulators.mail_server import mail_server


def test_an_email_is_taken_and_shown(mail):
    mail.bring("ada@example.org", "kim@example.org")

    [taken] = mail.inbox(to="Ada@example.org")

    assert taken["to"] == ["ada@example.org", "kim@example.org"]
    assert (taken["from"], taken["subject"]) == ("purse@example.org", "An update ŷ")
    assert taken["body"] == "Hello.\n.\nGoodbye — ŷ\n"
    assert mail.inbox(message_id="<1@example.org>") == [taken]
    assert mail.inbox(message_id="<2@example.org>") == mail.inbox(to="eve@example.org") == []
    page = requests.get(f"{mail.url}/_inbox", timeout=5).text
    assert "An update ŷ" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("no-such-person@example.org", 550),
        ("No-Such-Person+7@example.org", 550),
        ("busy@example.org", 451),
        ("mailbox-full@example.org", 452),
    ],
)
def test_some_are_refused_by_their_address(mail, address, status):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as raised:
        mail.bring(address)

    assert raised.value.recipients[address][0] == status
    assert mail.inbox() == []


def test_one_that_is_refused_keeps_no_other_from_theirs(mail):
    mail.bring("ada@example.org", "no-such-person@example.org")

    assert mail.inbox()[0]["to"] == ["ada@example.org"]


@pytest.mark.parametrize(
    ("fault", "kept"), [("drop_at_greeting", 0), ("drop_before_store", 0), ("drop_after_data", 1)]
)
def test_the_connection_may_end_before_or_after_an_email_is_kept(mail, fault, kept):
    mail.plan(fault)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        mail.bring("ada@example.org")

    assert len(mail.inbox()) == kept
    mail.bring("ada@example.org")


@pytest.mark.parametrize(("fault", "status"), [("busy", 451), ("refuse_content", 554)])
def test_all_of_an_email_may_be_refused(mail, fault, status):
    mail.plan(fault)

    with pytest.raises(smtplib.SMTPDataError) as raised:
        mail.bring("ada@example.org")

    assert raised.value.smtp_code == status
    assert mail.inbox() == []


def test_whoever_does_not_sign_in_brings_nothing():
    with mail_server(MAIL_USER="purse", MAIL_PASSWORD="secret") as mail:
        with pytest.raises(smtplib.SMTPException):
            mail.bring("ada@example.org")
        with smtplib.SMTP("127.0.0.1", mail.port, timeout=5) as smtp:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                smtp.login("purse", "wrong")
            smtp.login("purse", "secret")
            smtp.sendmail("purse@example.org", "ada@example.org", "Subject: Hello\r\n\r\nHello.")

        assert len(mail.inbox()) == 1


def test_a_fault_that_nobody_knows_is_refused(mail):
    answer = requests.post(f"{mail.url}/_sim/faults", json={"fault": "fire"}, timeout=5)

    assert answer.status_code == 400
    assert "drop_after_data" in answer.json()["known_faults"]


def test_html_in_an_email_is_shown_and_not_run(mail):
    with smtplib.SMTP("127.0.0.1", mail.port, timeout=5) as smtp:
        words = "Subject: <script>\r\n\r\n<script>alert(1)</script>"
        smtp.sendmail("purse@example.org", "ada@example.org", words)

    assert "<script" not in requests.get(f"{mail.url}/_inbox", timeout=5).text


def test_the_log_names_nobody(mail):
    mail.bring("ada@example.org", "no-such-person@example.org")

    log = requests.get(f"{mail.url}/_sim/log", timeout=5).text

    assert "<1@example.org>" in log
    assert "ada@" not in log
    assert "person@" not in log
