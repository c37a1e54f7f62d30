"""When a crisis plan can be put in force."""

from typing import ClassVar

from shared.errors import Refusal


class NoCrisisPlanError(Refusal):
    """There is no approved plan with a crisis plan to put in force."""

    code = "no_crisis_plan"
    next_step: ClassVar[str] = "Ask for a rapid review of this case."
