"""Everything that can be asked of one budget, in any order, beside a model in plain Python."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.holds import handlers
from services.budget.holds.commands import ExpireHold
from services.budget.invariants import QUESTIONS
from services.budget.seal.commands import SealJournals
from services.budget.seal.handlers import seal_journals
from services.budget.verify import findings
from shared.contracts.assessment.sign_off import ApprovedItem
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import (
    COUNCIL,
    NHS,
    POOL,
    Planned,
    a_plan,
    a_purchase,
    agree,
    amounts_of,
    ask,
    everything,
    tell,
    told_about,
    unanswered,
)
from tests.integration.budget.model import Model, ModelCall
from tests.integration.budget.pools import ANOTHER_NHS, a_pool_of_three, shares_of, signed_by
from tests.integration.budget.ways import move

# ruff: noqa: S608 - what is put together here are the ledger's own questions
CHEAP = text(
    " UNION ALL ".join(
        f"(SELECT '{number}' AS rule, found.* FROM ({question}) AS found LIMIT 1)"
        for number, (rule_, question) in enumerate(QUESTIONS.items())
        if rule_.startswith(("I1 ", "I2 ", "I3 a balance", "I4 ", "I5 ", "I6 ", "I16 "))
    )
)
BALANCES = text("""
    SELECT funder_id, posted_pence, held_pence FROM balances JOIN accounts USING (account_id)
    WHERE budget_id = :budget_id""")
PORTIONS = text("""
    SELECT h.purchase_id, h.version, h.unmatched_pence, h.expired_at IS NOT NULL AS is_expired,
           p.funder_id, p.asked_pence, p.held_pence, p.posted_pence, p.overspent_pence,
           p.advanced_pence
    FROM holds AS h JOIN hold_portions AS p USING (purchase_id) WHERE h.budget_id = :budget_id""")
OVER = TUESDAY_AT_TEN + timedelta(days=31)

pence = st.integers(0, 300)
numerators = st.fixed_dictionaries(
    {NHS: st.integers(0, 9), COUNCIL: st.integers(0, 9), ANOTHER_NHS: st.integers(0, 9)}
).filter(lambda shares: any(shares.values()))


class Budget(RuleBasedStateMachine):
    """One budget of three partners. ``transaction`` and ``owner`` are set by whoever runs it."""

    transaction = None  # a maker of transactions of the service's own role, on an empty database
    owner = None

    @initialize(
        total=st.integers(1, 400),
        shares=numerators,
        is_disputed=st.booleans(),
        host=st.sampled_from([COUNCIL, NHS]),
        weekly_pence=st.integers(0, 40),
    )
    def a_budget_is_agreed(self, total, shares, is_disputed, host, weekly_pence):
        self.is_disputed = is_disputed
        if is_disputed:
            shares = dict.fromkeys(shares, 1)
        plan = a_plan(joint=total)
        tell(self.transaction, plan)
        self.plan = plan
        self.planned = Planned(budget_id=plan.budget_id, item_ids={"joint": plan.items[0].item_id})
        self.purchases = {}
        self.number = 0
        a_pool_of_three(self.transaction, host_id=host)
        if weekly_pence:
            ask(
                self.transaction,
                "report_financial_assessment",
                budget_id=str(plan.budget_id),
                weekly_contribution_pence=weekly_pence,
                weeks=2,
            )
        self.model = Model(
            funders=(NHS, COUNCIL, ANOTHER_NHS), host=host, total=total, numerators=[], ties=[]
        )
        self.charge_paid = 0
        self.agree(shares, is_first=True)

    def next_id(self):
        """Return an id that is the same whenever the same steps are taken, but in no order."""
        self.number += 1
        return uuid5(POOL, str(self.number))

    def agree(self, shares, *, is_first=False):
        agreement_id = self.next_id()
        self.model.numerators.append(shares)
        self.model.ties.append(agreement_id.int)
        disputed = self.is_disputed and is_first
        answer = agree(
            self.transaction,
            self.planned,
            agreement_id=str(agreement_id),
            pool_id=str(POOL),
            denominator=sum(shares.values()),
            shares=shares_of(shares),
            is_disputed=disputed,
            signatures=[] if disputed else signed_by(*shares),
        )
        self.agreement_id = agreement_id
        called = answer["result"]["called"]
        self.model.agree()
        of_person = [call for call in called if call["funder_kind"] == "person"]
        if of_person:
            self.model.charge, self.model.charged_to = of_person[0]["amount_pence"], COUNCIL
            self.charge_call = of_person[0]
        self.keep_calls(called)

    def keep_calls(self, called):
        to_call = self.model.to_call()
        calls = [call for call in called if call["funder_kind"] != "person"]
        assert {UUID(call["funder_id"]): call["amount_pence"] for call in calls} == to_call
        for call in calls:
            self.model.calls[call["contribution_id"]] = ModelCall(
                funder=UUID(call["funder_id"]), pence=call["amount_pence"]
            )

    def contribution(self, contribution_id, **changes):
        call = self.model.calls[contribution_id]
        return {
            "contribution_id": contribution_id,
            "budget_id": str(self.planned.budget_id),
            "funder_id": str(call.funder),
            "amount_pence": call.pence,
        } | changes

    @precondition(lambda self: self.model.calls)
    @rule(which=st.integers(0, 20), way=st.sampled_from(["commit", "receive", "release"]))
    def a_contribution_comes(self, which, way):
        contribution_id = list(self.model.calls)[which % len(self.model.calls)]
        call = self.model.calls[contribution_id]
        extra = {
            "commit": {},
            "receive": {"bank_reference": "one"},
            "release": {"contract_reference": "one"},
        }[way]
        before = unanswered(self.transaction) if call.is_received else None
        answer = ask(
            self.transaction,
            f"{way}_contribution",
            **self.contribution(contribution_id, **extra),
        )
        if before is not None:
            assert unanswered(self.transaction) == before
            return
        assert "result" in answer
        if way == "commit":
            call.is_committed = True
        else:
            call.is_received = True

    @precondition(lambda self: self.model.charge > self.charge_paid)
    @rule(part=st.integers(1, 100))
    def the_person_pays_a_part(self, part):
        amount = min(part, self.model.charge - self.charge_paid)
        answer = ask(
            self.transaction,
            "receive_contribution",
            contribution_id=self.charge_call["contribution_id"],
            budget_id=str(self.planned.budget_id),
            funder_id=self.charge_call["funder_id"],
            amount_pence=amount,
            bank_reference=str(uuid4()),
        )
        assert "result" in answer
        self.charge_paid += amount

    @rule(amount=st.integers(-1, 300))
    def something_is_bought(self, amount):
        purchase = a_purchase(self.planned, amount, purchase_id=self.next_id())
        tell(self.transaction, purchase)
        told = told_about(self.transaction, purchase)[-1]
        if amount <= 0:
            expected = "amount_not_positive"
        else:
            expected = self.model.place(purchase.purchase_id, amount)
        assert told.get("code", told["type"]) == expected
        if expected == "hold_placed":
            self.purchases[purchase.purchase_id] = purchase

    @precondition(lambda self: self.purchases)
    @rule(which=st.integers(0, 50), changes=st.sampled_from([0, 1]))
    def a_purchase_is_told_again(self, which, changes):
        purchase = self.one_of(which)
        before = everything(self.transaction, apart_from=("inbox",))
        again = a_purchase(
            self.planned,
            purchase.amount_pence,
            purchase_id=purchase.purchase_id,
        )
        tell(self.transaction, again if changes else purchase)
        assert everything(self.transaction, apart_from=("inbox",)) == before

    @precondition(lambda self: self.purchases)
    @rule(
        which=st.integers(0, 50), held=pence, posted=pence, unmatched=pence, step=st.integers(0, 2)
    )
    def the_card_network_says(self, which, held, posted, unmatched, step):
        purchase = self.one_of(which)
        version = self.model.holds[purchase.purchase_id].told + step
        unmatched = 0 if posted else unmatched
        if version < 1:
            return
        amounts = amounts_of(purchase, version=version, held_pence=held, posted_pence=posted)
        tell(self.transaction, replace(amounts, unmatched_pence=unmatched))
        self.model.converge(purchase.purchase_id, version, held, posted, unmatched)

    @precondition(lambda self: self.purchases)
    @rule(which=st.integers(0, 50), is_over=st.booleans())
    def a_hold_is_looked_at(self, which, is_over):
        purchase_id = self.one_of(which).purchase_id
        at = OVER if is_over else TUESDAY_AT_TEN
        with self.transaction() as session:
            command = ExpireHold(purchase_id=purchase_id)
            handlers.expire_hold(command, session=session, trace=a_trace(at=at))
        if is_over:
            self.model.expire(purchase_id)

    @precondition(lambda self: self.is_disputed)
    @rule(shares=numerators)
    def disputed_shares_are_decided(self, shares):
        self.is_disputed = False
        self.agree(shares)
        answer = ask(self.transaction, "reapportion", agreement_id=str(self.agreement_id))
        assert answer.get("result", {}).get("purchases", 0) == len(self.model.holds)
        self.model.decide()

    @rule(total=st.integers(1, 400))
    def the_plan_is_revised(self, total):
        item = ApprovedItem(
            **{
                **{name: getattr(self.plan.items[0], name) for name in ApprovedItem.__slots__},
                "unit_cost_pence": total,
            }
        )
        self.plan = replace(
            self.plan,
            event_id=uuid4(),
            version=self.plan.version + 1,
            total_pence=total,
            items=[item],
        )
        tell(self.transaction, self.plan)
        self.model.total = total
        self.model.agree()
        with self.transaction() as session:
            calls = session.execute(
                text(
                    "SELECT contribution_id, funder_id, kind, amount_pence FROM contributions"
                    " JOIN funders USING (funder_id) ORDER BY funder_id, amount_pence"
                )
            ).all()
        self.keep_calls(
            [
                {
                    "contribution_id": str(call.contribution_id),
                    "funder_id": str(call.funder_id),
                    "funder_kind": call.kind,
                    "amount_pence": call.amount_pence,
                }
                for call in calls
                if str(call.contribution_id) not in self.model.calls
            ]
        )

    @precondition(lambda self: self.model.calls)
    @rule(
        which=st.integers(0, 20),
        changes=st.sampled_from(
            [{"amount_pence": 10**15}, {"amount_pence": 0}, {"funder_id": str(UUID(int=5))}]
        ),
    )
    def a_wrong_contribution_changes_nothing(self, which, changes):
        contribution_id = list(self.model.calls)[which % len(self.model.calls)]
        before = unanswered(self.transaction)
        request = self.contribution(contribution_id, bank_reference="wrong", **changes)
        assert "refusal" in ask(self.transaction, "receive_contribution", **request)
        assert unanswered(self.transaction) == before

    @rule(route=st.sampled_from(["host", "broker"]))
    def the_item_goes_another_way(self, route):
        """Whatever it is: what is there, held and due stays the same."""
        answer = move(self.transaction, self.planned, route)
        assert "result" in answer

    @rule()
    def all_is_sealed(self):
        with self.transaction() as session:
            seal_journals(SealJournals(), session=session, trace=a_trace())

    @invariant()
    def the_books_are_what_the_model_says(self):
        if not hasattr(self, "model"):
            return
        with self.transaction() as session:
            values = {"budget_id": self.planned.budget_id}
            balances = session.execute(BALANCES, values).all()
            portions = session.execute(PORTIONS, values).all()
            broken = session.execute(CHEAP).all()
        assert broken == []
        model = self.model
        assert {row.funder_id: row.posted_pence - row.held_pence for row in balances} == {
            funder: model.free(funder) for funder in model.funders
        }
        assert {tuple(row) for row in portions} == {
            (
                purchase_id,
                hold.version,
                hold.unmatched,
                hold.is_expired,
                funder,
                hold.asked[funder],
                hold.held[funder],
                hold.posted[funder],
                hold.overspent[funder],
                hold.advanced[funder],
            )
            for purchase_id, hold in model.holds.items()
            for funder in model.funders
        }

    def one_of(self, which):
        return list(self.purchases.values())[which % len(self.purchases)]

    def teardown(self):
        """Have the whole verifier look at what is left."""
        with Session(self.owner) as session:
            assert list(findings(session)) == []
