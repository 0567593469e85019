"""Runs the migrations on the connection that the caller put in the config's attributes."""

from alembic import context

from db.models import metadata


def run() -> None:
    """Migrate, or compare, within the caller's transaction."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
