"""Saying whether two files are of one person, and joining them (R13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from candidates.forms.fields import long_text
from candidates.likeness import Pair, compare
from candidates.models import Candidate


class TellApartForm(forms.Form):
    """Why two files that are alike are of two people; asked where the other file can't be seen from here."""

    reason = long_text(rows=2, required=False)

    def __init__(self, *args: Any, other: int, is_hidden: bool, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_anders_{other}_%s"
        super().__init__(*args, **kwargs)
        self.other = other
        field = self.fields["reason"]
        field.required = is_hidden
        field.label = (
            _("Met wie van die regio is overlegd, en wat kwam eruit?")
            if is_hidden
            else _("Toelichting (mag leeg blijven)")
        )


class OtherFileForm(forms.Form):
    """Which file is of the same person: by its number, because names are alike."""

    number = forms.IntegerField(min_value=1, max_value=2**62)

    def __init__(self, *args: Any, candidate: Candidate, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidate, self.user = candidate, user
        self.fields["number"].label = _("Nummer van het andere dossier")
        self.fields["number"].help_text = _("Het nummer staat boven het dossier en in het adres van de pagina.")

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if number == self.candidate.pk:
            raise forms.ValidationError(_("Dit is het nummer van dit dossier zelf."))
        if not Candidate.objects.visible_to(self.user).filter(pk=number).exists():
            raise forms.ValidationError(_("Er is geen dossier met dit nummer dat je mag zien."))
        return number


class JoinForm(forms.Form):
    """What of the person's own data the kept file takes over, for everything in which the two differ."""

    OURS, THEIRS = "dit", "ander"

    def __init__(self, *args: Any, kept: Candidate, joined: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs: list[Pair] = compare(kept, joined)
        for pair in self.pairs:
            if pair.may_take:
                self.fields[pair.key] = self._choice(pair)

    def _choice(self, pair: Pair) -> forms.ChoiceField:
        """What the kept file says counts, unless it says nothing."""
        choices = [(self.OURS, pair.ours or _("leeg laten")), (self.THEIRS, pair.theirs)]
        initial = self.OURS if pair.ours else self.THEIRS
        return forms.ChoiceField(label=pair.label, choices=choices, initial=initial, widget=forms.RadioSelect)

    @property
    def take(self) -> list[str]:
        return [key for key, choice in self.cleaned_data.items() if choice == self.THEIRS]
