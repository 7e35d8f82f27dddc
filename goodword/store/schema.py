"""Which tables does the database have now, and how is an empty one brought to the shape of another?

The answer comes from the migrations that were applied, not from today's models: before an upgrade the
database is still as an earlier version made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from goodword.store.columns import Table, table_of

Applied = tuple[str, str]  # app and name of a migration

# Left out of every backup: who holds the row of a session, or the list of where somebody is signed in,
# could sign in with it; and counts against guessing are over before anybody restores.
NOT_KEPT = frozenset({"django_session", "team_signin", "store_kept"})


class MadeByANewerVersion(Exception):
    """There are migrations that this version of Goodword does not know."""


def applied() -> list[Applied]:
    """The migrations that made the database what it is, in no order that matters."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def unknown(migrations: Iterable[Applied]) -> list[Applied]:
    """Those that this version has never heard of."""
    loader = MigrationLoader(None)
    return sorted(set(migrations) - set(loader.disk_migrations))


def pending() -> bool:
    """Does the database wait for migrations?"""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def tables(migrations: Iterable[Applied]) -> list[Table]:
    """All tables whose rows are kept, each after those that its keys point to. Raises MadeByANewerVersion."""
    known = set(migrations)
    if strange := unknown(known):
        raise MadeByANewerVersion(", ".join(".".join(one) for one in strange))
    loader = MigrationLoader(None)
    state = loader.project_state([node for node in sorted(known) if node in loader.graph.nodes])
    found = [
        table_of(model)
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in NOT_KEPT
    ]
    by_name = {table.name: table for table in found}
    order = TopologicalSorter({table.name: table.needs & by_name.keys() for table in found})
    return [by_name[name] for name in order.static_order()]


def is_empty() -> bool:
    """Is there not a single table?"""
    return not connection.introspection.table_names()


def make_tables(migrations: Iterable[Applied]) -> None:
    """In an empty database: the tables as these migrations left them."""
    wanted = set(migrations)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    executor.migrate([], plan=[(step, back) for step, back in plan if (step.app_label, step.name) in wanted])


def drop_everything() -> None:
    """Every table goes: only ever called for a restore that was interrupted."""
    if connection.vendor == "sqlite":
        connection.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{end}").unlink(missing_ok=True)
        return
    if names := connection.introspection.table_names():
        quoted = ", ".join(map(connection.ops.quote_name, names))
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {quoted} CASCADE")
