"""What screening is given of the papers a company shows, and of those it should show: plain values."""

from dataclasses import dataclass
from datetime import date

from workflow.tongues import InThreeLanguages


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A certificate as far as screening needs it; the verdicts come from the catalogue's rules.

    `shared` is why another company may honestly show its number, "letter" where the holder's letter says so, "" where both claim it.
    `other_models`: those that the same report is shown for elsewhere. `importers`: it is an importer's, and the company imports nothing
    here; `class_one_body`: the number of a notified body on a device of class I; `number_is_anothers`: its number names a laboratory, a
    body or a company; `report_open`: no report's own number is given.
    `own`: its holder is the company or not stated; `holder` is who it is, where another holds it and no letter of theirs was shown,
    `makers` whether that is the maker of the goods, `not_lent` whether no letter could help; `holder_unread`: in a script in which the
    company has no name.
    `manufacturer` is whom it names as the maker, where the offer's `maker` is another. `number_year` is the year its number was given,
    `number_group` and `number_office` the product group and the province in it, where they cannot be right.
    `declared_by`: who issued a maker's declaration, where it was not the maker.
    `class_said` is the class of device it is for, where the goods are of a higher one, `class_needed`.
    `for_line` is how the standards it names stand to those of the line, "" where the offer's own standard says it. `covers`: whether
    its models cover the offered one, None where either is not named. `module_said`: the module it names, where that is not its kind's.
    `holds_years`: the most such papers hold, 0 for kinds that name no end. `asked_on`, `asked_result`: the latest look at its issuer.
    """

    reference: str
    kind: InThreeLanguages
    number: str
    form_fault: InThreeLanguages | None = None
    form_firm: bool = False
    worthless: InThreeLanguages | None = None
    worthless_firm: bool = False
    declared_by: str = ""
    class_said: str = ""
    class_needed: str = ""
    class_firm: bool = False
    class_source: str = ""
    elsewhere: str = ""
    shared: str = ""
    issued: date | None = None
    ends: date | None = None
    number_year: int | None = None
    number_group: str = ""
    number_office: InThreeLanguages | None = None
    own: bool = True
    holder: str = ""
    body: str = ""
    body_fault: InThreeLanguages | None = None
    body_firm: bool = False
    body_look: InThreeLanguages | None = None
    unsigned: bool = False
    status: str = ""
    doubted: bool = False
    standards: str = ""
    for_standard: bool = True
    module: str = ""
    module_said: str = ""
    kinds_module: str = ""
    other_province: InThreeLanguages | None = None
    makers_place: str = ""
    source: str = ""
    form_known: bool = False
    form_source: str = ""
    worth: InThreeLanguages | None = None
    body_source: str = ""
    body_watched: InThreeLanguages | None = None
    body_holds: InThreeLanguages | None = None
    products: InThreeLanguages | None = None
    for_line: str = ""
    for_line_firm: bool = False
    for_line_why: InThreeLanguages | None = None
    for_line_source: str = ""
    models: str = ""
    covers: bool | None = None
    makers: bool = False
    not_lent: bool = False
    holder_unread: str = ""
    number_is_anothers: bool = False
    report_open: bool = False
    other_models: str = ""
    importers: bool = False
    class_one_body: str = ""
    holder_said: str = ""
    manufacturer: str = ""
    maker: InThreeLanguages | None = None
    holds_years: int = 0
    asked_on: date | None = None
    asked_result: str = ""


@dataclass(frozen=True, kw_only=True)
class OthersPaper:
    """A certificate that names other goods only."""

    reference: str
    kind: InThreeLanguages
    number: str
    products: InThreeLanguages


@dataclass(frozen=True, kw_only=True)
class NeededPaper:
    """A kind of paper the goods need and nobody shows: in which market, why, and whether the source of that is firm.

    `on_list`: what is shown for it rests on a published list that nobody has looked up as of the day.
    """

    kind_code: str
    kind: InThreeLanguages
    market: str
    why: InThreeLanguages
    firm: bool
    source: str = ""
    on_list: bool = False
