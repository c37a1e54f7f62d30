"""docker-compose.yml and the Dockerfiles, held against the code: no Docker engine runs here."""

import importlib
import importlib.util
import inspect
import re
import shlex
import tomllib
from collections.abc import Mapping

import pytest
import yaml

from deploy.local import health, keys, steps
from deploy.local.environments import IDENTITY_FILES, LIMITS, PARTNERS_FILES, Environments
from deploy.local.paths import CHECKOUT
from deploy.local.ports import EDGE_METRICS, LOOPBACK
from deploy.local.processes import BY_NAME, EDGE, OURS, PROCESSES, SERVICES
from services.partners import hosts
from services.partners.register import read_file
from shared.contracts import manifest

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
CONTAINERS: Mapping[str, dict] = COMPOSE["services"]
INIT_SQL = (CHECKOUT / "deploy" / "postgres" / "init.sql").read_text()
ONE_SHOT = {"topology", "partner-hosts", *(f"{service}-migrations" for service in OURS)}
SERVERS = {"postgres", "rabbitmq"}
EVERY_PROCESS = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
EVERY_OWNER = pytest.mark.parametrize("service", OURS)  # of a database

VARIABLE = re.compile(r"\$\{([A-Z_]+)(:\?[^}]*|:-[^}]*)?\}")
HTTP_PORT = 8080  # in every container
METRICS_PORT = 8081  # of the gateway alone
# Which key of deploy.local.keys each secret of .env is.
KEYS = {
    "POSTGRES_PASSWORD": "postgres",
    "RABBITMQ_DEPLOY_PASSWORD": "broker/deploy",
    **{f"{service.upper()}_PASSWORD": f"database/{service}" for service in OURS},
    **{f"{service.upper()}_OWNER_PASSWORD": f"database/{service}_owner" for service in OURS},
    **{
        f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}": f"broker/{user}"
        for user in keys.BROKER_USERS
    },
    "COMMONPURSE_SEALING_KEYS": "sealing",
    "COMMONPURSE_ACTOR_KEYS": "actor/public",
    "COMMONPURSE_ACTOR_SIGNING_KEY": "actor/private",
    "GATEWAY_CLIENT_PRIVATE_KEY": "identity/private_key",
    "COMMONPURSE_IDENTIFIER_KEYS": "identifiers",
    "COMMONPURSE_IDENTIFIER_INDEX_KEY": "identifier_index",
    "PAYMENTS_ISSUER_API_KEY": "issuer/api_key",
    "PAYMENTS_ISSUER_AUTHORISATIONS_SECRET": "issuer/authorisations_secret",
    "PAYMENTS_ISSUER_EVENTS_SECRET": "issuer/events_secret",
    "PAYMENTS_BANK_API_KEY": "bank/api_key",
    "PAYMENTS_BANK_WEBHOOK_SECRET": "bank/webhook_secret",
    "PAYMENTS_RECEIPTS_KEYS": "receipts",
    "PAYMENTS_RECEIPTS_ADDRESS_KEY": "receipts_address",
    "PAYMENTS_PAYEE_KEYS": "payees",
    "NOTIFICATIONS_NOTIFY_API_KEY": "notify/api_key",
    "NOTIFICATIONS_NOTIFY_CALLBACK_TOKEN": "notify/callback_token",
    "NOTIFICATIONS_NOTIFY_INBOUND_TOKEN": "notify/inbound_token",
    "NOTIFICATIONS_UNSUBSCRIBE_KEY": "unsubscribe",
    "NOTIFICATIONS_NHS_API_KEY": "nhs_notify/api_key",
    "NOTIFICATIONS_NHS_PRIVATE_KEY": "nhs_notify/private_key",
    "NHS_NOTIFY_PUBLIC_KEY": "nhs_notify/public_key",
    "NOTIFICATIONS_NHS_CALLBACK_KEY": "nhs_notify/callback_key",
    "IDENTITY_CLIENT_SECRET": "identity/client_secret",
    "IDENTITY_CLIENT_PUBLIC_KEY": "identity/public_key",
    "NOTIFICATIONS_ADDRESS_KEY": "notifications_address",
    "NOTIFICATIONS_CONTENT_KEYS": "notifications_content",
    "PARTNERS_CONTENT_KEYS": "partners_content",
    "PARTNERS_PASSWORDS_SEED": "partners_seed",
    "PARTNERS_MESH_SHARED_KEY": "mesh/shared_key",
}
# By the partner that each simulates: its password follows from the seed.
SIMULATED = {"TRUST_BROKER_PASSWORD": "trust", "COUNCIL_BROKER_PASSWORD": "council"}
# Where each program answers under compose.
ADDRESSES = {
    "postgres": "postgres:5432",
    "broker": "rabbitmq:5672",
    "broker-management": "rabbitmq:15672",
    "mail-smtp": "mail:8025",
    EDGE_METRICS: f"{EDGE}:{METRICS_PORT}",
    **{process.name: f"{process.name}:{HTTP_PORT}" for process in PROCESSES},
}


def example_settings() -> dict[str, str]:
    lines = (CHECKOUT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.fixture(scope="module")
def environments() -> Environments:
    ports = {name: 20_000 + number for number, name in enumerate(ADDRESSES)}
    return Environments(
        ports=ports,
        keys=keys.make(),
        wake_directory="/run/commonpurse/wake",
        receipts_directory="/var/lib/commonpurse/receipts",
        clock_offset_seconds=0,
    )


def expected(variables: Mapping[str, str], environments: Environments) -> dict[str, str]:
    """What deploy.local would give, at the addresses that compose has."""
    text = {
        key: value.replace(str(IDENTITY_FILES), "/etc/commonpurse/identity").replace(
            str(PARTNERS_FILES), "/etc/commonpurse/partners"
        )
        for key, value in variables.items()
    }
    for name, port in environments.ports.items():
        here = f"{LOOPBACK}:{port}"
        text = {key: value.replace(here, ADDRESSES[name]) for key, value in text.items()}
    return not_empty(text)


def password_of(simulated: str, environments: Environments) -> str:
    """What the tool for partners' virtual hosts prints of them."""
    agreement = read_file(PARTNERS_FILES / f"aldermoor-{simulated}.yml")
    return hosts.password(agreement, seed=environments.keys["partners_seed"])


def not_empty(variables: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is empty: a setting that is not given, so that its default counts."""
    return {name: value for name, value in variables.items() if value}


def given(container: str, environments: Environments) -> dict[str, str]:
    """What compose gives a container, with the keys of ``environments`` in .env."""
    dot_env = {
        **example_settings(),
        **{variable: environments.keys[key] for variable, key in KEYS.items()},
        **{variable: password_of(name, environments) for variable, name in SIMULATED.items()},
        "COMMONPURSE_ENVIRONMENT": "local",
        "NOTIFICATIONS_DRAFTS": "allow",
        "PARTNERS_MESH_POLL_SECONDS": "0.5",  # in earnest, the usual 300
        "GATEWAY_PUBLIC_URL": f"http://gateway:{HTTP_PORT}",  # in earnest, as browsers know it
        "GATEWAY_STORIES_FROM": "127.0.0.0/8",  # in earnest, networks of ours
        **LIMITS,  # in earnest, the usual ones
    }
    values = {
        name: VARIABLE.sub(lambda found: dot_env[found[1]], value)
        for name, value in CONTAINERS[container]["environment"].items()
    }
    return not_empty(values)


# What is there


def test_compose_holds_every_process_every_step_and_the_two_servers_and_nothing_else(environments):
    assert set(CONTAINERS) == {*SERVERS, *ONE_SHOT, *BY_NAME}
    assert len(ONE_SHOT) == len(steps.preparation(environments))


@EVERY_PROCESS
def test_a_process_is_run_by_the_same_words_as_on_a_laptop(process):
    bind = ("--bind", f"0.0.0.0:{HTTP_PORT}") if process.is_web else ()

    assert CONTAINERS[process.name]["command"] == ["python", *process.command(), *bind]


def test_each_step_is_run_by_the_same_words_as_on_a_laptop(environments):
    for step in steps.preparation(environments):
        name = step.name.removeprefix("migrations-")
        container = name if name in ONE_SHOT else f"{name}-migrations"

        assert CONTAINERS[container]["command"] == ["python", "-m", *step.arguments]


@pytest.mark.parametrize("container", sorted(set(CONTAINERS) - SERVERS))
def test_every_command_names_what_is_there(container):
    _, option, module, *words = CONTAINERS[container]["command"]

    assert option == "-m"
    assert importlib.util.find_spec(module) is not None
    if module == "gunicorn":
        application, factory = re.fullmatch(r"([\w.]+):(\w+)\(\)", words[0]).groups()
        assert callable(getattr(importlib.import_module(application), factory))
    if module == "operations.errand_runner":
        assert callable(importlib.import_module(f"services.{words[0]}.errands").kinds)


# What each is given


@EVERY_PROCESS
def test_a_process_gets_the_settings_and_secrets_that_it_gets_on_a_laptop(process, environments):
    on_a_laptop = expected(environments.of_process(process.name), environments)
    port = METRICS_PORT if process.name == EDGE else HTTP_PORT
    health = {"COMMONPURSE_HEALTH_PORT": str(port), "COMMONPURSE_HEALTH_HOST": "0.0.0.0"}  # noqa: S104
    is_told = bool(environments.of_health(process.name))

    assert given(process.name, environments) == on_a_laptop | (health if is_told else {})
    assert set(environments.of_health(process.name)) <= set(health)


def test_what_the_gateway_counts_is_published_nowhere():
    assert [port.rpartition(":")[2] for port in CONTAINERS[EDGE]["ports"]] == [str(HTTP_PORT)]


@EVERY_OWNER
def test_migrations_run_as_the_owner_of_the_tables(service, environments):
    on_a_laptop = expected(environments.of_migrations(service), environments)

    assert given(f"{service}-migrations", environments) == on_a_laptop


def test_the_topology_knows_the_password_of_every_user_of_the_manifest(environments):
    on_a_laptop = expected(environments.of_topology(), environments)
    users = {user["name"].upper() for user in manifest.definitions()["users"]}

    assert given("topology", environments) == on_a_laptop
    assert users == {
        name.removeprefix("COMMONPURSE_BROKER_PASSWORD_")
        for name in on_a_laptop
        if name.startswith("COMMONPURSE_BROKER_PASSWORD_")
    }


@EVERY_PROCESS
def test_every_setting_that_a_program_cannot_do_without_is_given(process):
    """Read from the code: what it takes by ``required`` or by the name alone."""
    folder = f"services/{process.owner}"
    if process.owner not in OURS:
        folder = f"simulators/{process.owner.replace('-', '_')}"
    needed = {
        name
        for path in (CHECKOUT / folder).rglob("*.py")
        for name in re.findall(
            r'(?:required\(\s*environment,\s*|environ(?:ment)?\[)"([A-Z_]+)"', path.read_text()
        )
    }
    if process.owner in SERVICES:
        needed |= {"COMMONPURSE_DATABASE_URL", "COMMONPURSE_BROKER_URL"}
        needed |= {"COMMONPURSE_SEALING_KEYS", "COMMONPURSE_ACTOR_KEYS"}
    if process.owner == EDGE:
        needed |= {"COMMONPURSE_ACTOR_SIGNING_KEY", "GATEWAY_IDENTITY_URL", "GATEWAY_CLIENT_ID"}

    assert needed - set(CONTAINERS[process.name]["environment"]) == set()


def test_every_variable_has_its_line_in_the_example_and_no_line_is_for_nothing():
    used = {found[1] for found in VARIABLE.finditer((CHECKOUT / "docker-compose.yml").read_text())}

    assert used == set(example_settings())


def test_no_secret_has_a_value_before_somebody_gives_it_one():
    text = (CHECKOUT / "docker-compose.yml").read_text()
    example = example_settings()
    unmarked = [name for name in (*KEYS, *SIMULATED) if not example[name].endswith("change-me")]
    with_default = [
        found[0]
        for found in VARIABLE.finditer(text)
        if found[1] in {*KEYS, *SIMULATED} and found[2] != ":?set it in .env"
    ]

    assert unmarked == []
    assert with_default == []
    assert "/.env" in (CHECKOUT / ".gitignore").read_text().splitlines()


# The two servers


def test_the_database_server_gets_the_password_of_every_role(environments):
    roles = environments.of_database_roles()
    postgres = given("postgres", environments)

    assert postgres == {**roles, "POSTGRES_PASSWORD": environments.keys["postgres"]}
    assert CONTAINERS["postgres"]["image"] == "postgres:15"
    assert (
        "./deploy/postgres/init.sql:/docker-entrypoint-initdb.d/init.sql:ro"
        in CONTAINERS["postgres"]["volumes"]
    )


@EVERY_OWNER
def test_a_service_has_a_database_a_role_and_an_owner(service):
    for role in (service, f"{service}_owner"):
        password = f"{role}_password"
        assert f"\\getenv {password} {password.upper()}\n" in INIT_SQL
        assert f"CREATE ROLE {role} LOGIN PASSWORD :'{password}';" in INIT_SQL
    assert f"CREATE DATABASE {service} OWNER {service}_owner;" in INIT_SQL
    assert f"GRANT CONNECT ON DATABASE {service} TO {service};" in INIT_SQL


def test_no_role_or_database_is_made_for_nobody():
    roles = re.findall(r"CREATE ROLE (\w+)", INIT_SQL)

    assert set(re.findall(r"CREATE DATABASE (\w+)", INIT_SQL)) == set(OURS)
    signing_in = {role for service in OURS for role in (service, f"{service}_owner")}
    assert set(roles) == signing_in | {f"{service}_reader" for service in SERVICES}


def test_the_broker_has_one_administrator_who_is_no_user_of_the_manifest(environments):
    administrator = given("rabbitmq", environments)
    users = {user["name"] for user in manifest.definitions()["users"]}

    assert administrator == {
        "RABBITMQ_DEFAULT_USER": "deploy",
        "RABBITMQ_DEFAULT_PASS": environments.keys["broker/deploy"],
    }
    assert "deploy" not in users
    assert CONTAINERS["rabbitmq"]["image"] == "rabbitmq:3.13-management"


# Order, doors and images


@EVERY_PROCESS
def test_a_service_starts_when_its_queues_and_tables_are_there(process):
    waits_for = CONTAINERS[process.name].get("depends_on", {})
    conditions = {name: waited["condition"] for name, waited in waits_for.items()}
    theirs = ["partner-hosts"] if process.owner == "partners" else []
    prepared = ("topology", *theirs, f"{process.owner}-migrations")
    ready = dict.fromkeys(prepared, "service_completed_successfully")

    assert conditions == (ready if process.owner in OURS else {})


def test_queues_and_tables_wait_for_a_healthy_server():
    for container in ONE_SHOT:
        server = "postgres" if container.endswith("-migrations") else "rabbitmq"

        assert CONTAINERS[container]["depends_on"] == {server: {"condition": "service_healthy"}}
        assert "healthcheck" in CONTAINERS[server]


def test_every_process_is_asked_whether_it_lives():
    for process in PROCESSES:
        asked = str(CONTAINERS[process.name].get("healthcheck", ""))

        assert f"{LOOPBACK}:{HTTP_PORT}/health/live" in asked, process.name
    assert '"/health/live"' in inspect.getsource(health.answers_http)


def test_only_web_pages_and_management_can_be_reached_and_only_from_this_machine():
    published = {name: one["ports"] for name, one in CONTAINERS.items() if "ports" in one}
    doors = {process.name: HTTP_PORT for process in PROCESSES if process.is_web}
    doors["rabbitmq"] = 15672
    taken = [port for ports in published.values() for port in ports]

    assert {name: int(ports[0].split(":")[-1]) for name, ports in published.items()} == doors
    assert all(port.startswith(f"{LOOPBACK}:") for port in taken)
    assert len({port.split(":")[1] for port in taken}) == len(taken) == len(published)


def test_simulators_start_in_the_profile_demo_alone():
    simulators = {process.name for process in PROCESSES if process.owner not in OURS}

    assert {name for name, one in CONTAINERS.items() if one.get("profiles")} == simulators
    assert all(CONTAINERS[name]["profiles"] == ["demo"] for name in simulators)


AGREEMENTS = "./deploy/partners:/etc/commonpurse/partners:ro"
READ_THEM = {"assessment", "notifications", "partners"}  # of partners' files, beside the gateway


@EVERY_PROCESS
def test_a_process_runs_in_the_image_of_its_owner(process):
    container = CONTAINERS[process.name]
    if process.owner in OURS:
        assert container["build"]["args"] == {"SERVICE": process.owner}
        assert container["build"]["dockerfile"] == "deploy/service.Dockerfile"
        files = {
            "payments-web": ["payments-receipts:/var/lib/commonpurse/receipts"],
            EDGE: ["./deploy/identity:/etc/commonpurse/identity:ro", AGREEMENTS],
        }
        files |= {one.name: [AGREEMENTS] for one in PROCESSES if one.owner in READ_THEM}
        wake = [f"{process.owner}-wake:/run/commonpurse/wake"] if process.owner != EDGE else []
        assert container["volumes"] == [*wake, *files.get(process.name, [])]
    else:
        kind = "mesh-sandbox" if process.venv == ".venv-mesh" else "simulators"
        assert container["build"]["dockerfile"] == f"deploy/{kind}.Dockerfile"


def test_one_name_of_an_image_means_one_way_to_build_it():
    built = {}
    for container in CONTAINERS.values():
        if "build" in container:
            assert built.setdefault(container["image"], container["build"]) == container["build"]

    assert len(built) == len(OURS) + 2


def test_every_volume_that_is_named_is_declared():
    mounted = {
        volume.split(":")[0] for one in CONTAINERS.values() for volume in one.get("volumes", [])
    }

    assert {volume for volume in mounted if not volume.startswith(".")} == set(COMPOSE["volumes"])


SIMULATED_OF = {  # what each Dockerfile of no service takes
    "simulators.Dockerfile": {"simulators"},
    "mesh-sandbox.Dockerfile": {"simulators/__init__.py", "simulators/mesh"},
}


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    text = (CHECKOUT / "deploy" / dockerfile).read_text().replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


@pytest.mark.parametrize(
    ("dockerfile", "service"),
    [
        *(("service.Dockerfile", service) for service in OURS),
        ("simulators.Dockerfile", ""),
        ("mesh-sandbox.Dockerfile", ""),
    ],
)
def test_an_image_takes_what_is_there_and_only_its_own(dockerfile, service):
    taken = [
        shlex.split(words.replace("${SERVICE}", service))[0]
        for instruction, words in instructions(dockerfile)
        if instruction == "COPY"
    ]
    own = (
        {f"services/{service}", "services/__init__.py", "shared", "access", "clients", "operations"}
        if service
        else SIMULATED_OF[dockerfile]
    )
    lock = service or dockerfile.removesuffix(".Dockerfile")

    assert set(taken) == {f"requirements/{lock}.txt", *own}
    assert all((CHECKOUT / path).exists() for path in taken)
    included = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert {f"!{path.split('/')[0]}" for path in taken} <= set(included)


@pytest.mark.parametrize("dockerfile", ["service.Dockerfile", *SIMULATED_OF])
def test_an_image_has_our_python_hashed_packages_and_no_root(dockerfile):
    steps_of_it = instructions(dockerfile)
    wanted = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["requires-python"]
    installs = [words for _, words in steps_of_it if "pip install" in words]
    (user,) = (words for instruction, words in steps_of_it if instruction == "USER")

    assert steps_of_it[0] == ("FROM", "python:3.11-slim-bookworm")
    assert wanted == ">=3.11,<3.12"
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert any("useradd --system --uid 10001 --no-create-home" in words for _, words in steps_of_it)
    assert user == "commonpurse"
    assert steps_of_it[-1] == ("USER", user)
