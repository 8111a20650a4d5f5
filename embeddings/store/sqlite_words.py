"""Searching the words of a SQLite catalogue: its FTS5 table, and the vocabulary of that."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from embeddings.records import Filters
from embeddings.store.full_text import all_of, any_of, both, phrase, within
from embeddings.store.records import Keys
from embeddings.store.sqlite_chunks import ascending
from embeddings.store.sqlite_issues import where

# A word in the headline, kicker or subtitle weighs this much of one in the text.
_TITLE_WEIGHT = 2.0
_BM25 = f"bm25(words, {_TITLE_WEIGHT}, 1.0)"
_LATER = 40  # chunks looked at for references to an article
_OWN_NAMES = ("本报", "本刊", "本台", "更正")  # in what refers to an article of the same paper
_LAST_CHAR = "\U0010ffff"


def open_vocabulary(db: sqlite3.Connection) -> None:
    """Make the view on the words' own index that a connection looks frequencies up in; it lives in memory only."""
    db.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'words', 'row')")


def lexical_search(db: sqlite3.Connection, words: Sequence[str], limit: int, filters: Filters) -> list[tuple[int, float]]:
    """Return (chunk key, BM25) of the `limit` best chunks holding any of the words, best first.

    BM25 as SQLite's FTS5 computes it (k1 1.2, b 0.75), turned so that more is better.
    """
    query = any_of(words)
    if not query:
        return []
    if filters.empty:
        # ORDER BY rank lets FTS5 sort by itself, without a row of ours for every match.
        ranked = f"words MATCH ? AND rank MATCH 'bm25({_TITLE_WEIGHT}, 1.0)' ORDER BY rank LIMIT ?"
        sql = f"SELECT rowid, -rank FROM words WHERE {ranked}"
        return list(db.execute(sql, (query, limit)))
    condition, values = where(filters)
    sql = f"""
        SELECT words.rowid, -{_BM25} AS found FROM words
        JOIN chunks c ON c.chunk_key = words.rowid JOIN articles a USING (article_id) JOIN issues i USING (issue_id)
        WHERE words MATCH ? AND {condition} ORDER BY found DESC LIMIT ?
    """
    return list(db.execute(sql, (query, *values, limit)))


def lexical_scores(db: sqlite3.Connection, words: Sequence[str], keys: Sequence[int]) -> dict[int, float]:
    """Return the same BM25 of those among these chunks that hold any of the words, by ascending key."""
    query = any_of(words)
    if not query or not keys:
        return {}
    among = ",".join(map(str, keys))
    # The sign keeps FTS5 from matching all words anew for each key, some 0.6 ms a key over 40 thousand chunks.
    sql = f"SELECT rowid, -{_BM25} FROM words WHERE words MATCH ? AND +rowid IN ({among})"
    return dict(db.execute(sql, (query,)))


def chunks_holding(db: sqlite3.Connection, words: Sequence[str]) -> Keys:
    """Return the keys of the chunks that hold all of these words, ascending."""
    query = all_of(words)
    return ascending(db.execute("SELECT rowid FROM words WHERE words MATCH ?", (query,)) if query else ())


def count_phrase(db: sqlite3.Connection, words: Sequence[str], most: int) -> int:
    """Count the chunks that hold these words side by side, up to `most`."""
    query = phrase(words)
    sql = "SELECT count(*) FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT ?)"
    return int(db.execute(sql, (query, most)).fetchone()[0]) if query else 0


def matching_passages(db: sqlite3.Connection, words: Sequence[str]) -> dict[str, int]:
    """Count for each issue the passages that hold every one of these words; issues without any are left out."""
    query = all_of(words)
    if not query:
        return {}
    rows = db.execute(
        "SELECT a.issue_id, count(*) FROM words JOIN chunks c ON c.chunk_key = words.rowid JOIN articles a USING (article_id) "
        "WHERE words MATCH ? GROUP BY a.issue_id",
        (query,),
    )
    return dict(rows)


def later_article_ids(db: sqlite3.Connection, article_id: str, words: Sequence[str]) -> list[str]:
    """Return the articles of later issues of the same paper that share most with these words and name the paper (本报).

    The index of words ranks them, so that only few are looked at.
    """
    query = both(within("body", any_of(words)), within("body", any_of(_OWN_NAMES)))
    if not query:
        return []
    rows = db.execute(
        """
        SELECT later.article_id FROM articles a JOIN issues own USING (issue_id)
        CROSS JOIN words CROSS JOIN chunks c ON c.chunk_key = words.rowid
        JOIN articles later ON later.article_id = c.article_id JOIN issues i ON i.issue_id = later.issue_id
        WHERE a.article_id = ? AND words MATCH ? AND i.paper = own.paper AND i.issue_date > own.issue_date
        ORDER BY bm25(words), words.rowid LIMIT ?
        """,
        (article_id, query, _LATER),
    )
    return list(dict.fromkeys(row[0] for row in rows))


def words_beginning(db: sqlite3.Connection, start: str) -> dict[str, int]:
    """Return the words that begin so, and in how many chunks each stands."""
    rows = db.execute("SELECT term, doc FROM temp.vocabulary WHERE term >= ? AND term < ?", (start, start + _LAST_CHAR))
    return dict(rows)


def document_frequencies(db: sqlite3.Connection, words: Sequence[str]) -> dict[str, int]:
    """Return in how many chunks each of these words stands."""
    unique = list(dict.fromkeys(words))
    marks = ",".join("?" * len(unique))
    found = dict(db.execute(f"SELECT term, doc FROM temp.vocabulary WHERE term IN ({marks})", unique))
    return {word: found.get(word, 0) for word in unique}
