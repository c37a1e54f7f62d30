"""How long things took lately, so that nobody asks much too early, or much too often."""

from dataclasses import dataclass, field

FIRST_GUESS_SECONDS = 0.1
SHORTEST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 1.0
WEIGHT_OF_THE_LAST = 0.3


@dataclass(slots=True)
class Pace:
    """Shared by all cases of a run: what one of them waited tells the next when to look."""

    _lately_seconds: dict[str, float] = field(default_factory=dict)

    def pause_seconds(self, what: str, *, waited_seconds: float) -> float:
        """Return how long to wait before the next look: nearly as long as it took lately.

        Args:
            what: is waited for; things of one name take about as long.
            waited_seconds: already.
        """
        lately = self._lately_seconds.get(what, FIRST_GUESS_SECONDS)
        left = 0.9 * lately - waited_seconds
        wanted = left if left > 0 else 0.25 * max(lately, waited_seconds)
        return min(max(wanted, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)

    def took(self, what: str, seconds: float) -> None:
        lately = self._lately_seconds.get(what, seconds)
        self._lately_seconds[what] = lately + WEIGHT_OF_THE_LAST * (seconds - lately)
