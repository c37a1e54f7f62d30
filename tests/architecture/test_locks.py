"""Every lock holds exactly what pyproject.toml asks for, by hash and from nowhere in particular."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.local.processes import EDGE, OURS
from shared.contracts import manifest
from tests.architecture.house import ROOT, imports, named, python_files

EXTRAS: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]
LOCKS = (*OURS, "simulators", "mesh-sandbox", "dev")
EVERY_LOCK = pytest.mark.parametrize("lock", LOCKS)
PINNED = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>\S+)", re.MULTILINE)
FOR_OTHERS = "clients/python/"  # it runs in no program of ours
SANDBOX = "simulators/mesh/"  # in an environment of its own
OURS_IN_CODE = {"services", "shared", "access", "clients", "operations", "simulators"}


def text_of(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text()


def pinned(lock: str) -> dict[str, str]:
    return {
        canonicalize_name(one["name"]): one["version"] for one in PINNED.finditer(text_of(lock))
    }


def asked_for(lock: str) -> dict[str, Requirement]:
    """What an extra asks for, with what the extras ask for that it takes in."""
    found: dict[str, Requirement] = {}
    for requirement in map(Requirement, EXTRAS[lock]):
        if requirement.name == "common-purse":
            for extra in requirement.extras:
                found |= asked_for(extra)
        else:
            found[canonicalize_name(requirement.name)] = requirement
    return found


def pinned_because_we_asked(lock: str) -> set[str]:
    """The packages whose entry says that pyproject.toml asks for them."""
    entries = re.split(r"\n(?=[\w])", text_of(lock))
    ours = (entry for entry in entries if "common-purse (pyproject.toml)" in entry)
    return {canonicalize_name(PINNED.search(entry)["name"]) for entry in ours}


def test_there_is_a_lock_for_each_program_and_no_other():
    assert {path.stem for path in (ROOT / "requirements").glob("*.txt")} == set(LOCKS)


@EVERY_LOCK
def test_a_lock_names_no_address(lock):
    assert not re.search(r"://|index-url|find-links|trusted-host|@ ", text_of(lock))


@EVERY_LOCK
def test_every_package_of_a_lock_is_held_to_its_hashes(lock):
    entries = re.split(r"\n(?=[\w])", text_of(lock))
    loose = [
        entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry
    ]

    assert pinned(lock)
    assert loose == []


@EVERY_LOCK
def test_a_lock_holds_what_its_extra_asks_for_and_nothing_it_no_longer_does(lock):
    """After a change of pyproject.toml: ``make lock``."""
    versions = pinned(lock)
    unfit = {
        name: str(requirement)
        for name, requirement in asked_for(lock).items()
        if name not in versions or versions[name] not in requirement.specifier
    }

    assert unfit == {}
    assert pinned_because_we_asked(lock) == set(asked_for(lock))


@pytest.mark.parametrize("lock", [*manifest.SERVICES, "simulators"])
def test_a_program_imports_only_what_its_own_lock_holds(lock):
    """Its image holds nothing else."""
    places = (
        ["simulators"]
        if lock == "simulators"
        else [f"services/{lock}", "shared", "access", "clients", "operations"]
    )

    elsewhere = (FOR_OTHERS, SANDBOX)
    own = [path for path in python_files(*places) if not named(path).startswith(elsewhere)]
    assert not_held(lock, own) == set()


def test_the_sandbox_of_mesh_imports_only_what_its_own_lock_holds():
    """Its distributions are not in our environment, and are called as what they hold."""
    roots = {one.split(".")[0] for path in python_files(SANDBOX) for one in imports(path)}
    foreign = {canonicalize_name(one) for one in roots - sys.stdlib_module_names - OURS_IN_CODE}

    assert foreign
    assert foreign - set(pinned("mesh-sandbox")) == set()


def not_held(lock: str, paths: Iterable[Path]) -> set[str]:
    """What these files import and a lock does not hold."""
    roots = {one.split(".")[0] for path in paths for one in imports(path)}
    distributions = packages_distributions()
    return {
        root
        for root in roots - OURS_IN_CODE - sys.stdlib_module_names
        if not set(pinned(lock)) & {canonicalize_name(name) for name in distributions.get(root, ())}
    }


def test_the_edge_imports_only_what_its_own_lock_holds():
    """Its image holds parts of shared that only services use, and never imports them."""
    asked = (
        "import sys, services.gateway.app, operations.migrations\n"
        "found = (getattr(one, '__file__', None) for one in list(sys.modules.values()))\n"
        "print(*filter(None, found))"
    )
    loaded = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", asked],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    ours = [Path(one) for one in loaded if Path(one).parent.is_relative_to(ROOT)]
    own = [one for one in ours if one.relative_to(ROOT).parts[0] in OURS_IN_CODE]

    assert len(own) > 40
    assert not_held(EDGE, own) == set()


def test_what_is_needed_with_an_extra_is_pinned_with_it():
    """Otherwise pip looks for the newest release of it, and refuses what has no hash here."""
    in_lock = text_of("dev")
    with_extras = {
        f"{canonicalize_name(needed.name)}[{','.join(sorted(needed.extras))}]=="
        for distribution in distributions()
        for needed in map(Requirement, distribution.requires or ())
        if needed.extras and (needed.marker is None or needed.marker.evaluate({"extra": ""}))
    }

    assert "coverage[toml]==" in with_extras
    assert {one for one in with_extras if one not in in_lock} == set()
