"""Names of people, places and organisations in headlines."""

from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.names import names


def test_people_places_and_organisations_are_named_in_order() -> None:
    assert names("李强在北京会见联合国秘书长") == ["李强", "北京", "联合国"]


def test_names_are_as_printed_in_traditional_print_too() -> None:
    assert names("廣東水庫放水") == ["廣東"]


def test_a_headline_without_names_has_none() -> None:
    assert names("水库今日放水") == []
    assert names("") == []


@given(st.text(max_size=30) | st.text(st.sampled_from("廣東北京李强12 \n，😀"), max_size=30))
def test_every_name_stands_in_the_text(text: str) -> None:
    place = 0
    for name in names(text):
        place = text.index(name, place) + len(name)
