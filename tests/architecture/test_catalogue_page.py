"""docs/architecture/events.md names every command, query and event, and nothing else."""

import re

import pytest

from shared.contracts import catalogue, manifest
from shared.contracts.listeners import LISTENERS
from tests.architecture.entrypoints import operation_names
from tests.architecture.house import ROOT

PAGE = ROOT / "docs" / "architecture" / "events.md"


def row_of(service):
    (row,) = (
        line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| {service} |")
    )
    return [cell.strip() for cell in row.strip("|").split("|")]


def names_in(cell):
    return set(re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", cell))


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_the_page_names_what_a_service_is_told_asked_and_tells(service):
    _, commands, queries, events, _ = row_of(service)
    commands = commands.split("from ")[0]
    told = {name.split(".")[1] for name in catalogue.SCHEMAS if name.startswith(f"{service}.")}

    assert names_in(events) == told
    assert names_in(commands) | names_in(queries) == operation_names(service)


@pytest.mark.parametrize("service", manifest.SERVICES)
def test_the_page_names_what_a_service_listens_to(service):
    heard = row_of(service)[4]
    expected = {event.split(".")[1] for event, who in LISTENERS.items() if service in who}

    assert names_in(heard) - set(manifest.SERVICES) == expected
