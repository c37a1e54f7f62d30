"""What happened in the person's life, and what it did to the case."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from demo.showing.words import day, moment, sentence

Event = Mapping[str, Any]


def life(case: Mapping[str, Any]) -> Iterator[str]:
    """Say what was recorded, by whom and when, and whether anything is still to be done."""
    events = case.get("life_events") or []
    for event in events:
        yield (
            f"{sentence(WORDS[event['kind']](event))}: said by {event['source']!r} on"
            f" {moment(event['recorded_at'])}."
        )
        if event.get("reason"):
            yield f"  “{event['reason']}”"
        if event.get("estate"):
            estate = event["estate"]
            yield f"  Who looks after what they left: {estate['name']}, {estate['contact']}"
    if events and case["referral"].get("outcome") == "closed":
        yield "The case is closed. It can be read, and nothing is done on it any more."


def reviews(case: Mapping[str, Any]) -> Iterator[str]:
    """Say which reviews were asked for or planned, what moved their day, and what was said."""
    for review in case.get("reviews") or []:
        if review["kind"] == "planned":
            yield from _planned(review)
        else:
            yield (
                f"A {review['kind']} review was asked for on {moment(review['requested_at'])},"
                f" due on {day(review['due_on'])}: {review['trigger']}"
            )
    for meeting in case.get("review_meetings") or []:
        yield f"A review was held on {day(meeting['held_on'])}: {meeting['conclusions']}"
        for outcome in meeting["goals"]:
            yield f"  {outcome['goal']}: “{outcome['words']}”"


def _planned(review: Mapping[str, Any]) -> Iterator[str]:
    yield f"A planned review is due on {day(review['due_on'])}."
    if review["moved_because"] is not None:
        yield (
            f"  The rules alone ask for {day(review['rule_due_on'])}; moved because of the"
            f" {review['moved_because']}."
        )
    if review["closed_at"] is not None:
        yield f"  Closed on {moment(review['closed_at'])}."


def _admission(event: Event) -> str:
    expected = event["expected_discharge_on"]
    until = f"expected home on {day(expected)}" if expected else "nobody knew for how long"
    return f"in hospital from {day(event['happened_on'])}, {until}"


WORDS: Mapping[str, Callable[[Event], str]] = {
    "death": lambda event: f"the person died on {day(event['happened_on'])}",
    "death_corrected": lambda _: "the death was recorded wrongly, and the person lives",
    "admission": _admission,
    "discharge": lambda event: f"home from hospital on {day(event['happened_on'])}",
    "move": lambda event: (
        f"the person moves on {day(event['happened_on'])}, to the area of {event['to_area']}"
    ),
}
