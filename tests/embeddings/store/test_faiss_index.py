"""The FAISS snapshot is a cache: whatever is wrong with it, searches see the catalogue."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.records import Article, Chunk, Filters, Issue
from embeddings.store.faiss_index import FaissIndex
from embeddings.store.records import Entry, FilePart, Manifest, SourceFile
from embeddings.store.sqlite_catalogue import SqliteCatalogue

DIMENSION = 8
Matrix = NDArray[np.float32]


@pytest.fixture
def catalogue(tmp_path: Path) -> SqliteCatalogue:
    """Three issues of two chunks each, with vectors of their own."""
    catalogue = SqliteCatalogue.create(tmp_path / "catalog.sqlite", Manifest("toy", DIMENSION, 260, 1))
    for day in (6, 7, 8):
        store(catalogue, day)
    return catalogue


def vectors(seed: int) -> Matrix:
    found = np.random.default_rng(seed).normal(size=(2, DIMENSION)).astype(np.float32)
    unit: Matrix = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def store(catalogue: SqliteCatalogue, day: int, seed: int | None = None) -> None:
    issue = Issue(f"yxrb-2024-05-{day:02}", "砚溪日报", date(2024, 5, day), (Article("题", "甲。乙。"),))
    chunks = [Chunk(1, 0, 2), Chunk(2, 2, 4)]
    entry = Entry(issue.articles[0], chunks, [("", ""), ("", "")], vectors(day if seed is None else seed), [(), ()])
    catalogue.store(SourceFile(str(day), str(day)), [FilePart.new(issue, [entry])], {"砚溪日报": "yxrb"})


def truth(catalogue: SqliteCatalogue) -> dict[int, list[float]]:
    return {
        key: vector
        for keys, rows in catalogue.vectors(catalogue.keys().tolist(), DIMENSION)
        for key, vector in zip(keys.tolist(), rows.tolist(), strict=True)
    }


def held(index: FaissIndex) -> dict[int, list[float]]:
    """Return all vectors of an index by key."""
    rows = index._index.reconstruct_batch(index.keys) if len(index) else []
    return {key: list(map(float, row)) for key, row in zip(index.keys.tolist(), rows, strict=True)}


def open_(catalogue: SqliteCatalogue) -> FaissIndex:
    saved = FaissIndex.load(catalogue.path.parent, "toy", DIMENSION)
    return (saved or FaissIndex.empty(DIMENSION)).follow(catalogue)


def stamp_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "vectors.json").read_text()))


def change_stamp(folder: Path, **fields: object) -> None:
    (folder / "vectors.json").write_text(json.dumps(stamp_of(folder) | fields))


def test_a_search_is_the_brute_force_search(catalogue: SqliteCatalogue) -> None:
    index, query = open_(catalogue), vectors(99)[0]
    scores = {key: float(np.dot(np.array(vector, np.float32), query)) for key, vector in truth(catalogue).items()}
    expected = sorted(scores, key=scores.__getitem__, reverse=True)
    found = index.search(query, 4)
    assert [key for key, _ in found] == expected[:4]
    assert [score for _, score in found] == pytest.approx([scores[key] for key in expected[:4]], abs=1e-6)
    assert len(index.search(query, 50)) == 6


def test_a_search_among_keys_finds_no_others(catalogue: SqliteCatalogue) -> None:
    index, query = open_(catalogue), vectors(99)[0]
    among = catalogue.keys(Filters(issue_id="yxrb-2024-05-07"))
    assert {key for key, _ in index.search(query, 50, among)} == set(among.tolist()) == {3, 4}
    assert index.search(query, 50, np.array([], dtype=np.int64)) == []


def test_an_empty_index_finds_nothing() -> None:
    index = FaissIndex.empty(DIMENSION)
    assert (len(index), index.search(vectors(1)[0], 5), index.cosines(vectors(1)[0], [1])) == (0, [], {})
    assert index.nearest(np.stack([vectors(1)[0], vectors(2)[0]])) == [-1.0, -1.0]


def test_the_nearest_of_several_questions_are_those_of_each(catalogue: SqliteCatalogue) -> None:
    index, queries = open_(catalogue), np.stack([vectors(99)[0], vectors(7)[0]])
    assert index.nearest(queries) == pytest.approx([index.search(query, 1)[0][1] for query in queries], abs=1e-6)


def test_cosines_are_given_for_known_keys_only(catalogue: SqliteCatalogue) -> None:
    index, query = open_(catalogue), vectors(7)[0]
    cosines = index.cosines(query, [3, 99, 4])
    assert list(cosines) == [3, 4]
    assert cosines[3] == pytest.approx(1, abs=1e-6)
    assert cosines[4] == pytest.approx(float(vectors(7)[1] @ query), abs=1e-6)


# The snapshot


def test_a_saved_snapshot_comes_back(catalogue: SqliteCatalogue) -> None:
    folder = catalogue.path.parent
    open_(catalogue).save(folder, "toy")
    snapshot = FaissIndex.load(folder, "toy", DIMENSION)
    assert snapshot is not None
    assert (snapshot.generation, held(snapshot)) == (3, truth(catalogue))


def test_a_newer_snapshot_takes_the_place_of_the_older(catalogue: SqliteCatalogue) -> None:
    folder = catalogue.path.parent
    open_(catalogue).save(folder, "toy")
    store(catalogue, 9)
    open_(catalogue).save(folder, "toy")
    assert sorted(path.name for path in folder.glob("vectors*")) == ["vectors-4.faiss", "vectors.json"]


@pytest.mark.parametrize(
    "change",
    [
        lambda catalogue: None,
        lambda catalogue: store(catalogue, 9),
        lambda catalogue: catalogue.remove(["yxrb-2024-05-07"]),
        lambda catalogue: store(catalogue, 7, seed=70),
        lambda catalogue: (catalogue.remove(["yxrb-2024-05-06"]), store(catalogue, 6, seed=60), store(catalogue, 10)),
        lambda catalogue: catalogue.remove([f"yxrb-2024-05-0{day}" for day in (6, 7, 8)]),
    ],
    ids=["nothing", "an add", "a remove", "a replace", "all three", "the last remove"],
)
def test_a_snapshot_older_than_the_catalogue_is_brought_up_to_it(
    catalogue: SqliteCatalogue, change: Callable[[SqliteCatalogue], object]
) -> None:
    open_(catalogue).save(catalogue.path.parent, "toy")
    change(catalogue)
    index = open_(catalogue)
    assert held(index) == truth(catalogue)
    assert index.generation == catalogue.generation()


def test_following_leaves_the_older_index_as_it_was(catalogue: SqliteCatalogue) -> None:
    older = open_(catalogue)
    before = held(older)
    store(catalogue, 7, seed=70)
    newer = older.follow(catalogue)
    assert (held(older), older.generation) == (before, 3)
    assert (held(newer), newer.generation) == (truth(catalogue), 4)


def _truncate(folder: Path) -> None:
    path = folder / "vectors-3.faiss"
    path.write_bytes(path.read_bytes()[:-20])


def _flip(folder: Path) -> None:
    path = folder / "vectors-3.faiss"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 255
    path.write_bytes(raw)


@pytest.mark.parametrize(
    "damage",
    [
        _truncate,
        _flip,
        lambda folder: (folder / "vectors-3.faiss").unlink(),
        lambda folder: (folder / "vectors-3.faiss").write_bytes(b""),
        lambda folder: (folder / "vectors.json").unlink(),
        lambda folder: (folder / "vectors.json").write_text(""),
        lambda folder: (folder / "vectors.json").write_text('{"file": "vectors-3.faiss", "gener'),
        lambda folder: (folder / "vectors.json").write_text('["a list"]'),
        lambda folder: (folder / "vectors.json").write_bytes(b"\xff\xfe"),
        lambda folder: change_stamp(folder, extra=1),
        lambda folder: change_stamp(folder, count=5),
        lambda folder: change_stamp(folder, sha256="0" * 64),
        lambda folder: change_stamp(folder, file="vectors-2.faiss"),
        lambda folder: change_stamp(folder, file=3),
    ],
    ids=[
        *("truncated", "a byte flipped", "missing", "emptied", "no stamp", "empty stamp", "half a stamp", "a list"),
        *("bytes", "unknown field", "wrong count", "wrong sum", "wrong name", "no name"),
    ],
)
def test_a_damaged_snapshot_costs_time_not_data(catalogue: SqliteCatalogue, damage: Callable[[Path], object]) -> None:
    open_(catalogue).save(catalogue.path.parent, "toy")
    damage(catalogue.path.parent)
    assert FaissIndex.load(catalogue.path.parent, "toy", DIMENSION) is None
    assert held(open_(catalogue)) == truth(catalogue)


@pytest.mark.parametrize(("model", "dimension"), [("other", DIMENSION), ("toy", DIMENSION * 2)], ids=["name", "dimension"])
def test_a_snapshot_of_another_model_is_not_taken(catalogue: SqliteCatalogue, model: str, dimension: int) -> None:
    open_(catalogue).save(catalogue.path.parent, "toy")
    assert FaissIndex.load(catalogue.path.parent, model, dimension) is None


def test_a_snapshot_cut_off_before_its_stamp_does_not_count(
    catalogue: SqliteCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = catalogue.path.parent
    open_(catalogue).save(folder, "toy")
    store(catalogue, 9)
    monkeypatch.setattr("embeddings.store.faiss_index.json.dumps", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        open_(catalogue).save(folder, "toy")
    snapshot = FaissIndex.load(folder, "toy", DIMENSION)
    assert snapshot is not None
    assert snapshot.generation == 3
    assert held(open_(catalogue)) == truth(catalogue)
