"""What the commands of questions report, as text in the chosen language and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from embeddings.messages import MESSAGES
from embeddings.report import printing_text

if TYPE_CHECKING:
    from qa.answering.answer import Answer
    from qa.training.evaluation import Figures, Measured


def answer_text(answer: Answer) -> str:
    """Tell an answer: each finding with its quote and reference, or why there is none."""
    if answer.notice:
        return MESSAGES.text(f"notice_{answer.notice}")
    if not answer.answered:
        searched = answer.searched
        return MESSAGES.text("not_found", issues=searched.issues, first=searched.first, last=searched.last)
    lines: list[str] = []
    for finding in answer.findings:
        citation = answer.citations[finding.citation - 1]
        lines += [finding.text, MESSAGES.text("quoted", quote=citation.quote), f"    {citation.gbt7714}"]
        lines += [f"    {MESSAGES.text('see_also', printing=printing_text(one))}" for one in citation.reprints]
    return "\n".join(lines)


def figures_json(results: Mapping[str, Measured]) -> dict[str, object]:
    """Return the figures of each file, those of its kinds of question among them."""
    return {
        name: {**asdict(one.figures), "kinds": {kind: asdict(figures) for kind, figures in one.kinds.items()}}
        for name, one in results.items()
    }


def figures_text(results: Mapping[str, Measured]) -> str:
    """Tell the figures of each file, by the names that they have in the JSON."""
    lines: list[str] = []
    for name, one in results.items():
        lines += [name, *(f"  {row:<18}{value:>8}" for row, value in one.figures.rows())]
        if len(one.kinds) > 1:
            lines += _kind_table(one.kinds)
    return "\n".join(lines)


def _kind_table(kinds: Mapping[str, Figures]) -> list[str]:
    """Write a row for each kind of question, with a column for each figure that any of them has."""
    rows = {kind: dict(figures.rows()) for kind, figures in kinds.items()}
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = ["  " + MESSAGES.text("kind_column").ljust(14) + "".join(f"{name:>17}" for name in columns)]
    return lines + [
        "  " + kind.ljust(14) + "".join(f"{row.get(name, ''):>17}" for name in columns) for kind, row in rows.items()
    ]
