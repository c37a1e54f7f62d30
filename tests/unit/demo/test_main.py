"""The command line: bad input ends it before anything is started or written."""

import signal

import pytest

from demo import __main__ as command
from demo import interruption
from demo.interruption import Interrupted
from deploy.local.errors import StackError
from tests.unit.demo.lines import CASES

SMALL = str(CASES / "small.jsonl")


@pytest.fixture
def carried_out(monkeypatch):
    """Let a run do ``what`` in place of playing, and remember what it was asked."""
    asked = []

    def plan(what):
        def carry_out(run):
            asked.append(run)
            return what()

        monkeypatch.setattr(command.Run, "carry_out", carry_out)
        return asked

    return plan


@pytest.fixture(autouse=True)
def former_signals():
    former = {number: signal.getsignal(number) for number in interruption.SIGNALS}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("content", [None, b"", b"{}\n", b"not json\n"])
def test_a_file_that_cannot_be_played_ends_with_2_before_anything_starts(
    tmp_path, carried_out, capsys, content
):
    asked = carried_out(lambda: 0)
    path = tmp_path / "cases.jsonl"
    if content is not None:
        path.write_bytes(content)

    assert command.main(["--cases", str(path)]) == 2
    assert asked == []
    assert "cases.jsonl" in capsys.readouterr().err


def test_the_options_reach_the_run(carried_out):
    asked = carried_out(lambda: 0)

    assert command.main(["--cases", SMALL, "--at-once", "3", "--stack", "other", "--keep"]) == 0

    (run,) = asked
    assert (run.at_once, run.stack_name, run.keeps_running) == (3, "other", True)
    assert len(run.cases) == 9


@pytest.mark.parametrize("number", ["0", "65", "many", "-1"])
def test_a_strange_number_of_cases_at_once_is_refused(carried_out, number):
    asked = carried_out(lambda: 0)

    with pytest.raises(SystemExit, match="2"):
        command.main(["--cases", SMALL, f"--at-once={number}"])

    assert asked == []


def test_servers_that_would_not_start_are_told_of_with_what_to_do(carried_out, capsys):
    def busy():
        raise StackError("Somebody is at work on it.", next_step="Wait.")

    carried_out(busy)

    assert command.main(["--cases", SMALL]) == 1
    assert capsys.readouterr().err == "Somebody is at work on it.\nWait.\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_with_its_code(carried_out, capsys, number, code):
    carried_out(lambda: signal.raise_signal(number))

    assert command.main(["--cases", SMALL]) == code
    assert "everything that was started is stopped" in capsys.readouterr().err


def test_a_second_signal_does_not_disturb_what_the_first_began():
    with interruption.listening():
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
