"""`text_as_of`: a text as known on a date, without its statements about later dates, in three languages."""

from datetime import date

import pytest

from workflow.dated_text import text_as_of

APRIL = date(2020, 4, 16)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Asked of masks. Ended by Announcement 32 of 18 August 2023.", "Asked of masks."),
        ("Demandé. Terminé par l’annonce 32 du 18 août 2023.", "Demandé."),
        ("需要申报。2023 年 8 月 18 日第 32 号公告终止。", "需要申报。"),
        ("needed for customs from 2020-04-01 (until 2023-08-17)", "needed for customs from 2020-04-01"),
        ("自 2020 年 4 月 1 日起（至 2023 年 8 月 17 日）", "自 2020 年 4 月 1 日起"),
        ("Results of a laboratory (asked for since 7 May 2020); under 95 % it is relabelled.",
         "Results of a laboratory; under 95 % it is relabelled."),
        ("manufacturer and model on the list; revoked 2021-06-30", "manufacturer and model on the list."),
        ("It is split by the 2022 change. Class II in Canada.", "Class II in Canada."),
        ("Depuis le 1er juillet 2021 seulement.", ""),
        ("from May 2021 on", ""),
    ],
)  # fmt: skip
def test_sentence_naming_a_later_date_is_left_out(text: str, known: str) -> None:
    assert text_as_of(text, APRIL) == known


@pytest.mark.parametrize(
    "text",
    [
        "YY 0469-2023 and GB/T 38462-2020",
        "Question E-002510/2021",
        "https://example.org/2021/03/page-2023.html",
        "Since 1 April 2020 for masks; gifts are not exempt.",
        "530420200123456789",
        "a bond of 25,000 dollars, or 2,021 pieces",
        "2020 年 4 月 10 日起",
        "",
    ],
)
def test_text_naming_no_later_date_is_unchanged(text: str) -> None:
    assert text_as_of(text, APRIL) == text


def test_whole_text_is_shown_from_its_latest_date_on() -> None:
    text = "Asked of masks. Ended by Announcement 32 of 18 August 2023."
    assert text_as_of(text, date(2023, 8, 18)) == text
    assert text_as_of(text, date(2023, 8, 17)) == "Asked of masks."


@pytest.mark.parametrize(
    "text",
    ["Règlement 2021-53, article 4.", "Rule 2022-31 on labels (form 2023-00).", "2021 年 13 月表格第 2 栏。"],
)
def test_number_that_looks_like_a_date_but_is_none_does_not_hide_its_sentence(text: str) -> None:
    assert text_as_of(text, APRIL) == text


def test_impossible_date_does_not_keep_a_later_one_from_being_read() -> None:
    assert text_as_of("Form 2021-53. Ended on 2021-05-03.", APRIL) == "Form 2021-53."
