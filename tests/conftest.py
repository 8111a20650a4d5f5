"""What tests of several rooms share: a toy encoder for the rules, one loaded model and archive for the whole path.

What takes seconds to import is imported by the fixture that needs it, so that a pattern's test loads no torch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.messages import speaking
from embeddings.settings import ENV_PREFIX, ArchiveSettings
from tests.support.doubles import ToyEncoder, tiny_encoder
from tests.support.paths import EXAMPLES

if TYPE_CHECKING:
    from embeddings.models.encoder import SentenceEncoder
    from embeddings.store.archive import Archive
    from qa.reading.reader import Reader

# What the shell sets for a server of its own must not steer the tests.
for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
    del os.environ[name]


@pytest.fixture
def english() -> Iterator[None]:
    """Errors and reports are worded in English."""
    with speaking("en"):
        yield


@pytest.fixture
def toy() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def open_archive(tmp_path: Path, toy: ToyEncoder) -> Callable[..., Archive]:
    """Open (and make) an archive under the test's own folder, with the toy encoder unless another is given."""

    from embeddings.store.archive import Archive

    def opened(encoder: ToyEncoder = toy, **settings: object) -> Archive:
        chosen = ArchiveSettings.load(archive=tmp_path / "archive", **settings)
        return Archive.open(chosen, lambda name: encoder, create=True)

    return opened


@pytest.fixture
def write_issue(tmp_path: Path) -> Callable[..., Path]:
    """Write an issue file of the given articles, each a headline and its lines, into the folder issues."""

    def written(name: str, day: str, *articles: str, paper: str = "砚溪日报") -> Path:
        path = tmp_path / "issues" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(f"# {article}" for article in articles)
        path.write_text(f"---\npaper: {paper}\ndate: {day}\n---\n{text}\n", encoding="utf-8")
        return path.resolve()

    return written


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    """A real encoder that is tiny and knows nothing; tests must not change it."""
    return tiny_encoder(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """A network so small gains nothing from a second thread, and waits for it where the cores are busy."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The real model, loaded once."""
    from embeddings.models.encoder import load_encoder

    return load_encoder()


@pytest.fixture(scope="session")
def example_archive(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The example issues, indexed by the real model; tests must not change it."""
    from embeddings.ingest.sync import sync
    from embeddings.store.archive import Archive

    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("examples") / "archive")
    archive = Archive.open(settings, lambda name: encoder, create=True)
    report = sync(archive, [EXAMPLES / "issues"])
    assert not report.failed
    return archive


@pytest.fixture(scope="session")
def shipped_reader(example_archive: Archive) -> Reader:
    """The reader that comes with the package, loaded once."""
    from qa.reading.loading import load_reader
    from qa.settings import Settings

    return load_reader(example_archive, Settings.load(archive=example_archive.folder))
