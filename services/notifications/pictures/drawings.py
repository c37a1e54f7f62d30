"""The pictures beside lines of Easy Read: drawn for this service, one for each kind of idea."""

from pathlib import Path

DRAWN = Path(__file__).parent / "drawn"
PICTURES = frozenset(path.stem for path in DRAWN.glob("*.svg"))
