"""The records of the demo's NHS trust. Run by gunicorn with one worker: it keeps in memory.

One of its systems sends by AMQP, and an older one by MESH.
"""

import os

from flask import Flask

from simulators.partner.app import create_app as create_systems
from simulators.partner.by_amqp import ByAmqp
from simulators.partner.by_mesh import ByMesh, Mailbox

SOURCE = "/org/aldermoor-trust/records"
OLDER_SOURCE = "/org/aldermoor-trust/records-mesh"
WORKFLOW = "COMMONPURSE_MESSAGE"


def create_app() -> Flask:
    mailbox = Mailbox(
        url=os.environ["PARTNER_MESH_URL"],
        name=os.environ["PARTNER_MESH_MAILBOX"],
        password=os.environ["PARTNER_MESH_PASSWORD"],
        shared_key=os.environ["PARTNER_MESH_SHARED_KEY"],
        to=os.environ["PARTNER_MESH_TO"],
        workflow=WORKFLOW,
    )
    by_amqp = ByAmqp(broker_url=os.environ["PARTNER_BROKER_URL"])
    return create_systems({"amqp": (SOURCE, by_amqp), "mesh": (OLDER_SOURCE, ByMesh(mailbox))})
