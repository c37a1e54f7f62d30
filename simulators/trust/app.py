"""The records of the demo's NHS trust. Run by gunicorn with one worker: it keeps in memory."""

from flask import Flask

from simulators.partner.app import create_app as create_system

SOURCE = "/org/aldermoor-trust/records"


def create_app() -> Flask:
    return create_system(SOURCE)
