"""Progress: bars on a terminal, plain lines anywhere else."""

import io

from rich.console import Console

from demo import progress
from demo.progress import Bars, Lines, Stage, expected
from demo.schemas import CaseLine
from tests.unit.demo.lines import a_case, small_cases, who_declines

STEPS = dict.fromkeys(Stage, 1)


def test_every_step_is_expected():
    cases = [CaseLine().load(case) for case in small_cases().values()]

    assert expected(cases) == {
        Stage.REFERRAL: 9,
        Stage.PLAN: 8,
        Stage.FUNDING: 8,
        Stage.PURCHASES: 75,
        Stage.AFTERWARDS: 5,
    }


def test_a_card_event_without_a_card_item_is_not_expected():
    case = a_case()
    case["support_plan"]["items"] = case["support_plan"]["items"][:2]

    assert expected([CaseLine().load(case)])[Stage.AFTERWARDS] == 0


def test_nothing_comes_after_a_declined_budget():
    case = {**who_declines(), "afterwards": ["crisis_activated"]}

    assert expected([CaseLine().load(case)])[Stage.AFTERWARDS] == 0


def test_without_a_terminal_there_are_plain_lines():
    written = io.StringIO()
    shown = progress.shown_on(Console(file=written, width=40), STEPS)

    with shown:
        shown.advance(Stage.FUNDING)

    assert isinstance(shown, Lines)
    assert written.getvalue().strip() == (
        "0 s  referral and assessment 0/1 · plan and sign-off 0/1 · funding 1/1"
        " · purchases 0/1 · afterwards 0/1"
    )


def test_lines_come_now_and_then(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0)
    written = io.StringIO()

    with progress.shown_on(Console(file=written, width=40), STEPS) as shown:
        shown.advance(Stage.REFERRAL)
        shown.advance(Stage.PLAN)

    assert len(written.getvalue().splitlines()) == 3


def test_on_a_terminal_there_is_a_bar_for_each_stage():
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=100, _environ={"TERM": "xterm"})
    shown = progress.shown_on(console, STEPS)

    with shown:
        shown.advance(Stage.PURCHASES)

    assert isinstance(shown, Bars)
    assert all(stage in written.getvalue() for stage in Stage)
