"""Ten thousand bodies and headers to each webhook of the issuer, on a real database."""

import json

import pytest
from sqlalchemy import func, select, text

from services.payments.authorisations.models import Authorisation
from services.payments.decisions import wire as decision_wire
from services.payments.decisions.models import Decision
from services.payments.issuer_events import wire as issuer_wire
from services.payments.issuer_events.models import IssuerEvent
from shared.messaging.tables import Errand
from tests.integration.payments import facts, fuzzing

pytestmark = pytest.mark.prove
REQUESTS = 10_000
SEED = 20261126
NOT_ACCEPTED = b'{"error":"not accepted"}'


def fuzzer(card, *, secret, other_secret):
    return fuzzing.Fuzzer(seed=SEED, card=card, secret=secret, other_secret=other_secret)


def answers(client, path, fuzz, make):
    """Send all of it; each answer is 200 or 400, and a forgery is always the latter."""
    for _ in range(REQUESTS):
        sent = fuzz.request(make)
        answer = client.post(path, data=sent.body, headers=sent.headers)
        assert answer.status_code in {200, 400}, (sent, answer.data)
        if answer.status_code == 400:
            assert answer.data == NOT_ACCEPTED
        if not sent.is_signed:
            assert answer.status_code == 400, sent
        if sent.is_signed and sent.is_whole:
            assert answer.status_code == 200, sent
        yield sent, answer


def test_no_event_is_lost_and_none_is_forged(client, transaction, with_card):
    _, card = with_card()
    fuzz = fuzzer(
        card,
        secret=facts.SETTINGS.issuer_events_secret,
        other_secret=facts.SETTINGS.issuer_authorisations_secret,
    )
    accepted, whole = [], set()
    for sent, answer in answers(client, issuer_wire.PATH, fuzz, fuzzing.an_event):
        if answer.status_code == 200:
            accepted.append(json.loads(sent.body)["id"])
            if sent.is_whole:
                whole.add(sent.event_id)

    with transaction() as session:
        kept = set(session.scalars(select(IssuerEvent.event_id)))
        to_apply = set(
            session.scalars(
                select(Errand.arguments["event_id"].astext).where(
                    Errand.kind == "apply_issuer_event"
                )
            )
        )
        waiting = set(
            session.scalars(select(IssuerEvent.event_id).where(IssuerEvent.state == "waiting"))
        )
        planted = session.scalar(
            text('SELECT count(*) FROM issuer_events WHERE body::text ~ \'"number": "4242\'')
        )
    assert kept == set(accepted)
    assert whole <= kept
    assert waiting == to_apply
    assert len(whole) > REQUESTS / 20
    assert planted == 0


def test_no_question_is_approved_beyond_the_hold_and_none_that_is_forged(
    client, transaction, with_card
):
    purchase_id, card = with_card()
    fuzz = fuzzer(
        card,
        secret=facts.SETTINGS.issuer_authorisations_secret,
        other_secret=facts.SETTINGS.issuer_events_secret,
    )
    decided, faults = set(), 0
    for sent, answer in answers(client, decision_wire.PATH, fuzz, fuzzing.a_question):
        if answer.status_code == 200:
            said = json.loads(answer.data)
            assert type(said["approved"]) is bool
            assert said["metadata"]["reason"]
            if said["metadata"]["reason"] == "fault":  # too late, on a machine that is busy
                faults += 1
                assert not said["approved"]
            else:
                decided.add(json.loads(sent.body)["id"])

    with transaction() as session:
        kept = set(session.scalars(select(Decision.event_id)))
        # Of two answers to the same request, under two event ids, one counts.
        approved = sum(map(sum, session.scalars(select(Authorisation.approvals_pence))))
        others = session.scalar(
            select(func.count())
            .select_from(Decision)
            .where(Decision.is_approved, Decision.purchase_id != purchase_id)
        )
    assert kept == decided  # of a fault nothing is kept
    assert faults < REQUESTS / 100
    assert 0 < approved <= 35_00
    assert others == 0
