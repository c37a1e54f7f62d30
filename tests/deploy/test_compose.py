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
from deploy.local.environments import Environments
from deploy.local.paths import CHECKOUT
from deploy.local.ports import LOOPBACK
from deploy.local.processes import BY_NAME, PROCESSES, SERVICES
from shared.contracts import manifest

COMPOSE = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
CONTAINERS: Mapping[str, dict] = COMPOSE["services"]
INIT_SQL = (CHECKOUT / "deploy" / "postgres" / "init.sql").read_text()
ONE_SHOT = {"topology", *(f"{service}-migrations" for service in SERVICES)}
SERVERS = {"postgres", "rabbitmq"}
EVERY_PROCESS = pytest.mark.parametrize("process", PROCESSES, ids=lambda process: process.name)
EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES)

VARIABLE = re.compile(r"\$\{([A-Z_]+)(:\?[^}]*|:-[^}]*)?\}")
HTTP_PORT = 8080  # in every container
# Which key of deploy.local.keys each secret of .env is.
KEYS = {
    "POSTGRES_PASSWORD": "postgres",
    "RABBITMQ_DEPLOY_PASSWORD": "broker/deploy",
    **{f"{service.upper()}_PASSWORD": f"database/{service}" for service in SERVICES},
    **{f"{service.upper()}_OWNER_PASSWORD": f"database/{service}_owner" for service in SERVICES},
    **{
        f"COMMONPURSE_BROKER_PASSWORD_{user.upper()}": f"broker/{user}"
        for user in keys.BROKER_USERS
    },
    "COMMONPURSE_SEALING_KEYS": "sealing",
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
    "NOTIFICATIONS_ADDRESS_KEY": "notifications_address",
    "NOTIFICATIONS_CONTENT_KEYS": "notifications_content",
}
# Where each program answers under compose.
ADDRESSES = {
    "postgres": "postgres:5432",
    "broker": "rabbitmq:5672",
    "broker-management": "rabbitmq:15672",
    "mail-smtp": "mail:8025",
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
    text = dict(variables)
    for name, port in environments.ports.items():
        here = f"{LOOPBACK}:{port}"
        text = {key: value.replace(here, ADDRESSES[name]) for key, value in text.items()}
    return not_empty(text)


def not_empty(variables: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is empty: a setting that is not given, so that its default counts."""
    return {name: value for name, value in variables.items() if value}


def given(container: str, environments: Environments) -> dict[str, str]:
    """What compose gives a container, with the keys of ``environments`` in .env."""
    dot_env = {
        **example_settings(),
        **{variable: environments.keys[key] for variable, key in KEYS.items()},
        "COMMONPURSE_ENVIRONMENT": "local",
        "NOTIFICATIONS_DRAFTS": "allow",
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
        container = name if name == "topology" else f"{name}-migrations"

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
    health = {"COMMONPURSE_HEALTH_PORT": str(HTTP_PORT), "COMMONPURSE_HEALTH_HOST": "0.0.0.0"}  # noqa: S104

    assert given(process.name, environments) == on_a_laptop | ({} if process.is_web else health)
    assert set(environments.of_health(process.name)) <= set(health)


@EVERY_SERVICE
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
    if process.owner not in SERVICES:
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
        needed |= {"COMMONPURSE_SEALING_KEYS"}

    assert needed - set(CONTAINERS[process.name]["environment"]) == set()


def test_every_variable_has_its_line_in_the_example_and_no_line_is_for_nothing():
    used = {found[1] for found in VARIABLE.finditer((CHECKOUT / "docker-compose.yml").read_text())}

    assert used == set(example_settings())


def test_no_secret_has_a_value_before_somebody_gives_it_one():
    text = (CHECKOUT / "docker-compose.yml").read_text()
    example = example_settings()
    unmarked = [name for name in KEYS if not example[name].endswith("change-me")]
    with_default = [
        found[0]
        for found in VARIABLE.finditer(text)
        if found[1] in KEYS and found[2] != ":?set it in .env"
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


@EVERY_SERVICE
def test_a_service_has_a_database_a_role_and_an_owner(service):
    for role in (service, f"{service}_owner"):
        password = f"{role}_password"
        assert f"\\getenv {password} {password.upper()}\n" in INIT_SQL
        assert f"CREATE ROLE {role} LOGIN PASSWORD :'{password}';" in INIT_SQL
    assert f"CREATE DATABASE {service} OWNER {service}_owner;" in INIT_SQL
    assert f"GRANT CONNECT ON DATABASE {service} TO {service};" in INIT_SQL


def test_no_role_or_database_is_made_for_nobody():
    roles = re.findall(r"CREATE ROLE (\w+)", INIT_SQL)

    assert set(re.findall(r"CREATE DATABASE (\w+)", INIT_SQL)) == set(SERVICES)
    assert set(roles) == {role for service in SERVICES for role in (service, f"{service}_owner")}


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
    prepared = ("topology", f"{process.owner}-migrations")
    ready = dict.fromkeys(prepared, "service_completed_successfully")

    assert conditions == (ready if process.owner in SERVICES else {})


def test_queues_and_tables_wait_for_a_healthy_server():
    for container in ONE_SHOT:
        server = "rabbitmq" if container == "topology" else "postgres"

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
    simulators = {process.name for process in PROCESSES if process.owner not in SERVICES}

    assert {name for name, one in CONTAINERS.items() if one.get("profiles")} == simulators
    assert all(CONTAINERS[name]["profiles"] == ["demo"] for name in simulators)


@EVERY_PROCESS
def test_a_process_runs_in_the_image_of_its_owner(process):
    container = CONTAINERS[process.name]
    if process.owner in SERVICES:
        assert container["build"]["args"] == {"SERVICE": process.owner}
        assert container["build"]["dockerfile"] == "deploy/service.Dockerfile"
        files = {"payments-web": ["payments-receipts:/var/lib/commonpurse/receipts"]}
        wake = f"{process.owner}-wake:/run/commonpurse/wake"
        assert container["volumes"] == [wake, *files.get(process.name, [])]
    else:
        assert container["build"]["dockerfile"] == "deploy/simulators.Dockerfile"


def test_one_name_of_an_image_means_one_way_to_build_it():
    built = {}
    for container in CONTAINERS.values():
        if "build" in container:
            assert built.setdefault(container["image"], container["build"]) == container["build"]

    assert len(built) == len(SERVICES) + 1


def test_every_volume_that_is_named_is_declared():
    mounted = {
        volume.split(":")[0] for one in CONTAINERS.values() for volume in one.get("volumes", [])
    }

    assert {volume for volume in mounted if not volume.startswith(".")} == set(COMPOSE["volumes"])


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    text = (CHECKOUT / "deploy" / dockerfile).read_text().replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


@pytest.mark.parametrize(
    ("dockerfile", "service"),
    [*(("service.Dockerfile", service) for service in SERVICES), ("simulators.Dockerfile", "")],
)
def test_an_image_takes_what_is_there_and_only_its_own(dockerfile, service):
    taken = [
        shlex.split(words.replace("${SERVICE}", service))[0]
        for instruction, words in instructions(dockerfile)
        if instruction == "COPY"
    ]
    own = (
        {f"services/{service}", "services/__init__.py", "shared", "clients", "operations"}
        if service
        else {"simulators"}
    )

    assert set(taken) == {f"requirements/{service or 'simulators'}.txt", *own}
    assert all((CHECKOUT / path).exists() for path in taken)
    included = (CHECKOUT / ".dockerignore").read_text().splitlines()
    assert {f"!{path.split('/')[0]}" for path in taken} <= set(included)


@pytest.mark.parametrize("dockerfile", ["service.Dockerfile", "simulators.Dockerfile"])
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
