"""The demo's council's social care. Run by gunicorn with one worker: it keeps in memory."""

from flask import Flask

from simulators.partner.app import create_app as create_system

SOURCE = "/org/aldermoor-council/social-care"


def create_app() -> Flask:
    return create_system(SOURCE)
