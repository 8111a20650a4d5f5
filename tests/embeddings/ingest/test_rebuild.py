"""Everything derived is made anew beside the live tables and swapped in at the end."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.errors import ArchiveError
from embeddings.ingest.rebuild import rebuild
from embeddings.ingest.sync import sync
from embeddings.records import Days, Precision
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.rebuilding import Rebuild
from embeddings.store.records import Manifest
from embeddings.store.verification import verify
from tests.support.doubles import ToyEncoder

pytestmark = pytest.mark.usefixtures("english")

OpenArchive = Callable[..., Archive]
WriteIssue = Callable[..., Path]
LONG = "卧虹水库今日上午九时开闸放水，水头将走六十八公里。" * 4


@pytest.fixture
def archive(open_archive: OpenArchive, write_issue: WriteIssue, tmp_path: Path) -> Archive:
    write_issue("a.md", "2024-05-06", f"放水\n{LONG}", "修灯\n灯笼巷的路灯亮了。")
    write_issue("b.md", "2024-05-07", "通车\n虹渡大桥九月通车。")
    archive = open_archive()
    sync(archive, [tmp_path / "issues"])
    return archive


def settings(archive: Archive, **chosen: object) -> ArchiveSettings:
    return ArchiveSettings.load(archive=archive.folder, **chosen)


def test_a_rebuild_with_nothing_asked_for_gives_the_same_passages(archive: Archive, toy: ToyEncoder) -> None:
    def found() -> list[tuple[str, str, tuple[Days, ...], float]]:
        passages = [(hit.passage, round(hit.lexical, 6)) for hit in archive.search("水库路灯")]
        return sorted((passage.chunk_id, passage.text, passage.days, lexical) for passage, lexical in passages)

    before = found()
    assert before[0][2] == (Days(date(2024, 5, 6), date(2024, 5, 6), Precision.DAY),)
    assert rebuild(settings(archive), lambda name: toy) == 3
    assert found() == before
    assert archive.manifest == Manifest("toy", 64, 260, 1)
    assert verify(archive) == []


def test_a_running_server_gets_the_new_model_and_chunks_with_their_encoder(tmp_path: Path, archive: Archive) -> None:
    encoders = {"toy": ToyEncoder(), "wide": ToyEncoder("wide", 128)}
    server = Archive.open(settings(archive), encoders.__getitem__)
    assert len(server.search("水库")) == 3
    count = rebuild(settings(archive, model="wide", chunk_size=60, chunk_overlap=0), encoders.__getitem__)
    assert count == 4
    hits = server.search("灯笼巷的路灯亮了。")
    assert (len(hits), len(server)) == (4, 4)
    assert server.encoder is encoders["wide"]
    assert server.manifest == Manifest("wide", 128, 60, 0)
    assert max(hits, key=lambda hit: hit.dense).passage.text == "灯笼巷的路灯亮了。"
    assert verify(server) == []


def test_what_is_not_asked_for_stays_as_it_was(archive: Archive, toy: ToyEncoder) -> None:
    rebuild(settings(archive, chunk_size=60), lambda name: toy)
    rebuild(settings(archive, chunk_overlap=0), lambda name: toy)
    assert Rebuild(settings(archive)).manifest == Manifest("toy", 64, 60, 0)


def test_the_model_asked_for_is_the_one_loaded(archive: Archive, toy: ToyEncoder) -> None:
    loaded: list[str] = []

    def load(name: str) -> ToyEncoder:
        loaded.append(name)
        return toy

    rebuild(settings(archive), load)
    rebuild(settings(archive, model="other"), load)
    assert loaded == ["toy", "other"]


def test_an_archive_rebuilt_takes_new_issues_in_its_new_ways(
    archive: Archive, open_archive: OpenArchive, write_issue: WriteIssue, tmp_path: Path
) -> None:
    wide = ToyEncoder("wide", 128)
    rebuild(settings(archive, model="wide", chunk_size=60, chunk_overlap=0), lambda name: wide)
    opened = open_archive(wide)
    write_issue("c.md", "2024-05-08", f"又放水\n{LONG}")
    assert sync(opened, [tmp_path / "issues"]).chunks == 2
    assert verify(opened) == []


class _Watched(ToyEncoder):
    """An encoder that looks at the archive while it works, and may give way."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__("wide", 128)
        self.look = look

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.look()
        return super().encode_passages(texts)


def test_searches_go_on_with_the_old_tables_until_the_swap(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.ingest.rebuild._ARTICLES_TOGETHER", 1)
    seen: list[tuple[int, int, int]] = []

    def look() -> None:
        words = archive.lexical_search(["水库"], 50)
        seen.append((len(archive.search("水库")), len(words), archive.searched_generation))

    rebuild(settings(archive, model="wide"), lambda name: _Watched(look))
    assert seen == [(3, 1, 2)] * 3
    assert archive.stored_generation() == 3


def test_a_rebuild_cut_off_changes_nothing_and_the_next_one_succeeds(
    archive: Archive, open_archive: OpenArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.ingest.rebuild._ARTICLES_TOGETHER", 1)
    calls: list[None] = []

    def give_way_late() -> None:
        calls.append(None)
        if len(calls) == 3:
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        rebuild(settings(archive, model="wide"), lambda name: _Watched(give_way_late))
    assert Rebuild(settings(archive)).manifest.model == "toy"
    assert (archive.stored_generation(), len(archive.search("水库"))) == (2, 3)
    assert verify(open_archive()) == []
    wide = ToyEncoder("wide", 128)
    assert rebuild(settings(archive, model="wide"), lambda name: wide) == 3
    assert verify(open_archive(wide)) == []


def test_keys_of_before_a_rebuild_mean_nothing_after_it(archive: Archive, toy: ToyEncoder) -> None:
    old = archive.keys().tolist()
    rebuild(settings(archive), lambda name: toy)
    rebuild(settings(archive), lambda name: toy)
    assert archive.passages(old) == {}
    assert min(archive.keys().tolist()) > max(old)


def test_progress_counts_articles(archive: Archive, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.ingest.rebuild._ARTICLES_TOGETHER", 2)
    done: list[tuple[int, int]] = []
    rebuild(settings(archive), lambda name: toy, lambda count, total: done.append((count, total)))
    assert done == [(2, 3), (1, 3)]


def test_there_must_be_an_archive_to_rebuild(tmp_path: Path, toy: ToyEncoder) -> None:
    with pytest.raises(ArchiveError, match="there is no archive here"):
        rebuild(ArchiveSettings.load(archive=tmp_path / "none"), lambda name: toy)
