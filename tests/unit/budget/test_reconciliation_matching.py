"""Which lines a rule matches, and which it leaves for somebody to look at."""

import sys
from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.reconciliation import matching, rules
from services.budget.reconciliation.matching import propose
from services.budget.reconciliation.rules import (
    TOLERANCE_DAYS,
    LedgerLine,
    OutsideLine,
    Rule,
    Side,
    Why,
)

MONDAY = date(2026, 11, 23)


def on(days):
    return MONDAY + timedelta(days=days)


def outside(external_id, pence, *, day=0, says="", source="bank"):
    return OutsideLine(
        source=source,
        external_id=external_id,
        amount_pence=pence,
        booked_on=on(day),
        reference=says,
    )


def moved(journal, *pence, day=0, names=()):
    """Return a journal's lines, one for each amount."""
    return [
        LedgerLine(
            journal_id=UUID(int=journal),
            line=line,
            amount_pence=amount,
            occurred_on=on(day),
            references=tuple(names),
        )
        for line, amount in enumerate(pence, start=1)
    ]


def matched(proposals):
    """Return the matches: rule, ids outside, numbers of journals."""
    return [
        (
            match.rule,
            [line.external_id for line in match.outside],
            sorted({line.journal_id.int for line in match.ledger}),
        )
        for match in proposals.matches
    ]


def left(proposals, side):
    """Return what is unmatched on a side: its id, why, and how many candidates are shown."""
    return [
        (getattr(one.lines[0], "external_id", None), one.why, len(one.candidates))
        for one in proposals.unmatched
        if one.side is side
    ]


@pytest.mark.parametrize(
    "says",
    [
        "3F0C9A72-5E1B-4C2D-8A77-0D1E2F3A4B5C",
        "CARD 3f0c9a72-5e1b-4c2d-8a77-0d1e2f3a4b5c LONDON",
        "3f0c9a72 5e1b4c2d 8a770d1e 2f3a4b5c",
    ],
)
def test_one_line_with_the_reference_and_the_amount_is_matched_however_the_bank_wrote_it(says):
    ledger = moved(1, -12_00, -8_00, names=["3f0c9a72-5e1b-4c2d-8a77-0d1e2f3a4b5c"])

    proposals = propose([outside("a", -20_00, day=7, says=says)], ledger)

    assert matched(proposals) == [(Rule.SAME_REFERENCE, ["a"], [1])]
    assert proposals.matches[0].amount_pence == -20_00
    assert len(proposals.matches[0].ledger) == 2
    assert proposals.unmatched == ()


@pytest.mark.parametrize("pence", [-19_99, -20_01, 20_00])
def test_a_penny_more_or_less_is_no_match_whatever_the_reference_says(pence):
    proposals = propose(
        [outside("a", pence, says="order 17 21")], moved(1, -20_00, names=["order1721"])
    )

    assert matched(proposals) == []
    assert left(proposals, Side.OUTSIDE) == [("a", Why.DIFFERS, 1)]
    assert left(proposals, Side.LEDGER) == [(None, Why.DIFFERS, 1)]


def test_a_funders_part_alone_is_never_taken_out_of_a_spend():
    ledger = moved(1, -12_00, -8_00, names=["order-1"])

    proposals = propose([outside("a", -8_00, says="order-1")], ledger)

    assert matched(proposals) == []


def test_a_week_is_in_time_for_a_reference_and_eight_days_are_not():
    for day, rule in ((7, [Rule.SAME_REFERENCE]), (8, []), (-7, [Rule.SAME_REFERENCE]), (-8, [])):
        proposals = propose(
            [outside("a", 5_00, day=day, says="grant-7")], moved(1, 5_00, names=["grant-7"])
        )

        assert [match.rule for match in proposals.matches] == rule


def test_a_run_that_pays_several_contributions_is_matched_with_all_of_them():
    ledger = [
        *moved(1, 100_00, names=["RUN 2026-47"]),
        *moved(2, 250_00, day=1, names=["RUN 2026-47"]),
        *moved(3, -50_00, names=["RUN 2026-47"]),
    ]

    proposals = propose([outside("a", 350_00, day=2, says="BACS RUN202647")], ledger)

    # "RUN202647" is a word of the text; the money that went out under that name is not part of it.
    assert matched(proposals) == [(Rule.SHARED_REFERENCE, ["a"], [1, 2])]
    assert left(proposals, Side.LEDGER) == [(None, Why.DIFFERS, 0)]


def test_the_parts_in_which_an_order_was_presented_are_matched_with_it():
    ledger = moved(1, -10_00, -10_00, names=["order-9"])
    parts = [
        outside("a", -12_00, day=1, says="order-9"),
        outside("b", -8_00, day=30, says="order-9 part 2"),
        outside("c", 5_00, day=2, says="order-9 refund"),
    ]

    proposals = propose(parts, ledger)

    assert matched(proposals) == [(Rule.PARTS, ["a", "b"], [1])]
    assert left(proposals, Side.OUTSIDE) == [("c", Why.DIFFERS, 0)]


def test_without_a_reference_the_only_candidate_within_three_days_is_matched():
    ledger = [*moved(1, -35_00), *moved(2, -35_00, day=4)]

    proposals = propose([outside("a", -35_00, day=0)], ledger)

    assert matched(proposals) == [(Rule.SAME_AMOUNT, ["a"], [1])]


@pytest.mark.parametrize(
    ("lines", "ledger"),
    [
        ([outside("a", -35_00)], [*moved(1, -35_00), *moved(2, -35_00, day=3)]),
        ([outside("a", -35_00), outside("b", -35_00, day=3)], moved(1, -35_00)),
    ],
)
def test_one_of_two_candidates_is_nobodys_guess(lines, ledger):
    proposals = propose(lines, ledger)

    assert matched(proposals) == []
    assert {why for side in Side for _, why, _ in left(proposals, side)} == {Why.IN_DOUBT}
    assert all(one.candidates for one in proposals.unmatched)


def test_what_the_references_leave_in_doubt_no_amount_decides():
    """By the day alone the first would be it; but the second says the same, and is in time too."""
    ledger = [
        *moved(1, -10_00, names=["weekly-1"]),
        *moved(2, -10_00, day=6, names=["weekly-1"]),
    ]

    proposals = propose([outside("a", -10_00, says="weekly-1")], ledger)

    assert matched(proposals) == []
    assert left(proposals, Side.OUTSIDE) == [("a", Why.IN_DOUBT, 2)]


def test_what_is_disputed_still_counts_as_a_candidate():
    ledger = [*moved(1, -10_00, names=["order-1"]), *moved(2, -10_00)]
    lines = [outside("a", -12_00, says="order-1"), outside("b", -10_00)]

    proposals = propose(lines, ledger)

    assert matched(proposals) == []
    assert left(proposals, Side.OUTSIDE) == [("a", Why.DIFFERS, 1), ("b", Why.IN_DOUBT, 2)]


def test_a_line_that_refers_to_what_was_settled_before_is_about_that_and_nothing_else():
    line, ledger = outside("a", -10_00, says="order-1"), moved(2, -10_00, names=["order-2"])

    assert matched(propose([line], ledger)) == [(Rule.SAME_AMOUNT, ["a"], [2])]
    again = propose([line], ledger, settled=["Order 1"])
    assert left(again, Side.OUTSIDE) == [("a", Why.DIFFERS, 0)]


def test_what_somebody_said_is_not_the_same_money_no_rule_says_again():
    lines = [outside("a", -10_00, says="order-1")]
    ledger = moved(1, -4_00, -6_00, names=["order-1"])
    (match,) = propose(lines, ledger).matches
    undone = frozenset(line.key for line in (*match.outside, *match.ledger))

    again = propose(lines, ledger, undone=[undone])

    assert matched(again) == []
    assert left(again, Side.OUTSIDE) == [("a", Why.IN_DOUBT, 2)]
    assert left(again, Side.LEDGER) == [(None, Why.IN_DOUBT, 1)]


def test_two_runs_under_one_reference_are_in_doubt():
    ledger = [*moved(1, 1_00, names=["run-47"]), *moved(2, 2_00, names=["run-47"])]
    lines = [outside("a", 3_00, says="run-47"), outside("b", 3_00, says="run-47")]

    proposals = propose(lines, ledger)

    assert matched(proposals) == []
    assert [why for _, why, _ in left(proposals, Side.LEDGER)] == [Why.IN_DOUBT, Why.IN_DOUBT]


def test_two_runs_that_would_share_a_movement_are_in_doubt():
    """Each line reaches a week to both sides; the movement between them is in reach of both."""
    ledger = [
        line
        for number, day in enumerate((0, 5, 10), start=1)
        for line in moved(number, number * 100, day=day, names=["run-47"])
    ]
    lines = [
        outside("a", 3_00, day=-2, says="run-47"),
        outside("b", 5_00, day=12, says="run-47"),
    ]

    proposals = propose(lines, ledger)

    assert matched(proposals) == []
    assert {why for side in Side for _, why, _ in left(proposals, side)} == {Why.IN_DOUBT}


def test_a_line_that_could_pay_either_of_two_runs_is_in_doubt():
    ledger = [
        *moved(1, 1_00, names=["run-2647"]),
        *moved(2, 2_00, names=["run-2647"]),
        *moved(3, 1_50, names=["run-2648"]),
        *moved(4, 1_50, names=["run-2648"]),
    ]

    proposals = propose([outside("a", 3_00, says="run-2647 run-2648")], ledger)

    assert matched(proposals) == []
    assert left(proposals, Side.OUTSIDE) == [("a", Why.IN_DOUBT, 2)]


@pytest.mark.parametrize(("day", "is_in_time"), [(-8, False), (-7, True), (7, True), (8, False)])
def test_a_run_is_booked_within_a_week_of_all_that_it_pays(day, is_in_time):
    ledger = [*moved(1, 1_00, names=["run-47"]), *moved(2, 2_00, names=["run-47"])]

    proposals = propose([outside("a", 3_00, day=day, says="run-47")], ledger)

    assert bool(proposals.matches) is is_in_time


def test_a_journal_that_moves_money_both_ways_is_two_movements():
    ledger = moved(1, -10_00, 3_00, names=["order-1"])
    lines = [outside("a", -10_00, says="order-1"), outside("b", 3_00, says="order-1")]

    assert [rule for rule, _, _ in matched(propose(lines, ledger))] == [Rule.SAME_REFERENCE] * 2


def test_one_line_without_a_reference_is_all_that_moved_on_a_day():
    ledger = [*moved(1, -10_00), *moved(2, -20_00), *moved(3, 5_00), *moved(4, -7_00, day=1)]

    proposals = propose([outside("a", -30_00, day=2)], ledger)

    assert matched(proposals) == [(Rule.SAME_DAY, ["a"], [1, 2])]


def test_a_part_of_a_day_that_adds_up_is_a_hint_and_no_match():
    ledger = [*moved(1, -10_00), *moved(2, -20_00), *moved(3, -7_00)]

    proposals = propose([outside("a", -27_00)], ledger)

    assert matched(proposals) == []
    assert left(proposals, Side.OUTSIDE) == [("a", Why.ADDS_UP, 2)]


def test_of_more_than_eight_movements_a_day_no_sums_are_tried():
    movements = [line for number in range(9) for line in moved(number, -(2**number))]

    assert left(propose([outside("a", -3)], movements[:8]), Side.OUTSIDE)[0][1] is Why.ADDS_UP
    assert left(propose([outside("a", -3)], movements), Side.OUTSIDE)[0][1] is Why.NOTHING_ALIKE


def test_no_more_than_a_few_candidates_are_shown():
    ledger = [line for number in range(20) for line in moved(number, -10_00)]

    assert left(propose([outside("a", -10_00)], ledger), Side.OUTSIDE) == [("a", Why.IN_DOUBT, 5)]


# And the promises, for every case: few names, amounts and days, so that much collides.
names = st.sampled_from(["order-1", "order-2", "run-47", ""])
amounts = st.sampled_from([-3, -2, -1, 1, 2, 3, 5])
days = st.integers(0, 9)
outsides = st.lists(
    st.tuples(amounts, days, names, st.sampled_from(["bank", "cards"])), max_size=12
).map(
    lambda rows: [
        outside(str(number), pence, day=day, says=says, source=source)
        for number, (pence, day, says, source) in enumerate(rows)
    ]
)
ledgers = st.lists(
    st.tuples(st.lists(amounts, min_size=1, max_size=3), days, names), max_size=12
).map(
    lambda rows: [
        line
        for number, (pence, day, name) in enumerate(rows)
        for line in moved(number, *pence, day=day, names=[name])
    ]
)


@given(lines=outsides, ledger=ledgers)
def test_every_line_is_in_one_match_or_unmatched_and_never_in_two(lines, ledger):
    proposals = propose(lines, ledger)

    for side, given_lines in ((Side.OUTSIDE, lines), (Side.LEDGER, ledger)):
        used = Counter(
            line.key
            for one in proposals.matches
            for line in (one.outside if side is Side.OUTSIDE else one.ledger)
        )
        used.update(
            line.key for one in proposals.unmatched if one.side is side for line in one.lines
        )
        assert used == Counter(line.key for line in given_lines)


@given(lines=outsides, ledger=ledgers)
def test_both_sides_of_a_match_are_the_same_money_within_the_rules_days(lines, ledger):
    for match in propose(lines, ledger).matches:
        assert rules.total_pence(match.outside) == rules.total_pence(match.ledger)
        assert min(len(match.outside), len({line.journal_id for line in match.ledger})) == 1
        for line in match.outside:
            for moved_line in match.ledger:
                away = abs(line.booked_on - moved_line.occurred_on)
                assert away <= timedelta(days=TOLERANCE_DAYS[match.rule])


@given(lines=outsides, ledger=ledgers, chance=st.randoms(use_true_random=False))
def test_the_order_in_which_lines_come_changes_nothing(lines, ledger, chance):
    shuffled, ledger_shuffled = list(lines), list(ledger)
    chance.shuffle(shuffled)
    chance.shuffle(ledger_shuffled)

    assert propose(shuffled, ledger_shuffled) == propose(lines, ledger)


@given(lines=outsides, ledger=ledgers)
def test_what_is_in_doubt_has_candidates_that_nobody_was_given(lines, ledger):
    proposals = propose(lines, ledger)
    given_away = {
        line.key for match in proposals.matches for line in (*match.outside, *match.ledger)
    }

    for one in proposals.unmatched:
        assert bool(one.candidates) or one.why in {Why.DIFFERS, Why.NOTHING_ALIKE}
        assert given_away.isdisjoint(line.key for line in one.candidates)


@given(lines=outsides, ledger=ledgers)
def test_the_mirror_image_is_matched_alike(lines, ledger):
    """Money in and money out are treated the same."""

    def turned(line):
        fields = {name: getattr(line, name) for name in type(line).__dataclass_fields__}
        return type(line)(**(fields | {"amount_pence": -line.amount_pence}))

    there = propose(lines, ledger)
    back = propose([turned(line) for line in lines], [turned(line) for line in ledger])

    assert Counter(match.rule for match in there.matches) == Counter(
        match.rule for match in back.matches
    )


MOST_STEPS_A_LINE = 500  # the dearest: a text of seventeen words, each of them a reference


def steps_of(lines, ledger):
    """Count the lines of our code that are run, loops in one line by each turn."""
    count = 0
    ours = {module.__file__ for module in (matching, rules)}

    def on_step(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return on_step

    def on_call(frame, _event, _argument):
        return on_step if frame.f_code.co_filename in ours else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        propose(lines, ledger)
    finally:
        sys.settrace(before)
    return count


def alike(size):
    """Everything has one reference, one amount and one day."""
    lines = [outside(str(number), -10_00, says="order-1") for number in range(size)]
    return lines, [x for number in range(size) for x in moved(number, -10_00, names=["order-1"])]


def without_references(size):
    lines = [outside(str(number), -10_00, day=number % 90) for number in range(size)]
    return lines, [x for number in range(size) for x in moved(number, -10_00, day=number % 90)]


def eight_a_day(size):
    """As many sums as may be tried, on every day."""
    lines = [outside(str(n), -(2**60) - n, day=n // 8) for n in range(size)]
    return lines, [x for n in range(size) for x in moved(n, -(2 ** (n % 8)), day=n // 8)]


def sums_that_overlap(size):
    """Every line wants all that bears the reference within its own days."""
    lines = [outside(str(n), -15 * 50, day=n % (size // 50), says="run-47") for n in range(size)]
    ledger = [x for n in range(size) for x in moved(n, -1, day=n % (size // 50), names=["run-47"])]
    return lines, ledger


def many_words(size):
    text = " ".join(f"word-{number:02}" for number in range(17))
    lines = [outside(str(number), -10_00, says=text) for number in range(size)]
    names_ = text.split()
    return lines, [x for n in range(size) for x in moved(n, -10_00, names=[names_[n % 17]])]


@pytest.mark.parametrize(
    "case", [alike, without_references, eight_a_day, sums_that_overlap, many_words]
)
def test_ten_thousand_lines_take_a_bounded_number_of_steps(case):
    lines, ledger = case(5_000)

    assert len(lines) + len(ledger) == 10_000
    assert steps_of(lines, ledger) <= 10_000 * MOST_STEPS_A_LINE
