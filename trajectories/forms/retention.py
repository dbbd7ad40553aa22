"""Why a file is kept longer, or no longer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate
from topjob.entry import NumberBox


class HoldForm(forms.Form):
    """A person by number, because the beheerder opens no files."""

    candidate = forms.ModelChoiceField(
        label=_("Nummer van de kandidaat"),
        queryset=Candidate.objects.all(),
        widget=NumberBox(),
        help_text=_("Het nummer staat in de lijst en in het adres van het dossier."),
        error_messages={"invalid_choice": _("Er is geen kandidaat met dit nummer.")},
    )
    reason = forms.CharField(
        label=_("Waarom langer bewaren"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class LiftForm(forms.Form):
    reason = forms.CharField(
        label=_("Waarom hoeft het niet meer"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
