"""Which reader answers: the span reader where it fits the archive's encoder, else the sentence reader."""

from __future__ import annotations

import logging

from embeddings.messages import MESSAGES
from embeddings.models.encoder import SentenceEncoder
from embeddings.models.lora import fingerprint
from embeddings.store.archive import Archive
from qa.errors import AdapterError
from qa.reading.adapter import SHIPPED, load_adapter, read_facts
from qa.reading.reader import Reader
from qa.reading.sentence_reader import SentenceReader
from qa.reading.span_reader import SpanReader
from qa.reading.windows import Windower
from qa.settings import Settings

log = logging.getLogger("wenbao")


def min_confidence_of(settings: Settings, reader: Reader) -> float:
    """Return the confidence from which answers of a reader are given: the setting's, or the reader's own."""
    return reader.min_confidence if settings.min_confidence is None else settings.min_confidence


def load_reader(archive: Archive, settings: Settings) -> Reader:
    """Return the reader for an archive.

    Raises AdapterError where a folder was asked for that holds no adapter, or
    one for another encoder, and where the shipped one is damaged.
    """
    folder = settings.adapter or SHIPPED
    facts, encoder = read_facts(folder), archive.encoder
    if facts is None:
        why = MESSAGES.message("adapter_absent")
    elif isinstance(encoder, SentenceEncoder) and fingerprint(encoder.backbone) == facts.fingerprint:
        model = load_adapter(folder, facts, encoder.backbone)
        return SpanReader(model, Windower(encoder.tokenizer), facts.name, facts.calibration)
    else:
        why = MESSAGES.message("adapter_base", base=facts.base, encoder=encoder.name)
    if settings.adapter:
        raise AdapterError("adapter_unfit", folder, why=why)
    log.warning("%s", MESSAGES.message("adapter_stands_in", folder=folder, why=why))
    return SentenceReader(archive)
