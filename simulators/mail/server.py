"""The mail server itself: SMTP by aiosmtpd, with refusals by recipient and faults on demand."""

import asyncio
import hmac
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from simulators.faults import Faults
from simulators.log import Log
from simulators.mail.mailbox import Mailbox
from simulators.mail.settings import Settings

# By the part of an address before the @, or before a + in it.
REFUSALS = {
    "no-such-person": "550 5.1.1 No such person here",
    "mailbox-full": "452 4.2.2 Mailbox full",
    "busy": "451 4.3.0 Try again later",
}
FAULTS = (
    "drop_at_greeting",  # at MAIL FROM
    "drop_before_store",  # all of it came, and nothing was kept
    "drop_after_data",  # it was kept, and the answer never comes
    "slow",  # kept, and answered after ``seconds``
    "busy",  # 451 to all of it
    "refuse_content",  # 554 to all of it
)


class Door:
    """What aiosmtpd asks at each step."""

    def __init__(self, *, mailbox: Mailbox, faults: Faults, log: Log) -> None:
        self._mailbox = mailbox
        self._faults = faults
        self._log = log

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        mail_options: list[str],
    ) -> str:
        if self._takes("drop_at_greeting"):
            _hang_up(server)
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        name = address.partition("@")[0].partition("+")[0].lower()
        if name in REFUSALS:
            answer = REFUSALS[name]
            self._log.write("recipient_refused", status=answer[:3])
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self._takes("busy"):
            return "451 4.3.0 Try again later"
        if self._takes("refuse_content"):
            return "554 5.6.0 Not this content"
        if self._takes("drop_before_store"):
            _hang_up(server)
            return "421 4.3.0 Gone"
        content: Any = envelope.content
        letter = self._mailbox.put(content, recipients=envelope.rcpt_tos)
        self._log.write("taken", message_id=letter.message.get("Message-ID"))
        if self._takes("drop_after_data"):
            _hang_up(server)
        if slow := self._faults.take("slow"):
            await asyncio.sleep(slow.seconds)
        return "250 2.0.0 Taken"

    def _takes(self, fault: str) -> bool:
        return self._faults.take(fault) is not None


def start(settings: Settings, *, mailbox: Mailbox, faults: Faults, log: Log) -> Controller:
    """Start the server on a thread of its own.

    Raises:
        OSError: somebody else has the port.
    """

    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        is_known = isinstance(given, LoginPassword) and all(
            hmac.compare_digest(told, known.encode())
            for told, known in (
                (given.login, settings.user),
                (given.password, settings.password),
            )
        )
        return AuthResult(success=is_known, handled=False)

    controller = Controller(
        Door(mailbox=mailbox, faults=faults, log=log),
        hostname=settings.host,
        port=settings.port,
        authenticator=check,
        auth_required=bool(settings.user),
        auth_require_tls=settings.tls is not None,
        tls_context=settings.tls,
        require_starttls=settings.tls is not None,
        server_hostname="mail.simulator.example",
    )
    controller.start()
    return controller


def _hang_up(server: SMTP) -> None:
    transport = server.transport
    if isinstance(transport, asyncio.Transport):
        transport.abort()
