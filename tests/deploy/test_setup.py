"""The shell scripts of `make setup`, in a file system of the test's own."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from deploy.local.paths import CHECKOUT
from deploy.local.waiting import wait_until

POLICY = "usr/sbin/policy-rc.d"
CLUSTERS = "etc/postgresql-common/createcluster.conf"


class Machine:
    """A made-up machine: its own root directory, and programs that stand for the real ones."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.programs = folder / "programs"
        self.checkout = folder / "a checkout"
        for directory in (self.root, self.programs, self.checkout / "requirements"):
            directory.mkdir(parents=True)
        shutil.copytree(CHECKOUT / "deploy", self.checkout / "deploy")
        for lock in ("dev", "mesh-sandbox"):
            (self.checkout / "requirements" / f"{lock}.txt").write_text(f"# {lock}\n")

    def has(self, name: str, script: str, *, folder: Path | None = None) -> None:
        path = (folder or self.programs) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def start(self, script: str, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["/bin/sh", str(self.checkout / "deploy" / script), *arguments],
            env={
                "PATH": f"{self.programs}:{os.defpath}",
                "COMMONPURSE_SETUP_ROOT": str(self.root),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, script: str, *arguments: str) -> tuple[int, str]:
        started = self.start(script, *arguments)
        output, _ = started.communicate(timeout=30)
        return started.returncode, output


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def with_servers(machine: Machine) -> Machine:
    """A machine on which the packages are there, and a Python that notes what it is asked."""
    for program in (
        "rabbitmq/bin/rabbitmq-server",
        "postgresql/15/bin/initdb",
        "postgresql/15/bin/psql",
    ):
        machine.has(program, "exit 0", folder=machine.root / "usr/lib")
    python = """
        echo "$@" >>../asked
        [ "$1 $2" != "-m venv" ] || { mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; }
    """
    machine.has("python3", python, folder=machine.root / "usr/bin")
    return machine


def asked(machine: Machine) -> list[str]:
    return (machine.checkout.parent / "asked").read_text().splitlines()


def test_while_packages_are_installed_nothing_may_start_and_afterwards_all_is_as_before(machine):
    look = f"cat {machine.root}/{POLICY} {machine.root}/{CLUSTERS}"
    machine.has("apt-get", f'[ "$1" = update ] || {look} >>{machine.root}/seen')

    code, output = machine.run("packages.sh", "postgresql-15")

    assert code == 0, output
    seen = (machine.root / "seen").read_text()
    assert "exit 101" in seen
    assert "create_main_cluster = false" in seen
    assert not (machine.root / POLICY).exists()
    assert not (machine.root / CLUSTERS).exists()


def test_a_policy_and_a_cluster_configuration_of_the_machines_own_are_kept(machine):
    machine.has(Path(POLICY).name, "exit 7", folder=machine.root / "usr/sbin")
    (machine.root / CLUSTERS).parent.mkdir(parents=True)
    (machine.root / CLUSTERS).write_text("create_main_cluster = true\n")
    machine.has("apt-get", f"! grep -q 101 {machine.root}/{POLICY}")  # fails when it is ours

    code, _ = machine.run("packages.sh", "postgresql-15")

    assert code == 1
    assert "exit 7" in (machine.root / POLICY).read_text()
    assert (machine.root / CLUSTERS).read_text() == "create_main_cluster = true\n"


def test_an_interrupted_installation_puts_the_policy_back(machine):
    machine.has(Path(POLICY).name, "exit 7", folder=machine.root / "usr/sbin")
    machine.has("apt-get", f"touch {machine.root}/began; kill -TERM $PPID; exit 1")

    installing = machine.start("packages.sh", "postgresql-15")
    installing.communicate(timeout=30)

    assert (machine.root / "began").exists()
    assert installing.returncode == 130
    assert "exit 7" in (machine.root / POLICY).read_text()


def test_a_policy_that_a_killed_installation_left_is_put_right_by_the_next(machine):
    machine.has(Path(POLICY).name, "exit 7", folder=machine.root / "usr/sbin")
    machine.has("apt-get", "kill -KILL $PPID")
    assert machine.run("packages.sh", "postgresql-15")[0] == -signal.SIGKILL
    assert "exit 101" in (machine.root / POLICY).read_text()
    machine.has("apt-get", "exit 0")

    assert machine.run("packages.sh", "postgresql-15")[0] == 0

    assert "exit 7" in (machine.root / POLICY).read_text()


def test_what_an_installation_leaves_running_is_ended(machine):
    left = machine.root / "left"
    machine.has("apt-get", f"sleep 600 >/dev/null 2>&1 & echo $! >{left}")

    code, output = machine.run("packages.sh", "rabbitmq-server")

    assert code == 0
    assert "left running" in output
    pid = Path("/proc") / left.read_text().split()[-1]
    ended = lambda: not pid.exists() or not (pid / "cmdline").read_text()  # noqa: E731
    assert wait_until(ended, patience_seconds=10)


def test_without_root_and_without_sudo_one_line_says_what_to_install(machine):
    machine.has("python3", "exit 0", folder=machine.root / "usr/bin")
    machine.has("id", "echo 1000")
    machine.has("sudo", "exit 1")

    code, output = machine.run("setup.sh")

    assert code == 1
    assert output.count("\n") == 1
    assert "sudo apt-get install -y --no-install-recommends rabbitmq-server postgresql-15" in output


def test_a_failed_installation_shows_the_end_of_its_log_and_the_next_step(machine):
    machine.has("python3", "exit 0", folder=machine.root / "usr/bin")
    machine.has("id", "echo 0")
    machine.has("apt-get", "echo no network here; exit 100")

    code, output = machine.run("setup.sh")

    assert code == 1
    assert "  no network here" in output
    assert output.splitlines()[-1].startswith("Install them by hand and run make again: sudo")


def test_each_environment_is_made_once_from_its_hashed_lock(with_servers):
    first, output = with_servers.run("setup.sh")
    made = asked(with_servers)
    again, silence = with_servers.run("setup.sh")

    assert (first, again, silence) == (0, 0, "")
    steps = [line.partition(" ... done")[0] for line in output.splitlines()]
    assert steps == [
        "Making .venv from requirements/dev.txt",
        "Making .venv-mesh from requirements/mesh-sandbox.txt",
    ]
    assert [line for line in made if line.startswith("-m venv")] == [
        "-m venv .venv",
        "-m venv .venv-mesh",
    ]
    for lock in ("dev", "mesh-sandbox"):
        assert any(f"--require-hashes -r requirements/{lock}.txt" in line for line in made)
    assert asked(with_servers) == made


@pytest.mark.parametrize(("half", "whole"), [(".venv", ".venv-mesh"), (".venv-mesh", ".venv")])
def test_an_environment_that_was_only_half_made_is_made_again(with_servers, half, whole):
    with_servers.run("setup.sh")
    (with_servers.checkout / half / ".unfinished").touch()
    strays = [with_servers.checkout / one / "stray" for one in (half, whole)]
    for stray in strays:
        stray.touch()

    code, _ = with_servers.run("setup.sh")

    assert code == 0
    assert [stray.exists() for stray in strays] == [False, True]


@pytest.mark.parametrize("lock", ["dev", "mesh-sandbox"])
def test_another_lock_is_installed_over_its_environment_alone(with_servers, lock):
    with_servers.run("setup.sh")
    before = len(asked(with_servers))
    (with_servers.checkout / "requirements" / f"{lock}.txt").write_text("# another\n")

    with_servers.run("setup.sh")

    since = asked(with_servers)[before:]
    assert [line for line in since if "-m venv" in line] == []
    (installed,) = (line for line in since if "pip install" in line)
    assert installed.endswith(f"-r requirements/{lock}.txt")
