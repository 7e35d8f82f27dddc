"""The index of each database: FTS5 beside the table, or a stored tsvector in it."""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE store_entry_fts USING fts5(
    text, content='store_entry', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='2 3'
);
INSERT INTO store_entry_fts(store_entry_fts, rank) VALUES('secure-delete', 1);
CREATE TRIGGER store_entry_added AFTER INSERT ON store_entry BEGIN
    INSERT INTO store_entry_fts(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER store_entry_removed AFTER DELETE ON store_entry BEGIN
    INSERT INTO store_entry_fts(store_entry_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER store_entry_changed AFTER UPDATE OF text ON store_entry BEGIN
    INSERT INTO store_entry_fts(store_entry_fts, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO store_entry_fts(rowid, text) VALUES (new.id, new.text);
END;
"""

POSTGRESQL = """
ALTER TABLE store_entry ADD COLUMN words tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED;
CREATE INDEX store_entry_words ON store_entry USING gin (words);
"""


def build(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        # secure-delete came with SQLite 3.42: without it a deleted word may stay in the index's slack.
        script = SQLITE
        if schema_editor.connection.Database.sqlite_version_info < (3, 42):
            script = "\n".join(line for line in SQLITE.splitlines() if "secure-delete" not in line)
        for statement in _statements(script):
            schema_editor.execute(statement)
    else:
        schema_editor.execute(POSTGRESQL)


def _statements(script):
    """Split at the semicolons that end a statement, not at those inside a trigger."""
    part = []
    for line in script.strip().splitlines():
        part.append(line)
        inside = any(text.startswith("CREATE TRIGGER") for text in part)
        if line.endswith(";") and (not inside or line == "END;"):
            yield "\n".join(part)
            part = []


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
