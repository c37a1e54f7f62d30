"""Generated from docs/api/openapi.yaml by ``make docs``: a method for each address."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from . import forms
from .calls import Calls, Document
from .values import OMITTED, Day, Id, Instant, Omitted, Page


class Assessment:
    """What the gateway has of assessment."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def case(
        self,
        *,
        referral_id: Id,
    ) -> forms.Case:
        """One case, whole."""
        return self._calls.ask("GET", "/v1/cases/{referral_id}", ids={"referral_id": referral_id})

    def where_is_it(
        self,
        *,
        referral_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Deadline]:
        """Who has to do what on a case by when, the most urgent first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/cases/{referral_id}/deadlines",
            ids={"referral_id": referral_id},
            query={"cursor": cursor, "limit": limit},
        )

    def find_person(
        self,
        *,
        nhs_number: str | Omitted | None = OMITTED,
        council_client_id: str | Omitted | None = OMITTED,
    ) -> forms.Found:
        """Find a person by their NHS number, or by the council's number for them."""
        return self._calls.ask(
            "POST",
            "/v1/people/search",
            body={"nhs_number": nhs_number, "council_client_id": council_client_id},
        )

    def record_accessible_needs(
        self,
        *,
        person_id: Id,
        asked_on: Day,
        interpreter_required: bool,
        may_be_shared: bool,
        review_on: Day,
        accessible_format: str | Omitted | None = OMITTED,
        communication_support: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.PersonState:
        """Record how a person takes in what they are told.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/accessible-needs",
            ids={"person_id": person_id},
            body={
                "asked_on": asked_on,
                "interpreter_required": interpreter_required,
                "accessible_format": accessible_format,
                "communication_support": communication_support,
                "may_be_shared": may_be_shared,
                "review_on": review_on,
            },
            key=key,
        )

    def record_safe_contact(
        self,
        *,
        person_id: Id,
        said_on: Day,
        safe_to_text: bool,
        safe_to_email: bool,
        safe_to_post: bool,
        safe_to_ring: bool,
        safe_from: str | Omitted | None = OMITTED,
        safe_until: str | Omitted | None = OMITTED,
        words: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.PersonState:
        """Record by which ways and when it is safe to reach a person.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/safe-contact",
            ids={"person_id": person_id},
            body={
                "said_on": said_on,
                "safe_to_text": safe_to_text,
                "safe_to_email": safe_to_email,
                "safe_to_post": safe_to_post,
                "safe_to_ring": safe_to_ring,
                "safe_from": safe_from,
                "safe_until": safe_until,
                "words": words,
            },
            key=key,
        )

    def appoint_representative(
        self,
        *,
        person_id: Id,
        representative_id: Id,
        kind: Literal["nominee", "attorney", "deputy", "appointee", "advocate", "executor"],
        name: str,
        scopes: Sequence[Literal["sign_plan", "manage_money", "receive_messages", "speak_for"]],
        basis: str,
        starts_on: Day,
        ends_on: Day | Omitted | None = OMITTED,
        email: str | Omitted | None = OMITTED,
        mobile: str | Omitted | None = OMITTED,
        nhs_number: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Appointment:
        """Record that somebody may act for a person.

        Args:
            basis: the document, or their words; seen when, by whom.
            nhs_number: their own, by which they sign in; it is shown to nobody.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/representatives",
            ids={"person_id": person_id},
            body={
                "representative_id": representative_id,
                "kind": kind,
                "name": name,
                "scopes": scopes,
                "basis": basis,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "email": email,
                "mobile": mobile,
                "nhs_number": nhs_number,
            },
            key=key,
        )

    def represented(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Represented]:
        """For whom you act: whose record you ask for says for whom of them.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET", "/v1/me/represented", query={"cursor": cursor, "limit": limit}
        )

    def end_representative(
        self,
        *,
        appointment_id: Id,
        ended_on: Day,
        reason: str,
        key: str | None = None,
    ) -> forms.EndedAppointment:
        """Record that somebody acts for a person no longer.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/representatives/{appointment_id}/end",
            ids={"appointment_id": appointment_id},
            body={"ended_on": ended_on, "reason": reason},
            key=key,
        )

    def record_consent(
        self,
        *,
        person_id: Id,
        purpose: Literal["assessment", "support_plan", "quote"],
        organisation: str,
        given_on: Day,
        evidence: str,
        ends_on: Day | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.ConsentState:
        """Record to what a person agreed: the body may follow their case while it lasts.

        Args:
            evidence: how they said so, and where that is kept.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/consents",
            ids={"person_id": person_id},
            body={
                "purpose": purpose,
                "organisation": organisation,
                "given_on": given_on,
                "ends_on": ends_on,
                "evidence": evidence,
            },
            key=key,
        )

    def withdraw_consent(
        self,
        *,
        person_id: Id,
        purpose: Literal["assessment", "support_plan", "quote"],
        organisation: str,
        withdrawn_on: Day,
        evidence: str,
        key: str | None = None,
    ) -> forms.Withdrawal:
        """Record that a person agrees no longer.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/consents/withdrawal",
            ids={"person_id": person_id},
            body={
                "purpose": purpose,
                "organisation": organisation,
                "withdrawn_on": withdrawn_on,
                "evidence": evidence,
            },
            key=key,
        )

    def receive_referral(
        self,
        *,
        basis: str,
        condition_group: str,
        urgency: Literal["routine", "urgent"],
        received_on: Day,
        consent_to_share: bool,
        person: forms.PersonForm,
        source: Literal["nhs", "council", "voluntary_sector", "family", "person"]
        | Omitted = OMITTED,
        organisation: str | Omitted | None = OMITTED,
        relation: str | Omitted | None = OMITTED,
        heard_from: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.ReferralState:
        """Ask for a budget for a person.

        Args:
            source: who asks; left out: as what you have come.
            organisation: which body asks; null where the person or their family does; left out: as
                what you have come.
            relation: of family and friends.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/referrals",
            body={
                "source": source,
                "organisation": organisation,
                "relation": relation,
                "heard_from": heard_from,
                "basis": basis,
                "condition_group": condition_group,
                "urgency": urgency,
                "received_on": received_on,
                "consent_to_share": consent_to_share,
                "person": person,
            },
            key=key,
        )

    def record_discussion(
        self,
        *,
        referral_id: Id,
        outcome: Literal["offered", "declined", "not_discussed"],
        held_on: Day,
        because: str | Omitted | None = OMITTED,
        person_words: str | Omitted | None = OMITTED,
        signposted_to: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.DiscussionState:
        """Record that a budget was talked about, or why it was not.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/discussions",
            ids={"referral_id": referral_id},
            body={
                "outcome": outcome,
                "held_on": held_on,
                "because": because,
                "person_words": person_words,
                "signposted_to": signposted_to,
            },
            key=key,
        )

    def refuse_referral(
        self,
        *,
        referral_id: Id,
        reason: Literal["lives_elsewhere", "has_a_budget", "not_appropriate"],
        because: str,
        evidence: Sequence[str],
        alternatives: Sequence[str],
        appeal_route: str,
        key: str | None = None,
    ) -> forms.RefusedReferral:
        """Refuse a budget before any assessment, with reasons.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/refusal",
            ids={"referral_id": referral_id},
            body={
                "reason": reason,
                "because": because,
                "evidence": evidence,
                "alternatives": alternatives,
                "appeal_route": appeal_route,
            },
            key=key,
        )

    def assign_team_member(
        self,
        *,
        person_id: Id,
        staff_id: Id,
        name: str,
        organisation: str,
        employer: str,
        role: Literal[
            "broker",
            "care_coordinator",
            "team_manager",
            "multidisciplinary_team",
            "risk_enablement_panel",
            "peer_supporter",
            "advocate",
        ],
        email: str | Omitted | None = OMITTED,
        ends_on: Day | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.TeamState:
        """Put somebody in a role of a person's care team.

        Args:
            organisation: for which they act.
            employer: which pays them.
            ends_on: of who is there for a time.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/care-team",
            ids={"person_id": person_id},
            body={
                "staff_id": staff_id,
                "name": name,
                "organisation": organisation,
                "employer": employer,
                "email": email,
                "role": role,
                "ends_on": ends_on,
            },
            key=key,
        )

    def record_offer(
        self,
        *,
        referral_id: Id,
        support: Literal["broker", "peer_supporter", "advocate"],
        offered_on: Day,
        answer: Literal["accepted", "declined", "perhaps_later"],
        person_words: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.OfferState:
        """Record that help with a budget was offered, and the answer.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/offers",
            ids={"referral_id": referral_id},
            body={
                "support": support,
                "offered_on": offered_on,
                "answer": answer,
                "person_words": person_words,
            },
            key=key,
        )

    def request_worker_change(
        self,
        *,
        referral_id: Id,
        role: Literal[
            "broker",
            "care_coordinator",
            "team_manager",
            "multidisciplinary_team",
            "risk_enablement_panel",
            "peer_supporter",
            "advocate",
        ],
        person_words: str,
        asked_by_role: Literal["person", "representative", "advocate"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.WorkerChangeState:
        """Ask for somebody else in a role.

        Args:
            asked_by_role: who asks; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/worker-changes",
            ids={"referral_id": referral_id},
            body={"role": role, "person_words": person_words, "asked_by_role": asked_by_role},
            key=key,
        )

    def answer_worker_change(
        self,
        *,
        request_id: Id,
        reasons: str,
        new_worker: forms.WorkerForm | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.AnsweredChange:
        """Say whether somebody else comes, and why.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/worker-changes/{request_id}/answer",
            ids={"request_id": request_id},
            body={"reasons": reasons, "new_worker": new_worker},
            key=key,
        )

    def open_record_in_emergency(
        self,
        *,
        reason: Literal["cannot_wait", "nobody_reachable", "somebody_at_risk"],
        words: str,
        second_id: Id,
        person_id: Id | Omitted | None = OMITTED,
        nhs_number: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Opened:
        """Open a person's record in an emergency, to read it for a day.

        Args:
            reason: the person reads it, in safe words.
            words: for whoever reviews it, not for the person.
            second_id: a colleague of your organisation, who is asked if it was right.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/emergency-accesses",
            body={
                "person_id": person_id,
                "nhs_number": nhs_number,
                "reason": reason,
                "words": words,
                "second_id": second_id,
            },
            key=key,
        )

    def emergency_accesses(
        self,
        *,
        is_reviewed: bool | Omitted = OMITTED,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.ReviewedAccess]:
        """What was opened for your organisation, to be reviewed.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/emergency-accesses",
            query={"is_reviewed": is_reviewed, "cursor": cursor, "limit": limit},
        )

    def emergency_accesses_to_answer(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.EmergencyAccess]:
        """For which emergencies you were named as the second person.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET", "/v1/me/emergency-accesses", query={"cursor": cursor, "limit": limit}
        )

    def answer_emergency_access(
        self,
        *,
        access_id: Id,
        answer: Literal["confirmed", "objected"],
        words: str,
        key: str | None = None,
    ) -> forms.Answered:
        """Say as the second person whether it was right; an objection ends the reading.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/emergency-accesses/{access_id}/answer",
            ids={"access_id": access_id},
            body={"answer": answer, "words": words},
            key=key,
        )

    def review_emergency_access(
        self,
        *,
        access_id: Id,
        finding: Literal["justified", "not_justified"],
        words: str,
        key: str | None = None,
    ) -> forms.Reviewed:
        """Say as information officer what you found.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/emergency-accesses/{access_id}/review",
            ids={"access_id": access_id},
            body={"finding": finding, "words": words},
            key=key,
        )

    def identity_question(
        self,
        *,
        question_id: Id,
    ) -> forms.IdentityQuestion:
        """Two records side by side."""
        return self._calls.ask(
            "GET", "/v1/identity-questions/{question_id}", ids={"question_id": question_id}
        )

    def merge_people(
        self,
        *,
        question_id: Id,
        reasons: str,
        kept_person_id: Id,
        key: str | None = None,
    ) -> forms.Merged:
        """Say that they are one person.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/identity-questions/{question_id}/merge",
            ids={"question_id": question_id},
            body={"reasons": reasons, "kept_person_id": kept_person_id},
            key=key,
        )

    def keep_apart(
        self,
        *,
        question_id: Id,
        reasons: str,
        key: str | None = None,
    ) -> forms.KeptApart:
        """Say that they are two people.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/identity-questions/{question_id}/keep-apart",
            ids={"question_id": question_id},
            body={"reasons": reasons},
            key=key,
        )

    def book_assessment(
        self,
        *,
        referral_id: Id,
        starts_at: Instant,
        way: Literal["at_home", "at_place", "by_phone", "by_video"],
        coming: Sequence[forms.ComingForm],
        place: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.BookingState:
        """Fix a time for the joint assessment, and have the person told.

        Args:
            place: where people meet at a place.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/bookings",
            ids={"referral_id": referral_id},
            body={"starts_at": starts_at, "way": way, "place": place, "coming": coming},
            key=key,
        )

    def questionnaires(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Questionnaire]:
        """Every published questionnaire, the newest last.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET", "/v1/questionnaires", query={"cursor": cursor, "limit": limit}
        )

    def contribute(
        self,
        *,
        referral_id: Id,
        questionnaire: str,
        as_of: Instant,
        in_the_room: Sequence[str],
        domains: Sequence[forms.DomainForm],
        whole_life: Mapping[str, Any] | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.ContributionState:
        """Add what one side saw to the joint assessment.

        Args:
            as_of: when they were seen.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/contributions",
            ids={"referral_id": referral_id},
            body={
                "questionnaire": questionnaire,
                "as_of": as_of,
                "in_the_room": in_the_room,
                "domains": domains,
                "whole_life": whole_life,
            },
            key=key,
        )

    def agree_domain(
        self,
        *,
        referral_id: Id,
        domain: str,
        party: Literal["person", "nhs", "council"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.PositionState:
        """Agree with what was written of a domain.

        Args:
            party: who agrees; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/domains/{domain}/agreement",
            ids={"referral_id": referral_id, "domain": domain},
            body={"party": party},
            key=key,
        )

    def dispute_domain(
        self,
        *,
        referral_id: Id,
        domain: str,
        reasons: str,
        party: Literal["person", "nhs", "council"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.DisputeState:
        """Disagree with what was written of a domain; nobody waits for the end of that.

        Args:
            party: who disputes; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/domains/{domain}/disputes",
            ids={"referral_id": referral_id, "domain": domain},
            body={"party": party, "reasons": reasons},
            key=key,
        )

    def decide_dispute(
        self,
        *,
        dispute_id: Id,
        reasons: str,
        shares: forms.SharesForm | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.DisputeState:
        """Settle a dispute, with reasons.

        Args:
            shares: of a dispute of funders.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/disputes/{dispute_id}/decision",
            ids={"dispute_id": dispute_id},
            body={"shares": shares, "reasons": reasons},
            key=key,
        )

    def record_preventive_effect(
        self,
        *,
        referral_id: Id,
        domains: Sequence[str],
        what_support_prevents: str,
        what_if_it_ended: str,
        why_less_is_right: str,
        key: str | None = None,
    ) -> forms.StatementState:
        """Say why less is right although present support may be what works.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/preventive-effects",
            ids={"referral_id": referral_id},
            body={
                "domains": domains,
                "what_support_prevents": what_support_prevents,
                "what_if_it_ended": what_if_it_ended,
                "why_less_is_right": why_less_is_right,
            },
            key=key,
        )

    def record_preventive_effect_shown(
        self,
        *,
        statement_id: Id,
        shown_on: Day,
        person_words: str,
        interpreter: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.StatementState:
        """Record that the person has seen such a statement, and what they say to it.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/preventive-effects/{statement_id}/showing",
            ids={"statement_id": statement_id},
            body={"shown_on": shown_on, "person_words": person_words, "interpreter": interpreter},
            key=key,
        )

    def rule_sets(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.RuleSet]:
        """Every published rule set, the newest first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask("GET", "/v1/rule-sets", query={"cursor": cursor, "limit": limit})

    def propose_rule_set(
        self,
        *,
        name: str,
        active_from: Day,
        content: forms.ContentForm,
        key: str | None = None,
    ) -> forms.RuleSetState:
        """Propose a rule set.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/rule-sets",
            body={"name": name, "active_from": active_from, "content": content},
            key=key,
        )

    def approve_rule_set(
        self,
        *,
        name: str,
        key: str | None = None,
    ) -> forms.RuleSetState:
        """Publish what somebody else proposed; it never changes again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/rule-sets/{name}/approval", ids={"name": name}, key=key
        )

    def offer_budget(
        self,
        *,
        referral_id: Id,
        budget_kind: Literal["one_off_recovery", "ongoing"],
        weekly_contribution_pence: int,
        key: str | None = None,
    ) -> forms.OfferedBudget:
        """Work out what a person may plan with, and have them told.

        Args:
            weekly_contribution_pence: 0: none is known.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/indicative-budgets",
            ids={"referral_id": referral_id},
            body={
                "budget_kind": budget_kind,
                "weekly_contribution_pence": weekly_contribution_pence,
            },
            key=key,
        )

    def worked_out_again(
        self,
        *,
        referral_id: Id,
        version: int,
    ) -> forms.WorkedOutAgain:
        """A calculation, worked out again from what went in by the rules of its time."""
        return self._calls.ask(
            "GET",
            "/v1/cases/{referral_id}/indicative-budgets/{version}",
            ids={"referral_id": referral_id, "version": version},
        )

    def amount_told(
        self,
        *,
        referral_id: Id,
    ) -> forms.AmountTold:
        """Whether the person knows the latest amount, and how they came to know it."""
        return self._calls.ask(
            "GET",
            "/v1/cases/{referral_id}/indicative-budgets/told",
            ids={"referral_id": referral_id},
        )

    def record_told_in_person(
        self,
        *,
        referral_id: Id,
        version: int,
        told_on: Day,
        how_understood: str,
        interpreter: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Told:
        """Record that the person was told an amount face to face, and understood it.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/indicative-budgets/{version}/telling",
            ids={"referral_id": referral_id, "version": version},
            body={"told_on": told_on, "how_understood": how_understood, "interpreter": interpreter},
            key=key,
        )

    def decline_budget(
        self,
        *,
        referral_id: Id,
        informed_on: Day,
        informed_by_role: Literal[
            "care_coordinator",
            "broker",
            "practitioner",
            "team_manager",
            "peer_supporter",
            "advocate",
        ]
        | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Declined:
        """Record that the person, informed, wants no budget now.

        Args:
            informed_by_role: who informed them; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/indicative-budgets/decline",
            ids={"referral_id": referral_id},
            body={"informed_by_role": informed_by_role, "informed_on": informed_on},
            key=key,
        )

    def record_interview(
        self,
        *,
        referral_id: Id,
        held_on: Day,
        mode: Literal["face_to_face", "video", "telephone"],
        place: str,
        attendees: Sequence[str],
        person_words: str,
        key: str | None = None,
    ) -> forms.InterviewState:
        """Record that the broker and the person talked the plan over.

        Args:
            attendees: beside the person and the broker.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/interviews",
            ids={"referral_id": referral_id},
            body={
                "held_on": held_on,
                "mode": mode,
                "place": place,
                "attendees": attendees,
                "person_words": person_words,
            },
            key=key,
        )

    def draft_plan(
        self,
        *,
        referral_id: Id,
        plan_id: Id,
        goals: Sequence[forms.GoalForm],
        parts: Sequence[forms.PartForm],
        items: Sequence[forms.ItemForm],
        preferences: forms.PreferencesForm,
        six_features: Sequence[forms.FeatureCheckForm],
        risks: Sequence[forms.RiskForm],
        risk_of_doing_nothing: str,
        wanted_but_unavailable: Sequence[forms.UnavailableForm],
        crisis_plan: forms.CrisisPlanForm | Omitted | None = OMITTED,
        crisis_plan_declined_because: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Drafted:
        """Write a plan under an id of your choice, or its next version.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "PUT",
            "/v1/cases/{referral_id}/plans/{plan_id}",
            ids={"referral_id": referral_id, "plan_id": plan_id},
            body={
                "goals": goals,
                "parts": parts,
                "items": items,
                "preferences": preferences,
                "six_features": six_features,
                "risks": risks,
                "risk_of_doing_nothing": risk_of_doing_nothing,
                "wanted_but_unavailable": wanted_but_unavailable,
                "crisis_plan": crisis_plan,
                "crisis_plan_declined_because": crisis_plan_declined_because,
            },
            key=key,
        )

    def submit_plan(
        self,
        *,
        plan_id: Id,
        version: int,
        key: str | None = None,
    ) -> forms.Submitted:
        """Put a version of a plan before the three who sign it.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/plans/{plan_id}/submission",
            ids={"plan_id": plan_id},
            body={"version": version},
            key=key,
        )

    def plan_difference(
        self,
        *,
        plan_id: Id,
        from_: int,
        to: int,
    ) -> forms.Difference:
        """What changed from one version of a plan to another, each with a sentence."""
        return self._calls.ask(
            "GET",
            "/v1/plans/{plan_id}/differences",
            ids={"plan_id": plan_id},
            query={"from": from_, "to": to},
        )

    def sign_plan(
        self,
        *,
        plan_id: Id,
        version: int,
        content_sha256: str,
        role: Literal["person", "broker", "care_coordinator"] | Omitted = OMITTED,
        capacity_basis: str | Omitted | None = OMITTED,
        is_comfortable: bool | Omitted | None = OMITTED,
        worry: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Signed:
        """Sign a version of a plan as it is.

        Args:
            role: for whom is signed; left out: as what you have come.
            capacity_basis: why a representative signs, how it was established.
            is_comfortable: the care coordinator says so, and nobody else.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/plans/{plan_id}/signatures",
            ids={"plan_id": plan_id},
            body={
                "version": version,
                "content_sha256": content_sha256,
                "role": role,
                "capacity_basis": capacity_basis,
                "is_comfortable": is_comfortable,
                "worry": worry,
            },
            key=key,
        )

    def decide_plan(
        self,
        *,
        plan_id: Id,
        version: int,
        outcome: Literal["approve", "approve_in_part", "return", "refuse", "escalate"],
        reasons: str,
        items: Sequence[forms.ItemDecisionForm],
        evidence: Sequence[str],
        attendees: Sequence[forms.AttendeeForm],
        was_person_present: bool,
        rung: Literal[
            "care_coordinator", "team_manager", "multidisciplinary_team", "risk_enablement_panel"
        ]
        | Omitted = OMITTED,
        alternatives: str | Omitted | None = OMITTED,
        appeal_route: str | Omitted | None = OMITTED,
        escalate_to: Literal[
            "care_coordinator", "team_manager", "multidisciplinary_team", "risk_enablement_panel"
        ]
        | Omitted
        | None = OMITTED,
        skip_because: str | Omitted | None = OMITTED,
        co_signatory_id: Id | Omitted | None = OMITTED,
        backing: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Decided:
        """Decide on a signed plan, with reasons.

        Args:
            rung: which rung decides; left out: as what you have come.
            reasons: to escalate: the worry.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/plans/{plan_id}/decisions",
            ids={"plan_id": plan_id},
            body={
                "version": version,
                "rung": rung,
                "outcome": outcome,
                "reasons": reasons,
                "items": items,
                "evidence": evidence,
                "alternatives": alternatives,
                "appeal_route": appeal_route,
                "escalate_to": escalate_to,
                "skip_because": skip_because,
                "attendees": attendees,
                "was_person_present": was_person_present,
                "co_signatory_id": co_signatory_id,
                "backing": backing,
            },
            key=key,
        )

    def lodge_appeal(
        self,
        *,
        grounds: str,
        decision_id: Id | Omitted | None = OMITTED,
        refusal_id: Id | Omitted | None = OMITTED,
        amount: forms.AmountForm | Omitted | None = OMITTED,
        lodged_by_role: Literal["person", "representative", "advocate"] | Omitted = OMITTED,
        supporter: forms.SupporterForm | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.Lodged:
        """Have a refusal or an amount looked at again.

        Args:
            lodged_by_role: who appeals; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/appeals",
            body={
                "decision_id": decision_id,
                "refusal_id": refusal_id,
                "amount": amount,
                "lodged_by_role": lodged_by_role,
                "grounds": grounds,
                "supporter": supporter,
            },
            key=key,
        )

    def decide_appeal(
        self,
        *,
        appeal_id: Id,
        outcome: Literal["upheld", "not_upheld"],
        reasons: str,
        evidence: Sequence[str],
        next_route: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.DecidedAppeal:
        """Decide on an appeal, as somebody who had no hand in what it is against.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/appeals/{appeal_id}/decision",
            ids={"appeal_id": appeal_id},
            body={
                "outcome": outcome,
                "reasons": reasons,
                "evidence": evidence,
                "next_route": next_route,
            },
            key=key,
        )

    def record_reporting_line(
        self,
        *,
        staff_id: Id,
        reports_to_id: Id | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.ReportingLine:
        """Record to whom a member of staff reports.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "PUT",
            "/v1/staff/{staff_id}/reporting-line",
            ids={"staff_id": staff_id},
            body={"reports_to_id": reports_to_id},
            key=key,
        )

    def make_complaint(
        self,
        *,
        person_id: Id,
        words: str,
        may_team_read: bool,
        made_by_role: Literal["person", "representative", "advocate"] | Omitted = OMITTED,
        wants: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.ComplaintState:
        """Complain about how a person was treated.

        Args:
            made_by_role: who complains; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/complaints",
            ids={"person_id": person_id},
            body={
                "made_by_role": made_by_role,
                "words": words,
                "wants": wants,
                "may_team_read": may_team_read,
            },
            key=key,
        )

    def complaint(
        self,
        *,
        complaint_id: Id,
    ) -> forms.Complaint:
        """One complaint."""
        return self._calls.ask(
            "GET", "/v1/complaints/{complaint_id}", ids={"complaint_id": complaint_id}
        )

    def answer_complaint(
        self,
        *,
        complaint_id: Id,
        answer: str,
        next_route: str,
        key: str | None = None,
    ) -> forms.AnsweredComplaint:
        """Answer a complaint, from outside the care team.

        Args:
            next_route: where to go if the answer does not do.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/complaints/{complaint_id}/answer",
            ids={"complaint_id": complaint_id},
            body={"answer": answer, "next_route": next_route},
            key=key,
        )

    def request_review(
        self,
        *,
        referral_id: Id,
        trigger: str,
        asked_by: Literal["person", "family", "nominee", "worker", "partner"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.ReviewState:
        """Ask that a case be looked at again, soon.

        Args:
            asked_by: who asks; left out: as what you have come.
            trigger: what happened, in their words.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/reviews",
            ids={"referral_id": referral_id},
            body={"asked_by": asked_by, "trigger": trigger},
            key=key,
        )

    def hold_review(
        self,
        *,
        referral_id: Id,
        held_on: Day,
        attendee_roles: Sequence[str],
        person_present: bool,
        conclusions: str,
        goals: Sequence[forms.GoalOutcomeForm],
        absent_because: str | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.MeetingState:
        """Record that a review was held, and what came of each goal.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/review-meetings",
            ids={"referral_id": referral_id},
            body={
                "held_on": held_on,
                "attendee_roles": attendee_roles,
                "person_present": person_present,
                "absent_because": absent_because,
                "conclusions": conclusions,
                "goals": goals,
            },
            key=key,
        )

    def activate_crisis_plan(
        self,
        *,
        referral_id: Id,
        happened: str,
        activated_by: Literal["person", "nominee", "worker", "partner"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Crisis:
        """Put the person's crisis plan in force.

        Args:
            activated_by: who says so; left out: as what you have come.
            happened: in the words of whoever says so.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cases/{referral_id}/crises",
            ids={"referral_id": referral_id},
            body={"activated_by": activated_by, "happened": happened},
            key=key,
        )

    def prolong_crisis(
        self,
        *,
        crisis_id: Id,
        hand_back_on: Day,
        reason: str,
        prolonged_by: Literal["person", "nominee", "worker", "partner"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Crisis:
        """Say that a crisis goes on for longer.

        Args:
            prolonged_by: who says so; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/crises/{crisis_id}/prolongations",
            ids={"crisis_id": crisis_id},
            body={"prolonged_by": prolonged_by, "hand_back_on": hand_back_on, "reason": reason},
            key=key,
        )

    def stand_down_crisis_plan(
        self,
        *,
        crisis_id: Id,
        stood_down_by: Literal["person", "nominee", "worker", "partner"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Crisis:
        """Say that a crisis is over.

        Args:
            stood_down_by: who says so; left out: as what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/crises/{crisis_id}/stand-down",
            ids={"crisis_id": crisis_id},
            body={"stood_down_by": stood_down_by},
            key=key,
        )

    def record_death(
        self,
        *,
        person_id: Id,
        died_on: Day,
        source: str | Omitted = OMITTED,
        estate: forms.EstateForm | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.LifeEventState:
        """Record that a person has died.

        Args:
            source: who says so: a body, the person, their family or representative; left out: as
                what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/death",
            ids={"person_id": person_id},
            body={"source": source, "died_on": died_on, "estate": estate},
            key=key,
        )

    def correct_death(
        self,
        *,
        person_id: Id,
        reason: str,
        source: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.LifeEventState:
        """Take back a death that was recorded wrongly.

        Args:
            source: who says so: a body, the person, their family or representative; left out: as
                what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/death/correction",
            ids={"person_id": person_id},
            body={"source": source, "reason": reason},
            key=key,
        )

    def record_admission(
        self,
        *,
        person_id: Id,
        admitted_on: Day,
        source: str | Omitted = OMITTED,
        expected_discharge_on: Day | Omitted | None = OMITTED,
        key: str | None = None,
    ) -> forms.LifeEventState:
        """Record that a person is in hospital.

        Args:
            source: who says so: a body, the person, their family or representative; left out: as
                what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/admissions",
            ids={"person_id": person_id},
            body={
                "source": source,
                "admitted_on": admitted_on,
                "expected_discharge_on": expected_discharge_on,
            },
            key=key,
        )

    def record_discharge(
        self,
        *,
        person_id: Id,
        discharged_on: Day,
        source: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.LifeEventState:
        """Record that a person has left hospital.

        Args:
            source: who says so: a body, the person, their family or representative; left out: as
                what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/discharges",
            ids={"person_id": person_id},
            body={"source": source, "discharged_on": discharged_on},
            key=key,
        )

    def record_move(
        self,
        *,
        person_id: Id,
        moves_on: Day,
        to_area: str,
        source: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.LifeEventState:
        """Record that a person moves to another area.

        Args:
            source: who says so: a body, the person, their family or representative; left out: as
                what you have come.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/moves",
            ids={"person_id": person_id},
            body={"source": source, "moves_on": moves_on, "to_area": to_area},
            key=key,
        )


class Budget:
    """What the gateway has of budget."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def statement(
        self,
        *,
        budget_id: Id,
    ) -> forms.BudgetStatement:
        """How a budget stands: who pays what, what was spent on what, what is left."""
        return self._calls.ask("GET", "/v1/budgets/{budget_id}", ids={"budget_id": budget_id})

    def person_statement(
        self,
        *,
        budget_id: Id,
        starts_on: Day,
        ends_on: Day,
        form: Literal["json", "csv", "pdf"],
        known_at: Instant | Omitted = OMITTED,
    ) -> Document:
        """The statement of a period as JSON, CSV or PDF; Known-At asks for the same again.

        Args:
            known_at: as the books were known at this instant.
        """
        return self._calls.fetch(
            "/v1/budgets/{budget_id}/statement",
            ids={"budget_id": budget_id},
            query={"starts_on": starts_on, "ends_on": ends_on, "known_at": known_at, "form": form},
        )

    def forecast(
        self,
        *,
        budget_id: Id,
        on: Day,
    ) -> forms.Forecast:
        """What a budget comes to if things go on as they are."""
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/forecast",
            ids={"budget_id": budget_id},
            query={"on": on},
        )

    def balance(
        self,
        *,
        budget_id: Id,
        as_of: Day,
        known_at: Instant | Omitted = OMITTED,
    ) -> forms.Balance:
        """What each funder has in it, counting the days to one.

        Args:
            known_at: as the books were known at this instant.
        """
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/balance",
            ids={"budget_id": budget_id},
            query={"as_of": as_of, "known_at": known_at},
        )

    def find_surplus(
        self,
        *,
        budget_id: Id,
        on: Day,
        allowance_weeks: int | Omitted = OMITTED,
        plan_weeks: int | Omitted = OMITTED,
        contingency_pence: int | Omitted = OMITTED,
        committed_pence: int | Omitted = OMITTED,
    ) -> forms.Surplus:
        """What would be left over, funder by funder; nothing follows."""
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/surplus",
            ids={"budget_id": budget_id},
            query={
                "allowance_weeks": allowance_weeks,
                "plan_weeks": plan_weeks,
                "contingency_pence": contingency_pence,
                "committed_pence": committed_pence,
                "on": on,
            },
        )

    def end_budget(
        self,
        *,
        budget_id: Id,
        ends_on: Day,
        reason: Literal["plan_ended", "persons_wish", "died", "moved"],
        key: str | None = None,
    ) -> forms.Ended:
        """End a budget on a day.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/end",
            ids={"budget_id": budget_id},
            body={"ends_on": ends_on, "reason": reason},
            key=key,
        )

    def closing_statement(
        self,
        *,
        budget_id: Id,
    ) -> forms.ClosingStatement:
        """Each funder's figures at the end."""
        return self._calls.ask(
            "GET", "/v1/budgets/{budget_id}/closing-statement", ids={"budget_id": budget_id}
        )

    def report_financial_assessment(
        self,
        *,
        budget_id: Id,
        weekly_contribution_pence: int,
        weeks: int,
        free_weeks: int | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.FinancialAssessment:
        """Report what a person pays towards their own care.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/financial-assessments",
            ids={"budget_id": budget_id},
            body={
                "weekly_contribution_pence": weekly_contribution_pence,
                "weeks": weeks,
                "free_weeks": free_weeks,
            },
            key=key,
        )

    def record_agreement(
        self,
        *,
        budget_id: Id,
        pool_id: Id,
        purpose: Literal["joint", "nhs", "council"],
        starts_on: Day,
        shares: Sequence[forms.ShareForm],
        denominator: int | Omitted = OMITTED,
        is_disputed: bool | Omitted = OMITTED,
        signatures: Sequence[forms.FunderSignatureForm] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Called:
        """Write down who pays which part; the money is called for once every part has a payer.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/agreements",
            ids={"budget_id": budget_id},
            body={
                "pool_id": pool_id,
                "purpose": purpose,
                "starts_on": starts_on,
                "denominator": denominator,
                "shares": shares,
                "is_disputed": is_disputed,
                "signatures": signatures,
            },
            key=key,
        )

    def reapportion(
        self,
        *,
        agreement_id: Id,
        key: str | None = None,
    ) -> forms.Reapportioned:
        """Spread what was spent anew once a disputed share is decided.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/agreements/{agreement_id}/reapportionment",
            ids={"agreement_id": agreement_id},
            key=key,
        )

    def commit_contribution(
        self,
        *,
        budget_id: Id,
        contribution_id: Id,
        funder_id: Id,
        amount_pence: int,
        terms: forms.TermsForm | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.BudgetActive:
        """Promise a contribution that was called for.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/contributions/{contribution_id}/promise",
            ids={"budget_id": budget_id, "contribution_id": contribution_id},
            body={"funder_id": funder_id, "amount_pence": amount_pence, "terms": terms},
            key=key,
        )

    def release_contribution(
        self,
        *,
        budget_id: Id,
        contribution_id: Id,
        funder_id: Id,
        amount_pence: int,
        contract_reference: str,
        terms: forms.ReleaseTermsForm | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.BudgetActive:
        """Release a contribution that is in a contract already.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/contributions/{contribution_id}/release",
            ids={"budget_id": budget_id, "contribution_id": contribution_id},
            body={
                "funder_id": funder_id,
                "amount_pence": amount_pence,
                "contract_reference": contract_reference,
                "terms": terms,
            },
            key=key,
        )

    def receive_contribution(
        self,
        *,
        budget_id: Id,
        contribution_id: Id,
        funder_id: Id,
        amount_pence: int,
        bank_reference: str,
        key: str | None = None,
    ) -> forms.BudgetActive:
        """Record that a contribution has come in.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/contributions/{contribution_id}/receipt",
            ids={"budget_id": budget_id, "contribution_id": contribution_id},
            body={
                "funder_id": funder_id,
                "amount_pence": amount_pence,
                "bank_reference": bank_reference,
            },
            key=key,
        )

    def allocations(
        self,
        *,
        budget_id: Id,
    ) -> forms.Allocations:
        """Which money becomes usable when."""
        return self._calls.ask(
            "GET", "/v1/budgets/{budget_id}/allocations", ids={"budget_id": budget_id}
        )

    def schedule_allocation(
        self,
        *,
        budget_id: Id,
        funder_id: Id,
        recurrence: Literal["once", "week", "four_weeks", "month"],
        amount_pence: int,
        starts_on: Day,
        leftover: Literal["carry", "lapse", "claw"],
        ends_on: Day | Omitted = OMITTED,
        keep_weeks: int | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Scheduled:
        """Let a funder's money become usable bit by bit.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/allocations",
            ids={"budget_id": budget_id},
            body={
                "funder_id": funder_id,
                "recurrence": recurrence,
                "amount_pence": amount_pence,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "leftover": leftover,
                "keep_weeks": keep_weeks,
            },
            key=key,
        )

    def end_allocation(
        self,
        *,
        allocation_id: Id,
        ends_on: Day,
        reason: str,
        key: str | None = None,
    ) -> forms.AllocationEnd:
        """End an allocation on a day.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/allocations/{allocation_id}/end",
            ids={"allocation_id": allocation_id},
            body={"ends_on": ends_on, "reason": reason},
            key=key,
        )

    def crisis_reserve(
        self,
        *,
        budget_id: Id,
    ) -> forms.CrisisReserve:
        """What is promised for a crisis, and what became of it."""
        return self._calls.ask(
            "GET", "/v1/budgets/{budget_id}/crisis-reserve", ids={"budget_id": budget_id}
        )

    def promise_crisis_reserve(
        self,
        *,
        budget_id: Id,
        parts: Sequence[forms.ReservePartForm],
        signatures: Sequence[forms.FunderSignatureForm],
        key: str | None = None,
    ) -> forms.ReservePromised:
        """Promise money beside the budget for a crisis.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/crisis-reserve",
            ids={"budget_id": budget_id},
            body={"parts": parts, "signatures": signatures},
            key=key,
        )

    def money_routes(
        self,
        *,
        budget_id: Id,
        on: Day,
        weeks: int | Omitted = OMITTED,
        plan_weeks: int | Omitted = OMITTED,
    ) -> forms.MoneyRoutes:
        """Which way each item's money goes, and where the money is."""
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/money-routes",
            ids={"budget_id": budget_id},
            query={"on": on, "weeks": weeks, "plan_weeks": plan_weeks},
        )

    def set_route(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        route: Literal["host", "broker", "direct_payment", "notional"],
        starts_on: Day,
        reason: str,
        payee: Literal["person", "nominee"] | Omitted = OMITTED,
        account_reference: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Route:
        """Send an item's money another way from a day on.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/items/{item_id}/route",
            ids={"budget_id": budget_id, "item_id": item_id},
            body={
                "route": route,
                "starts_on": starts_on,
                "reason": reason,
                "payee": payee,
                "account_reference": account_reference,
            },
            key=key,
        )

    def schedule_direct_payment(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        recurrence: Literal["week", "four_weeks", "month"],
        amount_pence: int,
        starts_on: Day,
        ends_on: Day,
        key: str | None = None,
    ) -> forms.Schedule:
        """Pay an item's money to the person or their nominee, on a schedule.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/items/{item_id}/direct-payments",
            ids={"budget_id": budget_id, "item_id": item_id},
            body={
                "recurrence": recurrence,
                "amount_pence": amount_pence,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
            key=key,
        )

    def record_return(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        period_starts_on: Day,
        period_ends_on: Day,
        spent_pence: int,
        evidence_reference: str,
        key: str | None = None,
    ) -> forms.Return:
        """Record what a direct payment was spent on.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/items/{item_id}/returns",
            ids={"budget_id": budget_id, "item_id": item_id},
            body={
                "period_starts_on": period_starts_on,
                "period_ends_on": period_ends_on,
                "spent_pence": spent_pence,
                "evidence_reference": evidence_reference,
            },
            key=key,
        )

    def record_payment_returned(
        self,
        *,
        payment_id: Id,
        amount_pence: int,
        bank_reference: str,
        key: str | None = None,
    ) -> forms.PaymentReturned:
        """Record that a direct payment came back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/direct-payments/{payment_id}/return",
            ids={"payment_id": payment_id},
            body={"amount_pence": amount_pence, "bank_reference": bank_reference},
            key=key,
        )

    def record_delivery(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        amount_pence: int,
        delivered_on: Day,
        key: str | None = None,
    ) -> forms.Delivery:
        """Record what a partner has arranged, without a payment.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/items/{item_id}/deliveries",
            ids={"budget_id": budget_id, "item_id": item_id},
            body={"amount_pence": amount_pence, "delivered_on": delivered_on},
            key=key,
        )

    def top_up_broker(
        self,
        *,
        budget_id: Id,
        bank_reference: str,
        amount_pence: int | Omitted = OMITTED,
        portions: Sequence[forms.PortionForm] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.BrokerTransfer:
        """Give money to the broker's organisation to hold.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/broker-top-ups",
            ids={"budget_id": budget_id},
            body={
                "amount_pence": amount_pence,
                "portions": portions,
                "bank_reference": bank_reference,
            },
            key=key,
        )

    def record_broker_returned(
        self,
        *,
        budget_id: Id,
        bank_reference: str,
        amount_pence: int | Omitted = OMITTED,
        portions: Sequence[forms.PortionForm] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.BrokerTransfer:
        """Record that the broker's organisation gave money back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/broker-returns",
            ids={"budget_id": budget_id},
            body={
                "amount_pence": amount_pence,
                "portions": portions,
                "bank_reference": bank_reference,
            },
            key=key,
        )

    def report_broker_balance(
        self,
        *,
        budget_id: Id,
        on: Day,
        balances: Sequence[forms.HeldBalanceForm],
        key: str | None = None,
    ) -> forms.BrokerReport:
        """Compare what the broker's organisation says it holds with the ledger.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/broker-balances",
            ids={"budget_id": budget_id},
            body={"on": on, "balances": balances},
            key=key,
        )

    def repayments(
        self,
        *,
        budget_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Repayment]:
        """The repayments of a budget, with every step.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/repayments",
            ids={"budget_id": budget_id},
            query={"cursor": cursor, "limit": limit},
        )

    def propose_repayment(
        self,
        *,
        budget_id: Id,
        reason: str,
        ground: Literal[
            "plan_changed",
            "circumstances_changed",
            "accumulated",
            "misused",
            "offence",
            "died",
            "ended",
        ],
        allowance_weeks: int | Omitted = OMITTED,
        plan_weeks: int | Omitted = OMITTED,
        contingency_pence: int | Omitted = OMITTED,
        committed_pence: int | Omitted = OMITTED,
        addressee: Literal["person", "representative"] | Omitted = OMITTED,
        amount_pence: int | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Propose that what is left over goes back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments",
            ids={"budget_id": budget_id},
            body={
                "reason": reason,
                "allowance_weeks": allowance_weeks,
                "plan_weeks": plan_weeks,
                "contingency_pence": contingency_pence,
                "committed_pence": committed_pence,
                "ground": ground,
                "addressee": addressee,
                "amount_pence": amount_pence,
            },
            key=key,
        )

    def notify_repayment(
        self,
        *,
        budget_id: Id,
        repayment_id: Id,
        reason: str,
        notice_weeks: int | Omitted = OMITTED,
        payable_on: Day | Omitted = OMITTED,
        paid_by: Literal["host", "person", "nominee", "representative"] | Omitted = OMITTED,
        manner: Literal["bank_transfer", "cheque"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Give notice of a repayment.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments/{repayment_id}/notice",
            ids={"budget_id": budget_id, "repayment_id": repayment_id},
            body={
                "reason": reason,
                "notice_weeks": notice_weeks,
                "payable_on": payable_on,
                "paid_by": paid_by,
                "manner": manner,
            },
            key=key,
        )

    def request_reconsideration(
        self,
        *,
        budget_id: Id,
        repayment_id: Id,
        reason: str,
        asked_by: Literal["person", "representative", "nominee"],
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Ask for a repayment to be looked at again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments/{repayment_id}/reconsideration",
            ids={"budget_id": budget_id, "repayment_id": repayment_id},
            body={"reason": reason, "asked_by": asked_by},
            key=key,
        )

    def decide_reconsideration(
        self,
        *,
        budget_id: Id,
        repayment_id: Id,
        reason: str,
        outcome: Literal["upheld", "reduced", "withdrawn"],
        amount_pence: int | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Decide what was asked to be looked at again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments/{repayment_id}/reconsideration-decision",
            ids={"budget_id": budget_id, "repayment_id": repayment_id},
            body={"reason": reason, "outcome": outcome, "amount_pence": amount_pence},
            key=key,
        )

    def confirm_repayment(
        self,
        *,
        budget_id: Id,
        repayment_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Confirm a repayment whose notice is over.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments/{repayment_id}/confirmation",
            ids={"budget_id": budget_id, "repayment_id": repayment_id},
            body={"reason": reason},
            key=key,
        )

    def post_repayment(
        self,
        *,
        budget_id: Id,
        repayment_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Book a repayment that was confirmed.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments/{repayment_id}/posting",
            ids={"budget_id": budget_id, "repayment_id": repayment_id},
            body={"reason": reason},
            key=key,
        )

    def withdraw_repayment(
        self,
        *,
        budget_id: Id,
        repayment_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.RepaymentState:
        """Withdraw a repayment.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/budgets/{budget_id}/repayments/{repayment_id}/withdrawal",
            ids={"budget_id": budget_id, "repayment_id": repayment_id},
            body={"reason": reason},
            key=key,
        )

    def register_funder(
        self,
        *,
        kind: Literal["nhs", "council"],
        code: str,
        name: str,
        organisation: str,
        key: str | None = None,
    ) -> forms.FunderId:
        """Register an organisation that pays.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/funders",
            body={"kind": kind, "code": code, "name": name, "organisation": organisation},
            key=key,
        )

    def name_funder_contact(
        self,
        *,
        funder_id: Id,
        name: str | None,
        email: str | None,
        key: str | None = None,
    ) -> forms.FunderContact:
        """Name who hears at an organisation of what concerns its money.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "PUT",
            "/v1/funders/{funder_id}/contact",
            ids={"funder_id": funder_id},
            body={"name": name, "email": email},
            key=key,
        )

    def open_pool(
        self,
        *,
        name: str,
        agreement_reference: str,
        host_id: Id,
        partner_ids: Sequence[Id],
        starts_on: Day,
        ends_on: Day | None,
        key: str | None = None,
    ) -> forms.PoolId:
        """Open a pool in which funders work together.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/pools",
            body={
                "name": name,
                "agreement_reference": agreement_reference,
                "host_id": host_id,
                "partner_ids": partner_ids,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
            key=key,
        )

    def reverse_journal(
        self,
        *,
        journal_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.Reversed:
        """Take back what was written down wrongly.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/journals/{journal_id}/reversal",
            ids={"journal_id": journal_id},
            body={"reason": reason},
            key=key,
        )

    def correct_journal(
        self,
        *,
        journal_id: Id,
        effective_on: Day,
        occurred_on: Day,
        reason: str,
        key: str | None = None,
    ) -> forms.Corrected:
        """Write down for another day what was written down for a wrong one.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/journals/{journal_id}/correction",
            ids={"journal_id": journal_id},
            body={"effective_on": effective_on, "occurred_on": occurred_on, "reason": reason},
            key=key,
        )

    def year_end(
        self,
        *,
        pool_id: Id,
        financial_year: int,
        rules: Sequence[forms.FunderRuleForm],
        key: str | None = None,
    ) -> forms.YearEnd:
        """Decide what becomes of money that is left at a year's end.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/pools/{pool_id}/year-ends",
            ids={"pool_id": pool_id},
            body={"financial_year": financial_year, "rules": rules},
            key=key,
        )

    def funder_statement(
        self,
        *,
        funder_id: Id,
        starts_on: Day,
        ends_on: Day,
        form: Literal["json", "csv", "pdf"],
        known_at: Instant | Omitted = OMITTED,
        budget_id: Id | Omitted = OMITTED,
    ) -> Document:
        """An organisation's own side of a period as JSON, CSV or PDF.

        Args:
            known_at: as the books were known at this instant.
        """
        return self._calls.fetch(
            "/v1/funders/{funder_id}/statement",
            ids={"funder_id": funder_id},
            query={
                "starts_on": starts_on,
                "ends_on": ends_on,
                "known_at": known_at,
                "form": form,
                "budget_id": budget_id,
            },
        )

    def auditor_statement(
        self,
        *,
        starts_on: Day,
        ends_on: Day,
        form: Literal["json", "csv", "pdf"],
        known_at: Instant | Omitted = OMITTED,
        budget_id: Id | Omitted = OMITTED,
    ) -> Document:
        """Everything that was booked in a period, as JSON, CSV or PDF.

        Args:
            known_at: as the books were known at this instant.
        """
        return self._calls.fetch(
            "/v1/ledger/statement",
            query={
                "starts_on": starts_on,
                "ends_on": ends_on,
                "known_at": known_at,
                "form": form,
                "budget_id": budget_id,
            },
        )

    def journals_export(
        self,
        *,
        starts_on: Day,
        ends_on: Day,
        form: Literal["json", "csv"],
        known_at: Instant | Omitted = OMITTED,
        budget_id: Id | Omitted = OMITTED,
        funder_id: Id | Omitted = OMITTED,
    ) -> Document:
        """The postings of a period as JSON or CSV.

        Args:
            known_at: as the books were known at this instant.
        """
        return self._calls.fetch(
            "/v1/ledger/journals",
            query={
                "starts_on": starts_on,
                "ends_on": ends_on,
                "known_at": known_at,
                "form": form,
                "budget_id": budget_id,
                "funder_id": funder_id,
            },
        )

    def recharge(
        self,
        *,
        pool_id: Id,
        on: Day,
    ) -> forms.Recharges:
        """What partners owe one another, by month, and since when."""
        return self._calls.ask(
            "GET", "/v1/pools/{pool_id}/recharges", ids={"pool_id": pool_id}, query={"on": on}
        )

    def run_recharge(
        self,
        *,
        pool_id: Id,
        month: str,
        key: str | None = None,
    ) -> forms.RechargeRun:
        """Work out what partners owe one another for a month.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/pools/{pool_id}/recharges",
            ids={"pool_id": pool_id},
            body={"month": month},
            key=key,
        )

    def recharge_lines(
        self,
        *,
        invoice_id: Id,
        after_budget_id: Id | Omitted = OMITTED,
    ) -> forms.RechargeLines:
        """What an invoice is made of, budget by budget."""
        return self._calls.ask(
            "GET",
            "/v1/invoices/{invoice_id}/lines",
            ids={"invoice_id": invoice_id},
            query={"after_budget_id": after_budget_id},
        )

    def settle_recharge(
        self,
        *,
        run_id: Id,
        debtor_id: Id,
        creditor_id: Id,
        amount_pence: int,
        bank_reference: str,
        key: str | None = None,
    ) -> forms.Settled:
        """Record that a debt between partners was paid.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/recharges/{run_id}/settlements",
            ids={"run_id": run_id},
            body={
                "debtor_id": debtor_id,
                "creditor_id": creditor_id,
                "amount_pence": amount_pence,
                "bank_reference": bank_reference,
            },
            key=key,
        )

    def set_risk_rule(
        self,
        *,
        pool_id: Id,
        kind: Literal["lie_where_it_falls", "percentage", "capped"],
        from_year: int,
        signatures: Sequence[forms.RiskSignatureForm],
        parts: Sequence[forms.RiskPartForm] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.RiskRule:
        """Write down how partners share what is over or short at a year's end.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/pools/{pool_id}/risk-rules",
            ids={"pool_id": pool_id},
            body={"kind": kind, "from_year": from_year, "parts": parts, "signatures": signatures},
            key=key,
        )

    def risk_share_outlook(
        self,
        *,
        pool_id: Id,
        financial_year: int,
    ) -> forms.RiskOutlook:
        """What sharing a year's risk would come to, as things stand."""
        return self._calls.ask(
            "GET",
            "/v1/pools/{pool_id}/risk-share",
            ids={"pool_id": pool_id},
            query={"financial_year": financial_year},
        )

    def run_risk_share(
        self,
        *,
        pool_id: Id,
        financial_year: int,
        key: str | None = None,
    ) -> forms.RiskShare:
        """Share a year's risk.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/pools/{pool_id}/risk-shares",
            ids={"pool_id": pool_id},
            body={"financial_year": financial_year},
            key=key,
        )

    def open_period(
        self,
        *,
        pool_id: Id,
        starts_on: Day,
        ends_on: Day,
        key: str | None = None,
    ) -> forms.PeriodState:
        """Open a period of a pool's books.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/pools/{pool_id}/periods",
            ids={"pool_id": pool_id},
            body={"starts_on": starts_on, "ends_on": ends_on},
            key=key,
        )

    def soft_close_period(
        self,
        *,
        period_id: Id,
        key: str | None = None,
    ) -> forms.PeriodState:
        """Begin to close a period: nothing but corrections is booked.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/periods/{period_id}/soft-close", ids={"period_id": period_id}, key=key
        )

    def sign_period(
        self,
        *,
        period_id: Id,
        funder_id: Id,
        key: str | None = None,
    ) -> forms.PeriodSigned:
        """Sign a period for a partner, as it stands.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/periods/{period_id}/signatures",
            ids={"period_id": period_id},
            body={"funder_id": funder_id},
            key=key,
        )

    def close_period(
        self,
        *,
        period_id: Id,
        key: str | None = None,
    ) -> forms.PeriodClosed:
        """Close a period for good, once everybody has signed.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/periods/{period_id}/closure", ids={"period_id": period_id}, key=key
        )

    def approve_reopening(
        self,
        *,
        period_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.PeriodVersion:
        """Be the second person for opening a closed period again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/periods/{period_id}/reopening-approval",
            ids={"period_id": period_id},
            body={"reason": reason},
            key=key,
        )

    def reopen_period(
        self,
        *,
        period_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.PeriodState:
        """Open a closed period again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/periods/{period_id}/reopening",
            ids={"period_id": period_id},
            body={"reason": reason},
            key=key,
        )

    def period_statement(
        self,
        *,
        period_id: Id,
        version: int | Omitted = OMITTED,
        budget_id: Id | Omitted = OMITTED,
    ) -> forms.Period:
        """A closed period as it was closed, the same whenever it is asked for."""
        return self._calls.ask(
            "GET",
            "/v1/periods/{period_id}",
            ids={"period_id": period_id},
            query={"version": version, "budget_id": budget_id},
        )

    def reconciliation(
        self,
        *,
        on: Day,
    ) -> forms.Reconciliation:
        """Both sides in lines and pence, and what is in suspense."""
        return self._calls.ask("GET", "/v1/reconciliation", query={"on": on})

    def import_lines(
        self,
        *,
        source: str,
        file_sha256: str,
        lines: Sequence[forms.BankLineForm],
        key: str | None = None,
    ) -> forms.Imported:
        """Take in lines of an account or a card programme; known ones are not taken twice.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/bank-lines",
            body={"source": source, "file_sha256": file_sha256, "lines": lines},
            key=key,
        )

    def match_lines(
        self,
        *,
        since: Day,
        until: Day,
        key: str | None = None,
    ) -> forms.LinesMatched:
        """Match by rule what moved between two days.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/line-match-runs", body={"since": since, "until": until}, key=key
        )

    def match_by_hand(
        self,
        *,
        outside: Sequence[forms.OutsideLineForm],
        ledger: Sequence[forms.LedgerLineForm],
        reason: str,
        key: str | None = None,
    ) -> forms.Match:
        """Say which lines belong together.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/line-matches",
            body={"outside": outside, "ledger": ledger, "reason": reason},
            key=key,
        )

    def undo_match(
        self,
        *,
        match_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.Undone:
        """Take a match back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/line-matches/{match_id}/undoing",
            ids={"match_id": match_id},
            body={"reason": reason},
            key=key,
        )

    def assign_suspense(
        self,
        *,
        suspense_id: Id,
        owner: str,
        due_on: Day,
        reason: str,
        key: str | None = None,
    ) -> forms.Assigned:
        """Say who looks after something in suspense, and until when.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "PUT",
            "/v1/suspense/{suspense_id}/owner",
            ids={"suspense_id": suspense_id},
            body={"owner": owner, "due_on": due_on, "reason": reason},
            key=key,
        )


class Payments:
    """What the gateway has of payments."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def request_purchase(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        amount_pence: int,
        instruction: str,
        is_not_a_repeat: bool | Omitted = OMITTED,
        not_a_repeat_because: str | Omitted = OMITTED,
        key: str | None = None,
        wait: int = 0,
    ) -> forms.Purchase | forms.PurchaseState:
        """Ask for a purchase: money is set aside, and a card or a transfer opened.

        Args:
            instruction: what to buy, where.
            is_not_a_repeat: it looks like a repeat and is none.
            key: to repeat it later; a new one otherwise.
            wait: for how many seconds to wait for the outcome, at most 30.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases",
            body={
                "budget_id": budget_id,
                "item_id": item_id,
                "amount_pence": amount_pence,
                "instruction": instruction,
                "is_not_a_repeat": is_not_a_repeat,
                "not_a_repeat_because": not_a_repeat_because,
            },
            key=key,
            wait=wait,
        )

    def request_wages(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        instruction: str,
        minutes: int,
        hourly_rate_pence: int,
        worked_from_on: Day,
        worked_until_on: Day,
        is_not_a_repeat: bool | Omitted = OMITTED,
        not_a_repeat_because: str | Omitted = OMITTED,
        key: str | None = None,
        wait: int = 0,
    ) -> forms.Purchase | forms.WagesState:
        """Ask for somebody's wages: hours times rate, paid through the bank.

        Args:
            instruction: what to buy, where.
            is_not_a_repeat: it looks like a repeat and is none.
            key: to repeat it later; a new one otherwise.
            wait: for how many seconds to wait for the outcome, at most 30.
        """
        return self._calls.tell(
            "POST",
            "/v1/wages",
            body={
                "budget_id": budget_id,
                "item_id": item_id,
                "instruction": instruction,
                "minutes": minutes,
                "hourly_rate_pence": hourly_rate_pence,
                "worked_from_on": worked_from_on,
                "worked_until_on": worked_until_on,
                "is_not_a_repeat": is_not_a_repeat,
                "not_a_repeat_because": not_a_repeat_because,
            },
            key=key,
            wait=wait,
        )

    def purchase(
        self,
        *,
        purchase_id: Id,
    ) -> forms.Purchase:
        """One purchase."""
        return self._calls.ask(
            "GET", "/v1/purchases/{purchase_id}", ids={"purchase_id": purchase_id}
        )

    def purchases(
        self,
        *,
        budget_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Purchase]:
        """What was bought with a budget, the oldest first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/purchases",
            ids={"budget_id": budget_id},
            query={"cursor": cursor, "limit": limit},
        )

    def history(
        self,
        *,
        person_id: Id,
        after: Id | Omitted = OMITTED,
    ) -> forms.PurchaseHistory:
        """Everything that is kept of a person's purchases, a hundred at a time."""
        return self._calls.ask(
            "GET",
            "/v1/people/{person_id}/purchase-history",
            ids={"person_id": person_id},
            query={"after": after},
        )

    def approve_purchase(
        self,
        *,
        purchase_id: Id,
        reason: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Be the second person for a purchase above the broker's limit.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/approval",
            ids={"purchase_id": purchase_id},
            body={"reason": reason},
            key=key,
        )

    def return_purchase(
        self,
        *,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Send a purchase back to be put right.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/return",
            ids={"purchase_id": purchase_id},
            body={"reason": reason},
            key=key,
        )

    def reject_purchase(
        self,
        *,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Say no to a purchase above the broker's limit.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/rejection",
            ids={"purchase_id": purchase_id},
            body={"reason": reason},
            key=key,
        )

    def amend_purchase(
        self,
        *,
        purchase_id: Id,
        amount_pence: int,
        instruction: str,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Put right what was sent back, and ask anew.

        Args:
            instruction: what to buy, where.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/amendment",
            ids={"purchase_id": purchase_id},
            body={"amount_pence": amount_pence, "instruction": instruction},
            key=key,
        )

    def record_invoice(
        self,
        *,
        purchase_id: Id,
        invoice_number: str,
        amount_pence: int,
        is_last: bool | Omitted = OMITTED,
        is_not_a_repeat: bool | Omitted = OMITTED,
        not_a_repeat_because: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Record a supplier's invoice, which is then paid.

        Args:
            is_not_a_repeat: it looks like a repeat and is none.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/invoices",
            ids={"purchase_id": purchase_id},
            body={
                "invoice_number": invoice_number,
                "amount_pence": amount_pence,
                "is_last": is_last,
                "is_not_a_repeat": is_not_a_repeat,
                "not_a_repeat_because": not_a_repeat_because,
            },
            key=key,
        )

    def use_second_rail(
        self,
        *,
        purchase_id: Id,
        rail: Literal["card", "bacs"],
        reason: str,
        key: str | None = None,
    ) -> forms.SecondRail:
        """Pay another way while one is down, once it is sure that nothing was paid.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/second-rail",
            ids={"purchase_id": purchase_id},
            body={"rail": rail, "reason": reason},
            key=key,
        )

    def finish_purchase(
        self,
        *,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Say that nothing more is bought; what is still held goes back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/finish",
            ids={"purchase_id": purchase_id},
            body={"reason": reason},
            key=key,
        )

    def cancel_purchase(
        self,
        *,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.PurchaseState:
        """Call a purchase off; what is held goes back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/cancellation",
            ids={"purchase_id": purchase_id},
            body={"reason": reason},
            key=key,
        )

    def cards(
        self,
        *,
        purchase_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Card]:
        """The cards of a purchase, with who changed them and why.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/purchases/{purchase_id}/cards",
            ids={"purchase_id": purchase_id},
            query={"cursor": cursor, "limit": limit},
        )

    def freeze_card(
        self,
        *,
        card_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.CardState:
        """Stop a card for now.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cards/{card_id}/freeze",
            ids={"card_id": card_id},
            body={"reason": reason},
            key=key,
        )

    def unfreeze_card(
        self,
        *,
        card_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.CardState:
        """Let a frozen card pay again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cards/{card_id}/unfreeze",
            ids={"card_id": card_id},
            body={"reason": reason},
            key=key,
        )

    def replace_card(
        self,
        *,
        card_id: Id,
        because: Literal["lost", "stolen"],
        reason: str,
        key: str | None = None,
    ) -> forms.CardState:
        """Close a card that is lost or stolen, and have another one issued.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cards/{card_id}/replacement",
            ids={"card_id": card_id},
            body={"because": because, "reason": reason},
            key=key,
        )

    def close_card(
        self,
        *,
        card_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.CardState:
        """Close a card for good.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/cards/{card_id}/closure",
            ids={"card_id": card_id},
            body={"reason": reason},
            key=key,
        )

    def series(
        self,
        *,
        budget_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Series]:
        """What is bought again and again with a budget, and the cards that people hold.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/series",
            ids={"budget_id": budget_id},
            query={"cursor": cursor, "limit": limit},
        )

    def start_series(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        amount_pence: int,
        every: Literal["week", "fortnight", "four_weeks", "month"],
        period: Literal["week", "month", "year"],
        period_cap_pence: int,
        starts_on: Day,
        ends_on: Day,
        instruction: str,
        key: str | None = None,
    ) -> forms.SeriesState:
        """Ask for something to be bought again and again by one approval.

        Args:
            instruction: what to buy, where.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/series",
            body={
                "budget_id": budget_id,
                "item_id": item_id,
                "amount_pence": amount_pence,
                "every": every,
                "period": period,
                "period_cap_pence": period_cap_pence,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "instruction": instruction,
            },
            key=key,
        )

    def start_holders_card(
        self,
        *,
        budget_id: Id,
        item_id: Id,
        allowance_pence: int,
        every: Literal["week", "fortnight", "four_weeks"],
        starts_on: Day,
        ends_on: Day,
        holder_id: Id,
        holder_name: str,
        instruction: str,
        key: str | None = None,
    ) -> forms.SeriesState:
        """Ask for a card that the person holds, with an allowance for each period.

        Args:
            instruction: what to buy, where.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/holders-cards",
            body={
                "budget_id": budget_id,
                "item_id": item_id,
                "allowance_pence": allowance_pence,
                "every": every,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "holder_id": holder_id,
                "holder_name": holder_name,
                "instruction": instruction,
            },
            key=key,
        )

    def approve_series(
        self,
        *,
        series_id: Id,
        key: str | None = None,
    ) -> forms.SeriesState:
        """Be the second person for a series.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/series/{series_id}/approval", ids={"series_id": series_id}, key=key
        )

    def end_series(
        self,
        *,
        series_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.SeriesState:
        """End a series: nothing more is bought.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/series/{series_id}/end",
            ids={"series_id": series_id},
            body={"reason": reason},
            key=key,
        )

    def observed_cards(
        self,
        *,
        budget_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.ObservedCard]:
        """Cards of others on which is looked, with what was bought.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/budgets/{budget_id}/observed-cards",
            ids={"budget_id": budget_id},
            query={"cursor": cursor, "limit": limit},
        )

    def register_observed_card(
        self,
        *,
        issuer_card_id: str,
        budget_id: Id,
        item_id: Id,
        key: str | None = None,
    ) -> forms.ObservedCardId:
        """Look on at somebody else's card: what it buys is shown and never booked.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/observed-cards",
            body={"issuer_card_id": issuer_card_id, "budget_id": budget_id, "item_id": item_id},
            key=key,
        )

    def ask_upload(
        self,
        *,
        purchase_id: Id,
        amount_pence: int,
        lines: Sequence[forms.ReceiptLineForm] | Omitted = OMITTED,
        sha256: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Upload:
        """Get a one-time address to which the file of a receipt is sent.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/receipt-uploads",
            ids={"purchase_id": purchase_id},
            body={"amount_pence": amount_pence, "lines": lines, "sha256": sha256},
            key=key,
        )

    def attach_receipt(
        self,
        *,
        purchase_id: Id,
        amount_pence: int,
        sha256: str,
        lines: Sequence[forms.ReceiptLineForm] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.ReceiptState:
        """Attach a receipt whose file is kept elsewhere, by its SHA-256.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/receipts",
            ids={"purchase_id": purchase_id},
            body={"amount_pence": amount_pence, "lines": lines, "sha256": sha256},
            key=key,
        )

    def no_receipt_because(
        self,
        *,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.ReceiptState:
        """Say why there is no receipt.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/purchases/{purchase_id}/no-receipt",
            ids={"purchase_id": purchase_id},
            body={"reason": reason},
            key=key,
        )

    def ask_receipt(
        self,
        *,
        receipt_id: Id,
        key: str | None = None,
    ) -> forms.Download:
        """Get a one-time address at which the file of a receipt is read.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/receipts/{receipt_id}/downloads", ids={"receipt_id": receipt_id}, key=key
        )

    def payees(
        self,
        *,
        person_id: Id | Omitted = OMITTED,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Payee]:
        """A person's own payees, or those of everybody; never a whole account number.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET", "/v1/payees", query={"person_id": person_id, "cursor": cursor, "limit": limit}
        )

    def add_payee(
        self,
        *,
        sort_code: str,
        account_number: str,
        name: str,
        relationship: Literal[
            "supplier",
            "assistant",
            "self",
            "nominee",
            "partner",
            "close_family",
            "other_family",
            "friend",
        ],
        person_id: Id | Omitted = OMITTED,
        is_same_household: bool | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.PayeeState:
        """Add somebody whom the bank may pay.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/payees",
            body={
                "sort_code": sort_code,
                "account_number": account_number,
                "name": name,
                "person_id": person_id,
                "relationship": relationship,
                "is_same_household": is_same_household,
            },
            key=key,
        )

    def change_payee_details(
        self,
        *,
        payee_id: Id,
        sort_code: str,
        account_number: str,
        key: str | None = None,
    ) -> forms.PayeeState:
        """Change the account of a payee; it is to be confirmed anew.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "PUT",
            "/v1/payees/{payee_id}/details",
            ids={"payee_id": payee_id},
            body={"sort_code": sort_code, "account_number": account_number},
            key=key,
        )

    def confirm_payee(
        self,
        *,
        payee_id: Id,
        details_version: int,
        key: str | None = None,
    ) -> forms.PayeeState:
        """Be the second person for a payee's details.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/payees/{payee_id}/confirmation",
            ids={"payee_id": payee_id},
            body={"details_version": details_version},
            key=key,
        )

    def agree_payee(
        self,
        *,
        payee_id: Id,
        funder: Literal["nhs", "council"],
        reason: str,
        from_on: Day,
        until_on: Day | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.PayeeAgreement:
        """Agree for a funder that a relative or somebody of the household is paid.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/payees/{payee_id}/agreements",
            ids={"payee_id": payee_id},
            body={"funder": funder, "reason": reason, "from_on": from_on, "until_on": until_on},
            key=key,
        )

    def link_payee(
        self,
        *,
        payee_id: Id,
        item_id: Id,
        key: str | None = None,
    ) -> forms.PayeeLink:
        """Say that a payee is meant by an item of a plan.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "PUT",
            "/v1/payees/{payee_id}/items/{item_id}",
            ids={"payee_id": payee_id, "item_id": item_id},
            key=key,
        )

    def confirm_link(
        self,
        *,
        payee_id: Id,
        item_id: Id,
        key: str | None = None,
    ) -> forms.PayeeLink:
        """Be the second person for a payee of an item.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/payees/{payee_id}/items/{item_id}/confirmation",
            ids={"payee_id": payee_id, "item_id": item_id},
            key=key,
        )

    def exceptions(
        self,
        *,
        role: str | Omitted = OMITTED,
        purchase_id: Id | Omitted = OMITTED,
        is_open: bool | Omitted = OMITTED,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Exception]:
        """What waits for somebody, what is due first at the head.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/exceptions",
            query={
                "role": role,
                "purchase_id": purchase_id,
                "is_open": is_open,
                "cursor": cursor,
                "limit": limit,
            },
        )

    def resolve_exception(
        self,
        *,
        exception_id: Id,
        resolution: Literal[
            "accepted",
            "disputed",
            "refund_asked",
            "corrected",
            "not_ours",
            "written_off",
            "repayment",
            "done",
        ],
        reason: str,
        key: str | None = None,
    ) -> forms.Resolution:
        """End an exception.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/exceptions/{exception_id}/resolution",
            ids={"exception_id": exception_id},
            body={"resolution": resolution, "reason": reason},
            key=key,
        )

    def disputes(
        self,
        *,
        purchase_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.CardDispute]:
        """The disputes of a purchase, the oldest first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/purchases/{purchase_id}/disputes",
            ids={"purchase_id": purchase_id},
            query={"cursor": cursor, "limit": limit},
        )

    def open_dispute(
        self,
        *,
        purchase_id: Id,
        presentment_id: str,
        reason: Literal[
            "cancelled",
            "duplicate",
            "fraudulent",
            "merchandise_not_as_described",
            "no_valid_authorisation",
            "not_received",
            "other",
            "service_not_as_described",
        ],
        words: str,
        evidence: Sequence[str] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.CardDisputeState:
        """Begin to ask for money back through the card network.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/disputes",
            body={
                "purchase_id": purchase_id,
                "presentment_id": presentment_id,
                "reason": reason,
                "evidence": evidence,
                "words": words,
            },
            key=key,
        )

    def submit_dispute(
        self,
        *,
        dispute_id: Id,
        key: str | None = None,
    ) -> forms.CardDisputeState:
        """Send a dispute to the network.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/disputes/{dispute_id}/submission", ids={"dispute_id": dispute_id}, key=key
        )

    def withdraw_dispute(
        self,
        *,
        dispute_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.CardDisputeState:
        """Take a dispute back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/disputes/{dispute_id}/withdrawal",
            ids={"dispute_id": dispute_id},
            body={"reason": reason},
            key=key,
        )

    def refund_queue(
        self,
        *,
        purchase_id: Id | Omitted = OMITTED,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.WaitingRefund]:
        """Refunds of which nobody knows yet what they are of.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/refund-queue",
            query={"purchase_id": purchase_id, "cursor": cursor, "limit": limit},
        )

    def match_refund(
        self,
        *,
        presentment_id: str,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.MoneyMatched:
        """Say of which purchase a refund is.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/refund-matches",
            body={"presentment_id": presentment_id, "purchase_id": purchase_id, "reason": reason},
            key=key,
        )

    def match_capture(
        self,
        *,
        presentment_id: str,
        purchase_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.MoneyMatched:
        """Say of which purchase money is that a card paid.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/capture-matches",
            body={"presentment_id": presentment_id, "purchase_id": purchase_id, "reason": reason},
            key=key,
        )

    def settlement(
        self,
        *,
        day: Day,
    ) -> forms.Settlement:
        """What the issuer's file of a day came to."""
        return self._calls.ask("GET", "/v1/settlements", query={"day": day})

    def import_settlement(
        self,
        *,
        day: Day,
        file: str,
        replaces: str | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Settlement:
        """Take in the issuer's file of a day.

        Args:
            file: as the issuer wrote it.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/settlements",
            body={"day": day, "file": file, "replaces": replaces},
            key=key,
        )

    def open_holds(
        self,
        *,
        older_than_days: int | Omitted = OMITTED,
    ) -> forms.OpenHolds:
        """How old the money is that is set aside."""
        return self._calls.ask("GET", "/v1/open-holds", query={"older_than_days": older_than_days})

    def spending_limits(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.SpendingLimit]:
        """Who may ask for how much alone, and who may approve how much.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET", "/v1/spending-limits", query={"cursor": cursor, "limit": limit}
        )

    def set_spending_limit(
        self,
        *,
        role: str,
        from_on: Day,
        asks_up_to_pence: int,
        approves_up_to_pence: int,
        reason: str,
        counts_for_days: int | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.LimitState:
        """Set a role's limit from a day on.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/spending-limits",
            body={
                "role": role,
                "from_on": from_on,
                "asks_up_to_pence": asks_up_to_pence,
                "approves_up_to_pence": approves_up_to_pence,
                "counts_for_days": counts_for_days,
                "reason": reason,
            },
            key=key,
        )

    def confirm_spending_limit(
        self,
        *,
        role: str,
        from_on: Day,
        key: str | None = None,
    ) -> forms.LimitState:
        """Be the second person for a limit that loosens.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/spending-limits/confirmations",
            body={"role": role, "from_on": from_on},
            key=key,
        )

    def card_policies(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.CardPolicy]:
        """How cards may be used: how much dearer, where, how often.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask("GET", "/v1/card-policies", query={"cursor": cursor, "limit": limit})

    def set_card_policy(
        self,
        *,
        tolerance_basis_points: int,
        tolerance_cap_pence: int,
        payments_of_a_card: int,
        close_after_days: int,
        applies_from: Day,
        why: str,
        allowed_countries: Sequence[str] | Omitted = OMITTED,
        locks_at_issuer: bool | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.CardPolicyState:
        """Set how cards may be used from a day on.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/card-policies",
            body={
                "tolerance_basis_points": tolerance_basis_points,
                "tolerance_cap_pence": tolerance_cap_pence,
                "allowed_countries": allowed_countries,
                "locks_at_issuer": locks_at_issuer,
                "payments_of_a_card": payments_of_a_card,
                "close_after_days": close_after_days,
                "applies_from": applies_from,
                "why": why,
            },
            key=key,
        )

    def confirm_card_policy(
        self,
        *,
        policy_id: Id,
        key: str | None = None,
    ) -> forms.CardPolicyState:
        """Be the second person for a policy that loosens.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/card-policies/{policy_id}/confirmation",
            ids={"policy_id": policy_id},
            key=key,
        )

    def exclusions(self) -> forms.Exclusions:
        """What is not paid for, by whom, why and from when."""
        return self._calls.ask("GET", "/v1/exclusions")

    def propose_exclusion(
        self,
        *,
        kind: Literal["law", "funder", "plan"],
        strength: Literal["hard", "soft"],
        applies_from: Day,
        source: str,
        why: str,
        funder: Literal["nhs", "council"] | Omitted = OMITTED,
        merchant_category_code: str | Omitted = OMITTED,
        item_category: str | Omitted = OMITTED,
        item_id: Id | Omitted = OMITTED,
        lifts: Id | Omitted = OMITTED,
        applies_until: Day | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.ExclusionState:
        """Propose that something is not paid for, or that a rule is lifted.

        Args:
            merchant_category_code: four digits, ISO 18245.
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/exclusions",
            body={
                "kind": kind,
                "strength": strength,
                "funder": funder,
                "merchant_category_code": merchant_category_code,
                "item_category": item_category,
                "item_id": item_id,
                "lifts": lifts,
                "applies_from": applies_from,
                "applies_until": applies_until,
                "source": source,
                "why": why,
            },
            key=key,
        )

    def try_exclusion(
        self,
        *,
        exclusion_id: Id,
        days: int,
        key: str | None = None,
    ) -> forms.Trial:
        """See what an exclusion would have refused in the days before.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/exclusions/{exclusion_id}/trials",
            ids={"exclusion_id": exclusion_id},
            body={"days": days},
            key=key,
        )

    def approve_exclusion(
        self,
        *,
        exclusion_id: Id,
        trial_id: Id,
        key: str | None = None,
    ) -> forms.ExclusionState:
        """Be the second person for an exclusion, having seen its trial.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/exclusions/{exclusion_id}/approval",
            ids={"exclusion_id": exclusion_id},
            body={"trial_id": trial_id},
            key=key,
        )


class Notifications:
    """What the gateway has of notifications."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def messages(
        self,
        *,
        person_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Message]:
        """What a person was told, the oldest first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/people/{person_id}/messages",
            ids={"person_id": person_id},
            query={"cursor": cursor, "limit": limit},
        )

    def cancel_message(
        self,
        *,
        message_id: Id,
        key: str | None = None,
    ) -> forms.Nothing:
        """Call a message off that has not gone out yet.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/messages/{message_id}/cancellation",
            ids={"message_id": message_id},
            key=key,
        )

    def retry_by_other_channel(
        self,
        *,
        message_id: Id,
        channel: Literal["sms", "email", "letter"],
        key: str | None = None,
    ) -> forms.Retried:
        """Send a message that failed by another channel.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/messages/{message_id}/retry",
            ids={"message_id": message_id},
            body={"channel": channel},
            key=key,
        )

    def record_seen_to(
        self,
        *,
        message_id: Id,
        key: str | None = None,
    ) -> forms.Nothing:
        """Say that the person was told in another way.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/messages/{message_id}/seen-to", ids={"message_id": message_id}, key=key
        )

    def see_to_reply(
        self,
        *,
        reply_id: Id,
        key: str | None = None,
    ) -> forms.Nothing:
        """Say that somebody has answered what a person wrote back.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST", "/v1/replies/{reply_id}/seen-to", ids={"reply_id": reply_id}, key=key
        )

    def preferences(
        self,
        *,
        person_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Preferences]:
        """How a person chose to hear from us, what counts first; its ETag is for If-Match.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/people/{person_id}/preferences",
            ids={"person_id": person_id},
            query={"cursor": cursor, "limit": limit},
        )

    def set_preferences(
        self,
        *,
        person_id: Id,
        channels: Sequence[Literal["sms", "email", "letter"]],
        reason: str,
        if_match: str | int,
        declined_topics: Sequence[str] | Omitted = OMITTED,
        language: str | Omitted = OMITTED,
        accessible_format: str | Omitted = OMITTED,
        opens: int | Omitted = OMITTED,
        closes: int | Omitted = OMITTED,
        is_safe_to_text: bool | Omitted = OMITTED,
        copied: Sequence[Id] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Nothing:
        """Write down how a person chose to hear from us, in place of what counted.

        Args:
            key: to repeat it later; a new one otherwise.
            if_match: the version, or the ETag, of what was read before.
        """
        return self._calls.tell(
            "PUT",
            "/v1/people/{person_id}/preferences",
            ids={"person_id": person_id},
            body={
                "channels": channels,
                "declined_topics": declined_topics,
                "language": language,
                "accessible_format": accessible_format,
                "opens": opens,
                "closes": closes,
                "is_safe_to_text": is_safe_to_text,
                "copied": copied,
                "reason": reason,
            },
            key=key,
            if_match=if_match,
        )

    def suppressions(
        self,
        *,
        person_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Suppression]:
        """What keeps a person from being written to.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/people/{person_id}/suppressions",
            ids={"person_id": person_id},
            query={"cursor": cursor, "limit": limit},
        )

    def suppress(
        self,
        *,
        person_id: Id,
        channel: Literal["sms", "email", "letter"],
        is_of_address: bool,
        reason: Literal["permanent_failure", "unsubscribed", "stop", "wrong_number"],
        until: Instant | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Nothing:
        """Write to a person by a channel no more.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/suppressions",
            ids={"person_id": person_id},
            body={
                "channel": channel,
                "is_of_address": is_of_address,
                "reason": reason,
                "until": until,
            },
            key=key,
        )

    def lift_suppression(
        self,
        *,
        suppression_id: Id,
        key: str | None = None,
    ) -> forms.Nothing:
        """Let a channel be used again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/suppressions/{suppression_id}/end",
            ids={"suppression_id": suppression_id},
            key=key,
        )

    def safeguarding_holds(
        self,
        *,
        person_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.SafeguardingHold]:
        """What is held for a person's safety; never shown to whoever looks with them.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/people/{person_id}/safeguarding-holds",
            ids={"person_id": person_id},
            query={"cursor": cursor, "limit": limit},
        )

    def hold_for_safeguarding(
        self,
        *,
        person_id: Id,
        review_by: Day,
        reason: str,
        channel: Literal["sms", "email", "letter"] | Omitted = OMITTED,
        key: str | None = None,
    ) -> forms.Held:
        """Hold a person's messages for their safety.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/people/{person_id}/safeguarding-holds",
            ids={"person_id": person_id},
            body={"channel": channel, "review_by": review_by, "reason": reason},
            key=key,
        )

    def release_safeguarding_hold(
        self,
        *,
        hold_id: Id,
        reason: str,
        key: str | None = None,
    ) -> forms.Nothing:
        """Let messages go again.

        Args:
            key: to repeat it later; a new one otherwise.
        """
        return self._calls.tell(
            "POST",
            "/v1/safeguarding-holds/{hold_id}/release",
            ids={"hold_id": hold_id},
            body={"reason": reason},
            key=key,
        )

    def preview(
        self,
        *,
        topic: str,
        channel: Literal["sms", "email", "letter"],
        language: str | Omitted = OMITTED,
        format: Literal["large_print", "easy_read"] | Omitted = OMITTED,
        is_draft_shown: bool | Omitted = OMITTED,
        audience: Literal[
            "holder", "representative", "broker", "coordinator", "decider", "funder", "second"
        ]
        | Omitted = OMITTED,
    ) -> forms.Preview:
        """See what somebody would read, each fact by its name; nothing is sent."""
        return self._calls.ask(
            "GET",
            "/v1/message-previews",
            query={
                "topic": topic,
                "language": language,
                "channel": channel,
                "format": format,
                "is_draft_shown": is_draft_shown,
                "audience": audience,
            },
        )


class Api:
    """Common Purse, v1."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.assessment = Assessment(calls)
        self.budget = Budget(calls)
        self.payments = Payments(calls)
        self.notifications = Notifications(calls)

    def tasks(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Task]:
        """What waits for your role, about people you work with, what is due first at the head.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask("GET", "/v1/tasks", query={"cursor": cursor, "limit": limit})

    def own_access_log(
        self,
        *,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Access]:
        """Who looked at your record, the newest first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask("GET", "/v1/me/access-log", query={"cursor": cursor, "limit": limit})

    def access_log(
        self,
        *,
        person_id: Id,
        cursor: str | Omitted = OMITTED,
        limit: int | Omitted = OMITTED,
    ) -> Page[forms.Access]:
        """Who looked at a person's record, the newest first.

        Args:
            cursor: next_cursor of the page before.
        """
        return self._calls.ask(
            "GET",
            "/v1/people/{person_id}/access-log",
            ids={"person_id": person_id},
            query={"cursor": cursor, "limit": limit},
        )

    def me(self) -> forms.Me:
        """Who I am, in which role."""
        return self._calls.ask("GET", "/v1/me")

    def choose_role(
        self,
        *,
        choice: int,
    ) -> forms.Renewed:
        """Choose another of my roles.

        Args:
            choice: the place in choices, from 0.
        """
        return self._calls.once("PUT", "/v1/me/role", body={"choice": choice})

    def sign_out(self) -> None:
        """Sign out."""
        self._calls.once("DELETE", "/v1/session")

    def exchange_code(
        self,
        *,
        code: str,
        code_verifier: str,
        redirect_uri: str,
    ) -> forms.Token:
        """Exchange the code of a sign-in for a token."""
        return self._calls.once(
            "POST",
            "/v1/sessions",
            body={"code": code, "code_verifier": code_verifier, "redirect_uri": redirect_uri},
        )

    def token(
        self,
        *,
        grant_type: Literal["client_credentials"],
        client_assertion_type: Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        client_assertion: str,
        client_id: str | Omitted = OMITTED,
    ) -> forms.SystemToken:
        """Get a token by private_key_jwt.

        Args:
            client_id: need not be said; if so, the same.
        """
        return self._calls.once(
            "POST",
            "/v1/token",
            form={
                "grant_type": grant_type,
                "client_assertion_type": client_assertion_type,
                "client_assertion": client_assertion,
                "client_id": client_id,
            },
        )
