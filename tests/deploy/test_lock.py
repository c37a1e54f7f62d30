import pytest

from deploy.local import __main__ as command_line
from deploy.local.errors import StackBusyError
from deploy.local.lock import StackLock
from deploy.local.stack import Stack


def test_the_second_command_on_a_stack_is_told_that_it_is_busy(tmp_path):
    first, second = StackLock(tmp_path / "lock"), StackLock(tmp_path / "lock")
    first.take()

    with pytest.raises(StackBusyError, match="Another command is at work"):
        second.take()

    first.give_back()
    second.take()
    second.give_back()


def test_taking_a_lock_that_is_held_already_changes_nothing(tmp_path):
    lock = StackLock(tmp_path / "lock")

    lock.take()
    lock.take()
    lock.give_back()

    assert not lock.is_held


def test_a_busy_stack_is_one_line_and_exit_2(tmp_path, monkeypatch, capsys):
    holder = StackLock(tmp_path / "stack" / "lock")
    holder.take()
    stack = Stack("stack", var=tmp_path)
    monkeypatch.setattr(Stack, "named", lambda *_arguments, **_options: stack)
    monkeypatch.setattr("sys.argv", ["deploy.local", "up"])

    assert command_line.main() == 2

    assert capsys.readouterr().err.count("\n") == 1
    holder.give_back()
