"""Record two cases: ``python -m tests.integration.order.record`` writes ``two_cases.jsonl`` anew.

Two cases of the demo, cut short, are played on a stack with every process. What was asked of the
services is heard on the broker; what they told one another, and what the issuer, the bank and
Notify said, is read from their tables when all is quiet. Ids and times are those of that day.
"""

import argparse
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from rich.console import Console
from sqlalchemy import Engine, text

from demo import partners, progress, quiet
from demo.calling import Caller
from demo.case import Afterwards, Case, Item
from demo.clients import Shops
from demo.ids import CaseIds
from demo.playing import afterwards, assessing, funding, planning, purchasing, team, telling
from demo.playing.play import Play
from demo.reading import read_cases
from deploy.local.processes import SERVICES
from deploy.local.stack import Stack
from shared import clock
from shared.contracts import catalogue, documents, sealing
from shared.database import open_engine
from tests.integration.order import tap, wire
from tests.integration.order.recorded import FILE

CASES = Path("demo/cases/small.jsonl")
CLOCK = "COMMONPURSE_CLOCK_OFFSET_SECONDS"

ANSWERED_BY_THE_ISSUER = """
SELECT issued_at AS at, purchase_id, issuer_card_id, issuer_cardholder_id, cards.state
FROM cards JOIN purchases USING (purchase_id)
JOIN cardholders ON cardholders.holder_id = coalesce(purchases.holder_id, requested_by)
"""
ANSWERED_BY_THE_BANK = "SELECT ordered_at AS at, transfer_id, payment_order_id FROM transfers"
ASKED_BY_SHOPS = """
SELECT decided_at AS at, event_id, authorisation_id, amount_pence, issuer_card_id,
       merchant_category_code, merchant_country,
       row_number() OVER (PARTITION BY authorisation_id ORDER BY decided_at) - 1 AS place
FROM decisions JOIN cards USING (purchase_id)
"""
TOLD_BY_THE_ISSUER = """
SELECT received_at AS at, event_id, event_type, body FROM issuer_events WHERE state = 'applied'
"""
TOLD_BY_THE_BANK = "SELECT received_at AS at, event_id, body FROM bank_events"
TAKEN_BY_NOTIFY = """
SELECT accepted_at AS at, message_id, delivery_id, ordinal, event_id, topic, provider_id
FROM deliveries JOIN messages USING (message_id) WHERE accepted_at IS NOT NULL
"""
TOLD_BY_NOTIFY = """
SELECT received_at AS at, message_id, delivery_id, ordinal, event_id, topic,
       receipts.provider_id, status, completed_at
FROM receipts JOIN deliveries USING (delivery_id) JOIN messages USING (message_id)
"""
SAID = "SELECT body FROM outbox ORDER BY position"

Line = dict[str, Any]


def chosen(cases: Sequence[Case]) -> list[Case]:
    """Cut two rich cases short, so that every way to pay is left and few things are bought."""
    by_ref = {case.case_ref: case for case in cases}
    ongoing, large = by_ref["MP-0170"], by_ref["MP-0050"]
    return [
        replace(
            ongoing,
            support_plan=replace(
                ongoing.support_plan,
                items=tuple(
                    replace(item, occurrences=1) for item in ongoing.support_plan.items[:5]
                ),
            ),
            budget=replace(ongoing.budget, person_contribution_weekly_pence=200),
            afterwards=tuple(Afterwards),
        ),
        replace(
            large,
            support_plan=replace(large.support_plan, items=large.support_plan.items[:2]),
        ),
    ]


def play_case(play: Play, *, called_off: int | None) -> None:
    """Play a case as the demo does, and call one purchase off."""
    case = play.case
    offer = assessing.assess(play)
    telling.tell_amount(play)
    plan = case.support_plan
    planning.agree(play, plan=plan, sign_off=case.sign_off, offer=offer)
    funding.fund(play, funding=case.budget)
    if called_off is not None:
        _call_off(play, called_off, plan.items[called_off])
        plan = replace(plan, items=plan.items[:called_off])
    purchasing.buy(play, plan=plan)
    if case.happens(Afterwards.CRISIS):
        afterwards.meet_crisis(play, plan=plan)


def _call_off(play: Play, number: int, item: Item) -> None:
    purchase = purchasing.Purchase(
        item_id=play.ids.text(f"item/{number}"), item=item, reference="called off"
    )
    asked, _ = purchasing.ask_for(play, purchase, is_first=True)
    play.tell(
        "payments.cancel_purchase",
        {"purchase_id": asked.purchase_id, "reason": "I have changed my mind"},
        by=team.broker(play),
    )


def record(stack: Stack) -> list[Line]:
    """Play the cases on a running stack, and return all that was said, in order of time."""
    environment = stack.environment()
    caller = Caller(environment, stop=threading.Event())
    shops = Shops(
        issuer_url=environment["DEMO_CARD_ISSUER_URL"],
        api_key=environment["DEMO_CARD_ISSUER_API_KEY"],
    )
    cases, run_id = chosen(read_cases(CASES)), uuid4()
    shown = progress.shown_on(Console(), progress.expected(cases))
    with shown, tap.listening(stack) as heard:
        working_together = partners.open_pool(caller)
        for case, called_off in zip(cases, (4, None), strict=True):
            ids = CaseIds(run_id=run_id, case_ref=case.case_ref)
            play = Play(
                case=case,
                ids=ids,
                caller=caller,
                shops=shops,
                shown=shown,
                partners=working_together,
            )
            play_case(play, called_off=called_off)
            _wait_for_quiet(caller, environment)
            _let_two_messages_fail(environment)  # those with which the next case begins
    caller.close()
    engines = {
        service: open_engine(
            stack.process_environment(service)["COMMONPURSE_DATABASE_URL"], pool_size=1
        )
        for service in SERVICES
    }
    lines = [*heard.lines(), *(line for one in engines.values() for line in _said(one))]
    lines += [*_outside_payments(engines["payments"]), *_notify(engines["notifications"])]
    return sorted(lines, key=lambda line: line["at"])


def _wait_for_quiet(caller: Caller, environment: Mapping[str, str]) -> None:
    management_url = environment["COMMONPURSE_BROKER_MANAGEMENT_URL"]
    left = quiet.wait_for_quiet(caller, management_url=management_url).left()
    if left:
        raise SystemExit(f"Something is still under way: {left}")


def _let_two_messages_fail(environment: Mapping[str, str]) -> None:
    # Not for good: from when on a number is known to be dead depends on what is heard first.
    faults = {"fault": "temporary_failure", "times": 2}
    requests.post(
        f"{environment['DEMO_NOTIFY_URL']}/_sim/faults", json=faults, timeout=10
    ).raise_for_status()


def _rows(engine: Engine, question: str) -> Iterator[Any]:
    with engine.connect() as connection:
        yield from connection.execute(text(question))


def _said(engine: Engine) -> Iterator[Line]:
    for row in _rows(engine, SAID):
        yield {
            "what": "event",
            "at": datetime.fromisoformat(row.body["time"]),
            "type": catalogue.event_type(row.body),
            **{name: row.body[name] for name in ("id", "correlationid", "causationid", "subject")},
            "data": catalogue.data_of(row.body),
        }


def _outside_payments(engine: Engine) -> Iterator[Line]:
    for row in _rows(engine, ANSWERED_BY_THE_ISSUER):
        line = {"what": "errand", "at": row.at}
        answer = {
            "issuer_cardholder_id": row.issuer_cardholder_id,
            "issuer_card_id": row.issuer_card_id,
        }
        about = {"purchase_id": row.purchase_id}
        yield {**line, "kind": "issue_card", "about": about, "answer": answer}
        if row.state == "closed":
            about = {"issuer_card_id": row.issuer_card_id}
            yield {**line, "kind": "close_card", "about": about, "answer": row.issuer_card_id}
    for row in _rows(engine, ANSWERED_BY_THE_BANK):
        answer = {
            "payment_order_id": row.payment_order_id,
            "status": "accepted",
            "failure_reason": None,
        }
        about = {"reference": row.transfer_id}
        line = {"what": "errand", "at": row.at, "kind": "order_transfer"}
        yield {**line, "about": about, "answer": answer}
    for row in _rows(engine, ASKED_BY_SHOPS):
        yield {
            "what": "authorisation",
            "at": row.at,
            "event_id": row.event_id,
            "authorisation_id": row.authorisation_id,
            "issuer_card_id": row.issuer_card_id,
            "place": 0,  # a shop of the demo asks once on each authorisation
            "merchant_category_code": row.merchant_category_code,
            "merchant_country": row.merchant_country,
            "is_amount_controllable": False,  # as the demo's shops ask
            "amount_pence": row.amount_pence,
        }
    for row in _rows(engine, TOLD_BY_THE_ISSUER):
        told = {"object": wire.to_keep(row.body["data"]["object"])}
        document = {"id": row.event_id, "type": row.event_type, "data": told}
        yield {"what": "issuer_event", "at": row.at, "document": document}
    for row in _rows(engine, TOLD_BY_THE_BANK):
        yield {"what": "bank_event", "at": row.at, "id": row.event_id, "document": row.body}


def _notify(engine: Engine) -> Iterator[Line]:
    for row in _rows(engine, TAKEN_BY_NOTIFY):
        yield {"what": "acceptance", **row._mapping}
    for row in _rows(engine, TOLD_BY_NOTIFY):
        yield {"what": "receipt", **row._mapping}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stack", default="demo", help="the name of its servers (demo)")
    parser.add_argument("--to", type=Path, default=FILE, help="the file that is written")
    options = parser.parse_args()
    stack = Stack.named(options.stack, say=print)
    stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        settings = stack.process_environment("payments")
        os.environ |= {name: settings[name] for name in (CLOCK, sealing.SETTING)}
        lines = record(stack)
    finally:
        stack.stop(politely=False)
    options.to.write_text("".join(f"{json.dumps(documents.plain(line))}\n" for line in lines))


if __name__ == "__main__":
    main()
