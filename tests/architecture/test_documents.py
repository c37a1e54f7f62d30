"""What is generated is what would be generated now; revisions follow one another."""

import json

import pytest
from alembic.script import ScriptDirectory

from deploy.local.processes import OURS
from operations.migrations import configuration
from shared.contracts import export, manifest
from tests.architecture.house import ROOT

EVERY_OWNER = pytest.mark.parametrize("service", OURS)  # of a database


def test_the_published_forms_of_the_events_are_up_to_date():
    """Write them anew with ``make docs``."""
    published = {
        path.name: json.loads(path.read_text()) for path in (ROOT / "docs/events").glob("*.json")
    }

    assert published == export.documents()


def test_the_brokers_definitions_are_the_manifest():
    """Write them anew with ``make docs``."""
    path = ROOT / "deploy" / "rabbitmq" / "definitions.json"

    assert json.loads(path.read_text()) == manifest.definitions()


def test_the_alarms_are_the_manifest():
    """Write them anew with ``make docs``."""
    path = ROOT / "deploy" / "prometheus" / "alarms.yml"

    assert path.read_text() == manifest.alarms_file()


@EVERY_OWNER
def test_revisions_are_numbered_and_follow_one_another(service):
    script = ScriptDirectory.from_config(configuration(service, database_url="postgresql://"))
    oldest_first = list(reversed(list(script.walk_revisions())))
    folder = ROOT / "services" / service / "migrations" / "versions"
    names = sorted(path.name for path in folder.glob("*.py") if path.name != "__init__.py")

    assert len(script.get_heads()) == 1
    assert [one.revision for one in oldest_first] == [
        f"{number:04}" for number in range(1, len(oldest_first) + 1)
    ]
    assert [one.down_revision for one in oldest_first[1:]] == [
        one.revision for one in oldest_first[:-1]
    ]
    assert [name.split("_")[0] for name in names] == [one.revision for one in oldest_first]
