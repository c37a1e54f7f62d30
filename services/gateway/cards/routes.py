"""The addresses of cards."""

from services.gateway.cards.schemas import (
    CardSchema,
    CardStateSchema,
    ObservedCardIdSchema,
    ObservedCardSchema,
    RegisterObservedCardForm,
    ReplaceCardForm,
    SeriesSchema,
    SeriesStateSchema,
    StartHoldersCardForm,
    StartSeriesForm,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.schemas import ReasonForm
from services.gateway.subjects import Subject

_ONE = "/cards/<uuid:card_id>"
_SERIES = "/series/<uuid:series_id>"
_OF_BUDGET = "/budgets/<uuid:budget_id>"

CARDS = Subject(
    name="cards",
    says="Cards: of one purchase, of a series, held by somebody, or somebody else's",
    routes=(
        read(
            "/purchases/<uuid:purchase_id>/cards",
            "payments.cards",
            CardSchema,
            "The cards of a purchase, with who changed them and why",
            is_list=True,
        ),
        do(
            f"{_ONE}/freeze",
            "payments.freeze_card",
            ReasonForm,
            "Stop a card for now",
            gives=CardStateSchema,
            fills={"changed_by": "id"},
        ),
        do(
            f"{_ONE}/unfreeze",
            "payments.unfreeze_card",
            ReasonForm,
            "Let a frozen card pay again",
            gives=CardStateSchema,
            fills={"changed_by": "id"},
        ),
        do(
            f"{_ONE}/replacement",
            "payments.replace_card",
            ReplaceCardForm,
            "Close a card that is lost or stolen, and have another one issued",
            gives=CardStateSchema,
            fills={"changed_by": "id"},
        ),
        do(
            f"{_ONE}/closure",
            "payments.close_card",
            ReasonForm,
            "Close a card for good",
            gives=CardStateSchema,
            fills={"changed_by": "id"},
        ),
        read(
            f"{_OF_BUDGET}/series",
            "payments.series",
            SeriesSchema,
            "What is bought again and again with a budget, and the cards that people hold",
            is_list=True,
        ),
        do(
            "/series",
            "payments.start_series",
            StartSeriesForm,
            "Ask for something to be bought again and again by one approval",
            gives=SeriesStateSchema,
            new="series_id",
            fills={"requested_by": "id"},
        ),
        do(
            "/holders-cards",
            "payments.start_holders_card",
            StartHoldersCardForm,
            "Ask for a card that the person holds, with an allowance for each period",
            gives=SeriesStateSchema,
            new="series_id",
            fills={"requested_by": "id"},
        ),
        do(
            f"{_SERIES}/approval",
            "payments.approve_series",
            NothingSchema,
            "Be the second person for a series",
            gives=SeriesStateSchema,
            fills={"approved_by": "id"},
        ),
        do(
            f"{_SERIES}/end",
            "payments.end_series",
            ReasonForm,
            "End a series: nothing more is bought",
            gives=SeriesStateSchema,
            fills={"ended_by": "id"},
        ),
        read(
            f"{_OF_BUDGET}/observed-cards",
            "payments.observed_cards",
            ObservedCardSchema,
            "Cards of others on which is looked, with what was bought",
            is_list=True,
        ),
        do(
            "/observed-cards",
            "payments.register_observed_card",
            RegisterObservedCardForm,
            "Look on at somebody else's card: what it buys is shown and never booked",
            gives=ObservedCardIdSchema,
            new="card_id",
            fills={"registered_by": "id"},
        ),
    ),
)
