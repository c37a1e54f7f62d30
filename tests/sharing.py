"""How the tests are shared out when several workers play them: a module never to two of them.

pytest-xdist's own groups change the names of tests in a way that pytest 9.2 no longer lets it.
"""

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Each starts every process of the suite: one worker plays them all, one after another, and first,
# because they take longest.
WHOLE_SUITES = ("tests/api/", "tests/chaos/", "tests/e2e/")
LONG = ("tests/integration/budget/test_machine.py",)  # next, so that nobody waits for it in the end


class Sharing(LoadScopeScheduling):
    """Gives a worker a whole module, with which it starts once what the module's tests share."""

    def _split_scope(self, nodeid: str) -> str:
        return "whole suites" if needs_whole_suite(nodeid) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: _place(item.nodeid))


def _place(nodeid: str) -> int:
    if needs_whole_suite(nodeid):
        return 0
    return 1 if nodeid.startswith(LONG) else 2


def needs_whole_suite(nodeid: str) -> bool:
    return nodeid.startswith(WHOLE_SUITES)
