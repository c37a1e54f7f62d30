"""Every service has the same shape, and stands alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.contracts import manifest
from tests.architecture.entrypoints import service_class
from tests.architecture.house import ROOT, named, python_files, subjects

EVERY_SERVICE = pytest.mark.parametrize("service", manifest.SERVICES)
FILES_OF_A_SUBJECT = {
    *("__init__", "rules", "commands", "handlers", "queries"),
    *("subscribers", "models", "schemas", "wire"),
}
PATIENCE_SECONDS = 120
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


def test_the_folders_are_the_services_of_the_manifest():
    folders = {path.name for path in (ROOT / "services").iterdir() if path.is_dir()}

    assert folders - {"__pycache__"} == set(manifest.SERVICES)


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


@EVERY_SERVICE
def test_a_service_is_made_of_subjects_and_nothing_else(service):
    empty = [named(path) for path in subjects(service) if not list(python_files(named(path)))]

    assert subjects(service)
    assert empty == []


@EVERY_SERVICE
def test_a_subject_holds_the_files_that_every_subject_may_and_one_noun_of_its_own(service):
    too_many = {}
    for subject in subjects(service):
        nouns = {path.stem for path in python_files(named(subject))} - FILES_OF_A_SUBJECT
        if len(nouns) > 1:
            too_many[named(subject)] = sorted(nouns)

    assert too_many == {}


@pytest.fixture(scope="module")
def imported_alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each part says when everything in it is imported with nothing else of ours near."""
    running = {}
    for name in (*manifest.SERVICES, "shared", "simulators"):
        folder = tmp_path_factory.mktemp(name)
        copy_alone(name, folder)
        running[name] = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-B", "-c", IMPORT_EVERYTHING],
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
    ignored = shutil.ignore_patterns("__pycache__")
    parts = {"simulators": ["simulators"], "shared": ["shared"]}
    for part in parts.get(name, ["shared", f"services/{name}"]):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    if name in manifest.SERVICES:
        shutil.copy(ROOT / "services" / "__init__.py", folder / "services")


@pytest.mark.parametrize("name", [*manifest.SERVICES, "shared", "simulators"])
def test_each_part_imports_alone(imported_alone, name):
    assert imported_alone[name] == ""
