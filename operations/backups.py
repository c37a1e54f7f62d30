"""A sealed copy of one service's database: ``python -m operations.backups make FILE``.

make: dump the database of COMMONPURSE_DATABASE_URL, sealed, as one who owns its tables.
check: see that a file is whole and that our keys open it.
restore: bring a file into the empty database of COMMONPURSE_DATABASE_URL, all of it or nothing.

COMMONPURSE_BACKUP_KEYS lists keys as COMMONPURSE_SEALING_KEYS does; keep them where neither the
database nor the copies are. Needs PostgreSQL's pg_dump and pg_restore, no older than the server.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import make_url

from shared import settings
from shared.contracts.sealing import BadSealingKeysError, BrokenSealError, open_bytes, seal_bytes

KEYS = "COMMONPURSE_BACKUP_KEYS"
KIND = b"commonpurse-backup-1\n"
PART_BYTES = 1024 * 1024
LENGTH_BYTES = 4
MORE, LAST = "more", "last"
FAILED, BROKEN = 3, 1


class BrokenBackupError(Exception):
    """A file that is no whole backup of ours, or that our keys do not open."""


class ToolFailedError(Exception):
    """pg_dump or pg_restore did not do it. What it says may hold rows, and is not repeated."""


def make(file: Path, *, url: str) -> None:
    """Write a sealed copy of a database; a file is there in the end, or none.

    Raises:
        ToolFailedError: the database could not be read.
        OSError: the file cannot be written.
    """
    beside = file.with_name(f"{file.name}.part")
    out = beside.open("xb")  # somebody else's is left alone
    try:
        with out:
            beside.chmod(0o600)
            _write(out, _dumped(url))
            os.fsync(out.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def parts(file: Path) -> Iterator[bytes]:
    """Return a copy's parts, opened.

    Each is sealed as this one of this copy, and the last one as the last: so nothing can be cut
    off, left out, put in another order or taken from another copy.

    Raises:
        BrokenBackupError: it is not as it was made, or we have no such key.
    """
    with file.open("rb") as copy:
        if copy.readline() != KIND:
            raise BrokenBackupError("This is no backup of ours.")
        backup_id = UUID(bytes=_exactly(copy, 16))
        number, sealed = 0, _sealed(copy)
        while sealed:
            after = _sealed(copy)
            yield _opened(sealed, _about(backup_id, number, MORE if after else LAST))
            number, sealed = number + 1, after
    if number == 0:
        raise BrokenBackupError("There is nothing in it.")


def restore(file: Path, *, url: str) -> None:
    """Bring a copy into an empty database. It is looked through to its end before anything is done.

    Raises:
        BrokenBackupError: it is not as it was made, or we have no such key.
        ToolFailedError: the database is not empty, or cannot be written; it is as it was.
    """
    check(file)
    words = ["pg_restore", "--single-transaction", "--exit-on-error", "--dbname", _database(url)]
    with subprocess.Popen(  # noqa: S603  # nosec B603 - our own words
        words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(url)
    ) as tool:
        try:
            for part in parts(file):
                tool.stdin.write(part)  # type: ignore[union-attr]
        except BrokenPipeError:
            pass  # it has given up, and says so by how it ends
        finally:
            tool.communicate()
    if tool.returncode != 0:
        raise ToolFailedError("pg_restore")


def check(file: Path) -> int:
    """Look through a copy, and return how many bytes it holds. Raises BrokenBackupError."""
    return sum(map(len, parts(file)))


def _dumped(url: str) -> Iterator[bytes]:
    """Return a dump part by part. Raises ToolFailedError before the last one if it is not whole."""
    words = ["pg_dump", "--format=custom", "--dbname", _database(url)]
    with subprocess.Popen(  # noqa: S603  # nosec B603 - our own words
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(url)
    ) as tool:
        part = tool.stdout.read(PART_BYTES)  # type: ignore[union-attr]
        while len(part) == PART_BYTES:
            yield part
            part = tool.stdout.read(PART_BYTES)  # type: ignore[union-attr]
    if tool.returncode != 0:
        raise ToolFailedError("pg_dump")
    yield part


def _write(out: BinaryIO, dumped: Iterator[bytes]) -> None:
    backup_id = uuid4()
    out.write(KIND + backup_id.bytes)
    number, part = 0, next(dumped)
    for after in dumped:
        _write_part(out, part, _about(backup_id, number, MORE))
        number, part = number + 1, after
    _write_part(out, part, _about(backup_id, number, LAST))


def _write_part(out: BinaryIO, part: bytes, about: str) -> None:
    sealed = seal_bytes(part, about=about, setting=KEYS)
    out.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)


def _about(backup_id: UUID, number: int, which: str) -> str:
    return f"backup/{backup_id}/{number}/{which}"


def _sealed(copy: BinaryIO) -> bytes:
    """Return the next part as it is kept; empty: there is none."""
    length = copy.read(LENGTH_BYTES)
    if not length:
        return b""
    if len(length) < LENGTH_BYTES or int.from_bytes(length, "big") > 2 * PART_BYTES:
        raise BrokenBackupError("It is cut off.")
    return _exactly(copy, int.from_bytes(length, "big"))


def _exactly(copy: BinaryIO, size: int) -> bytes:
    found = copy.read(size)
    if not found or len(found) < size:
        raise BrokenBackupError("It is cut off.")
    return found


def _opened(sealed: bytes, about: str) -> bytes:
    try:
        return open_bytes(sealed, about=about, setting=KEYS)
    except BrokenSealError as error:
        raise BrokenBackupError(f"It does not open: {error.reason}.") from None


def _database(url: str) -> str:
    return make_url(url).database or ""


def _environment(url: str) -> Mapping[str, str]:
    """Tell the tools where to go by the environment: what a process is called with, all can see."""
    place = make_url(url)
    told = {
        "PGHOST": place.host,
        "PGPORT": place.port,
        "PGUSER": place.username,
        "PGPASSWORD": place.password,
    }
    return {"PATH": os.environ["PATH"], **{name: str(one) for name, one in told.items() if one}}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m operations.backups",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Ends with 0 when it is done, 1 when a file is broken, 2 on bad usage, 3 otherwise.",
    )
    parser.add_argument("act", choices=["make", "check", "restore"])
    parser.add_argument("file", type=Path)
    asked = parser.parse_args(arguments)
    try:
        settings.required(os.environ, KEYS)
        if asked.act == "make":
            make(asked.file, url=settings.required(os.environ, "COMMONPURSE_DATABASE_URL"))
        if asked.act == "restore":
            restore(asked.file, url=settings.required(os.environ, "COMMONPURSE_DATABASE_URL"))
        size = check(asked.file)
    except BrokenBackupError as error:
        sys.stderr.write(f"BROKEN: {error}\n")
        return BROKEN
    except ToolFailedError as error:
        sys.stderr.write(f"{error} has failed; nothing is left of what it began.\n")
        return FAILED
    except (settings.SettingMissingError, BadSealingKeysError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    sys.stdout.write(f"Whole: {size:,} bytes, which our keys open.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
