"""Events that reach notifications, each with what matters left to say."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from shared.contracts.assessment.appeals import AppealDecided, AppealLodged
from shared.contracts.assessment.bookings import AssessmentBooked, Coming
from shared.contracts.assessment.complaints import ComplaintAnswered, ComplaintMade
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.contracts.assessment.deadlines import DeadlineMissed
from shared.contracts.assessment.emergencies import EmergencyAccessOpened, EmergencyAnswerWanted
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied
from shared.contracts.assessment.needs import AssessmentAgreed
from shared.contracts.assessment.people import (
    CareTeamChanged,
    ContactDetailsChanged,
    PeopleMerged,
    TeamMember,
    WorkerChangeAnswered,
)
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.assessment.representatives import ActingFor, RepresentativeChanged
from shared.contracts.assessment.reviews import ReviewDue, ReviewHeld
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    ItemReasons,
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
    PlanWithoutMoneyApproved,
)
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.contracts.budget.budgets import BudgetActivated, BudgetEnded, BudgetRevised
from shared.contracts.budget.contributions import ContributionCalled, ContributionLate
from shared.contracts.budget.direct_payments import ReturnOverdue
from shared.contracts.budget.forecasts import OverspendExpected
from shared.contracts.budget.funders import FunderContactNamed
from shared.contracts.budget.holds import BalanceLow, OverspendRecorded, RefundPosted
from shared.contracts.budget.repayments import (
    RepaymentNotified,
    RepaymentReconsidered,
    RepaymentWithdrawn,
)
from shared.contracts.payments.decisions import AuthorisationDeclined
from shared.contracts.payments.direct_payments import DirectPaymentPaid
from shared.contracts.payments.purchases import (
    PurchaseApprovalWanted,
    PurchaseCompleted,
    PurchaseRefused,
)
from shared.contracts.payments.receipts import ReceiptMissing
from tests.factories import TUESDAY_AT_TEN

ALEX = UUID("a1e00000-0000-4000-8000-000000000001")
NAMES = UUID("a1e00000-0000-4000-8000-0000000000aa")
ROBIN = UUID("a1e00000-0000-4000-8000-0000000000bb")
BUDGET = UUID("a1e00000-0000-4000-8000-0000000000cc")
TRUST = UUID("a1e00000-0000-4000-8000-0000000000dd")
COUNCIL = UUID("a1e00000-0000-4000-8000-0000000000ee")


def contact_details(**changed):
    known = {
        "person_id": ALEX,
        "version": 1,
        "given_name": "Alex",
        "family_name": "Sample",
        "language": "en",
        "is_interpreter_required": False,
        "accessible_format": None,
        "mobile": "07700 900123",
        "email": "alex@example.org",
        "address_lines": ["1 Example Street", "Exampleton", "ZZ99 3WZ"],
        "preferred_channel": "sms",
        "is_safe_to_text": True,
    }
    return ContactDetailsChanged(occurred_at=TUESDAY_AT_TEN, **{**known, **changed})


def care_team(*members, version=1, organisation="council", person_id=ALEX):
    """Return a team of (role, name) or (role, name, work address)."""
    return CareTeamChanged(
        occurred_at=TUESDAY_AT_TEN,
        person_id=person_id,
        version=version,
        members=[
            TeamMember(
                staff_id=uuid5(NAMES, name),
                role=role,
                name=name,
                organisation=organisation,
                email=address[0] if address else None,
            )
            for role, name, *address in members
        ],
    )


def people_merged(merged_person_id, person_id):
    return PeopleMerged(
        occurred_at=TUESDAY_AT_TEN,
        person_id=person_id,
        merged_person_id=merged_person_id,
        version=2,
    )


def _of_alex(event_class, **facts):
    return event_class(**{"occurred_at": TUESDAY_AT_TEN, "person_id": ALEX, **facts})


def worker_change_answered(**changed):
    told = {
        "request_id": uuid4(),
        "referral_id": uuid4(),
        "role": "broker",
        "is_agreed": True,
        "reasons": "You want a woman to come.",
    }
    return _of_alex(WorkerChangeAnswered, **(told | changed))


def emergency_access_opened(**changed):
    told = {
        "access_id": uuid4(),
        "staff_id": uuid4(),
        "role": "practitioner",
        "organisation": "nhs-trust",
        "reason": "nobody_reachable",
        "opened_at": TUESDAY_AT_TEN,
        "ends_at": TUESDAY_AT_TEN + timedelta(days=1),
    }
    return _of_alex(EmergencyAccessOpened, **(told | changed))


def emergency_answer_wanted(**changed):
    told = {
        "access_id": uuid4(),
        "second_id": uuid5(NAMES, "Ffion Night"),
        "second_name": "Ffion Night",
        "second_email": "ffion@trust.example",
        "role": "practitioner",
        "answer_due_at": TUESDAY_AT_TEN + timedelta(days=3),
    }
    return _of_alex(EmergencyAnswerWanted, **(told | changed))


def assessment_booked(**changed):
    told = {
        "booking_id": uuid4(),
        "referral_id": uuid4(),
        "version": 1,
        "starts_at": datetime(2026, 12, 1, 10, 30, tzinfo=UTC),
        "way": "at_place",
        "place": "The Old Library, 2 Example Street",
        "coming": [
            Coming(name="Jo Abu", role="care_coordinator"),
            Coming(name="Priya Example", role="nurse"),
        ],
    }
    return _of_alex(AssessmentBooked, **(told | changed))


def overspend_recorded(**changed):
    told = {
        "purchase_id": uuid4(),
        "budget_id": BUDGET,
        "overspent_pence": 2_00,
        "posted_pence": 37_00,
        "overspent_before_pence": 0,
        "funder_ids": [TRUST, COUNCIL],
    }
    return _of_alex(OverspendRecorded, **(told | changed))


def contribution_called(**changed):
    told = {
        "contribution_id": uuid4(),
        "budget_id": BUDGET,
        "funder_id": TRUST,
        "amount_pence": 108_00,
        "due_on": date(2026, 12, 8),
    }
    return _of_alex(ContributionCalled, **(told | changed))


def contribution_late(**changed):
    told = {
        "contribution_id": uuid4(),
        "budget_id": BUDGET,
        "funder_id": TRUST,
        "missing_pence": 108_00,
        "due_on": date(2026, 11, 17),
        "is_committed": False,
    }
    return _of_alex(ContributionLate, **(told | changed))


def funder_contact(**changed):
    told = {"funder_id": TRUST, "version": 1, "name": "Sam Lee", "email": "sam@trust.example"}
    return FunderContactNamed(occurred_at=TUESDAY_AT_TEN, **(told | changed))


def direct_payment_paid(**changed):
    told = {
        "payment_id": uuid4(),
        "budget_id": BUDGET,
        "amount_pence": 120_00,
        "has_failed_before": False,
    }
    return _of_alex(DirectPaymentPaid, **(told | changed))


def referral_refused(**changed):
    told = {
        "refusal_id": uuid4(),
        "referral_id": uuid4(),
        "because": "Another area looks after you.",
        "alternatives": ["The council of your area", "Your own GP"],
        "appeal_route": "Write to the complaints team within 28 days.",
    }
    return _of_alex(ReferralRefused, **(told | changed))


def plan_returned(**changed):
    told = {
        "plan_id": uuid4(),
        "version": 1,
        "decision_id": uuid4(),
        "decided_by_rung": "team_manager",
        "reasons": "We do not see what the course is for.",
        "items": [ItemReasons(item_id=uuid4(), reasons="Say which goal it serves.")],
    }
    return _of_alex(PlanReturned, **(told | changed))


def plan_refused(**changed):
    told = {
        "plan_id": uuid4(),
        "version": 1,
        "decision_id": uuid4(),
        "is_in_part": True,
        "decided_by_rung": "team_manager",
        "reasons": "The law does not let a budget pay for it.",
        "items": [ItemReasons(item_id=uuid4(), reasons="It is a debt.")],
        "alternatives": "The advice centre helps with debts.",
        "appeal_route": "Write to the appeals team.",
    }
    return _of_alex(PlanRefused, **(told | changed))


def appeal_decided(**changed):
    told = {
        "appeal_id": uuid4(),
        "referral_id": uuid4(),
        "decision_id": uuid4(),
        "refusal_id": None,
        "amount_version": None,
        "plan_id": uuid4(),
        "outcome": "upheld",
        "reasons": "Nobody had asked you what it is for.",
        "is_reopened": True,
        "next_route": None,
    }
    return _of_alex(AppealDecided, **(told | changed))


def referral_received(**changed):
    facts = {
        "referral_id": uuid4(),
        "source": "nhs",
        "organisation": "nhs-trust",
        "answer_due_on": date(2026, 12, 22),
    }
    return _of_alex(ReferralReceived, **{**facts, **changed})


def indicative_budget(**changed):
    facts = {
        "referral_id": uuid4(),
        "version": 1,
        "rule_set": "example",
        "total_pence": 2_022_87,
        "lines": ["Council: £994.30", "NHS: £1,028.57"],
        "what_would_change": ["Feeling safe: one more of the worst days in 28 adds £25.71."],
    }
    return _of_alex(IndicativeBudgetCalculated, **{**facts, **changed})


def budget_declined():
    return _of_alex(BudgetDeclined, referral_id=uuid4())


def plan_submitted():
    return _of_alex(PlanSubmitted, plan_id=uuid4(), version=1, content_sha256="0" * 64)


def plan_escalated():
    return _of_alex(
        PlanEscalated,
        plan_id=uuid4(),
        version=1,
        rung="multidisciplinary_team",
        decision_due_on=date(2026, 12, 1),
    )


def plan_approved():
    def item(description, unit_cost_pence, occurrences):
        return ApprovedItem(
            item_id=uuid4(),
            description=description,
            category="leisure",
            unit_cost_pence=unit_cost_pence,
            occurrences=occurrences,
            rail="card",
            payee="Any Shop",
            merchant_category_code="5999",
            payer="joint",
        )

    return _of_alex(
        PlanApproved,
        plan_id=uuid4(),
        version=1,
        budget_id=uuid4(),
        legal_basis="local_offer",
        total_pence=240_00,
        decided_by_rung="team_manager",
        items=[item("Drum lessons", 20_00, 10), item("A practice pad", 40_00, 1)],
    )


def crisis_plan_activated(version=1, substitute_manager=None):
    at = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    return _of_alex(
        CrisisPlanActivated,
        crisis_id=uuid4(),
        version=version,
        referral_id=uuid4(),
        plan_id=uuid4(),
        budget_id=uuid4(),
        substitute_manager=substitute_manager,
        cap_pence=200_00,
        activated_at=at,
        hand_back_on=date(2026, 12, 22),
    )


def review_due(kind="rapid"):
    return _of_alex(
        ReviewDue, review_id=uuid4(), referral_id=uuid4(), kind=kind, due_on=date(2026, 11, 27)
    )


def person_died(version=1):
    return _of_alex(PersonDied, version=version, died_on=date(2026, 11, 20), budget_ids=[])


def death_corrected(version=2):
    return _of_alex(DeathCorrected, version=version)


def budget_activated():
    return _of_alex(
        BudgetActivated, budget_id=uuid4(), version=1, plan_id=uuid4(), available_pence=240_00
    )


def refund_posted(**changed):
    return _of_alex(
        RefundPosted,
        purchase_id=uuid4(),
        version=3,
        budget_id=uuid4(),
        refunded_pence=20_00,
        posted_pence=0,
        available_pence=240_00,
        **changed,
    )


def repayment_notified(**changed):
    told = {
        "repayment_id": uuid4(),
        "version": 2,
        "budget_id": uuid4(),
        "addressee": "person",
        "ground": "accumulated",
        "reason": "More than eight weeks of it have not been used.",
        "amount_pence": 800_00,
        "to_person_pence": 25_00,
        "charge_lowered_pence": 15_00,
        "notice_ends_on": date(2026, 12, 15),
        "payable_on": date(2027, 1, 4),
        "paid_by": "host",
        "manner": "bank_transfer",
    }
    return _of_alex(RepaymentNotified, **(told | changed))


def repayment_reconsidered(**changed):
    told = {
        "repayment_id": uuid4(),
        "version": 4,
        "budget_id": uuid4(),
        "addressee": "person",
        "outcome": "reduced",
        "reason": "A course is still to be paid.",
        "amount_pence": 600_00,
    }
    return _of_alex(RepaymentReconsidered, **(told | changed))


def repayment_withdrawn(**changed):
    told = {
        "repayment_id": uuid4(),
        "version": 3,
        "budget_id": uuid4(),
        "addressee": "person",
        "reason": "The budget has ended.",
    }
    return _of_alex(RepaymentWithdrawn, **(told | changed))


def return_overdue():
    return _of_alex(
        ReturnOverdue,
        budget_id=uuid4(),
        item_id=uuid4(),
        unevidenced_pence=120_00,
        since_on=date(2026, 8, 31),
    )


def purchase_completed(description="Drum lessons"):
    return _of_alex(
        PurchaseCompleted,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        description=description,
        posted_pence=20_00,
        available_pence=220_00,
    )


def purchase_approval_wanted():
    return _of_alex(
        PurchaseApprovalWanted,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        amount_pence=900_00,
        counted_pence=900_00,
        role="care_coordinator",
        due_at=datetime(2026, 11, 26, 10, tzinfo=UTC),
    )


def purchase_refused():
    return _of_alex(
        PurchaseRefused,
        purchase_id=uuid4(),
        budget_id=uuid4(),
        code="insufficient_funds",
        reason="There is not enough money in this budget.",
        next_step="Your broker will talk to you.",
    )


def authorisation_declined():
    return _of_alex(
        AuthorisationDeclined,
        purchase_id=uuid4(),
        amount_pence=15_00,
        code="wrong_merchant",
        reason="The card is for another kind of shop.",
        next_step="Your broker will call you.",
    )


def assessment_agreed(**changed):
    told = {"referral_id": uuid4(), "version": 1, "domain_count": 9}
    return _of_alex(AssessmentAgreed, **(told | changed))


def plan_without_money_approved(**changed):
    told = {"plan_id": uuid4(), "version": 1, "decided_by_rung": "care_coordinator"}
    return _of_alex(PlanWithoutMoneyApproved, **(told | changed))


def deadline_missed(**changed):
    told = {
        "deadline_id": uuid4(),
        "referral_id": uuid4(),
        "stage": "decision",
        "role": "team_manager",
        "due_on": date(2026, 12, 1),
    }
    return _of_alex(DeadlineMissed, **(told | changed))


def complaint_made(**changed):
    return _of_alex(
        ComplaintMade, **({"complaint_id": uuid4(), "due_on": date(2027, 1, 4)} | changed)
    )


def complaint_answered(**changed):
    return _of_alex(ComplaintAnswered, **({"complaint_id": uuid4()} | changed))


def appeal_lodged(**changed):
    told = {
        "appeal_id": uuid4(),
        "referral_id": uuid4(),
        "decision_id": uuid4(),
        "refusal_id": None,
        "amount_version": None,
        "plan_id": uuid4(),
        "plan_version": 1,
        "due_on": date(2026, 12, 22),
    }
    return _of_alex(AppealLodged, **(told | changed))


def crisis_plan_stood_down(**changed):
    told = {
        "crisis_id": uuid4(),
        "version": 2,
        "referral_id": uuid4(),
        "plan_id": uuid4(),
        "budget_id": uuid4(),
        "ended_by": "person",
        "stood_down_at": datetime(2026, 12, 22, 9, 58, tzinfo=UTC),
    }
    return _of_alex(CrisisPlanStoodDown, **(told | changed))


def representative_changed(*representatives, **changed):
    """Return who acts for Alex: of each, the kind, the name and what they may do."""
    acting = [
        ActingFor(
            representative_id=uuid4(),
            kind=kind,
            name=name,
            scopes=scopes,
            starts_on=date(2026, 11, 1),
            ends_on=None,
            email=None,
            mobile=None,
        )
        for kind, name, scopes in representatives
    ]
    told = {"version": 1, "representatives": acting}
    return _of_alex(RepresentativeChanged, **(told | changed))


def acting(**changed):
    """Return who acts for Alex: Robin, an attorney with an e-mail address who gets messages."""
    known = {
        "representative_id": ROBIN,
        "kind": "attorney",
        "name": "Robin Example",
        "scopes": ["receive_messages"],
        "starts_on": date(2026, 11, 1),
        "ends_on": None,
        "email": "robin@example.org",
        "mobile": "07700 900456",
    }
    return ActingFor(**(known | changed))


def acted_for(*representatives, **changed):
    """Return that these act for Alex."""
    told = {"version": 1, "representatives": list(representatives)}
    return _of_alex(RepresentativeChanged, **(told | changed))


def receipt_missing(**changed):
    told = {
        "purchase_id": uuid4(),
        "budget_id": uuid4(),
        "requested_by": uuid4(),
        "missing_pence": 35_00,
        "completed_on": date(2026, 11, 17),
        "reminder": 1,
        "reviewed_on": date(2026, 12, 22),
    }
    return _of_alex(ReceiptMissing, **(told | changed))


def review_held(**changed):
    told = {
        "meeting_id": uuid4(),
        "referral_id": uuid4(),
        "held_on": date(2026, 11, 24),
        "review_ids": [uuid4()],
        "clocks": ["care_plan"],
        "is_person_present": True,
        "next_due_on": date(2027, 11, 24),
    }
    return _of_alex(ReviewHeld, **(told | changed))


def budget_revised(**changed):
    told = {
        "budget_id": uuid4(),
        "version": 2,
        "plan_id": uuid4(),
        "total_pence": 360_00,
        "used_pence": 120_00,
        "gap_pence": 0,
    }
    return _of_alex(BudgetRevised, **(told | changed))


def balance_low(**changed):
    told = {"budget_id": uuid4(), "available_pence": 29_00, "low_below_pence": 36_00}
    return _of_alex(BalanceLow, **(told | changed))


def overspend_expected(**changed):
    told = {
        "budget_id": uuid4(),
        "total_pence": 5_200_00,
        "expected_pence": 6_400_00,
        "weekly_pence": 120_00,
        "pace_weeks": 8,
        "weeks_left": 30,
    }
    return _of_alex(OverspendExpected, **(told | changed))


def budget_ended(**changed):
    told = {
        "budget_id": uuid4(),
        "ends_on": date(2026, 11, 24),
        "reason": "plan_ended",
        "funders": [],
    }
    return _of_alex(BudgetEnded, **(told | changed))
