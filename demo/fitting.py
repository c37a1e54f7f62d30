"""Which stories fit a case: what cannot be told is refused with its line."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import ValidationError

from demo.case import (
    BREAKS_OFF,
    TAKES_WEEKS,
    WITH_A_WORRY,
    WITHOUT_A_PLAN,
    Afterwards,
    AlongTheWay,
)


def check(case: Mapping[str, Any]) -> None:
    """Refuse a story that makes no sense in this case.

    Raises:
        ValidationError: says which, and why.
    """
    for story in case["along_the_way"]:
        said = _misfit(story, case)
        if said is not None:
            raise ValidationError(said, "along_the_way")


def _misfit(story: str, case: Mapping[str, Any]) -> str | None:
    """Say why a story does not fit, if it does not."""
    stories, sign_off = case["along_the_way"], case["sign_off"]
    if sign_off is None:
        return None if story in WITHOUT_A_PLAN else f"There is no plan for {story}."
    if sign_off.coordinator_comfortable and story in WITH_A_WORRY:
        return f"Needs a coordinator who is not comfortable: {story}."
    if story == AlongTheWay.AMOUNT_APPEALED and AlongTheWay.REDUCTION not in stories:
        return f"Needs a reduction to appeal against ({AlongTheWay.REDUCTION}): {story}."
    if story == AlongTheWay.CRISIS_PROLONGED and not _follows_crisis_plan(case):
        return f"Needs a crisis plan that is followed ({Afterwards.CRISIS}): {story}."
    return _broken_off(story, stories)


def _follows_crisis_plan(case: Mapping[str, Any]) -> bool:
    plan = case["support_plan"]
    is_declined = plan is None or plan.crisis_plan_declined_because is not None
    return Afterwards.CRISIS in case["afterwards"] and not is_declined


def _broken_off(story: str, stories: Collection[str]) -> str | None:
    """Say what a death or a move leaves no time for, if the case has it all the same."""
    if story not in BREAKS_OFF:
        return None
    others = [one for one in (*BREAKS_OFF, *TAKES_WEEKS) if one in stories and one != story]
    return f"{story} breaks the case off: not with {others[0]}." if others else None
