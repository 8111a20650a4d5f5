"""The errors that questions, their reader and its training raise on purpose; the root of the tree is in embeddings.errors."""

from __future__ import annotations

from embeddings.errors import ModelError, WenbaoError


class AdapterError(ModelError):
    """A trained reader that cannot be used."""


class DatasetError(WenbaoError):
    """A file of questions, or a folder of a training run, that cannot be used."""


class CheckpointError(WenbaoError):
    """An earlier run that is missing, or that cannot be used for what was asked."""


class AlertsError(WenbaoError):
    """Alerts that cannot be kept: one too many, one that is not there, or a file that is none of ours."""
