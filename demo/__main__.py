"""Play a file of cases on servers of the demo's own: ``python -m demo``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import amqp
from rich.console import Console

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from demo import interruption
from demo.reading import CaseFileError, read_cases
from demo.run import Run
from deploy.local.errors import StackError

CASES = Path(__file__).parent / "cases" / "cases.jsonl"
MOST_AT_ONCE = 64
BAD_INPUT = 2
FAULTS = (CallFailedError, CallTimedOutError, RefusedError, amqp.AMQPError, OSError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the file, play it, and return the exit code: 2 is a file that cannot be played."""
    options = _options(arguments)
    try:
        cases = read_cases(options.cases)
    except CaseFileError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    run = Run(
        cases=cases,
        stack_name=options.stack,
        at_once=options.at_once,
        keeps_running=options.keep,
        console=Console(),
    )
    try:
        with interruption.listening():
            return run.carry_out()
    except (StackError, *FAULTS) as error:
        print(error, file=sys.stderr)
        return 1
    except interruption.Interrupted as interrupted:
        print(f"Ended by {interrupted}; everything that was started is stopped.", file=sys.stderr)
        return interrupted.exit_code


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--cases", type=Path, default=CASES, help="the file to play")
    parser.add_argument(
        "--at-once", type=_at_once, default=8, metavar="N", help="cases played at a time (8)"
    )
    parser.add_argument("--stack", default="demo", help="the name of its servers (demo)")
    parser.add_argument("--keep", action="store_true", help="leave the servers running")
    return parser.parse_args(arguments)


def _at_once(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_AT_ONCE:
        raise argparse.ArgumentTypeError(f"from 1 to {MOST_AT_ONCE}")
    return number


if __name__ == "__main__":
    sys.exit(main())
