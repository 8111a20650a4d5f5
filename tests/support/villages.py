"""Invented news of villages with questions on it, for a reader to learn from in seconds."""

from __future__ import annotations

from qa.training.recipe import ReaderRecipe
from qa.training.squad import Sample

VILLAGES = ("东河村", "西岭村", "南浦村", "北山村", "松烟镇", "墨池镇", "竹简镇", "纸坊镇", "笔架村", "印泥村")
SPEAKERS = ("沈砚", "顾墨", "柳宣", "石青", "白简", "方笺", "古印", "秦毫", "陆楮", "温砚")


def village_sample(number: int, *, asking: str = "trees") -> Sample:
    """A piece of invented news, with a question for how much or for whom."""
    village, speaker = VILLAGES[number], SPEAKERS[number]
    trees = f"{number + 2}8{number}0棵"
    context = f"{village}昨日的会上，{speaker}人在台前说话。今年{village}种树{trees}。明年再种。"
    question, answer = (f"{village}种树多少？", trees) if asking == "trees" else (f"{village}的会上谁说话？", speaker)
    start = context.index(answer)
    return Sample(f"{number}-{asking}", question, context, village, (answer,), ((start, start + len(answer)),))


SAMPLES = [village_sample(number, asking="trees" if number % 2 else "speaker") for number in range(8)]
TRADITIONAL = Sample(
    "t", "硯溪報誰辦？", "硯溪報由顧墨創辦，現有讀者三千人。", "硯溪報", ("顧墨",), ((4, 6),), evidences=("硯溪報由顧墨創辦",)
)
QUICK = ReaderRecipe(
    epochs=1.0,
    learning_rate=3e-3,
    head_learning_rate=1e-2,
    shortest=20,
    longest=64,
    negatives=0.3,
    warm_up=0.1,
    ema_decay=0.9,
    batch_tokens=400,
)
