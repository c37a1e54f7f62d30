"""The card issuer, over HTTP. Its spelling ends here.

Every call has timeouts and an idempotency key, and says which of three things went wrong:
refused for good, certainly not done, or unknown.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import requests
import stripe
import structlog

from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

API_VERSION = "2026-10-28.endive"  # of Stripe; changes with the tests that read its objects
TIMEOUTS_SECONDS = (3.0, 10.0)  # to connect; to be answered
# Reasons for a dispute that are spelt otherwise there; the others are the same.
REASONS = {"cancelled": "canceled", "no_valid_authorisation": "no_valid_authorization"}
EVENTS_OF_A_PAGE = 100  # Stripe's most
LIMIT_INTERVALS = {"each": "per_authorization", "all": "all_time"}
LONGEST_CARDHOLDER_NAME = 24  # Stripe's limit
MOST_OF_A_CARD = 100
# Cards are virtual and nothing is posted: the programme's own address stands in.
PROGRAMME_ADDRESS = {
    "line1": "1 Example Street",
    "city": "Exampleton",
    "postal_code": "ZZ99 3WZ",
    "country": "GB",
}
# Ours to mend, or a matter of waiting: nothing was done, and the same call may work later.
NOT_DONE = (stripe.AuthenticationError, stripe.PermissionError, stripe.RateLimitError)
REFUSED = (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOrder:
    """What card the issuer is asked for, and what it sees to by itself."""

    issuer_cardholder_id: str
    purchase_id: str
    limit_pence: int
    limit_applies_to: str  # each authorisation, or all of them
    payment_count: int | None  # it is closed after so many
    blocked_categories: Sequence[str]
    allowed_countries: Sequence[str] | None
    replacement_for: str | None = None
    replacement_reason: str | None = None


def _staying() -> requests.Session:
    """Return a session that goes where it was sent, and no further: a redirect is no answer."""
    session = requests.Session()
    session.max_redirects = 0
    return session


class IssuerClient:
    """Stripe Issuing by its official client."""

    def __init__(self, *, url: str, api_key: str) -> None:
        stripe_v1 = stripe.StripeClient(
            api_key,
            base_addresses={"api": url},
            stripe_version=API_VERSION,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=TIMEOUTS_SECONDS, session=_staying()),
        ).v1
        self._issuing = stripe_v1.issuing
        self._events = stripe_v1.events

    def create_cardholder(self, *, reference: UUID, name: str) -> str:
        """Return the issuer's id of a cardholder; a repeat gives the same one."""
        shown = _cardholder_name(name)
        key = uuid5(reference, shown)  # a header holds no letters of every script
        cardholder = _asked(
            lambda: self._issuing.cardholders.create(
                {
                    "name": shown,
                    "type": "individual",
                    "billing": {"address": PROGRAMME_ADDRESS},  # type: ignore[typeddict-item]
                    "metadata": {"reference": str(reference)},
                },
                {"idempotency_key": f"cardholder-{key}"},
            )
        )
        return cardholder.id

    def create_card(self, order: CardOrder, *, errand_id: UUID) -> str:
        """Return the issuer's id of a virtual card for one purchase; never its number."""
        parameters = _card_parameters(order)
        card = _asked(
            lambda: self._issuing.cards.create(parameters, {"idempotency_key": str(errand_id)})
        )
        return card.id

    def set_card_status(self, *, errand_id: UUID, issuer_card_id: str, status: str) -> str:
        """Let a card pay, or not for now."""
        key = str(errand_id)
        return self._change_card(issuer_card_id, {"status": status}, key=key)

    def report_loss(self, *, errand_id: UUID, issuer_card_id: str, because: str) -> str:
        """Close a card that was lost or stolen."""
        change = {"status": "canceled", "cancellation_reason": because}
        return self._change_card(issuer_card_id, change, key=f"{errand_id}-lost")

    def _change_card(self, issuer_card_id: str, change: Any, *, key: str) -> str:
        card = _asked(
            lambda: self._issuing.cards.update(issuer_card_id, change, {"idempotency_key": key})
        )
        return card.id

    def close_card(self, *, errand_id: UUID, issuer_card_id: str) -> str:
        """Have nothing more approved on a card. One that the issuer does not know is as good."""
        try:
            _asked(
                lambda: self._issuing.cards.update(
                    issuer_card_id, {"status": "canceled"}, {"idempotency_key": str(errand_id)}
                )
            )
        except RefusedOutsideError as error:
            if error.reason != "issuer:resource_missing":
                raise
            log.warning("card_to_close_unknown", issuer_card_id=issuer_card_id)
        return issuer_card_id

    def authorisation(self, authorisation_id: str) -> Mapping[str, Any] | None:
        """Return an authorisation as it stands now, or None: the issuer has none of this id."""
        try:
            found = _asked(lambda: self._issuing.authorizations.retrieve(authorisation_id))
        except RefusedOutsideError as error:
            if error.reason == "issuer:resource_missing":
                return None
            raise
        document: Mapping[str, Any] = found.to_dict()
        return document

    def undelivered(
        self, *, since: int, after: str | None
    ) -> tuple[list[Mapping[str, Any]], str | None]:
        """Return a page of events that could not be delivered, and where the next begins.

        Args:
            since: seconds of Unix time; older ones are not asked for.
            after: the last event of the page before.
        """
        asked: dict[str, Any] = {
            "created": {"gte": since},
            "delivery_success": False,
            "limit": EVENTS_OF_A_PAGE,
        }
        if after is not None:
            asked["starting_after"] = after
        page = _asked(lambda: self._events.list(asked))  # type: ignore[arg-type]
        events = [event.to_dict() for event in page.data]
        return events, events[-1]["id"] if page.has_more and events else None

    def send_dispute(
        self,
        *,
        errand_id: UUID,
        dispute_id: str,
        presentment_id: str,
        amount_pence: int,
        reason: str,
        words: str,
        evidence: Sequence[str],
    ) -> str:
        """Open a dispute and submit it; a repeat does neither a second time. Returns its id.

        Files are not sent: the evidence is named, and asked for by the issuer where it wants it.
        """
        word = REASONS.get(reason, reason)
        asked: Any = {
            "transaction": presentment_id,
            "amount": amount_pence,
            "evidence": {"reason": word, word: {"explanation": words}},
            "metadata": {"dispute": dispute_id, "evidence": " ".join(evidence)[:500]},
        }
        opened = _asked(
            lambda: self._issuing.disputes.create(asked, {"idempotency_key": f"open-{errand_id}"})
        )
        submitted = _asked(
            lambda: self._issuing.disputes.submit(
                opened.id, {}, {"idempotency_key": f"submit-{errand_id}"}
            )
        )
        return str(submitted.id)

    def is_used(self, issuer_card_id: str, *, apart_from: Collection[str] = ()) -> bool:
        """Whether the issuer knows of money that a card was approved for, or that moved on it.

        Args:
            issuer_card_id: of the card.
            apart_from: authorisations and transactions that were for something else.
        """
        of_card: Any = {"card": issuer_card_id, "limit": MOST_OF_A_CARD}  # the newest
        authorisations = _asked(lambda: self._issuing.authorizations.list(of_card))
        if any(one.approved and one.id not in apart_from for one in authorisations.data):
            return True
        moved = _asked(lambda: self._issuing.transactions.list(of_card))
        return any(one.id not in apart_from for one in moved.data)

    def answers(self) -> bool:
        """Whether the issuer can be reached: what it says of a cardholder it lacks is an answer."""
        try:
            _asked(lambda: self._issuing.cardholders.retrieve("ich_probe"))
        except RefusedOutsideError:
            return True
        except (NotSentError, OutcomeUnknownError):
            return False
        return True


def _asked(call: Callable[[], Any]) -> Any:
    """Make a call to the issuer.

    Raises:
        RefusedOutsideError, NotSentError, OutcomeUnknownError: as the errands want to know.
    """
    try:
        return call()
    except REFUSED as error:
        raise RefusedOutsideError(f"issuer:{error.code or type(error).__name__}") from error
    except NOT_DONE as error:
        raise NotSentError from error
    except stripe.StripeError as error:
        raise OutcomeUnknownError from error


def _card_parameters(order: CardOrder) -> Any:
    controls: dict[str, Any] = {
        "spending_limits": [
            {"amount": order.limit_pence, "interval": LIMIT_INTERVALS[order.limit_applies_to]}
        ]
    }
    if order.blocked_categories:
        controls["blocked_categories"] = list(order.blocked_categories)
    if order.allowed_countries:
        controls["allowed_merchant_countries"] = list(order.allowed_countries)
    parameters: dict[str, Any] = {
        "cardholder": order.issuer_cardholder_id,
        "currency": "gbp",
        "type": "virtual",
        "status": "active",
        "metadata": {"purchase": order.purchase_id},
        "spending_controls": controls,
    }
    if order.payment_count is not None:
        count = {"payment_count": order.payment_count}
        parameters["lifecycle_controls"] = {"cancel_after": count}
    if order.replacement_for is not None:
        parameters["replacement_for"] = order.replacement_for
        parameters["replacement_reason"] = order.replacement_reason
    return parameters


def _cardholder_name(name: str) -> str:
    """Return a name as the issuer takes it: letters and spaces, not too long."""
    letters = "".join(sign if sign.isalpha() else " " for sign in name)
    return " ".join(letters.split())[:LONGEST_CARDHOLDER_NAME].strip() or "Broker"
