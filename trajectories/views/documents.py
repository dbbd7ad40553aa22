"""Downloading what was put on paper: who may, what it is called, and how it is handed out."""

from __future__ import annotations

from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import LOGGED_IN, access
from accounts.models import Page
from accounts.reading import shown
from candidates import uploads
from topjob.errors import Refused
from trajectories.journey.need_to_know import require_document
from trajectories.models import GeneratedDocument, Paper, PracticeAgreement, Scan, StartPlan


@access(LOGGED_IN, shows=Page.PAPER)
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Download a startplan or another paper: staff who see the case, the person, and the employer of the plan."""
    rows = GeneratedDocument.objects.visible_to(request.user).select_related("trajectory")
    row = get_object_or_404(rows, pk=pk)
    require_document(row, request.user)
    shown(request, row.trajectory.candidate_id)
    response = download(row, file_name(row))
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(row: GeneratedDocument) -> str:
    """What a download is called: which document, which version, signed or not."""
    paper = Paper.objects.filter(Q(document=row) | Q(signed_document=row)).first()
    if paper is not None:
        return f"{paper.kind}{'-getekend' if row.kind == GeneratedDocument.Kind.PAPER_SIGNED else ''}.pdf"
    version = StartPlan.objects.filter(trajectory=row.trajectory_id).of_document(row).first()
    kind = "getekend-" if row.kind == GeneratedDocument.Kind.PLAN_SIGNED else ""
    return f"startplan-{kind}versie-{version.number if version else 1}.pdf"


def download(
    row: GeneratedDocument | PracticeAgreement | Scan, name: str, content_type: str = "application/pdf"
) -> FileResponse:
    """Always as an attachment, never sniffed."""
    try:
        stream = row.file.open("rb")
    except FileNotFoundError as error:
        raise Refused(_("Dit document is niet meer te vinden. Meld het aan de beheerder.")) from error
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def download_scan(row: PracticeAgreement | Scan, name: str) -> FileResponse:
    """What somebody scanned, by this name and with the ending of its kind; kept by nobody in between."""
    extension = {kind.content_type: kind.extension for kind in uploads.SCANS}[row.content_type]
    response = download(row, f"{name}-{row.pk}.{extension}", row.content_type)
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [path("documenten/traject/<int:pk>/", document, name="document")]
