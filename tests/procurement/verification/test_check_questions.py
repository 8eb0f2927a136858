"""Tests of the questions of each check, on the shipped rows: by goods, and by the version that a report answered."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from procurement.catalogue.models.check_questions import CheckQuestion
from procurement.catalogue.models.products import Product
from procurement.verification.models import CheckKind, CheckReport
from procurement.verification.questions import QuestionHistory, questions_for, questions_for_task
from procurement.verification.rules.needed_checks import FACTS_BY_CHECK
from procurement.verification.views.report_display import report_answers
from tests.procurement.catalogue.catalogue_in_memory import catalogue_rows
from tests.procurement.refusals import assert_refused
from tests.worlds.checks import requested_check, submit_positive_report, submitted_check

# Signs of a counterfeit in a photo (case 20: no TC number, ear loops, a wrong spelling, for children).
COUNTERFEIT = {"tc_number_printed", "head_bands", "niosh_spelt", "no_decoration", "not_for_children"}
# Codes that reports have stored since the first set. They are never renamed, and each still belongs to that set.
FIRST_SET = {
    CheckKind.BUSINESS_LICENCE: "licence_seen number_in_register scope_covers_goods not_abnormal",
    CheckKind.CERTIFICATE: "asked_issuer issuer_confirms covers_model holder_is_maker",
    CheckKind.VISIT: "makes_here stock_seen marking_right capacity_plausible",
    CheckKind.SAMPLE_TEST: "sample_sealed laboratory_accredited result_meets",
    CheckKind.PRICE_EXPLANATION: "price_written price_explained",
    CheckKind.EXPORT_PERMISSION: "on_export_list paper_ready",
    CheckKind.BANK_ACCOUNT: "holder_is_company called_back",
    CheckKind.MISSING_CERTIFICATE: "certificate_sent",
}


def all_questions() -> Iterator[CheckQuestion]:
    return iter(catalogue_rows()[CheckQuestion].values())


def question_keys(check: str, family: str = "", version: int = 2) -> set[str]:
    return {row.key for row in all_questions() if row.check_kind == check and row.applies_to(version, family)}


@pytest.mark.parametrize("check", CheckKind.values)
def test_first_version_of_the_check_questions_is_kept_beside_the_current_one(check):
    assert question_keys(check, version=1) == set(FIRST_SET[check].split())
    assert check == CheckKind.MISSING_CERTIFICATE or question_keys(check) > question_keys(check, version=1)


def test_every_question_belongs_to_a_check_type_named_by_its_code():
    assert {row.check_kind for row in all_questions()} == set(CheckKind.values) == set(FACTS_BY_CHECK)
    assert all(row.code == f"{row.check_kind}/{row.key}" for row in all_questions())


@pytest.mark.parametrize("family", Product.Family.values)
def test_questions_of_one_product_family_are_not_asked_of_another(family):
    own = {row.key for row in all_questions() if family in row.families}
    assert (own >= COUNTERFEIT) == (family == "respirator")
    assert bool(own) == (family not in {"cover", "other"})
    assert question_keys(CheckKind.VISIT, "cover") < question_keys(CheckKind.VISIT, "mask")


@pytest.mark.parametrize(
    ("product", "only"),
    [
        ("RESP_KN95", {"kn95_marking"}),
        ("RESP_N95", {"tc_number_printed", "head_bands", "niosh_spelt"}),
        ("RESP_FFP2", set()),
        ("", {"kn95_marking", "tc_number_printed", "head_bands", "niosh_spelt"}),
    ],
)
def test_visit_asks_only_about_the_marks_of_its_own_product(product, only):
    seen = {
        row.key
        for row in all_questions()
        if row.check_kind == CheckKind.VISIT and row.applies_to(2, "respirator", product)
    }
    limited = {row.key for row in all_questions() if row.check_kind == CheckKind.VISIT and row.products}
    assert seen & limited == only
    assert seen >= {"no_decoration", "not_for_children", "three_layers"}


def test_questions_name_only_products_of_their_families():
    for row in all_questions():
        assert {catalogue_rows()[Product][code].family for code in row.products} <= set(row.families), (
            row.code
        )


def test_counterfeit_questions_ask_for_a_photo_where_one_shows_the_sign():
    wanted = {row.key for row in all_questions() if row.key in COUNTERFEIT and row.evidence == "photo"}
    assert wanted == {"tc_number_printed", "head_bands", "niosh_spelt"}


def test_business_licence_check_asks_about_number_original_and_scope():
    assert question_keys(CheckKind.BUSINESS_LICENCE) >= {"original_seen", "uscc_matches", "scope_makes"}


def test_check_question_is_shown_in_the_readers_language(story):
    question = questions_for(CheckKind.BANK_ACCOUNT)[0]
    with translation.override("zh-hans"):
        assert question.words.startswith("账户") or "账户" in question.words
    assert "account" in question.words


def test_report_is_displayed_with_the_question_version_it_answered(story):
    task = submitted_check(story)
    report = CheckReport.objects.get()
    before = questions_for_task(task)
    assert (report.question_version, report.question_family) == (before.version, "mask")
    CheckQuestion.objects.filter(key="original_seen").update(until=before.version)
    CheckQuestion.objects.create(
        code="business_licence/one_more", check_kind=task.check_kind, key="one_more", position=1,
        since=before.version + 1, text_en="One more?", confidence="derived",
    )  # fmt: skip
    now = questions_for_task(task)
    assert now.version == before.version + 1
    assert now.codes == before.codes - {"original_seen"} | {"one_more"}
    told = report_answers(report, QuestionHistory(task.check_kind), [])
    assert [one.question.code for one in told] == [one.code for one in before]


def test_retired_question_makes_a_new_question_version(story):
    before = questions_for(CheckKind.BANK_ACCOUNT)
    CheckQuestion.objects.filter(key="called_back").update(until=before.version)
    assert questions_for(CheckKind.BANK_ACCOUNT).version == before.version + 1
    assert questions_for(CheckKind.BANK_ACCOUNT, version=before.version).codes == before.codes


def test_report_on_a_check_without_loaded_questions_is_refused(story):
    task = requested_check(story)
    CheckQuestion.objects.all().delete()
    with assert_refused("no_questions", task):
        submit_positive_report(task, answers={})
    assert not CheckReport.objects.exists()
