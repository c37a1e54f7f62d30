"""crises with an end, reviews that are held, and what happens to a person"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# A crisis has an id of its asker's from now on, and a cap. Nothing was released: none is moved.
_CRISES = """
    CREATE TABLE crises (
        crisis_id uuid NOT NULL CONSTRAINT crises_pkey PRIMARY KEY,
        referral_id uuid NOT NULL CONSTRAINT crises_referral_id_fkey REFERENCES referrals,
        plan_id uuid NOT NULL CONSTRAINT crises_plan_id_fkey REFERENCES plans,
        budget_id uuid,
        activated_by varchar(32) NOT NULL,
        happened varchar NOT NULL,
        substitute_manager varchar,
        cap_pence bigint NOT NULL,
        activated_at timestamptz NOT NULL,
        hand_back_on date NOT NULL,
        stood_down_at timestamptz,
        stood_down_by varchar(32),
        CONSTRAINT crises_ends_after_its_start_check CHECK (stood_down_at >= activated_at),
        CONSTRAINT crises_cap_not_negative_check CHECK (cap_pence >= 0),
        CONSTRAINT crises_somebody_ended_it_check
            CHECK ((stood_down_at IS NULL) = (stood_down_by IS NULL))
    );
    CREATE INDEX crises_referral_id_ix ON crises (referral_id);
    CREATE UNIQUE INDEX crises_one_at_a_time_key ON crises (referral_id)
        WHERE stood_down_at IS NULL;
    CREATE INDEX crises_hand_back_on_ix ON crises (hand_back_on) WHERE stood_down_at IS NULL;
"""
_ACTIVATIONS = """
    CREATE TABLE crisis_activations (
        activation_id uuid NOT NULL CONSTRAINT crisis_activations_pkey PRIMARY KEY,
        referral_id uuid NOT NULL
            CONSTRAINT crisis_activations_referral_id_fkey REFERENCES referrals,
        plan_id uuid NOT NULL CONSTRAINT crisis_activations_plan_id_fkey REFERENCES plans,
        activated_by_role varchar NOT NULL,
        activated_at timestamptz NOT NULL,
        stood_down_at timestamptz,
        CONSTRAINT crisis_activations_ends_after_its_start_check
            CHECK (stood_down_at >= activated_at)
    );
    CREATE UNIQUE INDEX crisis_activations_one_at_a_time_key ON crisis_activations (referral_id)
        WHERE stood_down_at IS NULL;
"""
_MEETINGS = """
    CREATE TABLE review_meetings (
        meeting_id uuid NOT NULL CONSTRAINT review_meetings_pkey PRIMARY KEY,
        referral_id uuid NOT NULL CONSTRAINT review_meetings_referral_id_fkey REFERENCES referrals,
        held_on date NOT NULL,
        attendee_roles jsonb NOT NULL,
        is_person_present boolean NOT NULL,
        absent_because varchar,
        conclusions varchar NOT NULL,
        recorded_at timestamptz NOT NULL,
        request_sha256 varchar NOT NULL,
        CONSTRAINT review_meetings_absence_has_a_reason_check
            CHECK (is_person_present = (absent_because IS NULL))
    );
    CREATE INDEX review_meetings_referral_id_ix ON review_meetings (referral_id);
    CREATE TABLE goal_outcomes (
        meeting_id uuid NOT NULL
            CONSTRAINT goal_outcomes_meeting_id_fkey REFERENCES review_meetings,
        position bigint NOT NULL,
        outcome_id uuid NOT NULL CONSTRAINT goal_outcomes_outcome_id_key UNIQUE,
        goal varchar NOT NULL,
        words varchar NOT NULL,
        self_rating bigint,
        may_quote boolean NOT NULL,
        CONSTRAINT goal_outcomes_pkey PRIMARY KEY (meeting_id, position),
        CONSTRAINT goal_outcomes_rating_in_range_check CHECK (self_rating BETWEEN 0 AND 10)
    );
"""
# Of a review from before nobody kept who asked for it, so none of them is kept.
_REVIEWS = """
    DELETE FROM reviews;
    ALTER TABLE reviews
        ADD opens_on date NOT NULL,
        ADD asked_by varchar(32),
        ADD clocks jsonb NOT NULL,
        ADD rule_due_on date,
        ADD moved_because varchar,
        ADD closed_at timestamptz,
        ADD meeting_id uuid CONSTRAINT reviews_meeting_id_fkey REFERENCES review_meetings,
        ADD CONSTRAINT reviews_somebody_asked_check
            CHECK ((kind = 'rapid') = (asked_by IS NOT NULL)),
        ADD CONSTRAINT reviews_meeting_closes_check
            CHECK (meeting_id IS NULL OR closed_at IS NOT NULL);
    CREATE UNIQUE INDEX reviews_one_planned_key ON reviews (referral_id)
        WHERE kind = 'planned' AND closed_at IS NULL;
"""
_REVIEWS_BEFORE = """
    DROP INDEX reviews_one_planned_key;
    ALTER TABLE reviews
        DROP CONSTRAINT reviews_somebody_asked_check, DROP CONSTRAINT reviews_meeting_closes_check,
        DROP opens_on, DROP asked_by, DROP clocks, DROP rule_due_on, DROP moved_because,
        DROP closed_at, DROP meeting_id;
"""
_LIFE_EVENTS = """
    CREATE TABLE life_events (
        event_id uuid NOT NULL CONSTRAINT life_events_pkey PRIMARY KEY,
        person_id uuid NOT NULL CONSTRAINT life_events_person_id_fkey REFERENCES people,
        position bigint NOT NULL,
        kind varchar(32) NOT NULL,
        happened_on date NOT NULL,
        source varchar NOT NULL,
        details jsonb NOT NULL,
        whereabouts varchar(32) NOT NULL,
        recorded_at timestamptz NOT NULL,
        request_sha256 varchar NOT NULL,
        effective_at timestamptz,
        CONSTRAINT life_events_position_from_one_check CHECK (position >= 1)
    );
    CREATE UNIQUE INDEX life_events_in_order_key ON life_events (person_id, position);
    CREATE INDEX life_events_moves_ahead_ix ON life_events (happened_on)
        WHERE kind = 'move' AND effective_at IS NULL;
"""


def upgrade() -> None:
    op.execute("DROP TABLE crisis_activations")
    op.execute(_CRISES)
    op.execute(_MEETINGS)
    op.execute(_REVIEWS)
    op.execute(_LIFE_EVENTS)


def downgrade() -> None:
    op.execute("DROP TABLE life_events")
    op.execute(_REVIEWS_BEFORE)
    op.execute("DROP TABLE goal_outcomes")
    op.execute("DROP TABLE review_meetings")
    op.execute("DROP TABLE crises")
    op.execute(_ACTIVATIONS)
