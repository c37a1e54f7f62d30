"""Print one case of the last demo: ``python -m demo.show MP-0004``."""

import argparse
import difflib
import sys
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import amqp

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from demo import interruption
from demo.calling import Caller
from demo.record import Record
from demo.showing import page
from deploy.local.errors import StackError
from deploy.local.stack import Stack

BAD_INPUT = 2
SHOWN_CASES = 5
FAULTS = (CallFailedError, CallTimedOutError, RefusedError, amqp.AMQPError, OSError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the case, and return the exit code: 2 is a case that the last demo had not."""
    options = _options(arguments)
    stack = Stack.named(options.stack)
    cases = Record(stack.paths.stack).cases()
    if not cases or not stack.exists():
        print("No demo has been run yet. Run one: make demo", file=sys.stderr)
        return BAD_INPUT
    if options.case_ref not in cases:
        print(_unknown(options.case_ref, cases), file=sys.stderr)
        return BAD_INPUT
    try:
        with interruption.listening():
            _show(stack, case_ref=options.case_ref, known=cases[options.case_ref])
    except (StackError, *FAULTS) as error:
        print(error, file=sys.stderr)
        return 1
    except interruption.Interrupted as interrupted:
        return interrupted.exit_code
    return 0


def _show(stack: Stack, *, case_ref: str, known: Mapping[str, str]) -> None:
    with _servers(stack):
        caller = Caller(stack.environment(), stop=threading.Event())
        for line in page.lines(page.fetch(caller, case_ref=case_ref, known=known)):
            print(line)
        caller.close()


@contextmanager
def _servers(stack: Stack) -> Iterator[None]:
    """Have the demo's servers for the length of a block, and leave them as they were."""
    if stack.is_running():
        yield
        return
    print("Starting the servers of the last demo …", file=sys.stderr)
    stack.start(fresh=False, processes=True)
    try:
        yield
    finally:
        interruption.ignore()
        sys.stdout.flush()
        stack.stop(politely=False)


def _unknown(case_ref: str, cases: Collection[str]) -> str:
    near = difflib.get_close_matches(case_ref, cases, n=SHOWN_CASES, cutoff=0.5)
    some = ", ".join(near or sorted(cases)[:SHOWN_CASES])
    return f"The last demo had no case {case_ref!a}. It had {len(cases)}, among them {some}."


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.show", description=__doc__)
    parser.add_argument("case_ref", metavar="CASE", help="as in the case file: MP-0004")
    parser.add_argument("--stack", default="demo", help="the name of its servers (demo)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
