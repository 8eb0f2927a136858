"""Leading on to a signed address, handing out the bytes there, and saying why one does not work and where a new one is."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from workflow.clock import real_now
from workflow.documents import store
from workflow.documents.made import place_of
from workflow.doors.files.addresses import judge, reader
from workflow.doors.http import show
from workflow.doors.refusals import status_of
from workflow.errors import Refused
from workflow.models.evidence import File


def lead_on(address: str) -> HttpResponseRedirect:
    """On to a signed address. Nobody keeps the way there: the next time it leads to another."""
    answer = HttpResponseRedirect(address)
    answer["Cache-Control"] = "private, no-store"
    return answer


def hand_out(file: File) -> FileResponse:
    """A clean file, to be saved and never run: the caller has found it by `visible_to`. 404 while it is not clean.

    Refuses a file whose bytes are not those that were found clean.
    """
    if file.status != File.Status.CLEAN:
        raise Http404
    bytes_of = store.kept(file).open("rb")
    answer = FileResponse(bytes_of, as_attachment=True, filename=file.name, content_type=file.content_type)
    return guarded(answer, "private, no-store")


def hand_out_or_say(request: HttpRequest, file: File) -> HttpResponseBase:
    """A clean file, or the page that says why its bytes are not handed out."""
    try:
        return hand_out(file)
    except Refused as refused:
        return say_why(request, refused, "")


def hand_out_made(stored: str, name: str, content_type: str) -> FileResponse:
    """A large file this program made (`documents.made`), streamed, to be saved under a name. 404 where it does not lie there."""
    place = place_of(stored)
    if not stored or not place.is_file():
        raise Http404
    answer = FileResponse(place.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    return guarded(answer, "private, no-store")


def say_why(request: HttpRequest, refused: Refused, again: str) -> HttpResponse:
    """The page of an address that gives no file: what happened, and the way to a new one at `again`, which asks for rights once more.

    An empty `again`: no new address would help.
    """
    context = {"refused": refused, "again": again}
    answer = show(request, "files/address.html", context, status=status_of(refused))
    answer["Cache-Control"] = "private, no-store"
    return answer


def not_by(request: HttpRequest, signed: str, key: str, again: str) -> HttpResponse | None:
    """Why a signed address does not work for whoever is signed in, as the page that leads to a new one; None where it does."""
    try:
        judge(signed, key, reader(request.user), real_now())
    except Refused as refused:
        return say_why(request, refused, again)
    return None


def guarded[R: HttpResponseBase](answer: R, keep: str) -> R:
    """Nothing in it runs or opens anything, whoever opens it by its address; `keep` is who may keep it and for how long."""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = keep
    return answer
