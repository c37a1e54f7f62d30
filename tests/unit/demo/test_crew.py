"""Several cases at a time; one that fails leaves the others alone."""

import threading
from uuid import UUID

import pytest

from clients.edge import RefusedError
from demo import crew
from demo.calling import StoppedError
from demo.crew import Crew
from demo.playing.play import CaseFailedError
from demo.schemas import CaseLine
from tests.unit.demo.lines import a_case
from tests.unit.demo.scripted import Caller, Shown

ENVIRONMENT = {
    "COMMONPURSE_BROKER_URL": "amqp://nowhere",
    "DEMO_CARD_ISSUER_URL": "http://127.0.0.1:1",
    "DEMO_CARD_ISSUER_API_KEY": "sk_test_1",
}


@pytest.fixture
def a_crew(monkeypatch):
    """Make a crew that plays numbered cases with ``act``."""
    monkeypatch.setattr(crew, "Caller", lambda *_, **__: Caller())

    def a_crew(act, *, cases=5):
        monkeypatch.setattr(crew, "play_case", act)
        loaded = [CaseLine().load(a_case(f"C{number}")) for number in range(cases)]
        return Crew(loaded, run_id=UUID(int=1), shown=Shown())

    return a_crew


def test_a_case_that_fails_is_named_and_the_others_finish(a_crew):
    def act(play):
        play.note_id("referral_id", play.case.case_ref)
        if play.case.case_ref == "C1":
            raise CaseFailedError("the card was declined")

    with a_crew(act) as working:
        outcomes = {one.case_ref: one for one in working.play(ENVIRONMENT, at_once=2)}

    assert set(outcomes) == {"C0", "C1", "C2", "C3", "C4"}
    assert outcomes["C1"].reason == "the card was declined"
    assert outcomes["C1"].known["referral_id"] == "C1"
    assert all(one.reason is None for ref, one in outcomes.items() if ref != "C1")


def test_a_case_goes_on_weeks_later_with_the_ids_by_which_it_is_found(a_crew, monkeypatch):
    a_crew(lambda _: pytest.fail("it begins again"))
    seen = []
    monkeypatch.setattr(crew, "go_on", seen.append)
    going_on = CaseLine().load(a_case("C1"))

    known = {"C1": {"referral_id": "r-1"}}
    working = Crew([going_on], run_id=UUID(int=1), shown=Shown(), weeks_later=3, known=known)
    with working:
        (outcome,) = working.play(ENVIRONMENT, at_once=2)

    (play,) = seen
    assert (play.weeks_later, play.known["referral_id"]) == (3, "r-1")
    assert outcome.known["referral_id"] == "r-1"
    assert known == {"C1": {"referral_id": "r-1"}}


def test_a_fault_of_the_demo_itself_is_a_reason_with_its_place(a_crew):
    def act(play):
        raise KeyError("budget_id")

    with a_crew(act, cases=1) as working:
        (outcome,) = working.play(ENVIRONMENT, at_once=1)

    assert outcome.reason.startswith("KeyError: 'budget_id' (")
    assert "test_crew.py:" in outcome.reason


def test_a_refusal_says_what_was_asked():
    refusal = {"code": "no_money", "message": "Empty.", "next_step": "Ask.", "details": {}}
    error = RefusedError(refusal)
    error.add_note("payments.request_purchase")

    assert crew.reason_of(error) == "payments.request_purchase: no_money: Empty. Ask."


def test_no_more_cases_are_played_at_a_time_than_allowed(a_crew):
    playing, most, lock = set(), [0], threading.Lock()

    def act(play):
        with lock:
            playing.add(play.case.case_ref)
            most[0] = max(most[0], len(playing))
        with lock:
            playing.remove(play.case.case_ref)

    with a_crew(act, cases=20) as working:
        assert len(working.play(ENVIRONMENT, at_once=3)) == 20

    assert most[0] <= 3


def test_leaving_early_stops_the_threads_and_keeps_what_was_played(a_crew):
    began, stop = threading.Event(), []

    def act(play):
        began.set()
        if not working._stop.wait(5):
            stop.append("too late")
        raise StoppedError

    def play_and_leave():
        with working:
            settings = {"at_once": 2}
            threading.Thread(
                target=working.play, args=(ENVIRONMENT,), kwargs=settings, daemon=True
            ).start()
            assert began.wait(5)
            raise KeyboardInterrupt

    working = a_crew(act)
    with pytest.raises(KeyboardInterrupt):
        play_and_leave()

    assert stop == []
    assert working.outcomes == []
