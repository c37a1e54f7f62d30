"""``make chaos MINUTES=10 SEED=1``: the whole suite under load and random faults.

Plays cases, injects faults from the seed, heals, waits until the suite is at rest, and looks
whether anything was lost, done twice or passed over in silence. Everything happens on loopback
servers of its own, and ends by itself.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from demo.calling import Caller
from tests.chaos import invariants, planted
from tests.chaos.crashes import Crashes, every_round
from tests.chaos.faults import Faults
from tests.chaos.house import House, pause
from tests.chaos.load import Players, pilot_lines, shortened

AT_ONCE = 6
HURRY_EVERY_SECONDS = 5


def main(arguments: Sequence[str]) -> int:
    asked = _options(arguments)
    say(f"seed {asked.seed}: {asked.minutes:g} minutes, {AT_ONCE} cases at a time")
    done = []
    if not asked.only_faults:
        done.append(_crash_points())
    done.append(_chaos(asked))
    found = [violation for one in done for violation in one.violations]
    for violation in found:
        say(f"violation: {violation}")
    faults = sum(one.faults for one in done)
    messages = sum(one.messages for one in done)
    say(f"faults={faults} messages={messages} violations={len(found)} seed={asked.seed}")
    return 1 if found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one part came to."""

    faults: int
    messages: int
    violations: list[str]


def _crash_points() -> Done:
    """Let a process end at every point of every flow."""
    rounds = list(every_round())
    violations: list[str] = []
    with House("chaos-crashes").open() as house:
        house.wait_until_ready()
        crashes = Crashes(house)
        for number, one in enumerate(rounds, start=1):
            found = crashes.play(one)
            say(f"crash points: round {number} of {len(rounds)}, {one.flow}: {len(found)} wrong")
            violations += found
        messages = invariants.number_of_messages(house)
    return Done(
        faults=sum(len(one.points) for one in rounds), messages=messages, violations=violations
    )


def _chaos(asked: argparse.Namespace) -> Done:
    """Play cases under random faults, and look at what is left when all is at rest."""
    with House("chaos").open() as house:
        if asked.plant:
            planted.plant(house, asked.plant)
        house.wait_until_ready()
        environment = house.stack.environment()
        players = Players(environment, seed=asked.seed, patience_seconds=asked.patience)
        players.open_pool()
        faults = Faults(house, random=random.Random(asked.seed))
        slow = _play_under_faults(house, players, faults, asked)
        caller = Caller(environment, stop=threading.Event())
        found = [] if players.played else ["no case was played to its end"]
        found += [f"I2 a case failed: {failure}" for failure in players.failed]
        found += slow
        found += invariants.come_to_rest(house, caller)
        found += invariants.violations(house, caller, played=players.played, poison=faults.poison)
        messages = invariants.number_of_messages(house)
        ended = sum(
            number for program in house.programs.values() for number in program.statuses.values()
        )
    for kind, number in sorted(faults.counts.items()):
        say(f"{number:6} {kind}")
    say(f"{len(players.played)} cases played; processes ended and were started again {ended} times")
    return Done(faults=sum(faults.counts.values()), messages=messages, violations=found)


def _play_under_faults(
    house: House, players: Players, faults: Faults, asked: argparse.Namespace
) -> list[str]:
    """Begin cases until time is up, with faults; then heal and let the last ones end.

    Returns which services were slow to come back.
    """
    ends_at = time.monotonic() + asked.minutes * 60
    gaps = random.Random(asked.seed)
    lines = [shortened(line) for line in pilot_lines()]
    gaps.shuffle(lines)
    playing = threading.Thread(
        target=players.play_all,
        args=(lines,),
        kwargs={"at_once": AT_ONCE, "until": ends_at},
        daemon=True,
    )
    playing.start()
    told_at = time.monotonic()
    while time.monotonic() < ends_at:
        pause(gaps.uniform(0.3, 2.5))
        faults.inject()
        if time.monotonic() - told_at > 30:
            told_at = time.monotonic()
            left = ends_at - told_at
            say(
                f"{left:5.0f} s left: {sum(faults.counts.values())} faults,"
                f" {len(players.played)} cases played"
            )
    faults.heal()
    slow = invariants.slow_to_recover(house)
    say("healed; the last cases go on to their end")
    while playing.is_alive():
        playing.join(HURRY_EVERY_SECONDS)
        house.hurry()
    return slow


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of load and faults; 10")
    parser.add_argument("--seed", type=int, default=1, help="what to repeat; 1")
    parser.add_argument(
        "--patience", type=float, default=600, help="seconds that a player waits; 600"
    )
    parser.add_argument(
        "--only-faults", action="store_true", help="leave the crash points out, and begin at once"
    )
    parser.add_argument(
        "--plant",
        choices=sorted(planted.MODULES),
        help="run with a service that breaks a promise: this must find violations",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
