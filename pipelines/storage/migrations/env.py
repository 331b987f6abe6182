"""Run by Alembic: works on the connection that the program hands over, inside its transaction."""

from alembic import context

from pipelines.storage.models import Base

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run `bureauwatch db upgrade`; the program hands its own connection over")
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True, render_as_batch=True)
context.run_migrations()
