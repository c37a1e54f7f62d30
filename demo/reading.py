"""Read a file of cases: every line is checked before the first case is played."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from marshmallow import ValidationError

from demo.case import Case
from demo.schemas import CaseLine

MOST_PROBLEMS = 20
MOST_DIGITS = 18
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PLAIN_NAME = re.compile(r"[A-Za-z0-9_. -]{1,60}")


class CaseFileError(Exception):
    """The file cannot be played. Each problem names its place and repeats nobody's data."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class LineError(Exception):
    """One line is no JSON that we accept; ``place`` follows the line's number."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file, in its order.

    Raises:
        CaseFileError: it is not there, empty, or a line of it is not a case.
    """
    lines = _lines(path)
    cases: list[Case] = []
    problems: list[str] = []
    first_seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        here = f"{path.name}, line {number}"
        try:
            case = CaseLine().load(_document(line))
        except LineError as error:
            problems.append(f"{here}{error.place}: {error.message}")
        except ValidationError as error:
            problems.extend(f"{here}: {problem}" for problem in _told(error.messages))
        else:
            first = first_seen.setdefault(case.case_ref, number)
            if first != number:
                problems.append(f"{here}: case_ref: {case.case_ref} is on line {first} already.")
            cases.append(case)
    if problems:
        raise CaseFileError(_at_most(problems))
    return cases


def _lines(path: Path) -> list[bytes]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CaseFileError([f"{path}: There is no such file."]) from None
    except OSError as error:
        raise CaseFileError([f"{path}: Cannot be read: {error.strerror}."]) from None
    content = content.removeprefix(BYTE_ORDER_MARK).rstrip()
    if not content:
        raise CaseFileError([f"{path.name}: The file is empty: one case a line is needed."])
    return content.split(b"\n")  # and not splitlines, which would cut inside a text


def _document(line: bytes) -> dict[str, Any]:
    """Read one line as a JSON object.

    Raises:
        LineError: it is none.
    """
    if not line.strip():
        raise LineError("The line is empty.")
    try:
        document = json.loads(
            line.decode("utf-8"),
            object_pairs_hook=_each_name_once,
            parse_constant=_no_number,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError as error:
        raise LineError("Not UTF-8.", place=f", byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        place = f", column {error.colno}"
        raise LineError(f"Not JSON: {error.msg}.", place=place) from None
    except RecursionError:
        raise LineError("Not a case: brackets within brackets without end.") from None
    if not isinstance(document, dict):
        raise LineError("Not a JSON object.")
    return document


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise LineError(f"{_shown(repeated)}: The field stands there twice.")
    return document


def _no_number(_: str) -> NoReturn:
    raise LineError("Not JSON: NaN and Infinity are no numbers.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise LineError(f"A number has more than {MOST_DIGITS} digits.")
    return int(digits)


def _told(messages: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Say each problem with the path of its field: ``support_plan.items.0.unit_cost_pence``."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _told(inner, path if name == "_schema" else (*path, _shown(name)))
    elif isinstance(messages, list):
        for message in messages:
            yield f"{'.'.join(path)}: {message}"


def _shown(name: str | int) -> str:
    """Show a field's name; one with odd characters in it cannot play with the terminal."""
    written = str(name)
    return written if PLAIN_NAME.fullmatch(written) else ascii(written[:60])


def _at_most(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], f"… and {more} more."]
