"""Where a stack keeps what it makes: everything below ``var/``."""

from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VAR = CHECKOUT / "var"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackPaths:
    """The files of one stack."""

    stack: Path
    logs: Path

    @classmethod
    def of(cls, name: str, *, var: Path) -> "StackPaths":
        """Name the paths of the stack ``name`` below ``var``."""
        return cls(stack=var / name, logs=var / "log" / name)

    @property
    def lock(self) -> Path:
        """Held by the command that is at work on this stack."""
        return self.stack / "lock"

    @property
    def state(self) -> Path:
        """Ports, places and settings of the last start; no secrets."""
        return self.stack / "stack.json"

    @property
    def keys(self) -> Path:
        """Every password and key of this stack; only its owner may read it."""
        return self.stack / "secrets" / "keys.json"

    @property
    def procfile(self) -> Path:
        """What honcho starts."""
        return self.stack / "Procfile"

    @property
    def receipts(self) -> Path:
        """Where payments keeps receipts' files, encrypted."""
        return self.stack / "receipts"

    def record(self, process: str) -> Path:
        """Where it is written which process bears this name now."""
        return self.stack / "pids" / f"{process}.pid"

    def records(self) -> list[Path]:
        """Each process that was started and not yet ended."""
        return sorted((self.stack / "pids").glob("*.pid"))

    def environment(self, process: str) -> Path:
        """Where the environment of one process lies: its own secrets and no others."""
        return self.stack / "env" / f"{process}.env"

    def log(self, process: str) -> Path:
        """Where one process writes its log."""
        return self.logs / f"{process}.log"

    def make_directories(self) -> None:
        """Make the folders; a server's system user may pass through, and read only its own."""
        for directory, mode in {
            self.stack: 0o711,
            self.logs: 0o755,
            self.keys.parent: 0o700,
            self.record("x").parent: 0o755,
            self.environment("x").parent: 0o700,
        }.items():
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(mode)
