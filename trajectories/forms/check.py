"""The one thing a visitor hands in to have a document checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candidates.uploads import PDF_STARTS_WITHIN, pdf_start

MEGABYTE = 1024 * 1024


class CheckForm(forms.Form):
    """A PDF, judged by what is in it and never by its name."""

    file = forms.FileField(
        label=gettext_lazy("Het document (pdf)"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": gettext_lazy("Kies eerst het document."),
            "invalid": gettext_lazy("Kies eerst het document."),
            "missing": gettext_lazy("Kies eerst het document."),
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        most = settings.MAX_UPLOAD_BYTES // MEGABYTE
        self.fields["file"].help_text = _("Een pdf van hoogstens %(most)d MB.") % {"most": most}

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        if not upload.size:
            raise ValidationError(_("Dit bestand is leeg. Kies het document zelf."))
        if upload.size > settings.MAX_UPLOAD_BYTES:
            most = settings.MAX_UPLOAD_BYTES // MEGABYTE
            raise ValidationError(_("Dit bestand is te groot. Het mag hoogstens %(most)d MB zijn.") % {"most": most})
        if pdf_start(upload.read(PDF_STARTS_WITHIN)) is None:
            raise ValidationError(_("Dit is geen pdf. Kies het document zoals u het van ons kreeg."))
        upload.seek(0)
        return upload
