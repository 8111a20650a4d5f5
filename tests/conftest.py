"""What tests share: a toy encoder for the rules, and one loaded model, archive and server for the whole path."""

from __future__ import annotations

import json
import os
import shutil
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import numpy as np
import pytest
from numpy.typing import NDArray
from served import running
from tokenizers import Tokenizer, decoders, models
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from embeddings.archive import Archive
from embeddings.encoder import SentenceEncoder, load_encoder
from embeddings.records import Article, Issue, Passage
from embeddings.settings import ENV_PREFIX, ArchiveSettings
from embeddings.sync import make_entries, sync
from embeddings.weights import build_normalizer
from qa.api import create_app
from qa.load import load_reader
from qa.read import Reader
from qa.retrieve import Ranked
from qa.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What the shell sets for a server of its own must not steer the tests.
for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
    del os.environ[name]

EXAMPLES = Path(__file__).parent.parent / "examples"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 20_000  # the first answer may wait for a model to load


class ToyEncoder:
    """Hashes pairs of characters into unit vectors: texts that share words are near, at no cost."""

    def __init__(self, name: str = "toy", dimension: int = 64) -> None:
        self.name, self.dimension = name, dimension
        self.tuned = False
        self.texts: list[str] = []  # all that was ever encoded, to tell what a run did again

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return self.encode_queries(texts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for pair in pairwise(text):
                vectors[row, zlib.crc32("".join(pair).encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class StubReader:
    """What every reader of a test has beside what it reads."""

    name = "stub"
    depth = 10
    least = 0.2

    def warm_up(self) -> None:
        pass


def ranked(body: str, article: int = 1, start: int = 0, end: int | None = None, title: str = "", score: float = 0.0) -> Ranked:
    """Make a passage of an article as a search brings it."""
    article_id = f"yxrb-2024-03-12-{article:02d}"
    passage = Passage(
        f"{article_id}-{start}", article_id, "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), None, Article(title, body),
        start, len(body) if end is None else end,
    )  # fmt: skip
    return Ranked(passage, score, 0.5, 1.0)


def add(archive: Archive, *issues: Issue) -> None:
    """Index issues as a sync of files would, each from a file of its name."""
    for issue in issues:
        cut = [(article, archive.manifest.split(article), issue.issue_date) for article in issue.articles]
        archive.catalog.replace(issue, make_entries(archive.encoder, cut), f"{issue.issue_id}.md", issue.issue_id)


@pytest.fixture
def toy() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def open_archive(tmp_path: Path, toy: ToyEncoder) -> Callable[..., Archive]:
    """Open (and make) an archive under the test's own folder, with the toy encoder unless another is given."""

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


# The pieces that real vocabularies hold beside single characters: an answer may begin or end inside them.
PIECES = ("日的", "人在", "砚溪市", "▁砚溪", "1234567890", "2024", "wenbao", "▁,", "km")


def tiny_encoder(folder: Path, seed: int = 1) -> SentenceEncoder:
    """Save and load a BERT of a few thousand weights beside its word vectors, which knows every common Chinese character."""
    # These take seconds to import, which tests of other modules need not wait for.
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ("<s>", "<pad>", "</s>", "<unk>")
    letters = [*map(chr, range(0x21, 0x7F)), *map(chr, range(0x4E00, 0x9FA6)), *"▁，。：；？！、（）【】《》“”‘’…—·★"]
    vocabulary = [*((name, 0.0) for name in special), *((piece, -1.0) for piece in PIECES)]
    tokenizer = Tokenizer(models.Unigram([*vocabulary, *((letter, -9.0) for letter in letters)], unk_id=3))
    tokenizer.normalizer = build_normalizer()
    tokenizer.pre_tokenizer = Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(list(special))
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=6, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512, type_vocab_size=1, pad_token_id=1,
    )  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = BertModel(config)
    model.save_pretrained(folder)
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", model_max_length=512, model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
    fast.save_pretrained(folder)
    encoder = load_encoder(str(folder))
    encoder.backbone.float()  # on some processors encoders are loaded in bfloat16
    return encoder


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
    return load_encoder()


@pytest.fixture(scope="session")
def example_archive(encoder: SentenceEncoder, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The example issues, indexed by the real model; tests must not change it."""
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("examples") / "archive")
    archive = Archive.open(settings, lambda name: encoder, create=True)
    report = sync(archive, [EXAMPLES / "issues"])
    assert not report.failed
    return archive


@pytest.fixture(scope="session")
def shipped_reader(example_archive: Archive) -> Reader:
    """The reader that comes with the package, loaded once."""
    return load_reader(example_archive, Settings.load(archive=example_archive.folder))


@pytest.fixture(scope="session")
def live_server(example_archive: Archive, shipped_reader: Reader) -> Iterator[str]:
    """The base URL of a real server over the example issues."""
    settings = Settings.load(archive=example_archive.folder, examples=EXAMPLES / "questions.jsonl")
    shipped_reader.warm_up()
    with running(create_app(example_archive, shipped_reader, settings)) as base:
        while not json.load(urlopen(f"{base}/api/examples"))["questions"]:  # they are chosen in the background
            time.sleep(0.2)
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; the test is skipped where there is none, and fails on CI."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser found: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    flags = ["--disable-gpu", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium does not start as root otherwise
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the chat of a server in a fresh browser profile; options go to the profile."""
    from playwright.sync_api import BrowserContext, expect

    expect.set_options(timeout=PATIENCE_MS)
    contexts: list[BrowserContext] = []

    def opened(base_url: str, address: str = "/", **options: object) -> Page:
        context = browser.new_context(**{"base_url": base_url, "viewport": {"width": 1280, "height": 800}, **options})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        tab = context.new_page()
        tab.goto(address)
        return tab

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page], live_server: str) -> Page:
    """The chat of the real server, its welcome shown."""
    from playwright.sync_api import expect

    tab = open_page(live_server)
    expect(tab.locator(".holdings")).not_to_be_empty()
    return tab


@pytest.fixture
def question(page: Page) -> str:
    """A question that the example issues answer."""
    questions = page.request.get("/api/examples").json()["questions"]
    assert questions, "the example archive offers no question"
    return str(questions[0])
