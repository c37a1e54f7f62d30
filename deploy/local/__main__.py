"""``python -m deploy.local up|down|status|clean|…``: what ``make`` calls.

``--stack NAME`` says which; what follows the name of a tool (``dead-letters``, ``topology``,
``partner-hosts``, ``verify``, ``verify-access``, ``reconcile``, ``export``) is for that tool.
"""

import argparse
import signal
import sys
from types import FrameType

from deploy.local import tools
from deploy.local.errors import StackBusyError, StackError
from deploy.local.paths import CHECKOUT, VAR
from deploy.local.stack import Stack

BUSY = 2
ENDED_BY_SIGNAL = 128


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def up(stack: Stack) -> None:
    """Start it, and leave it running."""
    if stack.is_running():
        say(f"The stack {stack.name!r} is running already.")
    else:
        stack.start()
        say(f"The stack {stack.name!r} is running. Stop it: make down")
    edge = stack.paths.environment("edge").relative_to(CHECKOUT)
    say(f"Addresses and keys for a person who uses it: {edge}")


def down(stack: Stack) -> None:
    """Stop exactly what was started."""
    if not stack.exists():
        say(f"The stack {stack.name!r} was never started.")
        return
    stack.stop()
    say(f"The stack {stack.name!r} is stopped; its data stays in {stack.paths.stack}.")
    _say_what_lies_outside(stack)


def status(stack: Stack) -> None:
    """Show each process."""
    rows = stack.status()
    if not rows:
        say(f"The stack {stack.name!r} was never started.")
    for row in rows:
        say(f"{row.process:<22} {row.state:<8} {row.pid:>8}  {row.address:<16} {row.log}".rstrip())
    _say_what_lies_outside(stack)


def clean(_stack: Stack) -> None:
    """Stop every stack of this checkout and remove its data."""
    for state_file in sorted(VAR.glob("*/stack.json")):
        Stack.named(state_file.parent.name).remove()
        say(f"Removed the stack {state_file.parent.name!r}.")


def _say_what_lies_outside(stack: Stack) -> None:
    for place in stack.outside_places():
        say(f"Outside the checkout: {place}; the next fresh start removes it, or: make clean")


def end_by_signal(number: int, _frame: FrameType | None) -> None:
    """End as an error does, so that a half-started stack is stopped on the way out."""
    sys.exit(ENDED_BY_SIGNAL + number)


COMMANDS = {"up": up, "down": down, "status": status, "clean": clean}
TOOLS = {
    "dead-letters": tools.dead_letters,
    "topology": tools.topology,
    "partner-hosts": tools.partner_hosts,
    "verify": tools.verify,
    "verify-access": tools.verify_access,
    "reconcile": tools.reconcile,
    "export": tools.export,
}


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("command", choices=[*COMMANDS, *TOOLS])
    parser.add_argument("--stack", default="stack", help="which stack of this checkout")
    words = sys.argv[1:]
    own = min((words.index(tool) + 1 for tool in TOOLS if tool in words), default=len(words))
    arguments = parser.parse_args(words[:own])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_by_signal)
    try:
        stack = Stack.named(arguments.stack, say=say)
        if arguments.command in TOOLS:
            return TOOLS[arguments.command](stack, words[own:])
        COMMANDS[arguments.command](stack)
    except StackBusyError as error:
        sys.stderr.write(f"{error.message} {error.next_step}\n")
        return BUSY
    except StackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
