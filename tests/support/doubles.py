"""Stand-ins that tests share: a toy encoder, a stub reader, a tiny real encoder, passages and issues in a line."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embeddings.records import Article, Issue, Passage
from qa.retrieval.hybrid_search import RankedPassage

if TYPE_CHECKING:
    from embeddings.models.encoder import SentenceEncoder
    from embeddings.store.archive import Archive


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
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


class StubReader:
    """What every reader of a test has beside what it reads."""

    name = "stub"
    depth = 10
    min_confidence = 0.2

    def warm_up(self) -> None:
        pass


def ranked(
    body: str, article: int = 1, start: int = 0, end: int | None = None, title: str = "", score: float = 0.0
) -> RankedPassage:
    """Make a passage of an article as a search brings it."""
    article_id = f"yxrb-2024-03-12-{article:02d}"
    passage = Passage(
        f"{article_id}-{start}", article_id, "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), None, Article(title, body),
        start, len(body) if end is None else end,
    )  # fmt: skip
    return RankedPassage(passage, score, 0.5, 1.0)


def add(archive: Archive, *issues: Issue) -> None:
    """Index issues as a sync of files would, each from a file of its name."""
    from embeddings.ingest.entries import make_entries
    from embeddings.store.records import FilePart, SourceFile

    for issue in issues:
        cut = [(article, archive.manifest.split(article), issue.issue_date) for article in issue.articles]
        part = FilePart.new(issue, make_entries(archive.encoder, cut))
        archive.store(SourceFile(f"{issue.issue_id}.md", issue.issue_id), [part])


# The pieces that real vocabularies hold beside single characters: an answer may begin or end inside them.
PIECES = ("日的", "人在", "砚溪市", "▁砚溪", "1234567890", "2024", "wenbao", "▁,", "km")


def tiny_encoder(folder: Path, seed: int = 1) -> SentenceEncoder:
    """Save and load a BERT of a few thousand weights beside its word vectors, which knows every common Chinese character."""
    # These take seconds to import, which tests of other modules need not wait for.
    import torch
    from tokenizers import Tokenizer, decoders, models
    from tokenizers.pre_tokenizers import Metaspace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from embeddings.models.encoder import load_encoder
    from embeddings.models.unpacking import build_normalizer

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
    untyped: Any = PreTrainedTokenizerFast  # some versions of it have no types
    fast = untyped(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", model_max_length=512, model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
    fast.save_pretrained(folder)
    encoder = load_encoder(str(folder))
    encoder.backbone.float()  # on some processors encoders are loaded in bfloat16
    return encoder
