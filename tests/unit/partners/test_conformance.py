"""The checker says of each message which rule it breaks, as the door would."""

import json
import subprocess
import sys
from uuid import uuid4

import pytest

from services.partners.conformance import main

TRUST = "deploy/partners/aldermoor-trust.yml"
ADMISSION = {"person_id": str(uuid4()), "admitted_on": "2026-11-24"}


@pytest.fixture
def check(tmp_path, capsys):
    """Let the checker look at messages; returns its exit status and what it printed."""

    def look(*messages):
        file = tmp_path / "messages.jsonl"
        file.write_text("".join(f"{one}\n" for one in messages))
        return main(["--partner", TRUST, str(file)]), capsys.readouterr().out

    return look


def a_line(**changed):
    message = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/org/aldermoor-trust/records",
        "type": "uk.commonpurse.admission.notify.v1",
        "time": "2026-11-24T10:00:00Z",
        "data": ADMISSION,
        **changed,
    }
    return json.dumps(message)


def test_messages_that_keep_the_rules_are_fine(check):
    code, said = check(a_line(), a_line())

    assert code == 0
    assert "2 messages, 0 that break a rule" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not_json"),
        (a_line(source="/org/other/records"), "wrong_source"),
        (a_line(data={}), "invalid_data: admitted_on"),
        (a_line(type="uk.commonpurse.move.notify.v1"), "not_agreed"),
    ],
)
def test_a_message_that_breaks_a_rule_is_named_by_its_line(check, line, says):
    code, said = check(a_line(), line)

    assert code == 1
    assert "NO  line 2: " in said
    assert says in said


def test_an_id_that_is_used_twice_is_found(check):
    message_id = str(uuid4())

    code, said = check(a_line(id=message_id), a_line(id=message_id, time="2026-11-25T10:00:00Z"))

    assert code == 1
    assert "another message has this id" in said


def test_no_messages_at_all_are_not_well(check):
    assert check()[0] == 1


def test_a_file_that_is_not_there_is_said_so(tmp_path, capsys):
    assert main(["--partner", TRUST, str(tmp_path / "no")]) == 2
    assert "no" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("partner", "messages", "status"),
    [
        (TRUST, a_line(), 0),
        (TRUST, a_line(data={}), 1),
        (TRUST, "", 1),
        (TRUST, None, 2),
        ("deploy/partners/nobody.yml", a_line(), 2),
        ("deploy/prometheus/partners.yml", a_line(), 2),
    ],
    ids=["kept", "broken", "nothing", "no messages' file", "no partner's file", "another file"],
)
def test_whoever_runs_the_checker_in_a_pipeline_is_told_by_its_exit_status(
    tmp_path, partner, messages, status
):
    file = tmp_path / "messages.jsonl"
    if messages is not None:
        file.write_text(f"{messages}\n" if messages else "")
    command = [sys.executable, "-m", "services.partners.conformance", "--partner", partner, file]

    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (ended.returncode, "Traceback" in ended.stderr) == (status, False)


def test_a_partners_file_that_is_no_text_is_said_so(tmp_path, capsys):
    file = tmp_path / "trust.yml"
    file.write_bytes(b"code: \xff")

    assert main(["--partner", str(file), str(file)]) == 2
    assert "It is no text in UTF-8." in capsys.readouterr().err
