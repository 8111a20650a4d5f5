"""The FAISS snapshot is a cache: whatever is wrong with it, searches see the catalogue."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.records import Article, Chunk, Filters, Issue
from embeddings.store.catalogue import Catalog
from embeddings.store.schema import Entry
from embeddings.store.vector_index import VectorIndex, allowed_keys, load_snapshot, open_index

DIMENSION = 8
Matrix = NDArray[np.float32]


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Three issues of two chunks each, with vectors of their own."""
    catalog = Catalog.create(tmp_path / "catalog.sqlite", {"model": "toy"})
    for day in (6, 7, 8):
        store(catalog, day)
    return catalog


def vectors(seed: int) -> Matrix:
    found = np.random.default_rng(seed).normal(size=(2, DIMENSION)).astype(np.float32)
    unit: Matrix = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def store(catalog: Catalog, day: int, seed: int | None = None) -> None:
    issue = Issue(f"yxrb-2024-05-{day:02}", "砚溪日报", date(2024, 5, day), (Article("题", "甲。乙。"),))
    chunks = [Chunk(1, 0, 2), Chunk(2, 2, 4)]
    entry = Entry(issue.articles[0], chunks, [("", ""), ("", "")], vectors(day if seed is None else seed), [(), ()])
    catalog.replace(issue, [entry], str(day), str(day))


def truth(catalog: Catalog) -> dict[int, list[float]]:
    return {
        key: vector
        for keys, rows in catalog.vectors(catalog.keys().tolist(), DIMENSION)
        for key, vector in zip(keys.tolist(), rows.tolist(), strict=True)
    }


def held(index: VectorIndex) -> dict[int, list[float]]:
    """Return all vectors of an index by key."""
    rows = index._index.reconstruct_batch(index.keys) if len(index) else []
    return {key: list(map(float, row)) for key, row in zip(index.keys.tolist(), rows, strict=True)}


def open_(catalog: Catalog) -> VectorIndex:
    return open_index(catalog.path.parent, catalog, "toy", DIMENSION)


def stamp_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "vectors.json").read_text()))


def change_stamp(folder: Path, **fields: object) -> None:
    (folder / "vectors.json").write_text(json.dumps(stamp_of(folder) | fields))


def test_a_search_is_the_brute_force_search(catalog: Catalog) -> None:
    index, query = open_(catalog), vectors(99)[0]
    scores = {key: float(np.dot(np.array(vector, np.float32), query)) for key, vector in truth(catalog).items()}
    expected = sorted(scores, key=scores.__getitem__, reverse=True)
    found = index.search(query, 4)
    assert [key for key, _ in found] == expected[:4]
    assert [score for _, score in found] == pytest.approx([scores[key] for key in expected[:4]], abs=1e-6)
    assert len(index.search(query, 50)) == 6


def test_a_search_among_keys_finds_no_others(catalog: Catalog) -> None:
    index, query = open_(catalog), vectors(99)[0]
    among = allowed_keys(catalog, Filters(issue_id="yxrb-2024-05-07"))
    assert among is not None
    assert {key for key, _ in index.search(query, 50, among)} == set(among.tolist()) == {3, 4}
    assert index.search(query, 50, np.array([], dtype=np.int64)) == []
    assert allowed_keys(catalog, Filters()) is None


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex.empty(DIMENSION)
    assert (len(index), index.search(vectors(1)[0], 5), index.cosines(vectors(1)[0], [1])) == (0, [], {})
    assert index.nearest(np.stack([vectors(1)[0], vectors(2)[0]])) == [-1.0, -1.0]


def test_the_nearest_of_several_questions_are_those_of_each(catalog: Catalog) -> None:
    index, queries = open_(catalog), np.stack([vectors(99)[0], vectors(7)[0]])
    assert index.nearest(queries) == pytest.approx([index.search(query, 1)[0][1] for query in queries], abs=1e-6)


def test_cosines_are_given_for_known_keys_only(catalog: Catalog) -> None:
    index, query = open_(catalog), vectors(7)[0]
    cosines = index.cosines(query, [3, 99, 4])
    assert list(cosines) == [3, 4]
    assert cosines[3] == pytest.approx(1, abs=1e-6)
    assert cosines[4] == pytest.approx(float(vectors(7)[1] @ query), abs=1e-6)


# The snapshot


def test_a_saved_snapshot_comes_back(catalog: Catalog) -> None:
    folder = catalog.path.parent
    open_(catalog).save(folder, "toy")
    snapshot = load_snapshot(folder, "toy", DIMENSION)
    assert snapshot is not None
    assert (snapshot.generation, held(snapshot)) == (3, truth(catalog))


def test_a_newer_snapshot_takes_the_place_of_the_older(catalog: Catalog) -> None:
    folder = catalog.path.parent
    open_(catalog).save(folder, "toy")
    store(catalog, 9)
    open_(catalog).save(folder, "toy")
    assert sorted(path.name for path in folder.glob("vectors*")) == ["vectors-4.faiss", "vectors.json"]


@pytest.mark.parametrize(
    "change",
    [
        lambda catalog: None,
        lambda catalog: store(catalog, 9),
        lambda catalog: catalog.remove(["yxrb-2024-05-07"]),
        lambda catalog: store(catalog, 7, seed=70),
        lambda catalog: (catalog.remove(["yxrb-2024-05-06"]), store(catalog, 6, seed=60), store(catalog, 10)),
        lambda catalog: catalog.remove([f"yxrb-2024-05-0{day}" for day in (6, 7, 8)]),
    ],
    ids=["nothing", "an add", "a remove", "a replace", "all three", "the last remove"],
)
def test_a_snapshot_older_than_the_catalogue_is_brought_up_to_it(catalog: Catalog, change: Callable[[Catalog], object]) -> None:
    open_(catalog).save(catalog.path.parent, "toy")
    change(catalog)
    index = open_(catalog)
    assert held(index) == truth(catalog)
    assert index.generation == catalog.generation()


def test_following_leaves_the_older_index_as_it_was(catalog: Catalog) -> None:
    older = open_(catalog)
    before = held(older)
    store(catalog, 7, seed=70)
    newer = older.follow(catalog, DIMENSION)
    assert (held(older), older.generation) == (before, 3)
    assert (held(newer), newer.generation) == (truth(catalog), 4)


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
def test_a_damaged_snapshot_costs_time_not_data(catalog: Catalog, damage: Callable[[Path], object]) -> None:
    open_(catalog).save(catalog.path.parent, "toy")
    damage(catalog.path.parent)
    assert load_snapshot(catalog.path.parent, "toy", DIMENSION) is None
    assert held(open_(catalog)) == truth(catalog)


@pytest.mark.parametrize(("model", "dimension"), [("other", DIMENSION), ("toy", DIMENSION * 2)], ids=["name", "dimension"])
def test_a_snapshot_of_another_model_is_not_taken(catalog: Catalog, model: str, dimension: int) -> None:
    open_(catalog).save(catalog.path.parent, "toy")
    assert load_snapshot(catalog.path.parent, model, dimension) is None


def test_a_snapshot_cut_off_before_its_stamp_does_not_count(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = catalog.path.parent
    open_(catalog).save(folder, "toy")
    store(catalog, 9)
    monkeypatch.setattr("embeddings.store.vector_index.json.dumps", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        open_(catalog).save(folder, "toy")
    snapshot = load_snapshot(folder, "toy", DIMENSION)
    assert snapshot is not None
    assert snapshot.generation == 3
    assert held(open_(catalog)) == truth(catalog)
