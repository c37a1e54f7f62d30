"""The person complains, and somebody outside the care team answers: those two alone read it."""

from demo.playing.play import Play
from demo.staff import COMPLAINTS_OFFICER


def complain(play: Play) -> None:
    """Take the complaint, and answer it."""
    complaint_id = play.note_id("complaint_id", play.ids.text("complaint"))
    play.tell(
        "assessment.make_complaint",
        {
            "complaint_id": complaint_id,
            "person_id": play.known["person_id"],
            "made_by_role": "person",
            "words": "I had to tell my story to three people before anybody wrote it down.",
            "wants": "That the next person is asked once",
            "may_team_read": False,
        },
    )
    play.tell(
        "assessment.answer_complaint",
        {
            "complaint_id": complaint_id,
            "handler_id": COMPLAINTS_OFFICER.staff_id,
            "answer": "You are right, and we are sorry. What you say is now written down at once.",
            "next_route": "If this does not help, the ombudsman can look at it.",
        },
    )
