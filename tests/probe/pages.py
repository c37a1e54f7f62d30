"""What a process says of itself over HTTP, as Prometheus and a container's guard ask."""

import requests
from prometheus_client.parser import text_string_to_metric_families

from deploy.local import ports
from tests.waiting import eventually


class Pages:
    """The pages of one process that is given ``environment``."""

    def __init__(self) -> None:
        # One from which no connection of other tests can take the near end meanwhile.
        self._port = ports.choose(["health"], former={}, taken=())["health"]
        self.environment = {"COMMONPURSE_HEALTH_PORT": str(self._port)}

    def get(self, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self._port}{path}", timeout=10)

    def live(self) -> int:
        return self.get("/health/live").status_code

    def ready(self) -> tuple[int, dict]:
        answer = self.get("/health/ready")
        return answer.status_code, answer.json()

    def await_ready(self, **there) -> None:
        """Wait until it answers so; before it has its port, it answers nothing."""

        def answers() -> bool:
            try:
                return there.items() <= self.ready()[1].items()
            except requests.ConnectionError:
                return False

        eventually(answers)

    def metric(self, name: str, **labels: str) -> float | None:
        """Return one sample; None if there is none."""
        return next(
            (
                sample.value
                for family in text_string_to_metric_families(self.get("/metrics").text)
                for sample in family.samples
                if sample.name == name and labels.items() <= sample.labels.items()
            ),
            None,
        )
