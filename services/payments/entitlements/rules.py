"""The ways to pay."""

import enum


class Rail(enum.StrEnum):
    """How the money travels."""

    CARD = "card"
    BACS = "bacs"
    INVOICE = "invoice"
