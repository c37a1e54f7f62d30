"""How long a shop waits for the answer about a card, with the whole suite at work.

The suite runs as the demo's does. One case is played up to its money; then a hundred cards are
made ready, and more purchases flow from request to capture at 5 a second, each with
its issuer events. Meanwhile signed questions about the hundred cards come to ``payments-web`` over
HTTP in an open loop: each has a scheduled time, the next does not wait for the last, and what is
measured goes from the scheduled time to the answer's last byte.

Every question asks for a penny and is to be approved. One that was not in time is answered
``fault`` and counted (``decision_faults_at_…``: none on a machine that keeps up); any other answer
ends the measurement. ``COMMONPURSE_BENCH_SECONDS`` shortens each rate for a trial: such figures
say only that it works.
"""

import json
import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from rich.console import Console
from stripe import WebhookSignature

from benchmarks import counts, open_loop, purchases
from demo import progress
from demo.calling import Caller
from demo.clients import Shops
from demo.staff import BROKER
from deploy.local.stack import Stack
from shared import clock

RATES_PER_S = (50, 150)
SECONDS = 30
FLOW_PER_S = 5
CARDS = 100
AMOUNT_PENCE = 70  # of each purchase; a question asks for a penny of a card's


class NotApprovedError(Exception):
    """A question of the benchmark was declined: what is measured is not what it should be."""


def figures() -> Mapping[str, float]:
    """Return the times of decisions at each rate, in milliseconds."""
    seconds = int(os.environ.get("COMMONPURSE_BENCH_SECONDS", str(SECONDS)))
    stack = Stack.named("bench", say=print)
    stack.start(fresh=True, processes=True, clock_starts_at=clock.next_tuesday_at_ten())
    try:
        return measure(stack, seconds=seconds)
    finally:
        stack.stop(politely=False)


def measure(stack: Stack, *, seconds: int) -> dict[str, float]:
    """Measure at each rate for so many seconds, on a stack in which nothing happened yet."""
    flowing_once = FLOW_PER_S * seconds
    shopper = Shopper(stack, occurrences=CARDS + flowing_once * len(RATES_PER_S))
    with ThreadPoolExecutor(open_loop.WAITING) as buying:
        cards = list(buying.map(lambda _: shopper.ready()["issuer_card_id"], range(CARDS)))
        network = Network(stack, cards, category_code=shopper.category_code)
        found: dict[str, float] = {}
        for rate in RATES_PER_S:
            flow = threading.Event()
            ended: queue.SimpleQueue[bool] = queue.SimpleQueue()
            flowing = threading.Thread(
                target=_flow, args=(shopper, buying, flow, flowing_once, ended)
            )
            flowing.start()
            try:
                times_ms = open_loop.times_ms(network.ask, rate=rate, seconds=seconds)
            finally:
                flow.set()
                flowing.join()
            bought = [ended.get() for _ in range(ended.qsize())]
            found[f"payments.decision_faults_at_{rate}"] = network.faults() + bought.count(False)
            found[f"payments.decision_p50_ms_at_{rate}"] = purchases.percentile(times_ms, 50)
            found[f"payments.decision_p99_ms_at_{rate}"] = purchases.percentile(times_ms, 99)
    return found


def _flow(
    shopper: "Shopper",
    buying: ThreadPoolExecutor,
    stop: threading.Event,
    most: int,
    ended: queue.SimpleQueue[bool],
) -> None:
    """Buy from request to capture, 5 a second, until told to stop; keep how each ended."""
    under_way: list[Future[bool]] = []
    while len(under_way) < most and not stop.wait(1 / FLOW_PER_S):
        under_way.append(buying.submit(shopper.buy))
    for one in under_way:
        ended.put(one.exception() is None and one.result())


class Network:
    """The card network: signed questions to ``payments-web``, over connections it keeps open."""

    def __init__(self, stack: Stack, cards: Sequence[str], *, category_code: str) -> None:
        environment = stack.process_environment("card-issuer")
        url = environment["CARD_ISSUER_AUTHORISATIONS_URL"]
        self._path, self._web = urlsplit(url).path, open_loop.KeptOpen(url)
        self._secret = environment["CARD_ISSUER_AUTHORISATIONS_SECRET"]
        self._cards = cards
        self._category_code = category_code
        self._faults: queue.SimpleQueue[str] = queue.SimpleQueue()

    def faults(self) -> int:
        """Return how many questions were not decided in time since this was asked last."""
        number = self._faults.qsize()
        for _ in range(number):
            self._faults.get()
        return number

    def ask(self, number: int) -> None:
        """Ask for a penny on one of the cards.

        Raises:
            NotApprovedError: the answer is no, and not because of the time it took.
        """
        body = json.dumps(_question(self._cards[number % len(self._cards)], self._category_code))
        signature = WebhookSignature.generate_signature_header(body, self._secret, int(time.time()))
        headers = {"Stripe-Signature": signature}
        _, answered = self._web.ask("POST", self._path, body=body, headers=headers)
        answer = json.loads(answered)
        if answer.get("metadata") == {"reason": "fault"}:
            self._faults.put("fault")
        elif not answer.get("approved"):
            raise NotApprovedError(answer)


def _question(card: str, category_code: str) -> Mapping[str, Any]:
    return {
        "id": f"evt_{uuid4().hex}",
        "object": "event",
        "type": "issuing_authorization.request",
        "data": {
            "object": {
                "id": f"iauth_{uuid4().hex}",
                "amount": 0,
                "card": {"id": card, "last4": "4242"},
                "merchant_data": {
                    "category_code": category_code,
                    "country": "GB",
                    "name": "A shop",
                },
                "pending_request": {"amount": 1, "currency": "gbp"},
                "request_history": [],
                "transactions": [],
            }
        },
    }


class Shopper:
    """A broker with one person's budget, who can buy in several threads."""

    def __init__(self, stack: Stack, *, occurrences: int) -> None:
        self._environment = stack.environment()
        self._own = threading.local()
        self._buyer = self._funded(stack, occurrences)

    @property
    def category_code(self) -> str:
        """The kind of shop that the plan names."""
        return self._buyer.merchant_category_code

    def ready(self) -> Mapping[str, Any]:
        """Ask for one more of the plan's item, and return the purchase when it has a card."""
        purchase_id = uuid4()
        self._caller.command(
            "payments.request_purchase",
            {
                "purchase_id": str(purchase_id),
                "budget_id": self._buyer.budget_id,
                "item_id": self._buyer.item_id,
                "amount_pence": AMOUNT_PENCE,
                "requested_by": BROKER.staff_id,
                "instruction": "Measured",
                "is_not_a_repeat": True,
                "not_a_repeat_because": "Each is one more of those in the plan",
            },
            command_id=uuid4(),
            correlation_id=uuid4(),
        )
        return self._until(purchase_id, lambda found: found["state"] == "ready")

    def buy(self) -> bool:
        """Buy one: asked for, held, card issued, authorised and captured.

        False: the issuer had no answer in time and declined.

        Raises:
            NotApprovedError: it did not get as far as its card.
        """
        purchase = self.ready()
        authorised = self._shops.authorise(
            card_id=purchase["issuer_card_id"],
            amount_pence=AMOUNT_PENCE,
            merchant=self._buyer.payee,
            merchant_category_code=self._buyer.merchant_category_code,
        )
        if authorised.is_approved:
            self._shops.capture(authorised.authorisation_id)
        return authorised.is_approved

    def _until(
        self, purchase_id: Any, is_there: Callable[[Mapping[str, Any]], bool]
    ) -> Mapping[str, Any]:
        give_up_at = time.monotonic() + open_loop.PATIENCE_SECONDS
        while True:
            found: Mapping[str, Any] = self._caller.query(
                "payments.purchase", {"purchase_id": str(purchase_id)}
            )
            if is_there(found):
                return found
            if found["refusal"] is not None or time.monotonic() > give_up_at:
                raise NotApprovedError(found["state"], found["refusal"])
            time.sleep(0.25)

    @property
    def _caller(self) -> Caller:
        if not hasattr(self._own, "caller"):
            self._own.caller = Caller(self._environment, stop=threading.Event())
        caller: Caller = self._own.caller
        return caller

    @property
    def _shops(self) -> Shops:
        if not hasattr(self._own, "shops"):
            self._own.shops = Shops(
                issuer_url=self._environment["DEMO_CARD_ISSUER_URL"],
                api_key=self._environment["DEMO_CARD_ISSUER_API_KEY"],
            )
        shops: Shops = self._own.shops
        return shops

    def _funded(self, stack: Stack, occurrences: int) -> purchases.Buyer:
        case = counts.a_case(occurrences, unit_cost_pence=AMOUNT_PENCE)
        shown = progress.shown_on(Console(quiet=True), progress.expected([case]))
        with shown:
            return purchases.fund(case, stack, self._caller, run_id=uuid4(), shown=shown)
