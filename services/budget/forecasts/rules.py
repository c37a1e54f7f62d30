"""Where spending is heading: a sum with its assumptions said, and when to tell of it."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# Local policy, for each pool's partners to agree.
PLAN_WEEKS = 52
RECENT_WEEKS = 8  # whose pace is taken for that of the weeks to come
FEWEST_WEEKS = 4  # of spending, before its pace says anything
TOLERANCE_PERCENT = 10  # of the plan's total: from there on it is told
SETTLED_PERCENT = 5  # within this it counts as on its way again
DAYS_BETWEEN_LOOKS = 7


class Outlook(enum.StrEnum):
    """How what is expected stands to what the plan has."""

    TOO_EARLY = "too_early"
    ON_PLAN = "on_plan"
    OVERSPEND = "overspend"
    UNDERSPEND = "underspend"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSpending:
    """What one item of a plan, now or in an earlier version of it, has cost, in pence."""

    planned_pence: int  # nothing for an item that the plan has no more
    is_bought_once: bool
    spent_pence: int
    held_pence: int
    recent_pence: int  # spent in the weeks whose pace counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a budget has spent and holds on a day."""

    total_pence: int  # what its plan comes to
    started_on: date  # the plan's first day
    on: date
    items: Sequence[ItemSpending]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a budget is likely to come to, and how that was worked out."""

    outlook: Outlook
    expected_pence: int  # spent by the plan's last day
    total_pence: int
    spent_pence: int
    held_pence: int
    weekly_pence: int  # the pace that is taken to go on
    pace_weeks: int  # of which it is the mean
    weeks_left: int

    @property
    def gap_pence(self) -> int:
        """By how much more than the plan is expected, or less if negative."""
        return self.expected_pence - self.total_pence

    @property
    def assumptions(self) -> Sequence[str]:
        """What must be so for the forecast to come true, in words."""
        pounds = f"£{self.weekly_pence // 100:,}.{self.weekly_pence % 100:02}"
        return (
            f"The plan lasts {PLAN_WEEKS} weeks; {self.weeks_left} are left.",
            f"What is bought again and again costs {pounds} a week, as of late.",
            "What is bought once and was not yet is bought at its price.",
            "What is set aside now is spent, and no new need, price or plan changes it.",
        )


def pace_starts_on(*, started_on: date, on: date) -> date:
    """Return the day after which the weeks begin whose pace counts."""
    return max(started_on - timedelta(days=1), on - timedelta(weeks=RECENT_WEEKS))


def forecast(spending: Spending) -> Forecast:
    """Return what a budget comes to if its last weeks' pace goes on."""
    days_gone = max(0, (spending.on - spending.started_on).days + 1)  # today is one of them
    pace_days = min(RECENT_WEEKS * 7, days_gone)
    weeks_left = max(0, PLAN_WEEKS - days_gone // 7)
    items = spending.items
    paces = [_weekly_pence(item, pace_days=pace_days) for item in items]
    expected_pence = sum(
        item.spent_pence + _to_come_pence(item, weekly_pence=pace, weeks_left=weeks_left)
        for item, pace in zip(items, paces, strict=True)
    )
    outlook = Outlook.TOO_EARLY
    if pace_days >= FEWEST_WEEKS * 7:
        outlook = _outlook(expected_pence, spending.total_pence, percent=TOLERANCE_PERCENT)
    return Forecast(
        outlook=outlook,
        expected_pence=expected_pence,
        total_pence=spending.total_pence,
        spent_pence=sum(item.spent_pence for item in items),
        held_pence=sum(item.held_pence for item in items),
        weekly_pence=sum(paces),
        pace_weeks=pace_days // 7,
        weeks_left=weeks_left,
    )


def _weekly_pence(item: ItemSpending, *, pace_days: int) -> int:
    """Return at what pace an item goes on; what the plan has no more, or once only, has none."""
    if item.is_bought_once or not item.planned_pence or not pace_days:
        return 0
    return max(0, item.recent_pence) * 7 // pace_days


def _to_come_pence(item: ItemSpending, *, weekly_pence: int, weeks_left: int) -> int:
    """Return what an item costs yet. What is held is spent, whatever the pace was."""
    is_untouched = not item.spent_pence and not item.held_pence
    if item.is_bought_once and is_untouched:
        return item.planned_pence
    return max(item.held_pence, weekly_pence * weeks_left)


def told_outlook(before: Outlook, now: Forecast) -> Outlook:
    """Return what is held to be so now, which is told where it differs from before.

    Once an over- or underspend was told it is held on to until what is expected is well within the
    plan again, so that one that lies on the line is not told every week.
    """
    if now.outlook in {before, Outlook.TOO_EARLY}:
        return before
    if now.outlook is Outlook.ON_PLAN and before is not Outlook.TOO_EARLY:
        settled = _outlook(now.expected_pence, now.total_pence, percent=SETTLED_PERCENT)
        return before if settled is before else Outlook.ON_PLAN
    return now.outlook


def _outlook(expected_pence: int, total_pence: int, *, percent: int) -> Outlook:
    gap_percent = (expected_pence - total_pence) * 100
    if gap_percent > total_pence * percent:
        return Outlook.OVERSPEND
    if gap_percent < -total_pence * percent:
        return Outlook.UNDERSPEND
    return Outlook.ON_PLAN
