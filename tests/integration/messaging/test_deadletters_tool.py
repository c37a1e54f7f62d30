"""The tool for dead letters: it shows no person, and changes what was decided on and no more."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from operations import dead_letters
from shared import clock
from shared.contracts import catalogue, sealing
from shared.contracts.assessment.referrals import ReferralReceived
from shared.contracts.payments.purchases import PurchaseRequested
from shared.messaging import retention
from shared.messaging.dead_letter_queue import ABOUT
from tests.architecture.house import ROOT
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.probe import amounts
from tests.waiting import eventually

BUDGET = ("--service", "budget")
DECIDED = (*BUDGET, "--who", "on call", "--why", "mended in 1.2")
FAULT = "RuntimeError at holds.handlers:42"
JSON = "application/json"
LONG_AGO = timedelta(days=36)


def a_request(*, told_at=TUESDAY_AT_TEN):
    return PurchaseRequested(
        occurred_at=told_at,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        item_id=uuid4(),
        amount_pence=amounts.FINE,
    )


def a_referral(*, told_at):
    return ReferralReceived(
        occurred_at=told_at,
        referral_id=uuid4(),
        person_id=uuid4(),
        source="nhs",
        organisation="nhs",
        answer_due_on=told_at.date(),
    )


@pytest.fixture
def change(owners, budget):
    """Change the tables by hand, as time would."""

    def execute(sql, **values):
        with owners("budget").begin() as connection:
            connection.execute(text(sql), values)

    return execute


@pytest.fixture
def fail(change):
    """A message that a subscriber failed of for the last time."""

    def store(event, *, fault=FAULT, **changed):
        envelope = catalogue.dump(event, trace=a_trace()) | changed
        change(
            "INSERT INTO inbox (consumer, message_id, state, attempts, failures, body, last_error)"
            " VALUES ('on_purchase_requested', :id, 'dead', 20, 12, CAST(:body AS jsonb), :fault)",
            id=event.event_id,
            body=json.dumps(envelope),
            fault=fault,
        )
        return str(event.event_id)

    return store


@pytest.fixture
def park(change):
    """An event that could not be sent."""

    def store(event):
        change(
            "INSERT INTO outbox (position, message_id, event_type, subject, body, correlation_id,"
            " causation_id, state, attempts, last_error) VALUES (DEFAULT, :id, :type, 'x', CAST"
            "(:body AS jsonb), :id, :id, 'parked', 20, 'NO_ROUTE')",
            id=event.event_id,
            type=event.event_type,
            body=json.dumps(catalogue.dump(event, trace=a_trace())),
        )
        return str(event.event_id)

    return store


@pytest.fixture
def bury(change):
    """What the drain stored: an envelope, or any body."""

    def store(buried, *, message_id=None, reason="not_json"):
        raw = buried if isinstance(buried, bytes) else json.dumps(buried).encode()
        dead_letter_id = uuid4()
        change(
            "INSERT INTO dead_letters (dead_letter_id, digest, deaths, reason, routing_key,"
            " content_type, message_id, body, died_at, state) VALUES (:id, 'd', 1, :reason,"
            " 'payments.purchase_requested.v1', :json, :message_id, :body, now(), 'dead')",
            id=dead_letter_id,
            reason=reason,
            json=JSON,
            message_id=message_id,
            body=sealing.seal_bytes(raw, about=ABOUT),
        )
        return str(dead_letter_id)

    return store


@pytest.fixture
def tool(servers, budget, monkeypatch, capsys):
    """Run the tool as budget, and return its exit code and what it said."""
    for name, value in servers.process_environment("budget").items():
        monkeypatch.setenv(name, value)

    def run(*words):
        capsys.readouterr()
        code = dead_letters.main(words)
        return code, capsys.readouterr().out

    return run


def a_group(tool):
    _, said = tool("list", *BUDGET)
    (fingerprint,) = re.findall(r"^[0-9a-f]{8}(?=  )", said, re.MULTILINE)
    return fingerprint


def rows(budget, table):
    return budget(f"SELECT to_jsonb(t)::text FROM {table} AS t ORDER BY 1")  # noqa: S608 - ours


def everything(budget):
    tables = ("inbox", "outbox", "dead_letters", "dead_letter_acts")
    return [rows(budget, table) for table in tables]


def test_where_nothing_is_dead_it_says_so(tool):
    assert tool("list", *BUDGET) == (0, "budget: nothing is dead.\n")


def test_what_is_dead_is_listed_in_groups_of_one_place_one_event_and_one_reason(
    tool, fail, park, bury, change
):
    for fault in (FAULT, FAULT, "KeyError at holds.rules:7"):
        fail(a_request(), fault=fault)
    park(a_request())
    bury(b"no")
    change("UPDATE inbox SET received_at = '2026-01-02 03:04:05Z' WHERE last_error LIKE 'Key%'")

    code, said = tool("list", *BUDGET)

    first, heading, *groups = said.splitlines()
    cells = [re.split(r" {2,}", group) for group in groups]
    assert code == 0
    assert first == "budget: 5 dead."
    assert heading.split()[0] == "fingerprint"
    assert cells[0][4:] == ["1", "2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05+00:00"]
    event = "payments.purchase_requested.v1"
    assert sorted(cell[1:5] for cell in cells) == [
        ["broker", event, "not_json", "1"],
        ["inbox", event, "KeyError at holds.rules:7", "1"],
        ["inbox", event, FAULT, "2"],
        ["outbox", event, "NO_ROUTE", "1"],
    ]
    assert len({cell[0] for cell in cells}) == 4


def test_a_fingerprint_stays_the_same_from_one_day_to_the_next(tool, fail, change):
    fail(a_request())
    before = a_group(tool)
    change("DELETE FROM inbox")
    fail(a_request())

    assert a_group(tool) == before


def test_what_is_shown_names_nobody(tool, fail, bury):
    data = {"given_name": "Elsie", "Elsie": ["Elsie", 3], "deep": {"a": [{"b": "Elsie"}]}}
    event = a_request()
    shown = fail(event, data=data, subject="Elsie", actas="Elsie", extra={"id": str(uuid4())})
    bury(b'{"name": "Elsie", ', message_id="Elsie")
    readable = bury({"id": "Elsie", "data": data, "Elsie": 1}, reason="unknown_type")

    code, said = tool("show", shown, *BUDGET)
    _, of_group = tool("show", a_letter := readable, *BUDGET)
    _, listed = tool("list", *BUDGET)
    everything_said = said + of_group + listed

    assert code == 0
    assert "Elsie" not in everything_said
    assert str(event.purchase_id) not in said
    assert a_letter in of_group
    envelope = json.loads(said.splitlines()[-1].split("  ", 1)[1])
    assert envelope["id"] == shown
    assert envelope["type"] == "uk.commonpurse.payments.purchase_requested.v1"
    assert envelope["subject"] == envelope["actas"] == "str"
    assert UUID(envelope["correlationid"])
    assert envelope["extra"] == {"id": "str"}
    assert envelope["data"] == {
        "given_name": "str",
        "?": ["str", "int"],
        "deep": {"a": [{"b": "str"}]},
    }


def test_a_message_without_end_to_its_depth_is_shown(tool, bury):
    deep = bury(b'{"a": ' * 500 + b"1" + b"}" * 500)

    code, said = tool("show", deep, *BUDGET)

    assert code == 0
    assert '"dict"' in said


def test_a_letter_that_nobody_can_read_says_why(tool, bury, change):
    unreadable = bury(b"no")
    sealed_elsewhere = bury(b"no")
    change(
        "UPDATE dead_letters SET body = :body WHERE dead_letter_id = :id",
        body=b"other:sealed",
        id=sealed_elsewhere,
    )

    assert "cannot be read: not_json" in tool("show", unreadable, *BUDGET)[1]
    assert "cannot be read: unknown_key" in tool("show", sealed_elsewhere, *BUDGET)[1]


@pytest.mark.parametrize("act", [("show",), ("replay",), ("discard",)], ids=str)
def test_what_is_not_there_is_said_and_ends_with_1(tool, fail, budget, act):
    fail(a_request())
    before = everything(budget)
    options = BUDGET if act == ("show",) else DECIDED

    code, said = tool(*act, "00000000", *options)

    assert (code, said) == (1, "budget: nothing dead has this fingerprint or id.\n")
    assert everything(budget) == before


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("replay", "x", *BUDGET),
        ("replay", "x", *BUDGET, "--who", "on call"),
        ("discard", "x", *BUDGET, "--who", "on call", "--why", " "),
        ("replay", "x", *DECIDED, "--per-second", "0"),
        ("replay", "x", *DECIDED, "--per-second", "nan"),
        ("list", "--service", "gateway"),
    ],
    ids=str,
)
def test_without_who_and_why_and_sense_it_does_nothing(tool, words):
    with pytest.raises(SystemExit) as ended:
        tool(*words)

    assert ended.value.code == 2


def test_one_message_is_tried_again_under_its_id_and_has_its_effect_once(ours, tool, fail, budget):
    chosen, other = fail(a_request()), fail(a_request())

    code, said = tool("replay", chosen, *DECIDED)

    assert (code, said) == (0, f"{chosen}  inbox  replayed\n")
    ours().await_line("service_started")
    eventually(lambda: budget("SELECT message_id::text FROM effects") == [chosen])
    assert budget("SELECT message_id::text FROM inbox WHERE state = 'dead'") == [other]


def test_a_message_that_is_tried_again_has_all_its_tries_before_it(tool, fail, budget):
    chosen = fail(a_request())

    tool("replay", chosen, *DECIDED)

    assert budget("SELECT attempts + failures FROM inbox") == [0]


def test_a_group_is_tried_again_so_many_in_a_second(tool, fail, budget):
    for _ in range(5):
        fail(a_request())

    code, _ = tool("replay", a_group(tool), *DECIDED, "--per-second", "2")

    due = budget("SELECT next_attempt_at FROM inbox WHERE state = 'retry' ORDER BY 1")
    steps = [(later - sooner).total_seconds() for sooner, later in pairwise(due)]
    assert code == 0
    assert steps == pytest.approx([0.5] * 4, abs=0.3)


def test_an_event_that_could_not_be_sent_is_sent_again(tool, park, budget):
    first, second = park(a_request()), park(a_request())

    code, said = tool("replay", a_group(tool), *DECIDED, "--per-second", "1")

    assert code == 0
    assert said.count("outbox  replayed") == 2
    assert budget("SELECT state FROM outbox") == 2 * ["pending"]
    assert budget("SELECT attempts FROM outbox") == [0, 0]
    (step,) = budget("SELECT max(next_attempt_at) - min(next_attempt_at) FROM outbox")
    assert step.total_seconds() == pytest.approx(1, abs=0.3)
    assert sorted(budget("SELECT message_id::text FROM outbox")) == sorted([first, second])


def test_a_letter_that_can_be_read_by_now_reaches_its_subscriber(ours, tool, bury, budget):
    event = a_request()
    buried = bury(catalogue.dump(event, trace=a_trace()), message_id=str(event.event_id))

    code, said = tool("replay", str(event.event_id), *DECIDED)

    assert (code, said) == (0, f"{event.event_id}  broker  replayed\n")
    assert budget("SELECT state FROM dead_letters") == ["replayed"]
    assert budget("SELECT length(body) FROM dead_letters") == [0]
    ours().await_line("service_started")
    eventually(lambda: budget("SELECT state FROM inbox") == ["processed"])
    assert budget("SELECT message_id FROM effects") == [event.event_id]
    assert buried in rows(budget, "dead_letters")[0]


def test_a_letter_whose_message_was_processed_already_changes_nothing(tool, bury, budget, change):
    event = a_request()
    buried = bury(catalogue.dump(event, trace=a_trace()))
    change(
        "INSERT INTO inbox (consumer, message_id, state, attempts, failures)"
        " VALUES ('on_purchase_requested', :id, 'processed', 1, 0)",
        id=event.event_id,
    )
    before = rows(budget, "inbox")

    code, said = tool("replay", buried, *DECIDED)

    assert (code, said) == (0, f"{buried}  broker  already processed\n")
    assert rows(budget, "inbox") == before
    assert budget("SELECT state FROM dead_letters") == ["replayed"]


def test_a_letter_that_nobody_can_read_is_refused_and_the_others_go_on(tool, bury, budget):
    unreadable = bury(b"no")
    nobody_listens = bury(catalogue.dump(a_referral(told_at=clock.now()), trace=a_trace()))
    event = a_request()
    readable = bury(catalogue.dump(event, trace=a_trace()))

    code, said = tool("replay", a_group(tool), *DECIDED)

    assert code == 1
    assert sorted(said.splitlines()) == sorted(
        [
            f"{unreadable}  broker  refused: not_json",
            f"{nobody_listens}  broker  refused: nobody_listens",
            f"{readable}  broker  replayed",
        ]
    )
    assert budget("SELECT state FROM dead_letters ORDER BY 1") == ["dead", "dead", "replayed"]
    assert budget("SELECT message_id FROM inbox") == [event.event_id]


def test_what_is_so_old_that_a_repeat_would_not_be_known_is_refused(tool, fail, budget):
    old = fail(a_referral(told_at=clock.now() - LONG_AGO))
    young = fail(a_referral(told_at=clock.now()))

    code, said = tool("replay", a_group(tool), *DECIDED)

    assert code == 1
    assert f"{old}  inbox  refused: older than 35 days" in said
    assert budget("SELECT message_id::text FROM inbox WHERE state = 'retry'") == [young]


def test_what_lies_here_too_long_is_refused_whatever_it_says_of_itself(tool, fail, change, budget):
    fail(a_referral(told_at=clock.now()), time="Elsie")
    change("UPDATE inbox SET received_at = now() - interval '36 days'")

    assert tool("replay", a_group(tool), *DECIDED)[0] == 1
    assert budget("SELECT state FROM inbox") == ["dead"]


def test_where_a_business_key_shows_every_repeat_age_does_not_matter(tool, fail, budget):
    fail(a_request(told_at=clock.now() - LONG_AGO))

    assert tool("replay", a_group(tool), *DECIDED)[0] == 0
    assert budget("SELECT state FROM inbox") == ["retry"]


def test_a_repeat_is_known_for_as_long_as_the_inbox_remembers():
    assert f"{dead_letters.DEDUP_WINDOW.days} days" in retention._CLEAR_INBOX.text


def test_what_is_given_up_stays_without_its_body(tool, one_of_each, budget):
    for given_up in one_of_each:
        assert tool("discard", given_up, *DECIDED)[0] == 0

    assert tool("list", *BUDGET) == (0, "budget: nothing is dead.\n")
    assert budget("SELECT state || coalesce(body::text, '') FROM inbox") == ["discarded"]
    assert budget("SELECT state || length(body) FROM dead_letters") == 2 * ["discarded0"]
    assert budget("SELECT state FROM outbox") == ["discarded"]


def test_what_was_given_up_is_recognised_when_it_comes_again(ours, send, tool, fail, budget):
    event = a_request()
    tool("discard", fail(event), *DECIDED)
    program = ours()
    program.await_line("service_started")

    send(event)

    program.await_line("duplicate")
    assert budget("SELECT state FROM inbox") == ["discarded"]
    assert budget("SELECT count(*) FROM effects") == [0]


@pytest.fixture
def one_of_each(fail, park, bury):
    readable = catalogue.dump(a_request(), trace=a_trace())
    return [fail(a_request()), park(a_request()), bury(b"no"), bury(readable)]


def test_an_errand_that_failed_is_listed_and_given_up_but_not_sent_again(tool, change, budget):
    change(
        "INSERT INTO errands (errand_id, kind, arguments, correlation_id, causation_id, actor,"
        " state, attempts, last_error) VALUES (gen_random_uuid(), 'pay', CAST(:of AS jsonb),"
        " gen_random_uuid(), gen_random_uuid(), '', 'failed', 13, 'out_of_tries')",
        of='{"payee": "Oliver"}',
    )
    fingerprint = a_group(tool)

    _, shown = tool("show", *BUDGET, fingerprint)
    refused, _ = tool("replay", *DECIDED, fingerprint)
    given_up, _ = tool("discard", *DECIDED, fingerprint)

    assert "out_of_tries" in shown
    assert "Oliver" not in shown
    assert (refused, given_up) == (1, 0)
    assert budget("SELECT state FROM errands") == ["discarded"]
    assert budget("SELECT arguments FROM errands") == [{}]


@pytest.mark.parametrize("act", ["replay", "discard"])
def test_a_dry_run_says_what_would_happen_and_changes_nothing(tool, one_of_each, budget, act):
    before = everything(budget)

    said = [tool(act, one, *DECIDED, "--dry-run")[1] for one in one_of_each]

    assert everything(budget) == before
    assert all("A dry run: nothing was changed." in one for one in said)
    assert ("replayed" if act == "replay" else "discarded") in said[0]
    assert ("refused: not_json" in said[2]) == (act == "replay")


def test_each_act_is_recorded_with_who_and_why_and_what_was_refused(tool, fail, bury, budget):
    failed = [fail(a_request()) for _ in range(2)]
    group = a_group(tool)
    tool("replay", group, *DECIDED)
    bury(b"no")
    letters = a_group(tool)
    tool("replay", letters, *DECIDED)
    tool("discard", letters, *BUDGET, "--who", "lead", "--why", "a test of theirs")

    acts = [json.loads(act) for act in rows(budget, "dead_letter_acts")]
    acts.sort(key=lambda act: act["acted_at"])

    kept = ("who", "why", "act", "place", "fingerprint", "refused")
    assert [tuple(act[name] for name in kept) for act in acts] == [
        ("on call", "mended in 1.2", "replay", "inbox", group, 0),
        ("on call", "mended in 1.2", "replay", "broker", letters, 1),
        ("lead", "a test of theirs", "discard", "broker", letters, 0),
    ]
    assert sorted(acts[0]["message_ids"]) == sorted(failed)
    assert acts[1]["message_ids"] == []
    assert len(acts[2]["message_ids"]) == 1


def test_without_a_database_it_says_so_and_nothing_of_what_was_asked(tool, monkeypatch, capsys):
    url = os.environ["COMMONPURSE_DATABASE_URL"]
    monkeypatch.setenv("COMMONPURSE_DATABASE_URL", re.sub(r":\d+/", ":1/", url))

    assert dead_letters.main(["list", *BUDGET]) == 1
    assert capsys.readouterr().err.startswith("Nothing was done")

    monkeypatch.delenv("COMMONPURSE_DATABASE_URL")
    assert dead_letters.main(["list", *BUDGET]) == 1


def deploy(servers, *words):
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", "--stack", servers.name, "dead-letters", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_one_command_lists_what_is_dead_in_every_service_of_a_stack(servers, fail, emptied):
    for service in ("assessment", "payments", "notifications"):
        emptied(service)
    fail(a_request())

    said = deploy(servers)

    assert said.returncode == 0, said.stderr
    assert "assessment: nothing is dead." in said.stdout
    assert "budget: 1 dead." in said.stdout
    assert "payments: nothing is dead." in said.stdout
    assert "notifications: nothing is dead." in said.stdout


def test_one_command_replays_in_the_service_that_it_names(servers, fail, budget):
    chosen = fail(a_request())

    said = deploy(servers, "replay", chosen, *DECIDED)

    assert said.returncode == 0, said.stderr
    assert budget("SELECT state FROM inbox") == ["retry"]


def test_one_command_shows_how_the_broker_differs(servers):
    said = subprocess.run(
        [sys.executable, "-m", "deploy.local", "--stack", servers.name, "topology", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (said.returncode, said.stderr) == (0, ""), said.stdout


def test_one_command_without_a_service_says_what_is_missing(servers):
    said = deploy(servers, "show", "00000000")

    assert said.returncode == 2
    assert "--service" in said.stderr
