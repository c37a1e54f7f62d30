"""The log of hazards names controls that are there, and claims no approval."""

import re

from tests.architecture.house import ROOT

PAGE = (ROOT / "docs" / "safety" / "hazards.md").read_text()
ROW = re.compile(r"^\| (H\d+) \|(?P<rest>.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w./-]+)`")


def test_every_hazard_has_a_harm_a_cause_controls_and_what_is_left():
    rows = {row[1]: [cell.strip() for cell in row["rest"].split("|")] for row in ROW.finditer(PAGE)}

    assert list(rows) == [f"H{number}" for number in range(1, len(rows) + 1)]
    assert len(rows) >= 13
    assert {name for name, cells in rows.items() if len(cells) != 4 or not all(cells)} == set()
    assert {name for name, cells in rows.items() if not NAMED.search(cells[2])} == set()


def test_every_control_that_is_named_is_there():
    assert {path for path in NAMED.findall(PAGE) if not (ROOT / path).exists()} == set()


def test_it_says_what_it_is_not():
    assert "It is no safety case." in PAGE
