"""pgbench, the program by which PostgreSQL measures itself: one script for some seconds."""

import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from deploy.local import postgres


class Measured:
    """What one run of pgbench came to."""

    def __init__(self, said: str, latencies_ms: list[float]) -> None:
        (per_second,) = re.findall(r"^tps = ([\d.]+)", said, re.MULTILINE)
        self.per_second = float(per_second)
        cuts = statistics.quantiles(latencies_ms, n=100)
        self.p50_ms, self.p95_ms, self.p99_ms = cuts[49], cuts[94], cuts[98]


def run(url: str, name: str, script: str, *, clients: int, threads: int, seconds: int) -> Measured:
    """Run a script over and over, each time as one transaction of its own.

    Args:
        url: the database and the role, as SQLAlchemy is told of them.
        name: of the script, by which pgbench complains of it.
        script: what one client does once, in pgbench's own words.
        clients: connections that do it at the same time.
        threads: of pgbench, among which the connections are divided.
        seconds: how long it goes on.

    Raises:
        RuntimeError: with the end of what pgbench said, when the database refused something.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.sql")
        path.write_text(script)
        ran = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [
                str(postgres.programs() / "pgbench"),
                *("-n", "-M", "prepared", "-c", str(clients), "-j", str(threads)),
                *("-T", str(seconds), "-f", str(path), "-l", "--log-prefix", f"{folder}/log"),
                url.replace("+psycopg2", ""),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            raise RuntimeError(ran.stderr[-2_000:])
        lines = [line for log in Path(folder).glob("log.*") for line in log.open()]
        return Measured(ran.stdout, [int(line.split()[2]) / 1000 for line in lines])
