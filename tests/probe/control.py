"""What only the broker's own command line can do to it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.broker import SERVER
from deploy.local.servers import Servers
from deploy.local.stack import Stack
from deploy.local.system_users import owner_of, run_as


@contextmanager
def memory_alarm(servers: Stack) -> Iterator[None]:
    """Let the private broker think that its memory is full: it takes nothing more."""
    control(servers, "set_vm_memory_high_watermark", "0")
    try:
        yield
    finally:
        control(servers, "set_vm_memory_high_watermark", "absolute", "2GB")


def control(servers: Stack, *command: str) -> None:
    state = servers._state()
    environments = servers._environments(state)
    node = Servers.of(servers.paths, state=state, environments=environments).node
    subprocess.run(
        [str(SERVER.with_name("rabbitmqctl")), *command],
        check=True,
        cwd="/",
        env=node.environment(),
        stdout=subprocess.DEVNULL,
        timeout=60,
        **run_as(owner_of(node.home)),
    )
