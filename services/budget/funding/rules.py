"""When a contribution counts, and when a budget is active."""

from shared.errors import IdReusedError, Refusal

DAYS_TO_PAY = 14  # local policy, for each pool's partners to agree


class ContributionNotCalledError(Refusal):
    """Nobody was asked for this contribution."""

    code = "contribution_not_called"
    next_step = "Use the contribution's id from the call."


class ContributionDiffersError(Refusal):
    """What was paid is not what was called for."""

    code = "contribution_differs"
    next_step = "Pay in what was called for, or agree the shares anew."

    def __init__(self, *, called_pence: int, received_pence: int) -> None:
        super().__init__(
            "The amount differs from what was called for.",
            called_pence=called_pence,
            received_pence=received_pence,
        )


class ContributionIdReusedError(IdReusedError):
    """The contribution was received before, with another bank reference."""
