"""A scan that found something fails, and one that was not made is no pass."""

import json

import pytest

from deploy import scans
from deploy.scans import Outcome, compared, in_report
from tests.simulators.listener import Answer, listening

KNOWN = frozenset({("a.py", "Secret Keyword", "11"), ("b.py", "Secret Keyword", "22")})


def test_what_was_looked_at_is_well():
    assert compared(KNOWN, KNOWN).is_well is True


def test_a_new_secret_is_named_by_its_file_and_not_shown():
    outcome = compared(KNOWN | {("c.py", "Private Key", "33")}, KNOWN)

    assert outcome.is_well is False
    assert "c.py: Private Key is new" in outcome.says
    assert "33" not in outcome.says


def test_another_secret_in_a_file_that_has_one_is_new():
    assert compared(KNOWN | {("a.py", "Secret Keyword", "44")}, KNOWN).is_well is False


def test_what_the_baseline_names_must_be_there():
    outcome = compared(KNOWN - {("b.py", "Secret Keyword", "22")}, KNOWN)

    assert outcome.is_well is False
    assert "b.py: Secret Keyword is there no more" in outcome.says


def test_a_secret_may_move_in_its_file():
    def report(line):
        found = {"type": "Secret Keyword", "hashed_secret": "11", "line_number": line}
        return {"results": {"a.py": [found]}}

    assert in_report(report(1)) == in_report(report(99)) == {("a.py", "Secret Keyword", "11")}


def test_nothing_in_the_baseline_is_a_private_key_or_lies_in_what_is_installed():
    """What ships holds no secret at all; what is named there is a word beside ``secret``."""
    found = in_report(json.loads(scans.BASELINE.read_text()))

    assert {kind for _, kind, _ in found} <= {
        "Secret Keyword",
        "Hex High Entropy String",
        "Basic Auth Credentials",
    }
    assert {file for file, *_ in found if file.startswith("services/")} == set()


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1/query", "http://nobody.invalid/"])
def test_where_nobody_answers_advisories_are_not_checked_and_that_is_no_pass(address, capsys):
    outcome = scans.known_weaknesses(address=address)

    assert outcome.is_well is None
    assert scans.report({"advisories": outcome}) == 0
    assert "NOT CHECKED: advisories not checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "has_advisories"),
    [
        (Answer(body=b'{"vulns": [{"id": "one"}]}'), True),
        (Answer(body=b'{"vulns": []}'), False),
        (Answer(body=b"{}"), False),
        (Answer(body=b"[]"), False),
        (Answer(body=b"<html>Sign in to the network</html>"), False),
        (Answer(status=403, body=b'{"vulns": [{"id": "one"}]}'), False),
    ],
)
def test_only_who_knows_of_an_old_weakness_has_advisories(answer, has_advisories):
    with listening() as service:
        service.answer_with("/v1/query", answer)

        assert scans.is_there(f"{service.url}/v1/query") is has_advisories


def test_one_scan_that_failed_fails_all(capsys):
    well, bad = Outcome(is_well=True, says="none"), Outcome(is_well=False, says="a.py:1")

    assert scans.report({"one": well, "other": bad}) == 1
    assert "other: FAILED: a.py:1" in capsys.readouterr().out
    assert scans.report({"one": well}) == 0
