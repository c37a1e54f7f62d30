"""Under whose name a server runs: as root never our own, otherwise always our own."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUser:
    """A user that root may start a server as."""

    name: str
    uid: int
    gid: int

    def owns(self, directory: Path) -> None:
        """Make ``directory`` and give it to this user alone."""
        directory.mkdir(parents=True, exist_ok=True)
        os.chown(directory, self.uid, self.gid)
        directory.chmod(0o700)

    def can_reach(self, directory: Path) -> bool:
        """Whether this user may work in ``directory``, asked as that user."""
        question = ["/usr/bin/test", "-w", str(directory), "-a", "-x", str(directory)]
        answer = subprocess.run(question, cwd="/", check=False, **run_as(self))
        return answer.returncode == 0


def run_as(user: SystemUser | None) -> dict[str, Any]:
    """Tell ``subprocess`` whom to run a program as; nobody else, if there is no user."""
    return {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}


def first_user(*names: str) -> SystemUser | None:
    """Find the first of ``names`` that exists, if we are root and may choose; else None."""
    if os.geteuid() != 0:
        return None
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    return None


def owner_of(directory: Path) -> SystemUser | None:
    """Find the system user that a server's directory was given to; None if it is our own."""
    uid = directory.stat().st_uid
    if uid == os.geteuid():
        return None
    entry = pwd.getpwuid(uid)
    return SystemUser(name=entry.pw_name, uid=uid, gid=entry.pw_gid)


def write_for(user: SystemUser | None, path: Path, text: str) -> None:
    """Write a file that only ``user`` may read; only we, if there is none."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
    if user is not None:
        os.chown(path, user.uid, user.gid)
