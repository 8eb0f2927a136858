"""What is noticed about the standard and the papers, in words."""

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

SENTENCES: dict[str, Words] = {
    "certificate_malformed": _(
        "%(kind)s %(number)s %(verdict)s: %(why)s Compare it with the paper, and look it up with its issuer."
    ),
    "certificate_worthless": _("%(kind)s proves nothing for these goods: %(why)s"),
    "certificate_declared_by": _(
        "%(kind)s %(number)s was issued by %(issuer)s. Only the maker itself can make such a declaration: ask for the maker’s own."
    ),
    "certificate_too_low": _(
        "%(kind)s %(number)s is for devices of class %(said)s. In China these goods are of class %(needed_class)s: ask for the "
        "registration certificate of these goods."
    ),
    "certificate_elsewhere": _(
        "The number %(number)s is also shown by another company (%(other)s). Ask the issuer which of them holds it."
    ),
    "report_two_models": _(
        "The same report, %(kind)s %(number)s, is shown for %(models)s and for %(others)s. A report is about the samples that were "
        "tested: ask the laboratory which model it tested."
    ),
    "certificate_importers": _(
        "%(kind)s %(number)s is what an importer has, and the company does not import these goods: it is no approval of them. "
        "Ask who imports, and for the importer’s own number."
    ),
    "certificate_class_one": _(
        "%(kind)s %(number)s shows the number of a notified body, %(body)s. No body certifies a device of class I unless it is "
        "sterile, and no certificate of sterility was shown. Ask the maker for its own declaration, with a plain CE mark."
    ),
    "mark_class_one": _(
        "The offer mentions CE %(body)s. No body certifies a device of class I unless it is sterile, and no certificate of sterility "
        "was shown. Ask for a photo of the mark and for the maker’s own declaration."
    ),
    "certificate_report_open": _(
        "%(kind)s %(number)s names the laboratory only. Ask for the report’s own number and enter it after the laboratory’s."
    ),
    "certificate_expired": _("%(kind)s %(number)s ends on %(ends)s, before the goods would arrive."),
    "certificate_body": _(
        "%(kind)s %(number)s (%(body)s): %(why)s "
        "Ask for a certificate of a body that NANDO lists for these goods."
    ),
    "certificate_body_to_check": _(
        "%(kind)s %(number)s: look the notified body %(body)s up in NANDO before you rely on it. %(why)s"
    ),
    "certificate_other_module": _(
        "%(kind)s %(number)s names module %(module)s, and papers of its kind are of module %(own)s."
    ),
    "certificate_unsigned": _(
        "%(kind)s %(number)s names no notified body: a number alone proves nothing. Ask for the body’s name and number."
    ),
    "certificate_doubted": _("%(kind)s %(number)s was judged “%(status)s”."),
    "issuer_denies": _("%(kind)s %(number)s: its issuer was asked on %(day)s. %(result)s."),
    "issuer_asked_long_ago": _(
        "%(kind)s %(number)s was confirmed by its issuer on %(day)s, more than %(days)s days ago (a number of our own): look again."
    ),
    "certificate_future": _("%(kind)s %(number)s is dated %(issued)s, a day that has not come yet."),
    "certificate_number_future": _(
        "%(kind)s %(number)s is numbered for %(year)s, a year that has not begun."
    ),
    "certificate_number_office": _(
        "%(kind)s %(number)s names %(province)s as its issuer, but only the national authority registers class III and imported "
        "devices."
    ),
    "certificate_number_other_goods": _(
        "%(kind)s %(number)s is of product group %(group)s; protective goods are of group 14, or 64 in the catalogue before 2018."
    ),
    "certificate_before_number": _(
        "%(kind)s %(number)s is dated %(issued)s, but its number was not given before %(year)s."
    ),
    "certificate_before_company": _(
        "%(kind)s %(number)s is dated %(issued)s, before the company was founded on %(founded)s."
    ),
    "certificate_holder": _(
        "%(kind)s %(number)s is in the name of %(holder)s, not of the company. Ask for their letter that it may sell these goods."
    ),
    "certificate_not_lent": _(
        "%(kind)s %(number)s was given to %(holder)s and cannot be lent to another maker. Look the number up with its issuer, "
        "do not accept the paper for these goods, and ask for the approval of the maker of these goods."
    ),
    "certificate_holder_unread": _(
        "%(kind)s %(number)s is in the name of %(holder)s; the company has no name on record in that script. "
        "Ask whether it is the same company, and record the name."
    ),
    "certificate_other_manufacturer": _(
        "%(kind)s %(number)s names %(manufacturer)s as the maker; by the offer it is %(maker)s."
    ),
    "certificate_missing": _("No certificate was shown."),
    "certificate_modules": _(
        "Shown for modules %(modules)s only: protective equipment needs module B, and C2 or D for its making."
    ),
    "certificate_province": _(
        "%(kind)s %(number)s is of the province %(province)s, the maker is in another."
    ),
    "certificate_other_product": _("%(kind)s %(number)s is for other goods: %(products)s."),
    "certificate_other_standard": _("%(kind)s %(number)s speaks of %(standards)s, not of %(offered)s."),
    "certificate_required": _("Needed and not shown (%(market)s): %(kind)s. %(why)s"),
    "certificate_two_bodies": _(
        "Module B is by %(designed)s, the module for the making by %(made)s. They may differ: look both up in NANDO."
    ),
    "certificate_body_watched": _(
        "%(kind)s %(number)s: the notified body %(body)s may sign it, but that is not enough here. "
        "Have a sample tested. %(note)s"
    ),
    "certificate_makers": _(
        "%(kind)s %(number)s is the maker’s, %(holder)s. "
        "Ask for the maker’s letter that the company may sell these goods."
    ),
    "certificate_not_the_lines": _(
        "%(kind)s %(number)s speaks of %(standards)s, the line asks for %(asked)s. %(why)s"
    ),
    "certificate_other_model": _(
        "%(kind)s %(number)s is for %(models)s, not for the offered model %(model)s."
    ),
    "certificate_ends_on_the_way": _(
        "%(kind)s %(number)s ends on %(ends)s. "
        "The offer names no days of travel: with %(days)s days by air, as was usual, the goods would come after that day."
    ),
    "certificate_no_end": _(
        "%(kind)s %(number)s names no end. Such papers hold %(years)s years at most, as far as we remember: ask until when."
    ),
    "certificate_long_ago": _(
        "%(kind)s %(number)s is of %(issued)s and names no end. "
        "Such papers hold %(years)s years at most, as far as we remember: it may be over."
    ),
    "certificate_holds_too_long": _(
        "%(kind)s %(number)s is of %(issued)s and is to hold until %(ends)s. "
        "Such papers hold %(years)s years at most, as far as we remember: ask its issuer."
    ),
    "file_elsewhere": _("The same file was shown for another company (%(others)s)."),
    "standard_below": _("%(offered)s does not meet %(asked)s: %(why)s"),
    "standard_ended": _(
        "%(why)s Ask when the goods were made, and for a test report to the edition that holds now."
    ),
    "standard_neighbour": _("%(offered)s is comparable with %(asked)s, not equal to it: %(why)s"),
    "goods_other": _(
        "These are other goods than the line asks for, so they do not count for it. Offer them for a line of their own."
    ),
    "standard_unknown": _("The offer does not say which standard the goods meet."),
}
