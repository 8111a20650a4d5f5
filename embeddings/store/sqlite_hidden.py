"""Damaged issues and articles of a SQLite catalogue, hidden from those who read, so that all else goes on being served."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from embeddings.store.sqlite_seals import Name, broken, broken_among, has_seals


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is not as it was stored, and is shown to nobody."""

    issues: frozenset[Name] = frozenset()
    articles: frozenset[Name] = frozenset()

    def __or__(self, other: Hidden) -> Hidden:
        return Hidden(self.issues | other.issues, self.articles | other.articles)

    def __bool__(self) -> bool:
        return bool(self.issues or self.articles)


def find_hidden(db: sqlite3.Connection) -> Hidden:
    """Return the issues whose facts are damaged; articles are looked at when they are read."""
    return Hidden(frozenset(broken(db, "issues"))) if has_seals(db) else Hidden()


def still_hidden(db: sqlite3.Connection, before: Hidden) -> Hidden:
    """Return what is damaged still of what was."""
    articles = broken_among(db, "articles", before.articles) | broken_among(db, "readings", before.articles)
    return Hidden(frozenset(broken_among(db, "issues", before.issues)), frozenset(articles))


def hide(db: sqlite3.Connection, hidden: Hidden) -> None:
    """Let this connection read all but what is hidden: its own views stand before the tables of the same name."""
    show_all(db)
    if hidden:
        issues, articles = _listed(hidden.issues), _listed(hidden.articles)
        db.execute(f"CREATE TEMP VIEW issues AS SELECT * FROM main.issues WHERE issue_id NOT IN ({issues})")
        db.execute(
            "CREATE TEMP VIEW articles AS SELECT * FROM main.articles "
            f"WHERE issue_id NOT IN ({issues}) AND article_id NOT IN ({articles})"
        )


def show_all(db: sqlite3.Connection) -> None:
    """Let this connection read everything again."""
    for name in ("issues", "articles"):
        db.execute(f"DROP VIEW IF EXISTS temp.{name}")


def _listed(names: Collection[Name]) -> str:
    return ", ".join("'" + str(name).replace("'", "''") + "'" for name in sorted(map(str, names)))
