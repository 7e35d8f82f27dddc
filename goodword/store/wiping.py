"""Is what was deleted gone from the files, too, or only from the answers?

SQLite overwrites deleted rows with zeros (`secure_delete`), but the words of a text live on in the index
until its parts are merged (SQLite before 3.42), and the write-ahead log keeps old pages until it is
written over. PostgreSQL's own vacuum does the like.
"""

from django.db import connection


def wipe() -> None:
    """Take deleted words out of the search index and the log. Nothing that is read or found changes."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO store_entry_fts(store_entry_fts) VALUES ('optimize')")
        # Pages that somebody is reading stay in the log until the next time.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
