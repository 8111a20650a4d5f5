"""When two texts are one piece of news printed twice, and when they only sound alike."""

from datetime import date

import pytest

from embeddings.store.same_news import bands, same_news, signature, tokens

WIRE = (
    "新华社砚溪3月12日电（记者 闵小禾）砚溪市春灌工作座谈会今天在墨池区举行。会议指出，去年全市粮食总产量达到69.3万吨，"
    "比上年增长百分之二点一。市水利局局长郗春生介绍，卧虹水库目前蓄水量为3860万立方米，可灌溉农田12.5万亩。"
    "会议要求，各区县要在3月20日前完成渠道清淤，确保四月上旬全面开灌。"
)
BULLETIN = (
    "本报讯（记者 林雨）昨日0时至24时，全市新增确诊病例12例，均为集中隔离点发现；新增无症状感染者35例。"
    "全市累计确诊病例301例，累计治愈出院260例，现有在院治疗41例，均在定点医院隔离治疗。"
)
OWN_WORDS = (
    "本报讯 昨天，我市召开春灌座谈会，市水利局局长郗春生说，水库现在存水3860万立方米，够浇12.5万亩地。"
    "去年粮食收成69.3万吨，多了2.1%。各地渠道清淤要赶在3月20日以前干完，4月上旬放水。"
)
DAY, NEXT = date(2024, 3, 13), date(2024, 3, 14)


def alike(one: str, other: str, printed: date = DAY, other_printed: date = DAY) -> bool:
    found = same_news(tokens(one, printed), tokens(other, other_printed))
    assert found == same_news(tokens(other, other_printed), tokens(one, printed))
    return found


@pytest.mark.parametrize(
    ("copy", "printed"),
    [
        pytest.param(WIRE, DAY, id="to the letter"),
        pytest.param("据新华社砚溪3月12日电 " + WIRE[20:] + "（新华社）", NEXT, id="another dateline, a day later"),
        pytest.param(WIRE.replace("百分之二点一", "2.1%").replace("四月上旬", "4月上旬"), DAY, id="numbers of another style"),
        pytest.param(WIRE.replace("今天", "12日"), DAY, id="the day in other words"),
        pytest.param(WIRE.replace("渠道", "渠逍").replace("郗春生", "郗春牛"), DAY, id="slips of OCR"),
        pytest.param(WIRE[: WIRE.index("会议要求")], NEXT, id="the end left out"),
        pytest.param(WIRE.replace("會", "会").replace("粮食总产量", "糧食總產量"), DAY, id="Traditional characters"),
    ],
)
def test_wire_copy_is_one_source(copy: str, printed: date) -> None:
    assert alike(WIRE, copy, DAY, printed)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(BULLETIN.replace("新增确诊病例12例", "新增确诊病例13例"), id="another figure"),
        pytest.param(BULLETIN.replace("12例", "2例"), id="a figure that ends alike"),
        pytest.param(BULLETIN.replace("12例，均", "例，均"), id="a figure lost"),
        pytest.param(BULLETIN.replace("昨日", "3月11日"), id="another day"),
    ],
)
def test_a_bulletin_with_other_figures_is_other_news(other: str) -> None:
    assert not alike(BULLETIN, other)


def test_a_bulletin_in_the_same_words_is_of_another_day_a_day_later() -> None:
    assert alike(BULLETIN, BULLETIN)
    assert not alike(BULLETIN, BULLETIN, DAY, NEXT)


def test_two_reports_in_their_own_words_are_two_sources() -> None:
    assert not alike(WIRE, OWN_WORDS)


def test_the_same_words_of_another_place_and_person_are_other_news() -> None:
    assert not alike(WIRE, WIRE.replace("砚溪", "松烟").replace("墨池", "南渡").replace("郗春生", "李和平"))


def test_a_formula_is_no_news() -> None:
    assert not alike("本报地址：砚溪市书院路八号。", "本报地址：砚溪市书院路八号。")
    assert signature(tokens("本报地址：砚溪市书院路八号。", DAY)) is None


def test_signatures_of_reprints_meet_and_those_of_other_news_do_not() -> None:
    def hashes(text: str) -> set[tuple[int, int]]:
        found = signature(tokens(text, DAY))
        assert found is not None
        return set(bands(found))

    assert len(hashes(WIRE) & hashes(WIRE[: WIRE.index("会议要求")])) >= 3
    assert hashes(WIRE) & hashes(OWN_WORDS) == set()
