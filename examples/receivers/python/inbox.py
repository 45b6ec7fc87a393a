import sqlite3
from contextlib import closing


class SqliteInbox:
    """What the receiver has been sent. If several receivers share the work, put another database behind it."""

    def __init__(self, path):
        self._path = path
        self._run("CREATE TABLE IF NOT EXISTS callbacks (id TEXT PRIMARY KEY, text TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0)")

    def add(self, webhook_id, text):
        """Keeps a callback before it is answered; false if one with this id is here already."""
        changed, _ = self._run("INSERT OR IGNORE INTO callbacks (id, text) VALUES (?, ?)", (webhook_id, text))
        return changed == 1

    def waiting(self):
        """The callbacks that are not done, oldest first."""
        _, rows = self._run("SELECT id, text FROM callbacks WHERE done = 0 ORDER BY rowid")
        return rows

    def done(self, webhook_id):
        """Its result is downloaded. The id stays, for later repeats."""
        self._run("UPDATE callbacks SET done = 1 WHERE id = ?", (webhook_id,))

    def _run(self, statement, parameters=()):
        # A connection of its own for each statement, because each request has a thread of its own.
        with closing(sqlite3.connect(self._path)) as connection, connection:
            cursor = connection.execute(statement, parameters)
            return cursor.rowcount, cursor.fetchall()
