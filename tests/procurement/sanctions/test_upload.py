"""Tests of uploading a watchlist: tables with columns in any order, XML of four publishers, all or nothing."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from partners.register_import.errors import ImportFailed
from procurement.sanctions.actions import periodic
from procurement.sanctions.actions.periodic import (
    activate_next_watchlist,
    progress_task_name,
    rescreen_suppliers,
)
from procurement.sanctions.actions.watchlists import discard_watchlist, retry_watchlist
from procurement.sanctions.models import Watchlist, WatchlistEntry
from procurement.sanctions.parsers import ListedEntity, parse_watchlist
from tests.procurement.refusals import assert_refused
from tests.procurement.sanctions.watchlist_files import EU, OFAC, SEMA, UN
from tests.worlds import watchlists
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from tests.worlds.watchlists import activate_list
from workflow.errors import Refused


def parse_upload(content, name="list.csv"):
    data = content.encode() if isinstance(content, str) else content
    return parse_watchlist(SimpleUploadedFile(name, data))


class TestTables:
    def test_watchlist_columns_are_read_in_any_order_in_three_languages(self):
        english = parse_upload(
            "Remark,Other names,Name,Country or region,Numbers\nwhy,A; B|C,Kanghu,CN,123;456\n"
        )
        french = parse_upload("Remarque;Autres noms;Nom;Pays;Identifiants\nwhy;A|B|C;Kanghu;CN;123|456\n")
        chinese = parse_upload("原因,别名,企业名称,国家,证件号码\nwhy,A;B;C,Kanghu,CN,123;456\n")
        row = ListedEntity(2, "Kanghu", ("A", "B", "C"), "CN", ("123", "456"), "why")
        assert [english.rows, french.rows, chinese.rows] == [[row]] * 3
        assert english.file_format == "table"

    def test_chinese_name_column_is_read_as_an_alias(self):
        assert parse_upload("name,Chinese name\nKanghu,康护\n").rows == [ListedEntity(2, "Kanghu", ("康护",))]

    def test_every_alias_column_is_read_and_unread_columns_are_named(self):
        found = parse_upload(
            "公司名称,曾用名,Alias 1,Alias 2,alt_names,ids,中文名称,Programme,Programme\n康护,A；B,C,D、E,F,12345678,G,x,y\n"
        )
        assert found.rows == [
            ListedEntity(2, "康护", ("G", "A", "B", "C", "D", "E", "F"), numbers=("12345678",))
        ]
        assert found.unread_columns == ("Programme",)

    @pytest.mark.parametrize(
        ("written", "name", "aliases", "remark"),
        [
            ("X Co. Ltd. (and one alias: Y)", "X Co. Ltd.", ("Y",), ""),
            ("X (including two aliases: Y and Z)", "X", ("Y", "Z"), ""),
            ("X (including 2 alias(es): Y Co., Ltd.; and Z)", "X", ("Y Co., Ltd.", "Z"), ""),
            (
                "X (including three aliases: Y, Z, and A) and its branches",
                "X",
                ("Y", "Z", "A"),
                "and its branches",
            ),
            ("X (a.k.a. Y (Hong Kong) Ltd.)", "X", ("Y (Hong Kong) Ltd.",), ""),
            ("康护公司（曾用名：安护、康安）", "康护公司", ("安护", "康安"), ""),
            ("X (Hong Kong) and Sons", "X (Hong Kong) and Sons", (), ""),
            ("X (aka Y", "X (aka Y", (), ""),
            ("(aka Y)", "(aka Y)", (), ""),
        ],
    )
    def test_aliases_in_brackets_are_read(self, written, name, aliases, remark):
        assert parse_upload(f'Name\n"{written}"\n').rows == [ListedEntity(2, name, aliases, remark=remark)]

    def test_watchlist_errors_name_row_and_column_in_the_readers_language(self):
        long = "x" * 401
        table = f"Name,Country or region\n,CN\nKanghu,CN\n{long},CN\nKanghu\n"
        for language in ("en", "fr-ca", "zh-hans"):
            with translation.override(language), pytest.raises(ImportFailed) as caught:
                parse_upload(table)
            told = [(fault.row, fault.column) for fault in caught.value.faults]
            assert told == [(2, told[0][1]), (4, told[0][1]), (5, "")]
            assert told[0][1] == {"en": "Name", "fr-ca": "Nom"}.get(language, told[0][1]) != ""

    def test_watchlist_without_a_name_column_lists_the_known_headings(self):
        with pytest.raises(ImportFailed) as caught:
            parse_upload("Firma,Land\nKanghu,CN\n")
        assert "Other names" in str(caught.value.faults[0].reason)
        with pytest.raises(ImportFailed):
            parse_upload("\n")

    def test_watchlist_without_rows_is_refused(self):
        with pytest.raises(Refused) as caught:
            parse_upload("Name\n")
        assert caught.value.code == "no_names"


class TestXml:
    def test_consolidated_list_of_united_nations_is_parsed_into_entries(self):
        found = parse_upload(UN, "un.xml")
        assert found.file_format == "un"
        assert found.rows == [
            ListedEntity(
                1,
                "IVAN PETROVICH SOKOLOV",
                ("Иван Соколов", "Vanya"),
                "Utopia",
                ("P-12345678",),
                "UTi.001 A practice entry.",
            ),
            ListedEntity(2, "BLACKWATER ORCHID", ("黑水兰", "B.O. Trading"), "Erewhon", (), "UTe.002"),
        ]

    def test_consolidated_list_of_european_union_is_parsed_into_entries(self):
        found = parse_upload(EU, "eu.xml")
        assert found.file_format == "eu"
        assert found.rows == [
            ListedEntity(
                1,
                "Blackwater Orchid",
                ("Orchid Black Water",),
                "EREWHON",
                ("91330100799655058B",),
                "EU.1.1 practice",
            )
        ]

    def test_ofac_sdn_list_is_parsed_into_entries(self):
        found = parse_upload(OFAC, "sdn.xml")
        assert found.file_format == "ofac"
        assert found.rows == [
            ListedEntity(
                1,
                "BLACKWATER ORCHID",
                ("BO Trading",),
                "Erewhon",
                ("91330100799655058B",),
                "PRACTICE a remark",
            )
        ]

    def test_canadian_sema_list_is_parsed_into_entries(self):
        found = parse_upload(SEMA, "sema.xml")
        assert found.file_format == "sema"
        assert found.rows == [
            ListedEntity(
                1, "Blackwater Orchid Shipping", ("B.O.S.", "黑水兰"), "Erewhon", (), "Schedule 1 Item 7"
            ),
            ListedEntity(2, "Ivan Petrovich Sokolov", ("Vanya",), "Utopia", (), "Schedule 1, Part 2 Item 12"),
            ListedEntity(3, "Practice Tanker", (), "Erewhon", ("1234567",), "Item 3"),
        ]

    def test_unknown_xml_list_is_refused_naming_the_expected_ones(self):
        with pytest.raises(Refused) as caught:
            parse_upload("<rss><channel/></rss>", "x.xml")
        assert caught.value.code == "unknown_shape"
        for word in ("<rss>", "CONSOLIDATED_LIST", "export", "sdnList", "data-set"):
            assert word in str(caught.value.message)

    def test_entry_without_a_name_refuses_the_whole_list(self):
        with pytest.raises(ImportFailed) as caught:
            parse_upload(
                UN.replace("<FIRST_NAME>BLACKWATER ORCHID</FIRST_NAME>", "")
                .replace("黑水兰", "")
                .replace("B.O. Trading", "")
            )
        assert [(one.row, one.column) for one in caught.value.faults] == [(2, "ENTITY")]

    def test_list_without_entries_is_refused(self):
        with pytest.raises(Refused) as caught:
            parse_upload("<CONSOLIDATED_LIST/>")
        assert caught.value.code == "no_names"


@pytest.mark.django_db
class TestUploads:
    def test_uploaded_watchlist_keeps_its_source_and_becomes_active_after_screening(self):
        watchlist = watchlists.upload_list("Kanghu", "Somebody")
        assert (watchlist.status, watchlist.names, watchlist.turn, watchlist.is_waiting_for_screening) == (
            "uploaded",
            2,
            0,
            True,
        )
        assert str(watchlist) == "Practice list"
        assert [str(one) for one in watchlist.entries.order_by("row")] == ["Kanghu", "Somebody"]
        assert activate_next_watchlist(AT) == 1
        watchlist.refresh_from_db()
        assert (watchlist.status, watchlist.turn) == ("active", 1)
        assert activate_next_watchlist(AT) == 0

    def test_progress_of_watchlist_screening_is_reported(self, monkeypatch):
        Story().supplier.screened_names.all()
        rescreen_suppliers(AT)
        told = []
        monkeypatch.setattr(periodic, "report_progress", lambda *said: told.append(said))
        watch_list = activate_list("Somebody")
        assert told == [(progress_task_name(watch_list), 0, 1)]

    def test_very_long_alias_is_stored(self):
        told = ListedEntity(2, "Somebody", aliases=("ﷺ" * 400,), numbers=("ﷺ" * 100,))
        assert activate_list(told, unread=["Programme"]).unread == ["Programme"]

    def test_officer_cannot_upload_a_watchlist(self):
        story = Story()
        with assert_refused("not_allowed"):
            watchlists.upload_list("Kanghu", by=story.officer)
        assert not Watchlist.objects.exists()
        assert watchlists.upload_list("Kanghu", by=story.person("administrator")).pk

    @pytest.mark.parametrize(
        ("facts", "code", "field"),
        [
            ({"published_on": AT.date() + timedelta(days=2)}, "bad_day", "published_on"),
            ({"sha256": "a" * 64, "name": "Another"}, "same_file", "file"),
            ({"sha256": "b" * 64}, "same_name", "replaces"),
            (
                {"sha256": "b" * 64, "replaces": True, "published_on": date(2020, 3, 31)},
                "older",
                "published_on",
            ),
            ({"sha256": "b" * 64, "replaces": True}, "too_few_names", "file"),
        ],
    )
    def test_invalid_watchlist_upload_is_refused_at_its_field(self, facts, code, field):
        older = activate_list("A person", "B person", "C person", sha256="a" * 64)
        if facts.get("replaces"):
            facts = facts | {"replaces": older}
        with pytest.raises(Refused) as caught:
            watchlists.upload_list("A person", **facts)
        assert (caught.value.code, caught.value.details["field"]) == (code, field)
        assert Watchlist.objects.count() == 1

    def test_replaced_watchlist_cannot_be_replaced_again(self):
        older = activate_list("Somebody")
        activate_list("Choose someone else", replaces=older)
        older.refresh_from_db()
        with pytest.raises(Refused) as caught:
            watchlists.upload_list("A third", name="Other", replaces=older)
        assert caught.value.code == "not_in_force"

    def test_two_versions_waiting_to_replace_one_watchlist_both_become_active(self):
        older = activate_list("Somebody")
        one = watchlists.upload_list("Choose someone else", replaces=older, name="One")
        two = watchlists.upload_list("A third", replaces=older, name="Two")
        assert [activate_next_watchlist(AT), activate_next_watchlist(AT)] == [1, 1]
        for each in (older, one, two):
            each.refresh_from_db()
        assert [older.status, one.status, two.status] == ["superseded", "active", "active"]
        assert {one.turn, two.turn} == {2, 3}

    def test_watchlist_failing_during_screening_waits_for_a_retry(self, monkeypatch, caplog):
        watchlist = watchlists.upload_list("Kanghu")
        with monkeypatch.context() as patched:
            patched.setattr(periodic, "screen_all_names", lambda *_told: 1 / 0)
            assert activate_next_watchlist(AT) == 1
        watchlist.refresh_from_db()
        assert watchlist.status == "failed"
        assert "could not be compared" in caplog.text
        retry_watchlist(watchlist, by=watchlists.register_coordinator().by, at=AT)
        assert activate_next_watchlist(AT) == 1
        watchlist.refresh_from_db()
        assert watchlist.status == "active"

    def test_refusal_during_screening_leaves_the_watchlist_uploaded(self, monkeypatch):
        watchlist = watchlists.upload_list("Kanghu")

        def busy(*_told):
            raise Refused("busy", "busy")

        with monkeypatch.context() as patched:
            patched.setattr(periodic, "screen_all_names", busy)
            assert activate_next_watchlist(AT) == 0
        watchlist.refresh_from_db()
        assert watchlist.status == "uploaded"

    def test_one_watchlist_is_screened_at_a_time(self, monkeypatch):
        watchlists.upload_list("Kanghu")

        class Cursor:
            def __enter__(self):
                return self

            def __exit__(self, *_told):
                return None

            def execute(self, *_told):
                return None

            def fetchone(self):
                return (False,)

        class Connection:
            def cursor(self):
                return Cursor()

        with monkeypatch.context() as patched:
            patched.setattr(periodic, "connection", Connection())
            assert activate_next_watchlist(AT) == 0
        assert activate_next_watchlist(AT) == 1

    def test_inactive_watchlist_is_discarded_by_one_person(self):
        watchlist = watchlists.upload_list("Kanghu")
        discard_watchlist(watchlist, reason="the wrong one", by=watchlists.register_coordinator().by, at=AT)
        assert watchlist.status == "withdrawn"
        assert WatchlistEntry.objects.candidates_for(["pkang"]).count() == 0

    def test_watchlists_are_visible_to_staff_and_coordinators(self):
        story = Story()
        watchlist = activate_list("Blackwater Orchid")
        for by, sees in (
            (story.observer.by, True),
            (watchlists.register_coordinator().by, True),
            (story.contact, False),
        ):
            powers = by if hasattr(by, "visible_cities") else own_link(by)
            assert (watchlist in Watchlist.objects.visible_to(powers)) is sees
            assert WatchlistEntry.objects.visible_to(powers).exists() is sees
        assert list(Watchlist.objects.search("practice office")) == [watchlist]
        assert WatchlistEntry.objects.search("orchid").count() == 1
