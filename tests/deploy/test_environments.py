import base64
import re
from urllib.parse import urlsplit

import pytest

from deploy.local import keys
from deploy.local.environments import PARTNERS_FILES, Environments
from deploy.local.ports import EDGE_METRICS
from deploy.local.processes import EDGE, PROCESSES, SERVICES
from deploy.local.servers import PORTS
from services.partners import hosts
from services.partners.register import read_file

# Which keys each program may see. Both ends of a wire hold the same one.
OUTSIDE = {
    "payments": {
        "issuer/api_key",
        "issuer/authorisations_secret",
        "issuer/events_secret",
        "bank/api_key",
        "bank/webhook_secret",
        "receipts",
        "receipts_address",
        "payees",
    },
    "notifications": {
        "notify/api_key",
        "notify/callback_token",
        "notifications_address",
        "notifications_content",
        "notify/inbound_token",
        "nhs_notify/api_key",
        "nhs_notify/private_key",
        "nhs_notify/callback_key",
        "unsubscribe",
    },
    "partners": {
        "actor/private",
        "broker/partners_bridge",
        "broker/partners_calls",
        "partners_content",
        "mesh/shared_key",
    },
    "mesh": {"mesh/shared_key"},
    "trust": {"mesh/shared_key"},
    "gateway": {
        "broker/gateway",
        "database/gateway",
        "actor/private",
        "identity/client_secret",
        "identity/private_key",
    },
    "assessment": {"identifiers", "identifier_index"},
    "card-issuer": {"issuer/api_key", "issuer/authorisations_secret", "issuer/events_secret"},
    "bank": {"bank/api_key", "bank/webhook_secret"},
    "notify": {"notify/api_key", "notify/callback_token", "notify/inbound_token"},
    "identity": {"identity/client_secret", "identity/public_key"},
    "nhs-notify": {"nhs_notify/api_key", "nhs_notify/public_key", "nhs_notify/callback_key"},
}


@pytest.fixture(scope="module")
def environments() -> Environments:
    named = [*PORTS, *(process.name for process in PROCESSES)]
    ports = {name: 20_000 + number for number, name in enumerate(named)}
    return Environments(
        ports=ports,
        keys=keys.make(),
        wake_directory="/wake",
        receipts_directory="/receipts",
        clock_offset_seconds=7,
    )


def keys_in(variables: dict[str, str], environments: Environments) -> set[str]:
    text = "\n".join(variables.values())
    return {name for name, key in environments.keys.items() if key in text}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
def test_a_process_sees_its_own_secrets_and_no_others(environments, process):
    own = OUTSIDE.get(process.owner, set())
    if process.owner in SERVICES:
        own = own | {
            "sealing",
            "actor/public",
            f"broker/{process.owner}",
            f"database/{process.owner}",
        }

    assert keys_in(environments.of_process(process.name), environments) == own


def test_the_edge_sees_only_the_broker_its_own_key_and_the_shops(environments):
    seen = keys_in(environments.of_edge(), environments)

    assert seen == {"broker/edge", "broker/monitor", "actor/private", "issuer/api_key"}


@pytest.mark.parametrize("process", ["trust", "council"])
def test_a_partners_system_enters_its_own_virtual_host_and_no_other(environments, process):
    url = urlsplit(environments.of_process(process)["PARTNER_BROKER_URL"])

    assert url.username == f"partner-aldermoor-{process}" == url.path.removeprefix("/")
    agreement = read_file(PARTNERS_FILES / f"aldermoor-{process}.yml")
    assert url.password == hosts.password(agreement, seed=environments.keys["partners_seed"])


def test_only_migrations_know_the_owner_of_a_database(environments):
    assert keys_in(environments.of_migrations("budget"), environments) == {"database/budget_owner"}


def test_the_topology_gives_each_broker_user_a_password(environments):
    variables = environments.of_topology()

    for user in set(keys.BROKER_USERS) - {"partners_bridge"}:  # it enters partners' hosts alone
        password = variables[f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}"]
        assert password == environments.keys[f"broker/{user}"]


def test_each_process_has_a_port_on_which_it_says_whether_it_lives(environments):
    for process in PROCESSES:
        port = str(environments.ports[process.name])
        setting = environments.of_health(process.name).get("COMMONPURSE_HEALTH_PORT")
        bound = f"127.0.0.1:{port}" in process.command(port=int(port))

        assert bound == process.is_web
        if process.name == EDGE:  # its metrics are told apart from what it answers everybody
            assert setting == str(environments.ports[EDGE_METRICS]) != port
        else:
            assert setting == (None if bound else port)


def test_both_ends_of_each_wire_agree(environments):
    payments, notifications = (environments.of_process(n) for n in ("payments", "notifications"))
    issuer, bank, notify = (environments.of_process(n) for n in ("card-issuer", "bank", "notify"))
    port = environments.ports["payments-web"]

    assert payments["PAYMENTS_ISSUER_API_KEY"] == issuer["CARD_ISSUER_API_KEY"]
    assert payments["PAYMENTS_BANK_WEBHOOK_SECRET"] == bank["BANK_WEBHOOK_SECRET"]
    assert notifications["NOTIFICATIONS_NOTIFY_API_KEY"] == notify["NOTIFY_API_KEY"]
    assert bank["BANK_WEBHOOK_URL"] == f"http://127.0.0.1:{port}/webhooks/bank/events"


def test_keys_have_the_shapes_that_their_readers_expect():
    made = keys.make()
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"

    assert re.fullmatch(f"commonpurse-{uuid}-{uuid}", made["notify/api_key"])
    prefix, _, secret = made["bank/webhook_secret"].partition("_")
    assert prefix == "whsec"
    assert len(base64.b64decode(secret, validate=True)) >= 24


def test_a_file_with_keys_is_for_its_owner_alone_and_keys_are_made_once(tmp_path):
    path = tmp_path / "keys.json"

    made = keys.load_or_make(path)

    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load_or_make(path) == made
