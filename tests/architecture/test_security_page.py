"""SECURITY.md speaks of every rule, and the tests that it names are there."""

import re

from tests.architecture.house import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
ROW = re.compile(
    r"^\| (S\d+) \| (?P<rule>.+) \| (?P<holds>[^|]+) \|(?P<shown>[^|]*)\|$", re.MULTILINE
)
NAMED = re.compile(r"`(tests/[\w./-]+)`")
STATES = {"yes", "in part", "open", "does not apply"}

ROWS = {row[1]: row for row in ROW.finditer(PAGE)}


def test_every_rule_has_a_row_and_one_state():
    assert list(ROWS) == [f"S{number}" for number in range(1, 37)]
    assert {row["holds"].split(":")[0] for row in ROWS.values()} <= STATES


def test_every_test_that_is_named_is_there():
    named = set(NAMED.findall(PAGE))

    assert len(named) > 25
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_what_holds_is_shown_by_a_test_and_what_holds_in_part_says_what_is_missing():
    unshown = {
        name
        for name, row in ROWS.items()
        if row["holds"].startswith(("yes", "in part")) and not NAMED.search(row["shown"])
    }
    unsaid = {
        name
        for name, row in ROWS.items()
        if row["holds"].startswith(("in part", "open", "does not")) and ": " not in row["holds"]
    }

    assert (unshown, unsaid) == (set(), set())
