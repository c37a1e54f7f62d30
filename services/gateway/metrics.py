"""What the gateway tells Prometheus: how much is asked, how long it takes, what is refused.

Labels are words of ours: an address as it is declared, with the names of its ids and never an id;
a role; a code. What somebody made up (a path that is none, a method) is counted under one word.
"""

from prometheus_client import Counter, Histogram

# Seconds. A statement should take 15 ms and a purchase 250; somebody may wait for half a minute.
BUCKETS = (0.005, 0.01, 0.015, 0.025, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "commonpurse_gateway_requests", "Requests answered.", ["route", "role", "status"]
)
REQUEST_SECONDS = Histogram(
    "commonpurse_gateway_request_seconds", "How long requests took.", ["route"], buckets=BUCKETS
)
REFUSALS = Counter("commonpurse_gateway_refusals", "Requests that were refused.", ["code"])
CALL_SECONDS = Histogram(
    "commonpurse_gateway_call_seconds",
    "How long services took to answer.",
    ["service", "outcome"],
    buckets=BUCKETS,
)
NO_ROUTE = "none"
NOBODY = "nobody"  # is signed in, or is known yet


def count_request(
    *, route: str | None, method: str, role: str | None, status: int, code: str | None, took: float
) -> None:
    """Count a request when it is answered.

    Args:
        route: its address as it is declared; None: there is no such address.
        method: of the request; counted with an address that has it.
        role: in which they asked; None: nobody is known to have asked.
        status: of the answer.
        code: of the refusal; None: it is none.
        took: how long it took, in seconds.
    """
    name = f"{method} {route}" if route else NO_ROUTE
    REQUESTS.labels(route=name, role=role or NOBODY, status=str(status)).inc()
    REQUEST_SECONDS.labels(route=name).observe(took)
    if code is not None:
        REFUSALS.labels(code=code).inc()


def count_call(service: str, outcome: str, *, took: float) -> None:
    """Count a call: ``done``, ``refused``, ``busy``, ``no_answer``, ``fault`` or ``away``."""
    CALL_SECONDS.labels(service=service, outcome=outcome).observe(took)
