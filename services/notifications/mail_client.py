"""E-mails by a mail server of our own, and what its answers and silences mean.

SMTP knows no repetition and answers no questions: once all of an e-mail was said and no answer
came, nobody can find out whether it went. It is never sent again then.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from socket import getfqdn

from services.notifications.delivery.rules import DELIVERED, Outgoing
from services.notifications.provider_settings import MailSettings
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

OK = 250
WAITS = 16  # from connecting to taking leave, each for as long as is waited for one answer
PASSED_ON = 251
GO_ON = 354  # what may be said after DATA
FOR_GOOD = range(500, 600)  # not to be tried again; 4xx may be


class MailClient:
    """Hands e-mails to a mail server. May be used by several threads: each call connects anew."""

    name = "mail"

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    @property
    def longest_call_seconds(self) -> float:
        return WAITS * self._settings.timeout_seconds

    def send(self, outgoing: Outgoing) -> str:
        """Hand an e-mail over and return its Message-ID.

        Raises:
            RefusedOutsideError: the server will never take it, or it is no e-mail.
            NotSentError: it certainly did not take it, for now.
            OutcomeUnknownError: it may have taken it.
        """
        if outgoing.channel != "email":
            raise RefusedOutsideError("mail_sends_only_emails")
        to = _address_of(outgoing.to[0])
        message = self._written(outgoing, to=to)
        with self._connected() as server:
            self._announce(server, to=to)
            _hand_over(server, message.as_bytes(policy=policy.SMTP))
        return self._message_id(outgoing.reference)

    def find(self, reference: str) -> str | None:
        """Say that we do not know: a mail server cannot be asked.

        Raises:
            OutcomeUnknownError: always. So what was perhaps sent is not sent again; in the end
                it is given up, and another channel is tried.
        """
        raise OutcomeUnknownError

    def status(self, provider_id: str) -> str | None:
        """Return what became of an e-mail: what a server took counts as delivered.

        It tells no more than that, as nobody reports that a letter arrived.
        """
        return DELIVERED

    def _written(self, outgoing: Outgoing, *, to: Address) -> EmailMessage:
        message = EmailMessage(policy=policy.SMTP)
        message["From"] = self._settings.sender
        message["To"] = to
        message["Subject"] = " ".join((outgoing.subject or "").split())
        message["Date"] = format_datetime(clock.system_time())
        message["Message-ID"] = self._message_id(outgoing.reference)
        message["Auto-Submitted"] = "auto-generated"  # no answer by a machine, please
        if outgoing.unsubscribe_url is not None:  # RFC 8058: both, or neither
            message["List-Unsubscribe"] = f"<{outgoing.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(outgoing.body, cte="quoted-printable")
        return message

    def _message_id(self, reference: str) -> str:
        return f"<{reference}@{self._settings.sender.domain}>"

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Connect and sign in; what fails before an e-mail is begun did not send it.

        What fails after it, such as taking leave, changes nothing.
        """
        settings = self._settings
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError from error
        try:
            if settings.user:
                server.login(settings.user, settings.password)
        except (OSError, smtplib.SMTPException) as error:
            server.close()
            raise NotSentError from error
        try:
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        settings, tls = self._settings, ssl.create_default_context()
        here, seconds = getfqdn(), settings.timeout_seconds
        if settings.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, here, timeout=seconds, context=tls
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, here, timeout=seconds)
        if settings.scheme == "smtp":
            server.starttls(context=tls)
        server.ehlo_or_helo_if_needed()
        return server

    def _announce(self, server: smtplib.SMTP, *, to: Address) -> None:
        """Say from whom and to whom.

        Raises:
            RefusedOutsideError, NotSentError: nothing has been said yet.
        """
        try:
            code, _ = server.mail(self._settings.sender.addr_spec)
            if code != OK:
                raise NotSentError  # what is wrong is ours to mend: no message fails for it
            for step, wanted in (
                (partial(server.rcpt, to.addr_spec), {OK, PASSED_ON}),
                (partial(server.docmd, "DATA"), {GO_ON}),
            ):
                code, _ = step()
                if code not in wanted:
                    raise _meaning_of(code)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSentError from error


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    """Say all of an e-mail and wait for what comes of it.

    Raises:
        RefusedOutsideError, NotSentError: it was not taken.
        OutcomeUnknownError: it may have been.
    """
    lines = content.replace(b"\r\n.", b"\r\n..")  # a line of one dot would be the end
    end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
    try:
        server.send(lines + end)
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise OutcomeUnknownError from error
    if code != OK:
        raise _meaning_of(code)


def _meaning_of(code: int) -> Exception:
    """Return what a server's refusal means: 4xx is for now, 5xx for good."""
    if code in FOR_GOOD:
        return RefusedOutsideError(f"mail_refused_{code}")
    return NotSentError()


def _address_of(text: str) -> Address:
    """Read an address; one that no header may hold is refused.

    Raises:
        RefusedOutsideError: it is none, or not in ASCII, which not every server takes.
    """
    try:
        address = Address(addr_spec=text.strip())
        text.encode("ascii")
    except (ValueError, LookupError) as error:
        raise RefusedOutsideError("mail_refused_address") from error
    return address
