"""Who works with the person, and who comes instead where the person asks for somebody else."""

from demo.case import AlongTheWay
from demo.playing.play import Play
from demo.staff import (
    BROKER,
    CARE_COORDINATOR,
    CARE_TEAM,
    OTHER_BROKER,
    TEAM_MANAGER,
    Colleague,
)


def name_all(play: Play) -> None:
    """Put those in the care team who are in everybody's."""
    for colleague in CARE_TEAM:
        assign(play, colleague)


def assign(play: Play, colleague: Colleague) -> None:
    """Put somebody in the role that is theirs."""
    play.tell(
        "assessment.assign_team_member",
        {"person_id": play.known["person_id"], "role": colleague.role, **_described(colleague)},
        by=CARE_COORDINATOR,
        about=colleague.role,
    )


def broker(play: Play) -> Colleague:
    """Return who is the person's broker once the person has said with whom they get on."""
    return OTHER_BROKER if play.case.has(AlongTheWay.WORKER_CHANGED) else BROKER


def change_broker(play: Play) -> None:
    """Let the person ask for another broker, and the team manager answer with reasons."""
    asked = play.tell(
        "assessment.request_worker_change",
        {
            "referral_id": play.known["referral_id"],
            "role": BROKER.role,
            "person_words": "I would rather talk to somebody who has been where I am",
        },
        by=play.holder,
    )
    play.tell(
        "assessment.answer_worker_change",
        {
            "request_id": asked["request_id"],
            "reasons": f"{OTHER_BROKER.name} has had a budget of his own, and has time for you.",
            "new_worker": _described(OTHER_BROKER),
        },
        by=TEAM_MANAGER,
    )


def _described(colleague: Colleague) -> dict[str, str]:
    return {
        "staff_id": colleague.staff_id,
        "name": colleague.name,
        "organisation": colleague.organisation,
        "employer": colleague.paid_by,
    }
