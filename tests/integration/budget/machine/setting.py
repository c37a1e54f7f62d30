"""One budget of three partners beside its model: how it begins, and what is looked at."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4, uuid5

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy.orm import Session

from services.budget.invariants import QUESTIONS
from services.budget.verify import findings
from shared.contracts import documents
from shared.contracts.actor import system
from shared.contracts.assessment.sign_off import ApprovedItem, PlanApproved
from shared.messaging.answering import Call
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import COUNCIL, NHS, POOL, tell
from tests.integration.budget.model import Model
from tests.integration.budget.model.contributions import ModelCall
from tests.integration.budget.model.purchases import ModelItem
from tests.integration.budget.operations import OPERATIONS
from tests.integration.budget.pools import ANOTHER_NHS, CODES, shares_of, signed_by

# ruff: noqa: S608 - what is put together here are questions of this file and the ledger's own
# Asked after every step, and so prepared: to plan them would take longer than to answer them.
ASKED = {
    "broken": " UNION ALL ".join(
        f"(SELECT '{number}' AS rule, found.* FROM ({question}) AS found LIMIT 1)"
        for number, (rule_, question) in enumerate(QUESTIONS.items())
        if rule_.startswith(("I1 ", "I2 ", "I3 a balance", "I4 ", "I5 ", "I6 ", "I10 ", "I16 "))
    ),
    "accounts": """
        SELECT a.funder_id, a.name, sum(CASE account_id WHEN credit_account_id THEN amount_pence
                                                        ELSE -amount_pence END)::bigint
        FROM accounts AS a JOIN postings ON account_id IN (credit_account_id, debit_account_id)
        GROUP BY a.funder_id, a.name""",
    "free": """
        SELECT funder_id, posted_pence - held_pence FROM balances JOIN accounts USING (account_id)
        WHERE kind = 'available'""",
    "journals": "SELECT kind, effective_on, occurred_on, journal_id FROM journals ORDER BY seq",
    "calls": """
        SELECT contribution_id, amount_pence, received_pence, committed_at IS NOT NULL
        FROM contributions""",
    "portions": """
        SELECT h.purchase_id, h.version, h.unmatched_pence, h.expired_at IS NOT NULL,
               p.funder_id, p.asked_pence, p.held_pence, p.posted_pence, p.overspent_pence,
               p.advanced_pence
        FROM holds AS h JOIN hold_portions AS p USING (purchase_id)""",
}
NAMES = {NHS: "An integrated care board", COUNCIL: "A council", ANOTHER_NHS: "An NHS trust"}
ANSWERS = {name: operation.answer for name, operation in OPERATIONS.items()}
A_MOMENT = timedelta(seconds=1)
MANY_JOURNALS = 6  # an end comes when there is something that it could get wrong

whiches = st.integers(0, 20)
costs = st.lists(st.integers(1, 400), min_size=2, max_size=2)
ways_of_all = st.lists(
    st.sampled_from(["commit", "receive", "commit", "receive", "release", None]),
    min_size=3,
    max_size=3,
)
numerators = st.fixed_dictionaries(
    {NHS: st.integers(0, 9), COUNCIL: st.integers(0, 9), ANOTHER_NHS: st.integers(0, 9)}
).filter(lambda shares: any(shares.values()))


def not_empty(accounts):
    return {account: pence for account, pence in accounts.items() if pence}


class Setting(RuleBasedStateMachine):
    """One budget of three partners. ``transaction`` and ``owner`` are set by whoever runs it."""

    transaction = None  # a maker of transactions of the service's own role, on an empty database
    owner = None

    @initialize(
        costs=costs,
        shares=numerators,
        is_disputed=st.booleans(),
        host=st.sampled_from([COUNCIL, NHS]),
        weekly_pence=st.sampled_from([0, 0, 20, 90]),
        ways=ways_of_all,
    )
    def a_budget_is_agreed(self, *, costs, shares, is_disputed, host, weekly_pence, ways):
        """Have it agreed, and most of the money come in, so that something can be bought."""
        self.number = 0
        item_ids = [self.next_id(), self.next_id()]
        self.plan = self.a_plan(dict(zip(item_ids, costs, strict=True)))
        self.budget_id = self.plan.budget_id
        self.is_disputed, self.agreed_on = is_disputed, TUESDAY_AT_TEN.date()
        self.model = Model(
            budget_id=self.budget_id,
            funders=(NHS, COUNCIL, ANOTHER_NHS),
            codes=CODES,
            host=host,
            person=self.plan.person_id,
            now=TUESDAY_AT_TEN,
            items={item_id: ModelItem(cost) for item_id, cost in zip(item_ids, costs, strict=True)},
        )
        tell(self.transaction, self.plan)
        self.a_pool_is_opened(host)
        if weekly_pence:
            self.do(
                "report_financial_assessment",
                budget_id=self.budget_id,
                weekly_contribution_pence=weekly_pence,
                weeks=2,
            )
        self.agree(dict.fromkeys(shares, 1) if is_disputed else shares)
        self.see_that_the_charge_is(2 * weekly_pence)
        self.all_comes_in(ways)
        self.prepare()

    def prepare(self):
        self.reader = self.owner.connect().execution_options(isolation_level="AUTOCOMMIT")
        self.reader.exec_driver_sql("DEALLOCATE ALL")
        for name, question in ASKED.items():
            self.reader.exec_driver_sql(f"PREPARE {name} AS {question}")

    def a_plan(self, costs):
        return PlanApproved(
            occurred_at=TUESDAY_AT_TEN,
            plan_id=self.next_id(),
            person_id=self.next_id(),
            version=1,
            budget_id=self.next_id(),
            legal_basis="care_act",
            total_pence=sum(costs.values()),
            decided_by_rung="care_coordinator",
            items=self.items_of(costs),
        )

    @staticmethod
    def items_of(costs):
        return [
            ApprovedItem(
                item_id=item_id,
                description=f"Something that is called {item_id}",
                category="course",
                unit_cost_pence=cost,
                occurrences=1,
                rail="card",
                payee="A shop",
                merchant_category_code="5999",
                payer="joint",
            )
            for item_id, cost in costs.items()
        ]

    def a_pool_is_opened(self, host):
        for funder_id, name in NAMES.items():
            kind = "council" if funder_id == COUNCIL else "nhs"
            code = CODES[funder_id]
            self.do(
                "register_funder",
                funder_id=funder_id,
                kind=kind,
                code=code,
                name=name,
                organisation=code.lower(),
            )
        self.do(
            "open_pool",
            pool_id=POOL,
            name="Mental health",
            agreement_reference="S75 2026",
            host_id=host,
            partner_ids=list(NAMES),
            starts_on="2026-04-01",
            ends_on=None,
        )

    def next_id(self):
        """Return an id that is the same whenever the same steps are taken, but in no order."""
        self.number += 1
        return uuid5(POOL, str(self.number))

    def ask(self, operation, *, at=None, actor="tests/system", **request):
        """Ask the service as the edge does; no two things happen at the same moment."""
        self.model.now += A_MOMENT
        request = documents.plain(request)
        return ANSWERS[operation](
            Call(
                operation=operation,
                request=request,
                actor=system("tests"),
                command_id=uuid4(),
            ),
            transaction=self.transaction,
            trace=replace(a_trace(at=at or self.model.now), actor=actor),
        )

    def do(self, operation, **request):
        answer = self.ask(operation, **request)
        assert "result" in answer, answer
        return answer["result"]

    def code_of(self, operation, **request):
        """Ask, and return the code of the refusal, or None."""
        return self.ask(operation, **request).get("refusal", {}).get("code")

    def tell(self, event):
        self.model.now += A_MOMENT
        tell(self.transaction, event, at=self.model.now)

    def agree(self, shares, *, decides=False):
        agreement_id = self.next_id()
        is_disputed = self.is_disputed and not decides
        answer = self.ask(
            "record_agreement",
            agreement_id=agreement_id,
            budget_id=self.budget_id,
            pool_id=POOL,
            purpose="joint",
            starts_on=self.agreed_on,
            denominator=sum(shares.values()),
            shares=shares_of(shares),
            is_disputed=is_disputed,
            signatures=[] if is_disputed else signed_by(*shares),
        )
        if self.model.has_ended(self.agreed_on):
            assert answer["refusal"]["code"] == "budget_ended"
            return
        self.agreement_id = agreement_id
        self.is_disputed = is_disputed
        self.model.agree(shares, agreement_id.int, decides=decides)
        self.keep_calls(
            {
                UUID(call["contribution_id"]): ModelCall(
                    UUID(call["funder_id"]),
                    call["amount_pence"],
                    date.fromisoformat(call["due_on"]),
                )
                for call in answer["result"]["called"]
            }
        )

    def keep_calls(self, called):
        """Take what was called for into the model, when it is what the model says."""
        for call_id, call in called.items():
            if call.funder == self.model.person:
                self.model.raise_charge(call_id, call, COUNCIL)
        of_funders = {one: call for one, call in called.items() if call.funder in NAMES}
        assert {call.funder: call.pence for call in of_funders.values()} == self.model.to_call()
        self.model.calls |= of_funders

    def see_that_the_charge_is(self, pence):
        """The person is charged for no more than the council's part."""
        council = self.model.agreements[0].agreed[COUNCIL]
        assert self.model.charge == min(pence, council)

    def read(self, question):
        return [tuple(row) for row in self.reader.exec_driver_sql(f"EXECUTE {question}")]

    @staticmethod
    def one_of(many, which):
        return list(many)[which % len(many)]

    @invariant()
    def no_cheap_rule_is_broken(self):
        if hasattr(self, "reader"):
            assert self.read("broken") == []

    @invariant()
    def the_books_are_what_the_model_says(self):
        if not hasattr(self, "reader"):
            return
        model = self.model
        accounts = {(funder, name): pence for funder, name, pence in self.read("accounts")}
        assert not_empty(accounts) == not_empty(model.accounts)
        assert dict(self.read("free")) == {one: model.free(one) for one in model.funders}
        assert [one[:3] for one in self.read("journals")] == [
            (one.kind, one.effective_on, one.occurred_on) for one in model.journals
        ]

    @invariant()
    def calls_and_portions_are_what_the_model_says(self):
        if not hasattr(self, "reader"):
            return
        model = self.model
        assert set(self.read("calls")) == {
            (call_id, call.pence, call.received, call.is_committed)
            for call_id, call in model.all_calls().items()
        }
        assert set(self.read("portions")) == {
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

    def teardown(self):
        """Have the whole verifier look at what is left."""
        if hasattr(self, "reader"):
            self.reader.close()
        with Session(self.owner) as session:
            found = list(findings(session))
        assert not found, found
