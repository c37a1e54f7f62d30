"""What a stack remembers between two commands, in ``stack.json``; no secrets."""

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True, kw_only=True)
class State:
    """The ports, places and settings of a stack's last start."""

    node_name: str  # of the RabbitMQ node: its data is filed under this name
    ports: dict[str, int] = field(default_factory=dict)
    postgres_home: str = ""
    broker_home: str = ""
    wake_directory: str = ""
    clock_offset_seconds: int = 0
    with_processes: bool = False
    is_ready: bool = False

    def save(self, path: Path) -> None:
        """Write it whole or not at all."""
        unfinished = path.with_suffix(".new")
        unfinished.write_text(json.dumps(dataclasses.asdict(self), indent=2) + "\n")
        unfinished.replace(path)

    def outside(self, stack: Path) -> list[Path]:
        """Directories that had to be made outside the checkout."""
        places = (self.postgres_home, self.broker_home, self.wake_directory)
        return [Path(place) for place in places if place and not Path(place).is_relative_to(stack)]


def load(path: Path) -> State | None:
    """Load the state; None if there is none, or another version of this program wrote it."""
    try:
        return State(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
