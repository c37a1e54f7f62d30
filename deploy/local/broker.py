"""A private RabbitMQ node, with an epmd of its own, that knows nothing of any other node."""

import base64
import http.client
import os
from dataclasses import dataclass
from pathlib import Path

from deploy.local.ports import LOOPBACK, is_listened_on
from deploy.local.system_users import first_user, owner_of, write_for

# The script itself: Debian's wrapper in /usr/sbin would change the user and its home.
SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# A short statistics interval: what the API says of the queues is then at most a second old.
CONFIGURATION = """\
listeners.tcp.1 = {loopback}:{port}
management.tcp.ip = {loopback}
management.tcp.port = {management_port}
management.rates_mode = none
collect_statistics_interval = 1000
default_vhost = commonpurse
default_user = deploy
default_pass = {password}
default_user_tags.administrator = true
vm_memory_high_watermark.absolute = 2GB
disk_free_limit.absolute = 200MB
log.console = true
log.console.level = info
log.file = false
auth_backends.1 = internal
auth_backends.2 = rabbit_auth_backend_oauth2
auth_oauth2.resource_server_id = {resource_server}
auth_oauth2.signing_keys.{token_key} = {home}/tokens.pem
auth_oauth2.default_key = {token_key}
auth_oauth2.algorithms.1 = RS256
"""
# Tokens for partners' systems: who is meant by them, and the name of the key that signs them.
RESOURCE_SERVER = "common-purse"
TOKEN_KEY = "commonpurse-1"  # noqa: S105 - its name
# "localhost" is all that the node looks up: no helper process, and no waiting for a name server.
NAMES_WITHOUT_DNS = '{lookup, [file]}.\n{host, {127,0,0,1}, ["localhost"]}.\n'


def choose_home(stack: Path) -> Path:
    """Make the node's directory, for the system user ``rabbitmq`` where that is possible."""
    preferred = stack / "broker"
    preferred.mkdir(parents=True, exist_ok=True)
    user = first_user("rabbitmq")
    if user is not None:
        user.owns(preferred)
        if not user.can_reach(preferred):
            os.chown(preferred, os.geteuid(), os.getegid())
    return preferred


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node in its home; ``home`` belongs to the user that runs it."""

    home: Path
    name: str
    port: int
    management_port: int
    distribution_port: int
    epmd_port: int
    password: str  # of the user ``deploy``
    cookie: str
    token_key: str  # PEM in base64: by which partners' tokens are checked

    def configure(self) -> None:
        """Write the cookie, the settings and the list of plugins; the data stays."""
        settings = CONFIGURATION.format(
            loopback=LOOPBACK,
            port=self.port,
            management_port=self.management_port,
            password=self.password,
            home=self.home,
            resource_server=RESOURCE_SERVER,
            token_key=TOKEN_KEY,
        )
        files = {
            ".erlang.cookie": self.cookie,
            "enabled_plugins": "[rabbitmq_auth_backend_oauth2,rabbitmq_management].\n",
            "tokens.pem": base64.b64decode(self.token_key).decode(),
            "rabbitmq-env.conf": "",  # instead of the one in /etc
            "inetrc": NAMES_WITHOUT_DNS,
            "rabbitmq.conf": settings,
        }
        for name, text in files.items():
            write_for(owner_of(self.home), self.home / name, text)
        (self.home / ".erlang.cookie").chmod(0o400)

    def environment(self) -> dict[str, str]:
        """Keep the node to its own home, ports and name."""
        erlang = (
            "+S 2:2 -start_epmd false -kernel inet_dist_use_interface {127,0,0,1}"
            " -rabbit quorum_tick_interval 1000"  # its figures: a second old
        )
        places = {
            "RABBITMQ_MNESIA_BASE": "mnesia",
            "RABBITMQ_LOG_BASE": "log",
            "RABBITMQ_SCHEMA_DIR": "schema",
            "RABBITMQ_GENERATED_CONFIG_DIR": "config",
            "RABBITMQ_CONFIG_FILE": "rabbitmq.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": "advanced.config",
            "RABBITMQ_CONF_ENV_FILE": "rabbitmq-env.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "enabled_plugins",
        }
        return {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "ERL_INETRC": str(self.home / "inetrc"),
            **{name: str(self.home / place) for name, place in places.items()},
            "RABBITMQ_NODENAME": f"{self.name}@localhost",
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": erlang,
            # The script then becomes the node itself, so that the recorded pid is the node's.
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
        }

    def epmd_command(self) -> list[str]:
        """Run the port mapper in the foreground, so that it is ours to end."""
        return ["epmd", "-port", str(self.epmd_port), "-address", LOOPBACK]

    def epmd_is_ready(self) -> bool:
        """Whether the port mapper answers; the node needs it from its first moment."""
        return is_listened_on(self.epmd_port)

    def is_ready(self) -> bool:
        """Whether it takes AMQP connections and its management API answers."""
        if not is_listened_on(self.port):
            return False
        login = base64.b64encode(f"deploy:{self.password}".encode()).decode()
        connection = http.client.HTTPConnection(LOOPBACK, self.management_port, timeout=5)
        try:
            connection.request("GET", "/api/overview", headers={"Authorization": f"Basic {login}"})
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
