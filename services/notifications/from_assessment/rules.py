"""What assessment decides, as people read it."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.notifications.messages.rules import day_in_words

NOTHING_MORE = "Nothing more was said about single things."
NOTHING_TO_DO = "You do not have to do anything."
NOBODY_ACTS = "Nobody acts for you now."

# What a person waits for. Of other deadlines of ours they hear nothing: they wait for none.
_LATE: Mapping[str, str] = {
    "referral_answer": "the answer to your request",
    "amount_told": "a talk about how much you can plan with",
    "amount_anew": "how much you can plan with",
    "worker_change": "the answer about who works with you",
    "dispute": "the answer about what you do not agree with",
    "decision": "the decision about your plan",
    "appeal": "the answer to your appeal",
    "complaint": "the answer to your complaint",
    "review": "the review of your plan",
}
_WAYS: Mapping[str, str] = {
    "at_home": "We come to your home.",
    "by_phone": "We talk on the phone. We call you.",
    "by_video": "We talk by video. Ask us if you need help with it.",
}
_OPENED_BECAUSE: Mapping[str, str] = {
    "cannot_wait": "They had to help you at once, and could not wait.",
    "nobody_reachable": "They had to help you, and could reach nobody who works with you.",
    "somebody_at_risk": "They had to make sure that everything was all right.",
}
_KINDS: Mapping[str, str] = {
    "nominee": "nominee",
    "attorney": "attorney",
    "deputy": "deputy",
    "appointee": "appointee",
    "advocate": "advocate",
    "executor": "executor",
}
_SCOPES: Mapping[str, str] = {
    "sign_plan": "sign your plan",
    "manage_money": "look after your money",
    "receive_messages": "get your messages",
    "speak_for": "speak for you",
}


def decider_in_words(rung: str) -> str:
    """Return a rung of the ladder as it is read: ``team manager``."""
    return rung.replace("_", " ")


def code_in_words(code: str) -> str:
    """Return a stage or a role as colleagues read it: ``care coordinator``."""
    return code.replace("_", " ")


def change_in_words(*, is_agreed: bool) -> str:
    """Say whether somebody else comes."""
    return "Somebody else will work with you." if is_agreed else "It stays as it is for now."


def refusal_in_words(*, is_in_part: bool) -> str:
    """Say how much of a plan was refused."""
    if is_in_part:
        return "We agreed a part of your plan, and another part not."
    return "We did not agree your plan."


def appeal_in_words(*, is_upheld: bool, is_reopened: bool, is_of_amount: bool) -> str:
    """Say what came of an appeal, and whether the decision is made anew."""
    if not is_upheld:
        return "The decision stays as it was."
    if is_of_amount:
        return (
            "You were right. We work the amount out again with you."
            if is_reopened
            else "You were right. The amount has been worked out again since you asked."
        )
    if is_reopened:
        return "You were right. It is decided on anew, by somebody else."
    return "You were right. Your plan can be changed, with what we found."


def booking_in_words(*, is_first: bool) -> str:
    """Say whether a day was told before: whichever is read last, it is clear which one counts."""
    if is_first:
        return "This is the first day that we have booked."
    return "The day, the time or the place has changed. This is what counts now."


def way_in_words(way: str, *, place: str | None) -> str:
    """Return where people meet."""
    if place is not None:
        return f"Please come to this place: {place}"
    return _WAYS[way]


def coming_in_words(*, name: str, role: str) -> str:
    """Return who comes, and as what."""
    return f"{name} as your {code_in_words(role)}"


def opener_in_words(*, role: str, employer: str) -> str:
    """Return who opened a record, and for whom: ``team manager, for Aldermoor Council``."""
    return f"{code_in_words(role)}, for {employer}"


def opening_in_words(reason: str) -> str:
    """Return why a record was opened, so that whoever reads over a shoulder learns nothing."""
    return _OPENED_BECAUSE.get(reason, _OPENED_BECAUSE["cannot_wait"])


def late_in_words(stage: str) -> str | None:
    """Return what is late, or None if the person does not wait for it."""
    return _LATE.get(stage)


def acting_in_words(*, name: str, kind: str, scopes: Sequence[str]) -> str:
    """Return who acts for a person, and what they may do: of what we have no words for, nothing."""
    known = [_SCOPES[scope] for scope in scopes if scope in _SCOPES]
    who = f"{name}, your {_KINDS[kind]}" if kind in _KINDS else name
    return f"{who}: may {', '.join(known)}" if known else who


def next_review_in_words(due_on: date | None) -> str:
    """Return when a plan is looked at again."""
    if due_on is None:
        return "The next date is not fixed yet."
    return f"We will look at your plan again by {day_in_words(due_on)}."
