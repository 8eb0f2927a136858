"""Form fields for figures and dates as people type them, and the HTML of a form."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from workflow.http.forms import DayField, LinesField, MomentField, MoneyField, QuantityField


@pytest.mark.parametrize(
    "typed", ["500000", "500 000", "500,000", "500.000", "500\xa0000", "５００，０００", " 500’000 "]
)
def test_quantity_is_read_with_any_thousands_separator(typed):
    assert QuantityField().clean(typed) == 500_000


@pytest.mark.parametrize("typed", ["12.5", "12,5", "many", "-1", "1000000001"])
def test_fractional_negative_or_excessive_quantity_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        QuantityField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "language", "amount"),
    [
        ("1.92", "en", "1.92"),
        ("1,92", "en", "1.92"),
        ("1,92", "fr-ca", "1.92"),
        ("1 234,50", "fr-ca", "1234.50"),
        ("1,234.50", "en", "1234.50"),
        ("1.234,50", "fr-ca", "1234.50"),
        ("1,234", "en", "1234"),
        ("1,234", "fr-ca", "1.234"),
        ("1,234,567", "zh-hans", "1234567"),
        ("１．９２", "zh-hans", "1.92"),
        ("1.234.567", "fr-ca", "1234567"),
    ],
)
def test_amount_is_read_with_comma_or_point_decimals(typed, language, amount):
    with translation.override(language):
        assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["2020-04-30", "2020/4/30", "2020.04.30", "2020年4月30日", "20200430", "２０２０－０４－３０"]
)
def test_date_is_read_year_first(typed):
    assert DayField().clean(typed) == date(2020, 4, 30)


@pytest.mark.parametrize("typed", ["30/04/2020", "04/30/2020", "2020-13-01", "soon"])
def test_ambiguous_or_invalid_date_is_refused_with_the_expected_format(typed):
    with pytest.raises(forms.ValidationError, match="2020-04-30"):
        DayField().clean(typed)


def test_time_is_read_in_the_time_zone_of_its_place():
    field = MomentField(zone="Asia/Shanghai")
    assert field.clean("2020-04-17 00:05") == datetime(2020, 4, 16, 16, 5, tzinfo=UTC)
    assert field.prepare_value(datetime(2020, 4, 16, 16, 5, tzinfo=UTC)) == "2020-04-17 00:05"
    assert MomentField().clean("2020-04-16 16 h 05") == datetime(2020, 4, 16, 16, 5, tzinfo=UTC)
    assert field.prepare_value("nonsense") == "nonsense"


class ExampleForm(forms.Form):
    name = forms.CharField(help_text="As on the licence.")
    pieces = QuantityField(required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    read = forms.BooleanField(help_text="Once.")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    ready_on = DayField(required=False)


def test_field_shows_hint_before_error_before_input():
    html = str(ExampleForm({})["name"].as_field_group())
    assert html.index("As on the licence.") < html.index("This field is required.") < html.index("<input")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html


def test_optional_fields_are_labelled_optional_without_asterisks():
    html = str(ExampleForm())
    assert html.count("(optional)") == 2
    assert "*" not in html


def test_radio_choices_are_a_fieldset_with_a_legend():
    html = str(ExampleForm({})["kind"].as_field_group())
    assert html.startswith("<fieldset")
    assert "<legend>" in html
    assert html.count('type="radio"') == 2
    assert 'class="form-check-input"' in html


def test_checkbox_label_follows_the_checkbox():
    html = str(ExampleForm()["read"].as_field_group())
    assert html.index("<input") < html.index("<label")


def test_form_lists_its_errors_with_links_to_the_fields():
    html = str(ExampleForm({}))
    assert 'role="alert"' in html
    assert '<a href="#id_name">Name: This field is required.</a>' in html
    assert 'href="#id_kind_0"' in html or 'href="#id_kind"' in html


def test_label_ending_with_a_question_mark_gets_no_colon():
    class Asked(forms.Form):
        pieces = QuantityField(label="How many pieces are there?")

    assert ">How many pieces are there? This field is required.</a>" in str(Asked({}))


def test_long_choices_are_checkboxes_in_columns_and_groups_are_named():
    class Listed(forms.Form):
        few = forms.ChoiceField(widget=forms.RadioSelect, choices=[(n, n) for n in "abc"])
        many = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, choices=[(n, n) for n in "abcdefgh"]
        )
        groups = forms.ChoiceField(
            widget=forms.RadioSelect, choices=[("One", [("a", "a"), ("b", "b")]), ("Two", [("c", "c")])]
        )

    form = Listed()
    assert str(form["few"]).count("<ul") == 1
    assert 'class="choices"' in str(form["few"])
    assert 'class="choices choices-many"' in str(form["many"])
    grouped = str(form["groups"])
    assert grouped.count("<ul") == grouped.count("</ul>") == 2
    assert grouped.index("One") < grouped.index("<ul") < grouped.index("Two") < grouped.rindex("<ul")


def test_select_shows_its_groups_and_the_selected_option():
    choices = [("", "None"), ("North", [("a", "<A>"), ("b", "B")])]
    form = forms.Form({"kind": "b"})
    form.fields["kind"] = forms.ChoiceField(choices=choices)
    html = " ".join(str(form["kind"]).split())
    assert '<option value="">None</option> <optgroup label="North">' in html
    assert (
        '<option value="a">&lt;A&gt;</option> <option value="b" selected>B</option> </optgroup></select>'
        in html
    )


def test_quantity_is_displayed_in_the_readers_number_format():
    with translation.override("fr-ca"):
        assert "500\xa0000" in str(ExampleForm(initial={"pieces": 500000})["pieces"])


def test_form_html_has_no_inline_style_or_script():
    html = str(ExampleForm({}))
    assert "style=" not in html
    assert "onclick" not in html


def test_line_endings_of_submitted_text_are_normalized():
    class Letter(forms.Form):
        body = forms.CharField(widget=forms.Textarea, max_length=9)

    form = Letter({"body": "Dear\r\n\r\nLi"}, initial={"body": "Dear\n\nLi"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["body"] == "Dear\n\nLi"
    assert not form.has_changed()


def test_form_wide_error_is_listed_without_a_link():
    form = ExampleForm({})
    form.add_error(None, "The two dates do not fit.")
    assert "<li>The two dates do not fit.</li>" in str(form)


class ListForm(forms.Form):
    through = LinesField(longest=5, most=2, required=False)


@pytest.mark.parametrize(
    ("typed", "lines"), [("", []), (" \r\n\n", []), (" a \r\n\r\nb", ["a", "b"]), ("12345", ["12345"])]
)
def test_list_of_lines_is_read_and_displayed_one_per_line(typed, lines):
    form = ListForm({"through": typed}, initial={"through": lines})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["through"] == lines
    assert not form.has_changed()
    assert ListForm(initial={"through": ["a", "b"]})["through"].value() == "a\nb"
    assert ListForm({"through": "c"}, initial={"through": lines}).has_changed()


@pytest.mark.parametrize(
    ("typed", "words"), [("a\nb\nc", "Enter at most 2 lines."), ("ok\n123456", "“123456…”")]
)
def test_too_many_or_overlong_lines_are_refused(typed, words):
    assert words in str(ListForm({"through": typed}).errors["through"])


class PriceForm(forms.Form):
    price = MoneyField()
    currency = forms.CharField(required=False)


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("1.2元", "CNY", "1.2"),
        ("¥1.2", "CNY", "1.2"),
        ("￥１．２", "cny", "1.2"),
        ("¥ 150", "JPY", "150"),
        ("3.5万元", "CNY", "35000"),
        ("RMB 1,200.50", "CNY", "1200.50"),
        ("$0.45", "USD", "0.45"),
        ("$0.45", "CAD", "0.45"),
        ("0.45 USD", "USD", "0.45"),
        ("1.2万", "CNY", "12000"),
        ("€2", "EUR", "2"),
    ],
)
def test_amount_may_include_the_currency_selected_in_the_form(typed, currency, amount):
    form = PriceForm({"price": typed, "currency": currency})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["price"] == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "currency", "says"),
    [
        ("1.2元", "USD", "Make them match"),
        ("$3", "EUR", "Make them match"),
        ("¥1.2", "", "Choose the currency in its own field"),
        ("€1 USD", "EUR", "Enter the amount as a number"),
        ("about 3", "CNY", "Enter the amount as a number"),
        ("1.2元/箱", "CNY", "Enter the price of one unit"),
    ],
)
def test_amount_with_another_currency_is_refused(typed, currency, says):
    form = PriceForm({"price": typed, "currency": currency})
    assert says in str(form.errors["price"])


def test_amount_with_a_currency_is_refused_where_none_is_needed():
    class InOnesOwn(forms.Form):
        most = MoneyField()

    assert "No currency is needed here." in str(InOnesOwn({"most": "¥1.2"}).errors["most"])


@pytest.mark.parametrize("typed", ["many", "12.5", "两万左右", "1 or 2"])
def test_unreadable_quantity_is_refused_with_an_example(typed):
    with pytest.raises(forms.ValidationError, match="200 boxes of 50"):
        QuantityField().clean(typed)


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
@pytest.mark.parametrize("mark", ["", " ", "\xa0", "\u202f", ",", ".", "'", "’", "_"])
def test_quantity_with_mixed_separators_is_refused(language, mark):
    """One kind of mark separates thousands; a mark at any other place might be a decimal mark."""
    with translation.override(language):
        assert QuantityField().clean(f"12{mark}500") == 12_500
        if mark:
            for typed in (f"1{mark}2", f"12{mark}50", f"1{mark}2{mark}3", f"0{mark}123", f"1{mark}0000"):
                with pytest.raises(forms.ValidationError):
                    QuantityField().clean(typed)
            for other in {" ", ",", ".", "'"} - {mark, " " if mark.isspace() else ""}:
                with pytest.raises(forms.ValidationError):
                    QuantityField().clean(f"1{mark}234{other}567")


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
@pytest.mark.parametrize("grouping", ["", " ", "\xa0", "\u202f", ",", ".", "'", "’"])
@pytest.mark.parametrize("decimal", [",", "."])
def test_amount_with_ambiguous_separators_is_refused(language, grouping, decimal):
    if grouping == decimal:
        return
    with translation.override(language):
        assert MoneyField().clean(f"1{grouping}234{decimal}50") == Decimal("1234.50")
        assert MoneyField().clean(f"1{grouping}234{grouping}567{decimal}5") == Decimal("1234567.5")
        if grouping:
            for typed in (
                f"1{grouping}2{decimal}5",
                f"12{grouping}34{decimal}5",
                f"1{grouping}2{grouping}3",
                f"1{decimal}5{grouping}2",
            ):
                with pytest.raises(forms.ValidationError):
                    MoneyField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "language", "amount"),
    [
        ("0,123", "en", "0.123"),
        ("0,123", "zh-hans", "0.123"),
        ("0,1234", "en", "0.1234"),
        ("１，２３４．５", "zh-hans", "1234.5"),
        ("¥1,234.50", "zh-hans", None),  # in a form without a currency
        ("1,0000", "zh-hans", None),  # 10,000 for some readers, 1 for others
        ("1,0000", "en", None),
        ("1 2", "fr-ca", None),
        ("NaN", "en", None),
        ("Infinity", "en", None),
        ("1e400", "en", None),
    ],
)
def test_amount_in_the_readers_notation_is_read_and_ambiguous_one_refused(typed, language, amount):
    class Priced(forms.Form):
        price = MoneyField()

    with translation.override(language):
        form = Priced({"price": typed})
        assert form.is_valid() == (amount is not None), form.errors
        if amount is not None:
            assert form.cleaned_data["price"] == Decimal(amount)


@pytest.mark.parametrize("field", [DayField(), MomentField(zone="Asia/Shanghai")])
@pytest.mark.parametrize("year", ["0001", "0020", "0999", "3000", "9999"])
def test_implausible_year_is_refused(field, year):
    typed = f"{year}-05-31" + (" 10:00" if isinstance(field, MomentField) else "")
    with pytest.raises(forms.ValidationError):
        field.clean(typed)


def test_line_with_a_null_character_is_refused():
    with pytest.raises(forms.ValidationError, match="Null"):
        LinesField(longest=200).clean("City hospital\na\0b")
