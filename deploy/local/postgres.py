"""A private PostgreSQL cluster: loopback only, a port of its own, and never run by root."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.ports import LOOPBACK
from deploy.local.system_users import first_user, owner_of, write_for

INIT_SQL = Path(__file__).resolve().parents[1] / "postgres" / "init.sql"
LOWEST_VERSION = 15
COUNT_STATEMENTS = "COMMONPURSE_COUNT_STATEMENTS"  # set by the benchmark that counts them
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
}


def programs() -> Path:
    """Find the newest PostgreSQL that Debian's packages installed."""
    found = {
        int(folder.parent.name): folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    }
    if not found or max(found) < LOWEST_VERSION:
        raise StackError("PostgreSQL is not installed.", next_step="Run: make setup")
    return found[max(found)]


def choose_home(stack: Path) -> Path:
    """Make the directory for a new cluster, where the user that runs it can reach it."""
    preferred = stack / "postgres"
    user = first_user("postgres", "nobody")
    if user is None:
        preferred.mkdir(parents=True, exist_ok=True)
        preferred.chmod(0o700)
        return preferred
    user.owns(preferred)
    if user.can_reach(preferred):
        return preferred
    preferred.rmdir()
    elsewhere = Path(tempfile.mkdtemp(prefix=f"common-purse-{stack.name}-postgres-"))
    user.owns(elsewhere)
    if not user.can_reach(elsewhere):
        raise StackError(
            f"The user {user.name!r} can reach neither the checkout nor {elsewhere.parent}.",
            next_step="Move the checkout to a place that other users may enter, such as /srv.",
        )
    return elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One cluster in its home; ``home`` belongs to the user that runs it.

    The commands are run by ``servers.py``, which records each of them.
    """

    home: Path
    port: int
    superuser_password: str

    @property
    def data(self) -> Path:
        """What PostgreSQL calls PGDATA."""
        return self.home / "data"

    @property
    def is_made(self) -> bool:
        """Whether the cluster and its databases were made to the end."""
        return self._mark.exists()

    @property
    def _mark(self) -> Path:
        return self.home / "is-made"

    def note_that_it_is_made(self) -> None:
        """Keep the data from now on."""
        self._mark.touch()

    def prepare(self) -> None:
        """Clear the way for a start, when nothing of this cluster runs any more."""
        if self.is_made:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            return
        if self.data.exists():  # only half made
            shutil.rmtree(self.data)
        write_for(owner_of(self.home), self._password_file, self.superuser_password)

    @property
    def _password_file(self) -> Path:
        return self.home / "superuser-password"

    def making_command(self) -> list[str]:
        """Make an empty cluster."""
        options = ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={self._password_file}"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        return [str(programs() / "initdb"), *options, "-D", str(self.data)]

    def command(self) -> list[str]:
        """Run the server in the foreground."""
        settings = {**SETTINGS, "port": str(self.port)}
        if COUNT_STATEMENTS in os.environ:
            settings["shared_preload_libraries"] = "pg_stat_statements"
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(programs() / "postgres"), "-D", str(self.data), *flags]

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        question = [str(programs() / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port)]
        return subprocess.run(question, check=False).returncode == 0

    def databases_command(self) -> list[str]:
        """Make each service's database and roles."""
        options = ["-X", "-q", "-h", LOOPBACK, "-p", str(self.port), "-U", "postgres"]
        return [str(programs() / "psql"), *options, "-d", "postgres", "-f", str(INIT_SQL)]
