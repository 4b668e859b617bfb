"""How does Alembic reach the database? bot.tickets.database hands it a connection that holds the lock."""

from alembic import context

from bot.tickets.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # The whole upgrade is one transaction, also on SQLite: it happens entirely or not at all.
    transactional_ddl=True,
    transaction_per_migration=False,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
