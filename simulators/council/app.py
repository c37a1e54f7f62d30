"""The demo's council's social care. Run by gunicorn with one worker: it keeps in memory."""

import os

from flask import Flask

from simulators.partner.app import create_app as create_systems
from simulators.partner.by_amqp import ByAmqp

SOURCE = "/org/aldermoor-council/social-care"


def create_app() -> Flask:
    by_amqp = ByAmqp(broker_url=os.environ["PARTNER_BROKER_URL"])
    return create_systems({"amqp": (SOURCE, by_amqp)})
