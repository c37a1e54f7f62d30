"""The official clients go where they were sent, and no further, whatever is answered there."""

from contextlib import closing
from uuid import uuid4

import pytest

from services.notifications.notify_client import NotifyClient
from services.notifications.settings import NotifySettings
from services.partners.mesh_client import Mailbox, MeshAwayError
from services.partners.settings import MeshSettings
from services.payments.issuer_client import IssuerClient
from shared.messaging.errands import NotSentError, OutcomeUnknownError
from tests.simulators.listener import Answer, listening


def issuer(url):
    client = IssuerClient(url=url, api_key="sk_test_1")
    client.create_cardholder(reference=uuid4(), name="Alex Sample")


def notify(url):
    settings = NotifySettings(
        url=url, api_key=f"key-{uuid4()}-{uuid4()}", template_ids={}, timeout_seconds=5
    )
    NotifyClient(settings).find("a-reference")


def mesh(url):
    settings = MeshSettings(url=url, mailbox="X", password="p", shared_key="s")
    with closing(Mailbox(settings)) as mailbox:
        mailbox.shake_hands()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("ask", [issuer, notify, mesh])
def test_nobody_else_hears_what_a_partner_was_to_hear(ask, status):
    with listening() as partner, listening() as stranger:
        send_on = Answer(status=status, headers={"Location": f"{stranger.url}/here"})
        partner.take = lambda request: partner.received.append(request) or send_on

        with pytest.raises((NotSentError, OutcomeUnknownError, MeshAwayError)):
            ask(partner.url)

        assert partner.received
        assert stranger.received == []
