"""Uploads going out and being taken away: always as an attachment, never sniffed or shown in the page."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, access
from accounts.models import Page
from candidates import actions, uploads
from candidates.models import CandidateDocument
from candidates.views.common import FILLERS, FILLING, for_change, open_file
from topjob.errors import Refused

EXTENSIONS = {
    kind.content_type: kind.extension for kind in (uploads.PDF, uploads.JPEG, uploads.PNG, uploads.DOCX, uploads.ODT)
}


@access(CASE_WORKERS, shows=Page.DOCUMENT)
@require_safe
def document(request: HttpRequest, pk: int, row_pk: int) -> FileResponse:
    """Download a document of the file."""
    candidate = open_file(request, pk)
    return send(get_object_or_404(candidate.documents, pk=row_pk))


@access(FILLING, shows=Page.DOCUMENT)
@require_POST
def document_remove(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    candidate = for_change(request, pk, *FILLERS)
    row = get_object_or_404(candidate.documents, pk=row_pk)
    page = "cv" if row.kind == CandidateDocument.Kind.CV else "portfolio"
    actions.remove_document(row, by=request.user)
    messages.success(request, _("Het document is verwijderd."))
    return redirect(f"candidates:{page}", pk)


def send(row: CandidateDocument) -> FileResponse:
    """A download under the name people know, with the extension that fits what is really in it."""
    try:
        stream = row.file.open("rb")
    except FileNotFoundError as error:
        raise Refused(_("Dit bestand is niet meer te vinden. Meld het aan de beheerder.")) from error
    name = f"{PurePath(row.original_name).stem[:120] or 'bestand'}.{EXTENSIONS.get(row.content_type, 'bin')}"
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
