"""Assessment: from a referral to a support plan that three people signed and one approved."""

from access import audit
from access import queries as looked
from access.schemas import AccessLogForm
from services.assessment.access import ACCESS
from services.assessment.appeals import handlers as appeals
from services.assessment.appeals import schemas as appeals_forms
from services.assessment.bookings import handlers as bookings
from services.assessment.bookings import schemas as bookings_forms
from services.assessment.care_team import handlers as care_team
from services.assessment.care_team import queries as care_team_queries
from services.assessment.care_team import schemas as care_team_forms
from services.assessment.cases import queries as cases
from services.assessment.cases import schemas as cases_forms
from services.assessment.complaints import handlers as complaints
from services.assessment.complaints import queries as complaints_queries
from services.assessment.complaints import schemas as complaints_forms
from services.assessment.consent import handlers as consent
from services.assessment.consent import schemas as consent_forms
from services.assessment.crisis import handlers as crisis
from services.assessment.crisis import queries as crisis_queries
from services.assessment.crisis import schemas as crisis_forms
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines import queries as deadlines_queries
from services.assessment.deadlines import schemas as deadlines_forms
from services.assessment.differences import queries as differences
from services.assessment.differences import schemas as differences_forms
from services.assessment.disputes import handlers as disputes
from services.assessment.disputes import schemas as disputes_forms
from services.assessment.emergencies import handlers as emergencies
from services.assessment.emergencies import queries as emergencies_queries
from services.assessment.emergencies import schemas as emergencies_forms
from services.assessment.identity import handlers as identity
from services.assessment.identity import queries as identity_queries
from services.assessment.identity import schemas as identity_forms
from services.assessment.indicative_budget import handlers as indicative_budget
from services.assessment.indicative_budget import queries as indicative_budget_reading
from services.assessment.indicative_budget import schemas as indicative_budget_forms
from services.assessment.intake import handlers as intake
from services.assessment.intake import schemas as intake_forms
from services.assessment.life_events import handlers as life_events
from services.assessment.life_events import queries as life_events_queries
from services.assessment.life_events import schemas as life_events_forms
from services.assessment.needs import queries as needs_reading
from services.assessment.needs import schemas as needs_forms
from services.assessment.people import handlers as people
from services.assessment.people import queries as people_queries
from services.assessment.people import schemas as people_forms
from services.assessment.preventive_effects import handlers as preventive_effects
from services.assessment.preventive_effects import schemas as preventive_effects_forms
from services.assessment.representatives import handlers as representatives
from services.assessment.representatives import queries as representatives_queries
from services.assessment.representatives import schemas as representatives_forms
from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import meetings as review_meetings
from services.assessment.reviews import queries as reviews_queries
from services.assessment.reviews import schemas as reviews_forms
from services.assessment.rule_sets import handlers as rule_sets
from services.assessment.rule_sets import queries as rule_sets_reading
from services.assessment.rule_sets import schemas as rule_sets_forms
from services.assessment.sign_off import handlers as sign_off
from services.assessment.sign_off import schemas as sign_off_forms
from services.assessment.signatures import schemas as signatures_forms
from services.assessment.support_plans import handlers as support_plans
from services.assessment.support_plans import schemas as support_plans_forms
from services.assessment.telling import handlers as telling
from services.assessment.telling import queries as telling_reading
from services.assessment.telling import schemas as telling_forms
from services.assessment.telling import subscribers as telling_listening
from services.assessment.true_up import handlers as true_up
from services.assessment.unplaced_contributions import handlers as unplaced_contributions
from services.assessment.unplaced_contributions import queries as unplaced_contributions_reading
from shared.contracts import organisations
from shared.contracts.notifications import MessageDelivered, MessageUndeliverable
from shared.messaging.entrypoints import CurrentTrace, Database, command, every, query, subscribe
from shared.messaging.health import HealthForm, health
from shared.messaging.tasks import OpenTasksForm


class AssessmentService:
    """What a person needs, what that amounts to, and what they plan to do with it."""

    name = "assessment"
    transaction = Database()
    trace = CurrentTrace()
    access = ACCESS
    check_settings = staticmethod(organisations.check)

    # access: who may see whose record, and who saw it
    access_log = query(AccessLogForm, looked.access_log)
    seal_what_was_looked_at = every(60, audit.to_seal, audit.seal_entries)

    # consent: to what a person agreed, for whom
    record_consent = command(consent_forms.RecordConsentForm, consent.record_consent)
    withdraw_consent = command(consent_forms.WithdrawConsentForm, consent.withdraw_consent)
    # representatives: who may act for a person
    appoint_representative = command(
        representatives_forms.AppointRepresentativeForm, representatives.appoint_representative
    )
    end_representative = command(
        representatives_forms.EndRepresentativeForm, representatives.end_representative
    )
    find_representative = query(
        representatives_forms.FindRepresentativeForm, representatives_queries.find_representative
    )
    represented = query(representatives_forms.RepresentedForm, representatives_queries.represented)
    # people: how they take in what they are told, how they are reached safely
    record_accessible_needs = command(
        people_forms.RecordAccessibleNeedsForm, people.record_accessible_needs
    )
    record_safe_contact = command(people_forms.RecordSafeContactForm, people.record_safe_contact)
    find_person = query(people_forms.FindPersonForm, people_queries.find_person)
    # deadlines: who has to do what by when
    where_is_it = query(deadlines_forms.WhereIsItForm, deadlines_queries.where_is_it)
    open_tasks = query(OpenTasksForm, unplaced_contributions_reading.open_tasks)
    tell_missed_deadlines = every(3600, deadlines_queries.missed, deadlines.tell_missed)
    # care team: who works with a person
    assign_team_member = command(care_team_forms.AssignTeamMemberForm, care_team.assign_team_member)
    end_dated_access = every(3600, care_team_queries.over, care_team.end_access)
    tell_numbers = every(60, care_team_queries.untold_numbers, care_team.tell_number)
    tell_relations = every(60, care_team_queries.untold_relations, care_team.tell_relations)
    record_offer = command(care_team_forms.RecordOfferForm, care_team.record_offer)
    request_worker_change = command(
        care_team_forms.RequestWorkerChangeForm, care_team.request_worker_change
    )
    answer_worker_change = command(
        care_team_forms.AnswerWorkerChangeForm, care_team.answer_worker_change
    )
    # emergencies: somebody outside the team opens a record, with a second person
    open_record_in_emergency = command(
        emergencies_forms.OpenRecordInEmergencyForm, emergencies.open_record_in_emergency
    )
    answer_emergency_access = command(
        emergencies_forms.AnswerEmergencyAccessForm, emergencies.answer_emergency_access
    )
    review_emergency_access = command(
        emergencies_forms.ReviewEmergencyAccessForm, emergencies.review_emergency_access
    )
    emergency_accesses_to_answer = query(
        emergencies_forms.ToAnswerForm, emergencies_queries.emergency_accesses_to_answer
    )
    emergency_accesses = query(
        emergencies_forms.EmergencyAccessesForm, emergencies_queries.emergency_accesses
    )
    # identity: two records that may be one person
    merge_people = command(identity_forms.MergePeopleForm, identity.merge_people)
    keep_apart = command(identity_forms.KeepApartForm, identity.keep_apart)
    identity_question = query(
        identity_forms.IdentityQuestionForm, identity_queries.identity_question
    )
    # intake: somebody asks for a budget for a person
    receive_referral = command(
        intake_forms.ReceiveReferralForm, unplaced_contributions.receive_referral
    )
    record_discussion = command(intake_forms.RecordDiscussionForm, intake.record_discussion)
    refuse_referral = command(intake_forms.RefuseReferralForm, intake.refuse_referral)
    # bookings: when and where the assessment is held, and who comes
    book_assessment = command(bookings_forms.BookAssessmentForm, bookings.book_assessment)
    # needs: what NHS and council each saw, joined
    contribute = command(needs_forms.ContributeForm, unplaced_contributions.contribute)
    questionnaires = query(needs_forms.QuestionnairesForm, needs_reading.questionnaires)
    # disputes: who agrees with what, and who pays meanwhile
    agree_domain = command(disputes_forms.AgreeDomainForm, disputes.agree_domain)
    dispute_domain = command(disputes_forms.DisputeDomainForm, true_up.dispute_domain)
    decide_dispute = command(disputes_forms.DecideDisputeForm, true_up.decide_dispute)
    # preventive effects: nothing is lowered unless that was explained and shown
    record_preventive_effect = command(
        preventive_effects_forms.RecordPreventiveEffectForm,
        preventive_effects.record_preventive_effect,
    )
    record_preventive_effect_shown = command(
        preventive_effects_forms.RecordPreventiveEffectShownForm,
        preventive_effects.record_preventive_effect_shown,
    )
    # rule sets: what a point of need is worth, and who pays
    propose_rule_set = command(rule_sets_forms.ProposeRuleSetForm, rule_sets.propose_rule_set)
    approve_rule_set = command(rule_sets_forms.ApproveRuleSetForm, rule_sets.approve_rule_set)
    rule_sets = query(rule_sets_forms.RuleSetsForm, rule_sets_reading.rule_sets)
    # indicative budget: what a person may plan with
    offer_budget = command(indicative_budget_forms.OfferBudgetForm, indicative_budget.offer_budget)
    decline_budget = command(
        indicative_budget_forms.DeclineBudgetForm, indicative_budget.decline_budget
    )
    worked_out_again = query(
        indicative_budget_forms.CalculationForm, indicative_budget_reading.worked_out_again
    )
    # telling: a plan waits until the person knows the amount
    record_told_in_person = command(
        telling_forms.RecordToldInPersonForm, telling.record_told_in_person
    )
    amount_told = query(telling_forms.ToldForm, telling_reading.amount_told)
    on_message_delivered = subscribe(MessageDelivered, telling_listening.record_delivered)
    on_message_undeliverable = subscribe(
        MessageUndeliverable, telling_listening.record_undeliverable
    )
    # support plans: what the person wants to do
    record_interview = command(
        support_plans_forms.RecordInterviewForm, support_plans.record_interview
    )
    draft_plan = command(support_plans_forms.DraftPlanForm, sign_off.draft_plan)
    submit_plan = command(support_plans_forms.SubmitPlanForm, support_plans.submit_plan)
    plan_difference = query(differences_forms.PlanDifferenceForm, differences.plan_difference)
    # sign-off: three sign, the right rung decides
    sign_plan = command(signatures_forms.SignPlanForm, sign_off.sign_plan)
    decide_plan = command(sign_off_forms.DecidePlanForm, sign_off.decide_plan)
    # appeals: somebody new looks again
    lodge_appeal = command(appeals_forms.LodgeAppealForm, appeals.lodge_appeal)
    decide_appeal = command(appeals_forms.DecideAppealForm, appeals.decide_appeal)
    record_reporting_line = command(
        appeals_forms.RecordReportingLineForm, appeals.record_reporting_line
    )
    # complaints: outside the care team
    make_complaint = command(complaints_forms.MakeComplaintForm, complaints.make_complaint)
    answer_complaint = command(complaints_forms.AnswerComplaintForm, complaints.answer_complaint)
    complaint = query(complaints_forms.ComplaintForm, complaints_queries.complaint)
    tell_late_complaints = every(3600, complaints_queries.late, complaints.tell_late)
    # reviews: planned by the rules, or rapid because somebody worries
    request_review = command(reviews_forms.RequestReviewForm, reviews.request_review)
    hold_review = command(reviews_forms.HoldReviewForm, review_meetings.hold_review)
    schedule_reviews = every(3600, reviews_queries.unscheduled, reviews.schedule_review)
    # crisis: the person's own crisis plan in force
    activate_crisis_plan = command(crisis_forms.ActivateCrisisPlanForm, crisis.activate_crisis_plan)
    prolong_crisis = command(crisis_forms.ProlongCrisisForm, crisis.prolong_crisis)
    stand_down_crisis_plan = command(
        crisis_forms.StandDownCrisisPlanForm, crisis.stand_down_crisis_plan
    )
    hand_budgets_back = every(3600, crisis_queries.over, crisis.hand_back)
    # life events: what they do to open work
    record_death = command(life_events_forms.RecordDeathForm, life_events.record_death)
    correct_death = command(life_events_forms.CorrectDeathForm, life_events.correct_death)
    record_admission = command(life_events_forms.RecordAdmissionForm, life_events.record_admission)
    record_discharge = command(life_events_forms.RecordDischargeForm, life_events.record_discharge)
    record_move = command(life_events_forms.RecordMoveForm, life_events.record_move)
    close_moved_cases = every(3600, life_events_queries.moved, life_events.close_moved)
    # cases, to read
    case = query(cases_forms.CaseForm, cases.case)
    totals = query(cases_forms.TotalsForm, cases.totals)
    health = query(HealthForm, health)
