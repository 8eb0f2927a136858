"""Query expressions: a subquery as an array of keys, which selects the same rows and can use an index beside an OR."""

import pytest
from django.db.models import OuterRef, Q

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from tests.worlds import cities
from workflow.query_expressions import exists_annotations, in_subquery, may_have_related

pytestmark = pytest.mark.django_db


def test_rows_whose_keys_are_in_a_subquery_are_found():
    tied = cities.twinning("burnaby", "zhongshan")
    cities.city("markham")
    keys = TwinningAgreement.objects.filter(pk=tied.pk).values("city_b")
    assert [city.slug for city in City.objects.filter(in_subquery(keys))] == ["zhongshan"]
    both = City.objects.filter(in_subquery(keys) | Q(slug="markham")).order_by("slug")
    assert [city.slug for city in both] == ["markham", "zhongshan"]
    assert list(City.objects.exclude(in_subquery(keys)).order_by("slug").values_list("slug", flat=True)) == [
        "burnaby",
        "markham",
    ]


def test_empty_subquery_matches_no_rows():
    cities.city("markham")
    assert not City.objects.filter(in_subquery(TwinningAgreement.objects.values("city_b"))).exists()
    assert not City.objects.filter(in_subquery(TwinningAgreement.objects.none().values("city_b"))).exists()


def test_subquery_keys_may_be_compared_with_another_column():
    tied = cities.twinning("burnaby", "zhongshan")
    burnaby = City.objects.filter(slug="burnaby").values("pk")
    assert TwinningAgreement.objects.get(in_subquery(burnaby, "city_a")) == tied


def test_presence_annotation_tells_which_related_rows_exist(django_assert_num_queries):
    cities.twinning("burnaby", "zhongshan")
    cities.city("markham")
    there = exists_annotations(ties=TwinningAgreement.objects.filter(city_a=OuterRef("pk")))
    with django_assert_num_queries(1):
        known = {city.slug: may_have_related(city, "ties") for city in City.objects.annotate(**there)}
    assert known == {"burnaby": True, "zhongshan": False, "markham": False}
    assert may_have_related(City.objects.get(slug="markham"), "ties"), "not asked: the rows may exist"
