import fcntl
import os
import socket
from pathlib import Path

import pytest

from deploy.local import ports, preparation, state
from deploy.local.errors import StackError
from deploy.local.paths import StackPaths
from deploy.local.stack import Stack
from deploy.local.state import State


@pytest.mark.parametrize("text", ["", "{", "[]", '{"from": "another version"}'])
def test_a_state_that_cannot_be_read_counts_as_none(tmp_path, text):
    path = tmp_path / "stack.json"
    path.write_text(text)

    assert state.load(path) is None


def test_a_saved_state_comes_back(tmp_path):
    path = tmp_path / "stack.json"
    saved = State(node_name="stack-1@localhost", ports={"broker": 20_001})

    saved.save(path)

    assert state.load(path) == saved


def test_only_directories_beyond_the_stacks_own_are_named_as_outside(tmp_path):
    kept = State(
        node_name="n", postgres_home="/elsewhere/postgres", broker_home=str(tmp_path / "broker")
    )

    assert [str(place) for place in kept.outside(tmp_path)] == ["/elsewhere/postgres"]


def test_a_port_stays_while_it_is_free_and_changes_when_somebody_else_took_it():
    with socket.create_server(("127.0.0.1", 0)) as somebody_else:
        taken = somebody_else.getsockname()[1]
        chosen = ports.choose(["a", "b"], former={"a": taken}, taken=())

    assert taken not in chosen.values()
    assert len(set(chosen.values())) == 2
    assert ports.choose(["a", "b"], former=chosen, taken=()) == chosen
    assert ports.choose(["a"], former=chosen, taken={chosen["a"]})["a"] != chosen["a"]


def prepare(name, *, var):
    return preparation.prepare(StackPaths.of(name, var=var), clock_starts_at=None)


def test_while_a_stack_chooses_its_ports_no_other_of_the_checkout_does(tmp_path, monkeypatch):
    choose, looked = ports.choose, []

    def choose_watched(names, **how):
        folder = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(folder)
        looked.append(True)
        return choose(names, **how)

    monkeypatch.setattr(ports, "choose", choose_watched)
    prepare("first", var=tmp_path)
    prepare("second", var=tmp_path)  # the first has given way

    assert len(looked) == 2
    for name in ("first", "second"):
        Stack(name, var=tmp_path).remove()


def test_two_stacks_of_a_checkout_never_count_on_the_same_port(tmp_path):
    first, second = (prepare(name, var=tmp_path) for name in ("first", "second"))

    assert not set(first.ports.values()) & set(second.ports.values())
    for name in ("first", "second"):
        Stack(name, var=tmp_path).remove()
    assert not any(Path(place).exists() for place in (first.postgres_home, first.wake_directory))


@pytest.mark.parametrize("name", ["log", "../x", "Stack", "", "a b", "x" * 21])
def test_a_name_that_is_no_folder_of_ours_is_refused(tmp_path, name):
    with pytest.raises(StackError, match="cannot be the name"):
        Stack(name, var=tmp_path)


def test_a_stack_that_never_was_says_so(tmp_path):
    stack = Stack("stack", var=tmp_path)

    assert stack.status() == []
    assert not stack.is_running()
    with pytest.raises(StackError, match="never started"):
        stack.environment()
