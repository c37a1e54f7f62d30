"""All operations of the description, asked again and again until it is enough."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, BaseSchema, Case, Config, GenerationMode
from schemathesis.generation.stateful.state_machine import StepInput, StepOutput

from services.gateway import policy
from services.gateway.api import SUBJECTS
from tests.api.answers import Tally
from tests.api.asking import Asker
from tests.api.known import Known
from tests.api.served import Served
from tests.api.signing_in import sign_in
from tests.architecture.house import ROOT

DESCRIPTION = ROOT / "docs" / "api" / "openapi.yaml"
AT_A_TIME = 6  # requests to one operation, before another has its turn
MODES = (GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
STATEFUL_SHARE = 0.1
LONGEST_SECONDS = 1_800  # on a machine that has much else to do; then it was not enough
STORIES = 10
STEPS = 12  # of one story
QUIETLY = settings(
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

# A refusal is a refusal: a body over a mebibyte is one (413), and a version that is not (412).
CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}

GoesOn = Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class Share:
    """One process's part of it all."""

    served: Served
    seed: int
    number: int  # which of how many
    of: int
    requests: int

    def ask(self) -> Tally:
        """Ask until it is enough, and return what was found."""
        dice = random.Random(f"{self.seed}/{self.number}")
        served = self.served
        asker = Asker(
            served.gateway,
            visitors=[sign_in(served.gateway, *one) for one in served.people],
            may=roles_by_operation(),
            known=Known(served.databases),
            dice=dice,
        )
        description = schemathesis.openapi.from_path(DESCRIPTION, config=Config.from_dict(CONFIG))
        operations = [one.ok() for one in description.get_all_operations()][self.number :: self.of]
        give_up_at = time.monotonic() + LONGEST_SECONDS

        def until(enough: float) -> GoesOn:
            return lambda: asker.tally.asked < enough and time.monotonic() < give_up_at

        by_operation(operations, asker, dice, goes_on=until(self.requests * (1 - STATEFUL_SHARE)))
        in_stories(description, asker, dice, goes_on=until(self.requests))
        return asker.tally


def roles_by_operation() -> dict[str, set[str]]:
    """Return by operation which roles may ask for it."""
    rules = policy.load().rules
    return {
        route.operation: {role for one in route.operations for role in rules[one]}
        for subject in SUBJECTS
        for route in subject.routes
    }


def by_operation(
    operations: list[APIOperation], asker: Asker, dice: random.Random, *, goes_on: GoesOn
) -> None:
    """Ask each operation, with what fits its form and with what does not."""
    ways = [one.as_strategy(generation_mode=mode) for one in operations for mode in MODES]
    while goes_on():
        dice.shuffle(ways)
        for strategy in ways:
            if not goes_on():
                return

            @seed(dice.getrandbits(64))
            @settings(QUIETLY, max_examples=AT_A_TIME)
            @given(case=strategy)
            def ask(case: Case) -> None:
                if goes_on():
                    asker.ask(case)

            ask()


def in_stories(
    description: BaseSchema, asker: Asker, dice: random.Random, *, goes_on: GoesOn
) -> None:
    """Go from operation to operation, by what an answer tells for the next."""

    class Story(description.as_state_machine()):
        def setup(self) -> None:
            self.visitor = asker.anybody()

        def step(self, wanted: StepInput) -> StepOutput:
            is_told = wanted.transition is not None
            return StepOutput(asker.ask(wanted.case, self.visitor, has_ids=is_told), wanted.case)

    while goes_on():
        seed(dice.getrandbits(64))(Story)
        Story.run(settings=settings(QUIETLY, max_examples=STORIES, stateful_step_count=STEPS))
