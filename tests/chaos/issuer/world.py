"""A budget with money, its broker, the shops and the issuer's controls, on the whole suite."""

import json
import threading
from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

import requests
import stripe

from demo import partners
from demo.calling import Caller
from demo.case import Case
from demo.ids import CaseIds
from demo.pace import Pace
from demo.playing import assessing, funding, planning, telling
from demo.playing.play import Play
from demo.schemas import CaseLine
from demo.staff import BROKER, TEAM_MANAGER
from deploy.local.waiting import wait_until
from tests.chaos.house import House
from tests.chaos.load import Unseen, as_somebody_else, pilot_lines

PRICE = 35_00
OCCURRENCES = 90
SHOP = "8299"
PATIENCE_SECONDS = 180
OPEN_ERRANDS = "SELECT count(*) AS n FROM errands WHERE state IN ('waiting', 'calling', 'unknown')"
MESSAGES = "SELECT count(*) AS n FROM outbox WHERE state = 'pending'"
LONG_SILENT = "UPDATE authorisations SET look_at = look_at - INTERVAL '15 minutes'"
CREATED = "issuing_authorization.created"
UPDATED = "issuing_authorization.updated"
MOVED = "issuing_transaction.created"
REQUEST = "issuing_authorization.request"


class PatientIssuer(House):
    """An issuer that waits longer for answers: how long is a test of its own, on its own."""

    def environment(self, name):
        return {**super().environment(name), "CARD_ISSUER_ANSWER_LIMIT_SECONDS": "20"}


@dataclass(frozen=True, kw_only=True)
class Bought:
    """A purchase that is ready to be made, and its card."""

    purchase_id: str
    card: str


class World:
    """What the tests of the faults do again and again."""

    def __init__(self, house):
        self.house = house
        environment = house.stack.environment()
        self.issuer_url = environment["DEMO_CARD_ISSUER_URL"]
        self.api_key = environment["DEMO_CARD_ISSUER_API_KEY"]
        self.caller = Caller(environment, stop=threading.Event())
        self.client = stripe.StripeClient(
            self.api_key, base_addresses={"api": self.issuer_url}, max_network_retries=0
        ).v1
        self.shops = self.client.test_helpers.issuing
        self._play = None

    def close(self):
        self.caller.close()

    def open_budget(self):
        """Play a case of the pilot up to its money, with a plan that buys one thing by card."""
        working_together = partners.open_pool(self.caller)
        line = next(one for one in pilot_lines() if one["wants_budget"] and one["kind"] == "small")
        line = as_somebody_else(json.loads(json.dumps(line)), number=77)
        item = next(one for one in line["support_plan"]["items"] if one["rail"] == "card")
        line["afterwards"] = []
        line["support_plan"]["items"] = [
            {
                **item,
                "unit_cost_pence": PRICE,
                "occurrences": OCCURRENCES,
                "frequency": "weekly",
                "merchant_category_code": SHOP,
            }
        ]
        case: Case = CaseLine().load(line)
        play = Play(
            case=case,
            ids=CaseIds(run_id=uuid4(), case_ref=case.case_ref),
            caller=self.caller,
            shops=None,
            shown=Unseen(),
            partners=working_together,
            pace=Pace(),
        )
        offer = assessing.assess(play)
        telling.tell_amount(play)
        planning.agree(play, plan=case.support_plan, sign_off=case.sign_off, offer=offer)
        funding.fund(play, funding=case.budget)
        self._play = play

    def asked_for(self):
        """Ask for a purchase; returns its id."""
        asked = self._play.tell(
            "payments.request_purchase",
            {
                "budget_id": self._play.known["budget_id"],
                "item_id": self._play.ids.text("item/0"),
                "amount_pence": PRICE,
                "instruction": "Please book my lessons",
                "is_not_a_repeat": True,
                "not_a_repeat_because": "Each lesson is a purchase",
            },
            by=BROKER,
            about=str(uuid4()),
        )
        purchase_id = asked["purchase_id"]
        if asked["state"] == "awaiting_approval":  # with all that was asked for within a day
            self._play.tell(
                "payments.approve_purchase",
                {"purchase_id": purchase_id},
                by=TEAM_MANAGER,
                about=purchase_id,
            )
        return purchase_id

    def ready(self, purchase_id=None):
        """Wait until a purchase has its card."""
        purchase_id = purchase_id or self.asked_for()
        assert wait_until(
            lambda: self.purchase(purchase_id)["state"] == "ready",
            patience_seconds=PATIENCE_SECONDS,
        ), self.purchase(purchase_id)
        return Bought(purchase_id=purchase_id, card=self.purchase(purchase_id)["issuer_card_id"])

    def replace(self, bought):
        """Have a lost card replaced; returns the issuer's id of the one in its place."""
        asked = {"purchase_id": bought.purchase_id}
        (lost,) = self.caller.query("payments.cards", asked)
        self._play.tell(
            "payments.replace_card",
            {
                "card_id": lost["card_id"],
                "because": "lost",
                "reason": "Left on the bus",
            },
            by=BROKER,
            about=lost["card_id"],
        )
        assert wait_until(
            lambda: self.purchase(bought.purchase_id)["issuer_card_id"] != bought.card,
            patience_seconds=PATIENCE_SECONDS,
        )
        return self.purchase(bought.purchase_id)["issuer_card_id"]

    def purchase(self, purchase_id):
        return self.caller.query("payments.purchase", {"purchase_id": purchase_id})

    # The issuer and its shops

    def fault(self, **rule):
        self.control("faults", rule)

    def control(self, path, asked=None, *, method="POST"):
        answer = requests.request(method, f"{self.issuer_url}/sim/{path}", json=asked, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def log(self, what):
        entries = self.control("log", method="GET")["entries"]
        return [entry for entry in entries if entry["what"] == what]

    def buy(self, card, amount=PRICE, **fields):
        return self.shops.authorizations.create(
            {
                "card": card,
                "amount": amount,
                "merchant_data": {"category_code": SHOP, "name": "Riding School"},
                **fields,
            }
        )

    def lift_limit(self, card):
        """Have the issuer ask about any sum: its own limit would decline first."""
        limits = [{"amount": 10 * PRICE, "interval": "all_time"}]
        self.client.issuing.cards.update(card, {"spending_controls": {"spending_limits": limits}})

    def claim(self, authorisation, **fields):
        return self.shops.authorizations.capture(authorisation.id, fields)

    # What became of it

    def come_to_rest(self, *, but_errands=0):
        """Wait until the issuer has told everything and all of it is applied and booked."""

        def is_at_rest():
            waiting = self.control("waiting", method="GET")
            open_errands = self.house.rows("payments", OPEN_ERRANDS)[0].n
            return (
                waiting["events"] == 0
                and open_errands <= but_errands
                and self.house.rows("payments", MESSAGES)[0].n == 0
            )

        assert wait_until(is_at_rest, patience_seconds=PATIENCE_SECONDS), (
            self.control("waiting", method="GET"),
            self.control("log", method="GET")["entries"][-20:],
        )

    def let_silence_pass(self):
        """Have the issuer asked by the next look for what it has told nothing of until now."""
        self.house.execute("payments", LONG_SILENT)

    def see_amounts(self, purchase_id, *, held, posted, but_errands=0):
        """See that payments and the ledger agree on what is held and what was paid."""
        self.come_to_rest(but_errands=but_errands)
        wanted = (held, posted)
        wait_until(lambda: self.ledger(purchase_id) == wanted, patience_seconds=PATIENCE_SECONDS)
        found = self.purchase(purchase_id)
        assert (found["held_pence"], found["posted_pence"]) == wanted
        assert self.ledger(purchase_id) == wanted

    def ledger(self, purchase_id):
        (hold,) = self.house.rows(
            "budget",
            "SELECT held_pence, posted_pence FROM holds WHERE purchase_id = :purchase_id",
            purchase_id=purchase_id,
        )
        return hold.held_pence, hold.posted_pence

    def exceptions(self, purchase_id=None):
        """Count the open exceptions by kind; of a purchase, or of none."""
        found = self.house.rows(
            "payments", "SELECT kind, purchase_id FROM exceptions WHERE resolved_at IS NULL"
        )
        return Counter(
            one.kind for one in found if str(one.purchase_id or None) == str(purchase_id)
        )

    def decisions(self, purchase_id):
        return self.purchase(purchase_id)["decisions"]
