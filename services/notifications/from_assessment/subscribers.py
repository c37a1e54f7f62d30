"""What assessment tells and people hear of, put into the facts of its topic."""

from dataclasses import replace

from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import acting_for
from services.notifications.choices.rules import london_day, london_time
from services.notifications.from_assessment.rules import (
    NOBODY_ACTS,
    NOTHING_MORE,
    NOTHING_TO_DO,
    acting_in_words,
    appeal_in_words,
    booking_in_words,
    change_in_words,
    code_in_words,
    coming_in_words,
    decider_in_words,
    late_in_words,
    next_review_in_words,
    opener_in_words,
    opening_in_words,
    refusal_in_words,
    way_in_words,
)
from services.notifications.latecomers.subscribers import keep_representatives
from services.notifications.messages import handlers
from services.notifications.messages.commands import about
from services.notifications.messages.rules import day_in_words
from services.notifications.people.models import ActingFor as KnownToAct
from services.notifications.people.models import surviving_id
from shared.contracts import organisations
from shared.contracts.assessment.appeals import AppealDecided, AppealLodged
from shared.contracts.assessment.bookings import AssessmentBooked
from shared.contracts.assessment.complaints import ComplaintAnswered, ComplaintMade
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.contracts.assessment.deadlines import DeadlineMissed
from shared.contracts.assessment.emergencies import (
    EmergencyAccessOpened,
    EmergencyAnswerWanted,
)
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.contracts.assessment.needs import AssessmentAgreed
from shared.contracts.assessment.people import WorkerChangeAnswered
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.assessment.representatives import ActingFor, RepresentativeChanged
from shared.contracts.assessment.reviews import ReviewDue, ReviewHeld
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
    PlanWithoutMoneyApproved,
)
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.money import pounds
from shared.trace import Trace

CASE_CLOSED = "case_closed"


def tell_request_received(event: ReferralReceived, *, session: Session, trace: Trace) -> None:
    told = about(event, "request_received", answer_due_on=day_in_words(event.answer_due_on))
    handlers.tell(told, session=session, trace=trace)


def tell_request_refused(event: ReferralRefused, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "request_refused",
        reason=event.because,
        lines=event.alternatives,
        appeal_route=event.appeal_route,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_assessment_booked(event: AssessmentBooked, *, session: Session, trace: Trace) -> None:
    """Tell when the assessment is, each time that it is booked; later bookings say so."""
    told = about(
        event,
        "assessment_booked",
        held_on=day_in_words(london_day(event.starts_at)),
        at_time=london_time(event.starts_at),
        where=way_in_words(event.way, place=event.place),
        lines=[coming_in_words(name=one.name, role=one.role) for one in event.coming],
        standing=booking_in_words(is_first=event.version == 1),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_assessment_agreed(event: AssessmentAgreed, *, session: Session, trace: Trace) -> None:
    """Tell once that the assessment is there; when it is corrected, it still is."""
    if event.version == 1:
        handlers.tell(about(event, "assessment_agreed"), session=session, trace=trace)


def tell_worker_change_answered(
    event: WorkerChangeAnswered, *, session: Session, trace: Trace
) -> None:
    told = about(
        event,
        "worker_change_answered",
        answer=change_in_words(is_agreed=event.is_agreed),
        reason=event.reasons,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_indicative_budget(
    event: IndicativeBudgetCalculated, *, session: Session, trace: Trace
) -> None:
    told = about(
        event,
        "indicative_budget",
        total=pounds(event.total_pence),
        lines=event.lines,
        what_would_change=event.what_would_change,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_budget_declined(event: BudgetDeclined, *, session: Session, trace: Trace) -> None:
    handlers.tell(about(event, "budget_declined"), session=session, trace=trace)


def tell_plan_to_sign(event: PlanSubmitted, *, session: Session, trace: Trace) -> None:
    handlers.tell(about(event, "plan_to_sign"), session=session, trace=trace)


def tell_plan_with_decider(event: PlanEscalated, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "plan_with_decider",
        decider=decider_in_words(event.rung),
        decision_due_on=day_in_words(event.decision_due_on),
    )
    to_all = replace(told, decider_role=event.rung)
    handlers.tell(to_all, session=session, trace=trace)


def tell_plan_returned(event: PlanReturned, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "plan_returned",
        reason=event.reasons,
        lines=[item.reasons for item in event.items] or [NOTHING_MORE],
    )
    handlers.tell(told, session=session, trace=trace)


def tell_plan_refused(event: PlanRefused, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "plan_refused",
        answer=refusal_in_words(is_in_part=event.is_in_part),
        reason=event.reasons,
        lines=[item.reasons for item in event.items] or [NOTHING_MORE],
        alternatives=event.alternatives,
        appeal_route=event.appeal_route,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_plan_without_money(
    event: PlanWithoutMoneyApproved, *, session: Session, trace: Trace
) -> None:
    decider = decider_in_words(event.decided_by_rung)
    told = about(event, "plan_without_money", decider=decider)
    handlers.tell(told, session=session, trace=trace)


def tell_answer_late(event: DeadlineMissed, *, session: Session, trace: Trace) -> None:
    """Tell of a day that passed, if the person waits for what was due. Silence is worse.

    The care coordinator hears of every such day.
    """
    late = late_in_words(event.stage)
    if late is not None:
        told = about(event, "answer_late", late=late, due_on=day_in_words(event.due_on))
        handlers.tell(told, session=session, trace=trace)
    missed = about(
        event,
        "deadline_missed",
        stage=code_in_words(event.stage),
        role=code_in_words(event.role),
        due_on=day_in_words(event.due_on),
    )
    handlers.tell(missed, session=session, trace=trace)


def tell_complaint_received(event: ComplaintMade, *, session: Session, trace: Trace) -> None:
    told = about(event, "complaint_received", due_on=day_in_words(event.due_on))
    handlers.tell(told, session=session, trace=trace)


def tell_complaint_answered(event: ComplaintAnswered, *, session: Session, trace: Trace) -> None:
    handlers.tell(about(event, "complaint_answered"), session=session, trace=trace)


def tell_appeal_received(event: AppealLodged, *, session: Session, trace: Trace) -> None:
    told = about(event, "appeal_received", due_on=day_in_words(event.due_on))
    handlers.tell(told, session=session, trace=trace)


def tell_appeal_decided(event: AppealDecided, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "appeal_decided",
        answer=appeal_in_words(
            is_upheld=event.outcome == "upheld",
            is_reopened=event.is_reopened,
            is_of_amount=event.amount_version is not None,
        ),
        reason=event.reasons,
        next_route=event.next_route or NOTHING_TO_DO,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_plan_approved(event: PlanApproved, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "plan_approved",
        total=pounds(event.total_pence),
        decider=decider_in_words(event.decided_by_rung),
        lines=[_item_line(item) for item in event.items],
    )
    handlers.tell(told, session=session, trace=trace)


def tell_record_opened(event: EmergencyAccessOpened, *, session: Session, trace: Trace) -> None:
    """Tell the person who opened their record in an emergency, for whom, when and why."""
    employer = organisations.current().name_of(event.organisation)
    told = about(
        event,
        "record_opened",
        who=opener_in_words(role=event.role, employer=employer),
        opened_on=day_in_words(london_day(event.opened_at)),
        reason=opening_in_words(event.reason),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_emergency_answer_wanted(
    event: EmergencyAnswerWanted, *, session: Session, trace: Trace
) -> None:
    """Tell the second person that they were named, and by when they have to answer."""
    told = about(
        event,
        "emergency_answer_wanted",
        role=code_in_words(event.role),
        answer_due_on=day_in_words(london_day(event.answer_due_at)),
    )
    handlers.tell(replace(told, named_ids=[event.second_id]), session=session, trace=trace)


def tell_crisis_plan_active(event: CrisisPlanActivated, *, session: Session, trace: Trace) -> None:
    """Tell once that a crisis plan is in force, and who looks after the budget meanwhile.

    That it is prolonged says nothing new of either.
    """
    if event.version > 1:
        return
    activated_on = day_in_words(london_day(event.activated_at))
    told = about(event, "crisis_plan_active", activated_on=activated_on)
    handlers.tell(told, session=session, trace=trace)
    if event.substitute_manager is not None:
        manager = about(event, "substitute_manager", manager=event.substitute_manager)
        handlers.tell(manager, session=session, trace=trace)


def tell_crisis_plan_ended(event: CrisisPlanStoodDown, *, session: Session, trace: Trace) -> None:
    """Tell that things are as before, unless the whole case was closed: then they are not.

    A case closes with a death, of which this may be heard later than of the end of the crisis.
    """
    if event.ended_by != CASE_CLOSED:
        ended_on = day_in_words(london_day(event.stood_down_at))
        told = about(event, "crisis_plan_ended", ended_on=ended_on)
        handlers.tell(told, session=session, trace=trace)


def tell_representative_changed(
    event: RepresentativeChanged, *, session: Session, trace: Trace
) -> None:
    """Keep who acts for a person, and tell it, once for a person who has two ids.

    What says nothing new, as when it is told again, is no news to the person.
    """
    is_known = session.get(KnownToAct, event.person_id) is not None
    before = acting_for(event.person_id, session=session)
    keep_representatives(event, session=session, trace=trace)
    if is_known and acting_for(event.person_id, session=session) == before:
        return
    if surviving_id(event.person_id, session=session) == event.person_id:
        lines = [_acting_line(one) for one in event.representatives] or [NOBODY_ACTS]
        told = about(event, "representative_changed", lines=lines)
        handlers.tell(told, session=session, trace=trace)


def tell_rapid_review(event: ReviewDue, *, session: Session, trace: Trace) -> None:
    """Tell of a review that somebody asked for now. A planned one may be a year away."""
    if event.kind == "rapid":
        told = about(event, "rapid_review", due_on=day_in_words(event.due_on))
        handlers.tell(told, session=session, trace=trace)


def tell_review_held(event: ReviewHeld, *, session: Session, trace: Trace) -> None:
    next_review = next_review_in_words(event.next_due_on)
    held_on = day_in_words(event.held_on)
    told = about(event, "review_held", held_on=held_on, next_review=next_review)
    handlers.tell(told, session=session, trace=trace)


def _item_line(item: ApprovedItem) -> str:
    if item.occurrences == 1:
        return f"{item.description}: {pounds(item.total_pence)}"
    each, whole = pounds(item.unit_cost_pence), pounds(item.total_pence)
    return f"{item.description}: {item.occurrences} times {each}, together {whole}"


def _acting_line(one: ActingFor) -> str:
    return acting_in_words(name=one.name, kind=one.kind, scopes=one.scopes)
