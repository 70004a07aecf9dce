"""The tables of a new installation, made from the models in one go: docs/decisions/0027.

An existing database is migrated, step by step as its release left it. A new one has nothing to carry over: making every
historical table and altering it a hundred times costs thirteen seconds of computing, making the present ones a third of one. A test
holds the two ways to the same schema and the same rows.
"""

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

__all__ = ["make_tables"]


def make_tables(connection: BaseDatabaseWrapper) -> None:
    """Into an empty database: every table, and every migration entered as done."""
    with connection.schema_editor() as editor:
        for app in apps.get_app_configs():
            for model in router.get_migratable_models(app, connection.alias, include_auto_created=False):
                if model._meta.can_migrate(connection):  # noqa: SLF001  (Django's documented name of it)
                    editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with transaction.atomic(using=connection.alias):
        for app_label, name in sorted(MigrationLoader(None).graph.nodes):
            recorder.record_applied(app_label, name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
