"""Every service has the same shape, and stands alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.processes import EDGE, OURS
from operations.migrations import tables_of
from shared.contracts import manifest
from tests.architecture.entrypoints import service_class
from tests.architecture.house import ROOT, imports, named, python_files, subjects

EVERY_SERVICE = pytest.mark.parametrize("service", manifest.SERVICES)
FILES_OF_A_SUBJECT = {
    *("__init__", "rules", "commands", "handlers", "queries"),
    *("subscribers", "models", "schemas", "wire"),
}
FILES_OF_THE_EDGE = FILES_OF_A_SUBJECT - {"subscribers"} | {"routes"}  # what answers which address
PATIENCE_SECONDS = 120
SANDBOX = "mesh-sandbox"  # simulators/mesh, whose packages are in an environment of its own
# Imports every module below the current directory; what alembic and gunicorn run by themselves
# is not meant to be imported.
IMPORT_EVERYTHING = """
import importlib, pathlib, sys
sys.path.insert(0, "")
for path in sorted(pathlib.Path().rglob("*.py")):
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    if "versions" in path.parts or name.endswith(("__main__", "migrations.env")):
        continue
    importlib.import_module(name)
"""


def test_the_folders_are_the_services_of_the_manifest_and_the_edge():
    folders = {path.name for path in (ROOT / "services").iterdir() if path.is_dir()}

    assert folders - {"__pycache__"} == {*manifest.SERVICES, EDGE}
    assert EDGE not in manifest.SERVICES


def test_the_edge_is_complete_and_no_service():
    folder = ROOT / "services" / EDGE
    needed = ("README.md", "app.py", "policy.toml", "tables.py", "migrations/__init__.py")
    of_services = ("service.py", "access.py", "errands.py")

    assert [name for name in needed if not (folder / name).is_file()] == []
    assert list((folder / "migrations" / "versions").glob("0001_*.py"))
    assert [name for name in of_services if (folder / name).exists()] == []
    assert len(tables_of(EDGE)) == 1  # its own, and no inbox, outbox or anybody's history


def test_the_edge_neither_listens_nor_publishes():
    modules = {one for path in python_files(f"services/{EDGE}") for one in imports(path)}
    of_services = ("nameko", "kombu", "eventlet", "access", "shared.messaging")

    assert [one for one in modules if one.startswith(of_services)] == []


@EVERY_SERVICE
def test_a_service_is_complete(service):
    folder = ROOT / "services" / service
    needed = ("README.md", "service.py", "tables.py", "migrations/__init__.py")

    assert [name for name in needed if not (folder / name).is_file()] == []
    assert list((folder / "migrations" / "versions").glob("0001_*.py"))


@EVERY_SERVICE
def test_a_service_is_a_class_that_bears_its_name(service):
    assert service_class(service).name == service
    assert service_class(service).__doc__


@pytest.mark.parametrize("service", OURS)
def test_a_service_is_made_of_subjects_and_nothing_else(service):
    empty = [named(path) for path in subjects(service) if not list(python_files(named(path)))]

    assert subjects(service)
    assert empty == []


@pytest.mark.parametrize("service", OURS)
def test_a_subject_holds_the_files_that_every_subject_may_and_one_noun_of_its_own(service):
    too_many = {}
    known = FILES_OF_THE_EDGE if service == EDGE else FILES_OF_A_SUBJECT
    for subject in subjects(service):
        nouns = {path.stem for path in python_files(named(subject))} - known
        if len(nouns) > 1:
            too_many[named(subject)] = sorted(nouns)

    assert too_many == {}


@pytest.fixture(scope="module")
def imported_alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each part says when everything in it is imported with nothing else of ours near."""
    running = {}
    for name in (*OURS, "shared", "simulators", SANDBOX):
        folder = tmp_path_factory.mktemp(name)
        copy_alone(name, folder)
        python = ROOT / ".venv-mesh/bin/python" if name == SANDBOX else sys.executable
        running[name] = subprocess.Popen(
            [python, "-W", "ignore", "-B", "-c", IMPORT_EVERYTHING],
            cwd=folder,
            env={"PATH": os.defpath},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    said = {name: one.communicate(timeout=PATIENCE_SECONDS)[0] for name, one in running.items()}
    return {
        name: "" if one.returncode == 0 else said[name] or "it failed without a word"
        for name, one in running.items()
    }


def copy_alone(name: str, folder: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__", *(["mesh"] if name == "simulators" else []))
    parts = {
        "simulators": ["simulators"],
        SANDBOX: ["simulators/mesh"],
        "shared": ["shared"],
        EDGE: ["shared", "clients", f"services/{EDGE}"],
        "partners": ["shared", "access", "clients", "services/partners"],
    }
    for part in parts.get(name, ["shared", "access", f"services/{name}"]):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    if name in OURS:
        shutil.copy(ROOT / "services" / "__init__.py", folder / "services")
    if name == SANDBOX:
        shutil.copy(ROOT / "simulators" / "__init__.py", folder / "simulators")


@pytest.mark.parametrize("name", [*OURS, "shared", "simulators", SANDBOX])
def test_each_part_imports_alone(imported_alone, name):
    assert imported_alone[name] == ""
