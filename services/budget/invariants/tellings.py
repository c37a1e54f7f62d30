"""What others were told, as long as the outbox keeps it."""

from collections.abc import Mapping

QUESTIONS: Mapping[str, str] = {
    "I18 what was told of a hold last is how it stands": """
        SELECT 'purchase ' || purchase_id || ': version ' || version || ', told ' || told
        FROM holds JOIN (
            SELECT subject, max((body -> 'data' ->> 'version')::bigint) AS told FROM outbox
            WHERE event_type LIKE 'budget.hold_%' AND event_type NOT LIKE 'budget.hold_refused.%'
               OR event_type LIKE 'budget.refund_posted.%'
            GROUP BY subject) AS tellings ON subject = 'purchase/' || purchase_id
        WHERE version <> told ORDER BY purchase_id""",
}
