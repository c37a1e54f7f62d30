"""An earlier release knows of nobody but the person, and goes on with what is theirs."""

import pytest
from alembic import command
from sqlalchemy import text

from operations.migrations import configuration
from services.notifications.from_payments import subscribers as payments
from tests.integration.notifications import facts

BEFORE = "0011"
COUNTED = ("messages", "deliveries", "attempts", "errands")


@pytest.fixture
def taken_back(servers, owners):
    """Go back to the earlier release, count what is there, and go over to this one again."""
    url = servers.migration_environment("notifications")["COMMONPURSE_DATABASE_URL"]
    config = configuration("notifications", database_url=url)

    def go_back():
        command.downgrade(config, BEFORE)
        try:
            with owners("notifications").begin() as connection:
                return {
                    name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()  # noqa: S608 - ours
                    for name in COUNTED
                }
        finally:
            command.upgrade(config, "head")

    return go_back


def test_what_others_were_to_get_is_forgotten_and_what_the_person_gets_goes_on(
    scene, staffed, taken_back
):
    scene.known()
    scene.acted(facts.acting())
    scene.hear((payments.tell_payment_declined, facts.authorisation_declined()))
    for one in scene.messages():
        scene.accept(one)

    assert taken_back() == dict.fromkeys(COUNTED, 1)

    (message,) = scene.messages()
    assert (message.audience, message.recipient_id) == ("holder", facts.ALEX)
    assert message.state == "accepted"
