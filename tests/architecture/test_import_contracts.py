"""Every contract of import-linter is seen to fail: each is broken once, in a copy of the tree."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
]
# For each contract: a file with an import that it forbids, and what its report must then name.
PLANTED = {
    "Services never import one another": (
        "services/budget/planted/handlers.py",
        "import services.payments.tables",
        "services.budget.planted.handlers -> services.payments.tables",
    ),
    "Services stand on shared": (
        "shared/planted.py",
        "import services.budget.tables",
        "shared.planted -> services.budget.tables",
    ),
    "Simulators know only wire formats": (
        "simulators/planted.py",
        "import shared.money",
        "simulators.planted -> shared.money",
    ),
    "The demo stands at the edge": (
        "demo/planted.py",
        "import sqlalchemy",
        "demo.planted -> sqlalchemy",
    ),
    "Inside a subject; (x) = optional": (
        "services/budget/planted/models.py",
        "import services.budget.planted.handlers",
        "services.budget.planted.models -> services.budget.planted.handlers",
    ),
    "Subjects stand on one another, never in a circle": (
        "services/payments/planted/handlers.py",
        "import services.payments.planted_too.handlers",
        "planted",
    ),
    "Rules are pure": (
        "services/budget/planted/rules.py",
        "import marshmallow",
        "services.budget.planted.rules -> marshmallow",
    ),
    "Only entrypoints know nameko": (
        "services/budget/planted/queries.py",
        "import nameko",
        "services.budget.planted.queries -> nameko",
    ),
    "No cycles in shared": (
        "shared/planted_one.py",
        "import shared.planted_two",
        "planted_one",
    ),
}
ALSO_PLANTED = {  # the other half of each circle
    "services/payments/planted_too/handlers.py": "import services.payments.planted.handlers",
    "shared/planted_two.py": "import shared.planted_one",
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the tree in which every contract is broken."""
    tree = tmp_path_factory.mktemp("tree")
    for part in ("services", "shared", "access", "clients", "operations", "simulators", "demo"):
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for name, source in {
        **ALSO_PLANTED,
        **{path: text for path, text, _ in PLANTED.values()},
    }.items():
        plant(tree / name, source)
    linter = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    said = subprocess.run(linter, cwd=tree, capture_output=True, text=True, check=False)
    assert said.returncode == 1, said.stderr
    return said.stdout


def plant(path: Path, source: str) -> None:
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"{source}\n")


def section(report: str, name: str) -> str:
    """What the report says of one contract below its name, up to the next one's."""
    underlined = f"{name}\n{'-' * len(name)}\n"
    _, _, rest = report.partition(underlined)
    return rest.partition("\n---")[0]


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_is_broken_by_what_it_forbids(report, name):
    _, _, named_in_report = PLANTED[name]

    assert f"{name} BROKEN" in report
    assert named_in_report in section(report, name)


def test_no_violation_is_planted_for_a_contract_that_is_gone():
    assert set(PLANTED) == set(CONTRACTS)
