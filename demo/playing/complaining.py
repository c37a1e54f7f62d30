"""The person complains, and somebody outside the care team answers: those two alone read it."""

from demo.playing.play import Play
from demo.staff import COMPLAINTS_OFFICER


def complain(play: Play) -> None:
    """Take the complaint, and answer it."""
    complaint = play.tell(
        "assessment.make_complaint",
        {
            "person_id": play.known["person_id"],
            "words": "I had to tell my story to three people before anybody wrote it down.",
            "wants": "That the next person is asked once",
            "may_team_read": False,
        },
        by=play.holder,
    )
    play.note_id("complaint_id", complaint["complaint_id"])
    play.tell(
        "assessment.answer_complaint",
        {
            "complaint_id": play.known["complaint_id"],
            "answer": "You are right, and we are sorry. What you say is now written down at once.",
            "next_route": "If this does not help, the ombudsman can look at it.",
        },
        by=COMPLAINTS_OFFICER,
    )
