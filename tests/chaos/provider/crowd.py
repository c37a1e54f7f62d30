"""Very many people, some of whom may not be told or cannot be reached, and what befalls them."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from services.notifications.choices.models import Choice
from services.notifications.people.models import Person
from services.notifications.people.rules import Channel
from services.notifications.safeguarding.models import SafeguardingHold
from shared import clock

ALWAYS = 1_000_000
# One call in twenty meets one of these, by chance.
FAULTS = {
    "slow": 0.003,
    "cut_answer": 0.003,
    "drop_before_store": 0.003,
    "drop_after_store": 0.003,
    "error_500_before_store": 0.003,
    "error_500_after_store": 0.003,
    "error_504_then_sent": 0.003,
    "rate_limit": 0.004,
    "permanent_failure": 0.005,
    "temporary_failure": 0.005,
    "technical_failure": 0.003,
    "stuck": 0.002,
    "duplicate_callback": 0.003,
    "lose_callback": 0.003,
    "early_callback": 0.002,
    "late_callback": 0.001,
    "reorder_callback": 0.001,
}
DRAMA_NUMBERS = 1_000  # the range that is nobody's has no more: people share phones
ALL_THREE = (Channel.SMS, Channel.EMAIL, Channel.LETTER)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Some people in a hundred who are alike: what reaches them, and what has been decided."""

    share: int
    channels: tuple[Channel, ...]  # with an address, the preferred one first
    is_held: bool = False
    declined: tuple[str, ...] = ()
    hours: tuple[int | None, int | None] = (None, None)


KINDS = (
    Kind(share=40, channels=ALL_THREE),
    Kind(share=25, channels=(Channel.SMS,)),
    Kind(share=25, channels=(Channel.EMAIL, Channel.SMS)),
    Kind(share=5, channels=(Channel.LETTER,)),
    Kind(share=1, channels=()),
    Kind(share=1, channels=ALL_THREE, is_held=True),
    Kind(share=2, channels=ALL_THREE, declined=("request_received",)),
    Kind(share=1, channels=ALL_THREE, hours=(20, 21)),
)
_IN_A_HUNDRED = [kind for kind in KINDS for _ in range(kind.share)]


def settle(house, how_many):
    """Write people into the tables of notifications, as if all had been told; returns their ids."""
    ids = [uuid4() for _ in range(how_many)]
    with Session(house.database("notifications")) as session:
        for number, person_id in enumerate(ids):
            kind = _IN_A_HUNDRED[number * 37 % 100]  # spread: 37 and 100 have no common divisor
            session.add(_person(person_id, number, kind))
            if kind.is_held:
                session.add(_hold(person_id))
            if kind.declined or kind.hours != (None, None):
                session.add(_choice(person_id, kind))
        session.commit()
    return ids


def _person(person_id, number, kind):
    return Person(
        person_id=person_id,
        version=1,
        given_name="Alex",
        family_name=f"Sample {number}",
        language="en",
        is_interpreter_required=False,
        accessible_format=None,
        mobile=f"07700 900{number % DRAMA_NUMBERS:03}" if Channel.SMS in kind.channels else None,
        email=f"a{number}@example.org" if Channel.EMAIL in kind.channels else None,
        address_lines=["1 Example Street", "ZZ99 3WZ"] if Channel.LETTER in kind.channels else [],
        preferred_channel=kind.channels[0] if kind.channels else Channel.SMS,
        is_safe_to_text=Channel.SMS in kind.channels,
    )


def _hold(person_id):
    return SafeguardingHold(
        hold_id=uuid4(),
        person_id=person_id,
        channel=None,
        review_by=clock.now().date(),
        set_by=uuid4(),
        set_at=clock.now(),
        reason="Somebody else reads what comes",
    )


def _choice(person_id, kind):
    opens, closes = kind.hours
    return Choice(
        person_id=person_id,
        version=1,
        channels=[channel.value for channel in kind.channels],
        declined_topics=list(kind.declined),
        language=None,
        accessible_format=None,
        opens=opens,
        closes=closes,
        is_safe_to_text=False,
        safe_mobile=None,
        chosen_at=clock.now(),
        set_by=uuid4(),
        reason="Said so",
        copied=[],
    )
