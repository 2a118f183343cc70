"""Alembic's entry: migrations run online, on the engine the application gives them."""

from alembic import context

from casework.migrate import METADATA

engine = context.config.attributes["engine"]
with engine.connect().execution_options(immediate=True) as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
