"""What happens only weeks later, when the suite's clock shows it."""

from collections.abc import Callable, Mapping

from demo.case import AlongTheWay, Case
from demo.playing import admitting, moving, prolonging, repaying
from demo.playing.play import Play

# After how many weeks what happens, by the word of the case.
WEEKS_LATER: Mapping[int, Mapping[AlongTheWay, Callable[[Play], None]]] = {
    3: {
        AlongTheWay.CRISIS_PROLONGED: prolonging.prolong,
        AlongTheWay.ADMITTED: admitting.admit,
        AlongTheWay.MOVED: moving.have_moved,
        AlongTheWay.DIED: repaying.pay_back,
        AlongTheWay.DEATH_TAKEN_BACK: repaying.pay_back,
    },
    6: {
        AlongTheWay.CRISIS_PROLONGED: prolonging.stand_down,
        AlongTheWay.ADMITTED: admitting.discharge,
        AlongTheWay.MOVED: repaying.pay_back,
    },
}


def goes_on(case: Case, *, weeks_later: int) -> bool:
    """Say whether something happens in a case after so many weeks."""
    return any(case.has(story) for story in WEEKS_LATER[weeks_later])


def go_on(play: Play) -> None:
    """Play what happens now that so many weeks have gone by."""
    for story, happens in WEEKS_LATER[play.weeks_later].items():
        if play.case.has(story):
            happens(play)
