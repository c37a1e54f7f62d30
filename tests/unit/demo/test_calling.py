"""Calls are repeated with their own id when nobody knows what became of them."""

from threading import Event
from uuid import UUID

import pytest

from clients.edge import CallFailedError, CallTimedOutError, RefusedError
from demo import calling
from demo.calling import Caller, StoppedError
from demo.staff import BROKER

IDS = {"command_id": UUID(int=1), "correlation_id": UUID(int=2)}
REFUSAL = {"code": "no", "message": "No.", "next_step": "Stop.", "details": {}}


class Edges:
    """Opens edges whose calls end as planned."""

    def __init__(self, *planned):
        self.planned = list(planned)
        self.opened = 0
        self.closed = 0
        self.command_ids = []

    def connect(self, environment, *, name):
        self.opened += 1
        return self

    def command(self, service, operation, request, *, command_id, correlation_id):
        self.command_ids.append(command_id)
        return self.query(service, operation, request)

    def query(self, service, operation, request):
        planned = self.planned.pop(0)
        if isinstance(planned, Exception):
            raise planned
        return planned

    def __exit__(self, *_):
        self.closed += 1


@pytest.fixture
def edges(monkeypatch):
    monkeypatch.setattr(calling, "PAUSE_SECONDS", 0)

    def edges(*planned):
        opened = Edges(*planned)
        monkeypatch.setattr(calling, "Edge", opened)
        return opened

    return edges


@pytest.mark.parametrize("fault", [CallTimedOutError(), CallFailedError(), ConnectionResetError()])
def test_a_command_whose_outcome_is_unknown_is_repeated_with_its_id(edges, fault):
    opened = edges(fault, {"is_active": True})

    answer = Caller({}, stop=Event()).command("budget.pay", {}, **IDS)

    assert answer == {"is_active": True}
    assert opened.command_ids == [UUID(int=1), UUID(int=1)]


def test_a_broken_connection_is_opened_anew_and_a_sound_one_is_kept(edges):
    opened = edges(ConnectionResetError(), 1, CallTimedOutError(), 2)
    caller = Caller({}, stop=Event())

    assert [caller.query("budget.totals", {}), caller.query("budget.totals", {})] == [1, 2]
    assert (opened.opened, opened.closed) == (2, 1)


def test_what_fails_again_and_again_is_told_with_what_was_called(edges):
    edges(*[CallTimedOutError("No answer.")] * 3)

    with pytest.raises(CallTimedOutError) as failed:
        Caller({}, stop=Event()).query("budget.totals", {})

    assert failed.value.__notes__ == ["budget.totals"]


def test_a_refusal_is_an_answer_and_not_repeated(edges):
    opened = edges(RefusedError(REFUSAL))

    with pytest.raises(RefusedError):
        Caller({}, stop=Event()).command("budget.pay", {}, **IDS)

    assert len(opened.command_ids) == 1


def test_once_told_to_stop_no_call_is_made(edges):
    opened = edges(1)
    stop = Event()
    stop.set()

    with pytest.raises(StoppedError):
        Caller({}, stop=stop).query("budget.totals", {})

    assert opened.opened == 0


def test_closing_twice_is_fine(edges):
    opened = edges(1)
    caller = Caller({}, stop=Event())
    caller.query("budget.totals", {})

    caller.close()
    caller.close()

    assert opened.closed == 1


class Door:
    """Stands where the front door does; what is done there ends as planned."""

    def __init__(self, *planned):
        self.planned = list(planned)
        self.keys = []

    def tell(self, who, operation, request, *, key, story_id):
        self.keys.append((who, key, story_id))
        planned = self.planned.pop(0)
        if isinstance(planned, Exception):
            raise planned
        return planned


def test_what_somebody_does_goes_by_the_front_door_and_is_repeated_with_its_key(edges, monkeypatch):
    opened, door = edges(), Door(CallFailedError("fault"), CallTimedOutError(), {"state": "ready"})
    monkeypatch.setattr(calling, "FrontDoor", lambda *_, **__: door)

    answer = Caller({}, stop=Event()).command("payments.buy", {}, **IDS, by=BROKER)

    assert answer == {"state": "ready"}
    assert door.keys == [(BROKER, UUID(int=1), UUID(int=2))] * 3
    assert opened.opened == 0


def test_a_refusal_at_the_front_door_names_what_was_done_and_is_not_repeated(edges, monkeypatch):
    edges()
    door = Door(RefusedError(REFUSAL))
    monkeypatch.setattr(calling, "FrontDoor", lambda *_, **__: door)

    with pytest.raises(RefusedError) as refused:
        Caller({}, stop=Event()).command("payments.buy", {}, **IDS, by=BROKER)

    assert refused.value.__notes__ == ["payments.buy"]
    assert len(door.keys) == 1
