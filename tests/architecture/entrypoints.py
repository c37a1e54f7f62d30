"""What each service class offers and listens to."""

import importlib
import inspect

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from shared.messaging.entrypoints import Operation, Subscription


def service_class(service: str) -> type:
    module = importlib.import_module(f"services.{service}.service")
    found: type = getattr(module, f"{service.capitalize()}Service")
    return found


def subscriptions(service: str) -> list[Subscription]:
    return _entrypoints(service, Subscription)


def operations(service: str) -> list[Operation]:
    return _entrypoints(service, Operation)


def operation_names(service: str) -> set[str]:
    """Return the commands and queries of a service by the names that the edge calls them."""
    return {
        name
        for name, method in inspect.getmembers(service_class(service), inspect.isfunction)
        for one in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(one, Operation)
    }


def _entrypoints(service: str, kind: type) -> list:
    methods = inspect.getmembers(service_class(service), inspect.isfunction)
    every = (
        one for _, method in methods for one in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
    )
    return [one for one in every if isinstance(one, kind)]
