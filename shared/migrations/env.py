"""What alembic runs: one service's revisions in one transaction."""

from alembic import context
from sqlalchemy import create_engine, pool

config = context.config

engine = create_engine(config.attributes["database_url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=config.attributes["tables"])
    with context.begin_transaction():
        context.run_migrations()
