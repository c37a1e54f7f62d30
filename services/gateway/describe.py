"""``python -m services.gateway.describe docs/api``: the API's description as OpenAPI 3.1.

Of the whole gateway, ways in among it; nothing is called, and no setting is needed.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from sqlalchemy.orm import sessionmaker

from services.gateway import description
from services.gateway.app import signed_in_app
from services.gateway.calling import Callers
from services.gateway.settings import GatewaySettings
from shared import clock

NAME = "openapi.yaml"


def written() -> str:
    """Return the description as it is published."""
    nobody = GatewaySettings(database_url="", public_url="", providers={}, clients={})
    app = signed_in_app(nobody, Callers({}), transactions=sessionmaker(), now=clock.system_time)
    return yaml.dump(
        description.of(app), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100
    )


class _Plain(yaml.SafeDumper):
    """Writes what stands in two places twice, so that each can be read where it stands."""

    def ignore_aliases(self, _: object) -> bool:
        return True


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m services.gateway.describe", description="The API as OpenAPI 3.1."
    )
    parser.add_argument("directory", type=Path)
    directory: Path = parser.parse_args(arguments).directory
    directory.mkdir(parents=True, exist_ok=True)
    (directory / NAME).write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
