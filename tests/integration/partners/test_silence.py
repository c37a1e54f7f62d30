"""A partner that sends nothing for longer than it agreed is told of once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.partners import partnership
from services.partners.partnership import Partnership
from services.partners.register import Register
from services.partners.silence import handlers, queries
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.partners.conftest import a_message


@pytest.fixture
def agree(trust, monkeypatch):
    """Let there be the trust alone, which may be silent for so many hours."""

    def to(hours):
        register = Register({trust.code: replace(trust, silent_after_hours=hours)})
        here = Partnership(register=register, outgoing={}, gateway_url="")
        monkeypatch.setattr(partnership, "current", lambda: here)

    return to


@pytest.fixture
def look(transaction, agree):
    """Look for silence as the clock does, at so many hours after ten."""
    agree(24)

    def at(hours):
        now = TUESDAY_AT_TEN + timedelta(hours=hours)
        with transaction() as session:
            found = queries.silent(now, session=session)
        for command in found:
            with transaction() as session:
                handlers.tell_silence(command, session=session, trace=a_trace(at=now))
        return len(found)

    return at


@pytest.fixture
def spoke(receive, trust):
    """Let the trust send something, so many hours after ten; what it is does not matter."""

    def at(hours):
        receive(a_message(trust), trust, at=TUESDAY_AT_TEN + timedelta(hours=hours))

    return at


def test_who_never_sent_anything_is_not_there_yet(look):
    assert look(1_000) == 0


def test_a_silence_is_told_once(look, told, spoke):
    spoke(0)

    assert [look(hours) for hours in (0, 24, 25, 26)] == [0, 0, 1, 1]
    assert told() == ["partners.partner_silent.v1"]


def test_who_spoke_is_silent_anew_from_then_on(look, told, spoke):
    spoke(0)
    look(25)
    spoke(30)

    assert [look(hours) for hours in (31, 55)] == [0, 1]
    assert told() == ["partners.partner_silent.v1"] * 2


def test_who_may_be_silent_is_never_told_of(look, agree, spoke):
    agree(0)
    spoke(0)

    assert look(400 * 24) == 0
