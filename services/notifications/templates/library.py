"""The words that are on file, read and checked once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from services.notifications.templates.rules import Frame, Template, faults_of, faults_of_frame

WORDS = Path(__file__).parent / "words"
LANGUAGE = "en"  # the only one so far
FRAME = "frame"
_PARTS = frozenset({"version", "facts", "sms", "subject", "heading", "body"})


class WordsUnfitError(Exception):
    """Words on file cannot be sent as they are. Nothing starts until they are mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All words in one language."""

    frame: Frame
    templates: Mapping[str, Template]  # by topic


def read(folder: Path) -> Library:
    """Read and check the words in ``folder``, whose name is their language.

    Raises:
        WordsUnfitError: names every file and what is wrong with it.
    """
    frame = Frame(**_parts(folder / f"{FRAME}.toml"))
    templates = [_template(path) for path in sorted(folder.glob("*.toml")) if path.stem != FRAME]
    faults = [f"{FRAME}: {fault}" for fault in faults_of_frame(frame)]
    for template in templates:
        faults += [f"{template.topic}: {fault}" for fault in faults_of(template, frame=frame)]
    if faults:
        raise WordsUnfitError("\n".join(faults))
    return Library(frame=frame, templates={template.topic: template for template in templates})


@cache
def library() -> Library:
    """Return the words that this process uses."""
    return read(WORDS / LANGUAGE)


def _template(path: Path) -> Template:
    parts = _parts(path)
    unlike = sorted((_PARTS ^ parts.keys()) - {"sms"})
    if unlike:
        raise WordsUnfitError(f"{path.stem}: missing or unknown: {', '.join(unlike)}")
    return Template(
        topic=path.stem,
        language=path.parent.name,
        version=parts["version"],
        facts=frozenset(parts["facts"]),
        sms=parts.get("sms"),
        subject=parts["subject"],
        heading=parts["heading"],
        body=parts["body"],
    )


def _parts(path: Path) -> dict[str, Any]:
    parts = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: part.strip() if isinstance(part, str) else part for name, part in parts.items()}
