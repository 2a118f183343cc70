"""Alembic's entry: migrations run online, within the transaction that the application gives them
(:meth:`casework.db.Database.whole`)."""

from alembic import context

from casework.migrate import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
