"""Each version of a paper: handed in by a link or brought at the desk, taken as the paper, or given back. Every one is kept.

Every action locks the shipment first, as those on its papers do.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.roles import Power
from procurement.shipments.actions.customs import begin_paper, new_version, ready_paper
from procurement.shipments.actions.handing.followed import follow
from procurement.shipments.gathering.handing import could_be
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.made import MadePaper
from procurement.shipments.rules import handing
from procurement.shipments.rules.handing import under_way
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.models.evidence import File
from workflow.moves import locked

MOST_FILES = 20  # of one version: more is several papers


def hand_in_paper(
    call: PaperCall,
    paper: CustomsPaper,
    *,
    files: Sequence[int],
    by: Actor,
    at: datetime,
    number: str = "",
    remark: str = "",
    by_copied_link: bool = False,
) -> PaperVersion:
    """Hand in a paper by the link of a call. It waits for somebody of the city; an earlier one that still waits is replaced.

    `files` are ids of files the person brought to this paper. Refuses a paper of somebody else, one without a file, a file that is not
    theirs or is in a version already, a paper that customs has, and a call that was taken back.
    """
    version = PaperVersion(
        paper=paper, city_id=paper.city_id, call=call, author_id=call.person_id, by_copied_link=by_copied_link
    )
    if not by.may(Power.HAND_IN, paper):
        raise Refused("not_theirs", _("This is not one of the papers you were asked for."), field="paper")
    with transaction.atomic():
        shipment = locked(call.shipment)
        row = locked(call)
        row.shipment = shipment
        refused = handing.CANNOT.refusal(by, row, at) or under_way(row)
        if refused is not None:
            raise refused
        version.call = row
        _begin(version, files, (), by, at, number, remark)
        if paper.reference in row.cannot:
            row.cannot = {key: why for key, why in row.cannot.items() if key != paper.reference}
            row.save(update_fields=["cannot"])
        follow(shipment, at)
    return version


def bring_paper(
    paper: CustomsPaper,
    *,
    author: User,
    by: Actor,
    at: datetime,
    files: Sequence[int] = (),
    made: Iterable[MadePaper] = (),
    number: str = "",
    remark: str = "",
) -> PaperVersion:
    """Bring a version at the desk: files of the paper, or what was made from the record. It is the paper at once.

    Refuses one without either, a file of another paper, and what was made for another shipment.
    """
    version = PaperVersion(paper=paper, city_id=paper.city_id, author=author)
    with transaction.atomic():
        shipment = locked(paper.shipment)
        _begin(version, files, tuple(made), by, at, number, remark)
        take_paper(version, by=by, at=at)
        follow(shipment, at)
    return version


def take_paper(version: PaperVersion, *, by: Actor, at: datetime) -> PaperVersion:
    """Take what came in as the paper, which is ready with it. Whoever handed it in is told.

    Refuses whoever sent it by a link themselves.
    """
    with transaction.atomic():
        shipment = locked(version.paper.shipment)
        with handing.TAKE.on(version, by=by, at=at) as row:
            row.judged_at = at
        paper = locked(version.paper)
        _ready(paper, version, by, at)
        version.paper = paper
        follow(shipment, at)
    return version


def give_paper_back(version: PaperVersion, *, reason: str, by: Actor, at: datetime) -> PaperVersion:
    """Give it back and say why: another one is needed. Whoever handed it in is told. Refuses without a reason."""
    with transaction.atomic():
        shipment = locked(version.paper.shipment)
        with handing.GIVE_BACK.on(version, by=by, at=at, reason=reason) as row:
            row.answer = reason.strip()
            row.judged_at = at
        follow(shipment, at)
    return version


def _begin(
    version: PaperVersion,
    files: Sequence[int],
    made: tuple[MadePaper, ...],
    by: Actor,
    at: datetime,
    number: str,
    remark: str,
) -> None:
    paper = version.paper = locked(version.paper)
    refused = handing.RECEIVE.refusal(by, version, at)
    if refused is not None:
        raise refused
    version.files = _files(paper, version, files)
    version.made = _made(paper, made)
    if not version.files and not version.made:
        raise Refused("file_missing", _("Add the paper first: a photo or a PDF."), field="file")
    if paper.status == CustomsPaper.Status.MISSING:
        begin_paper(paper, by=by, at=at)
    elif paper.status == CustomsPaper.Status.REFUSED:
        new_version(paper, by=by, at=at)
    version.number = _number(paper)
    version.paper_number, version.remark = number.strip(), remark.strip()
    for earlier in paper.versions.filter(status=PaperVersion.Status.RECEIVED).order_by("pk"):
        if handing.REPLACE.refusal(by, earlier, at) is None:
            with handing.REPLACE.on(earlier, by=by, at=at):
                pass
    handing.RECEIVE.start(version, by=by, at=at, paper=paper.reference)
    if paper.version != version.number:
        paper.version = version.number
        paper.save(update_fields=["version"])


def _number(paper: CustomsPaper) -> int:
    """The next version of a paper; a refused one has begun its next already."""
    last = paper.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return max(paper.version, last + 1)


def _files(paper: CustomsPaper, version: PaperVersion, ids: Sequence[int]) -> list[int]:
    """The files among these that were brought to the paper (by the person of the call, where there is one), in no version yet."""
    used = {pk for one in paper.versions.all() for pk in one.files}
    rows = File.objects.about(paper).filter(pk__in=set(ids) - used).exclude(status=File.Status.REJECTED)
    if version.call is not None:
        rows = rows.filter(by=version.call.person_id, kind=version.call.reference)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if len(found) != len(set(ids)):
        raise Refused("not_of_paper", _("One of these files does not belong to this paper."), field="file")
    if len(found) > MOST_FILES:
        raise Refused("too_many_files", _("A version has twenty files at most."), field="file")
    return found


def _made(paper: CustomsPaper, made: tuple[MadePaper, ...]) -> list[int]:
    if {one.pk for one in made} - {one.pk for one in could_be(paper)}:
        raise Refused(
            "not_of_paper",
            _("This is not what this paper is made as, or a newer one was made."),
            field="made",
        )
    return [one.pk for one in made]


def _ready(paper: CustomsPaper, version: PaperVersion, by: Actor, at: datetime) -> None:
    """The paper has this version now: ready, where it was being written; under its newer number in any case."""
    if paper.status == CustomsPaper.Status.DRAFT:
        ready_paper(paper, number=version.paper_number, by=by, at=at)
    elif version.paper_number and paper.number != version.paper_number:
        paper.number = version.paper_number
        paper.save(update_fields=["number"])
