"""Clears what nobody needs any more, a little at a time, so that no transaction is long."""

from sqlalchemy import Engine, text

BATCH_SIZE = 500

# A batch is chosen first and for itself: inside `IN (…)` PostgreSQL may choose anew for each row,
# and each time others that are not locked yet.

# A published event stays for seven days, so that somebody can see what was sent.
_CLEAR_OUTBOX = text("""
    WITH old AS MATERIALIZED (
        SELECT position FROM outbox
        WHERE state = 'published' AND published_at < clock_timestamp() - interval '7 days'
        ORDER BY published_at LIMIT :batch_size FOR UPDATE SKIP LOCKED)
    DELETE FROM outbox USING old WHERE outbox.position = old.position
""")
# A repeat of a message is recognised for thirty-five days, as long as a dead one may be replayed;
# where money moves its business key recognises it for ever.
_CLEAR_INBOX = text("""
    WITH old AS MATERIALIZED (
        SELECT consumer, message_id FROM inbox
        WHERE state = 'processed' AND processed_at < clock_timestamp() - interval '35 days'
        ORDER BY processed_at LIMIT :batch_size FOR UPDATE SKIP LOCKED)
    DELETE FROM inbox USING old
    WHERE (inbox.consumer, inbox.message_id) = (old.consumer, old.message_id)
""")
# What an errand was done with is emptied at its end; that it was done is of use no longer than
# its message is.
_CLEAR_ERRANDS = text("""
    WITH old AS MATERIALIZED (
        SELECT errand_id FROM errands
        WHERE state = 'done' AND next_attempt_at < clock_timestamp() - interval '35 days'
        ORDER BY next_attempt_at LIMIT :batch_size FOR UPDATE SKIP LOCKED)
    DELETE FROM errands USING old WHERE errands.errand_id = old.errand_id
""")


def clear_some(engine: Engine) -> bool:
    """Delete one batch of each table, and tell whether that was all there is."""
    cleared = []
    for statement in (_CLEAR_OUTBOX, _CLEAR_INBOX, _CLEAR_ERRANDS):
        with engine.begin() as connection:
            cleared.append(connection.execute(statement, {"batch_size": BATCH_SIZE}).rowcount)
    return max(cleared) < BATCH_SIZE
