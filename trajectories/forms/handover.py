"""Who takes over from somebody who leaves, and who covers for somebody who is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Absence, User
from topjob import clock
from topjob.dates import why_backwards
from topjob.forms import offer
from trajectories.actions.handover import Held, Share
from trajectories.forms.steps import DayField


def title_of(held: Held) -> str:
    """The work in question, with how much of it there is."""
    words = {"role": held.role.label, "region": held.region, "n": held.count}
    text = ngettext(
        "%(role)s, %(region)s: %(n)s open traject", "%(role)s, %(region)s: %(n)s open trajecten", held.count
    )
    return text % words


class TakeOverForm(forms.Form):
    """Per role and region: one colleague, several by turns, or nobody, which has to be said."""

    def __init__(self, *args: Any, person: User, held: Sequence[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for part in held:
            self.fields[part.name] = forms.ModelMultipleChoiceField(
                label=title_of(part),
                queryset=part.colleagues(person),
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("Kies één collega, of meer: dan worden de trajecten gelijk verdeeld."),
            )
            self.fields[f"{part.name}_niemand"] = forms.BooleanField(
                label=_("Niemand neemt dit over: de trajecten staan daarna bij “nog niemand”"), required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for part in self.held:
            if part.name in self.errors:
                continue
            chosen, nobody = cleaned.get(part.name), cleaned.get(f"{part.name}_niemand")
            if not chosen and not nobody:
                self.add_error(part.name, _("Kies wie dit overneemt, of zeg dat niemand het overneemt."))
            if chosen and nobody:
                self.add_error(part.name, _("Kies collega's óf niemand, niet allebei."))
        return cleaned

    @property
    def shares(self) -> list[Share]:
        """What was chosen, once valid."""
        return [Share(part, tuple(self.cleaned_data[part.name])) for part in self.held]


class WhoForm(forms.Form):
    """Whose absence it is."""

    wie = forms.ModelChoiceField(label=gettext_lazy("Wie is er niet?"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "wie", people)


class AbsenceForm(forms.Form):
    """From when until when, and who covers for each part of the work."""

    starts_on = DayField(label=gettext_lazy("Eerste dag"))
    ends_on = DayField(
        label=gettext_lazy("Laatste dag"), help_text=gettext_lazy("De dag erna gaat alles vanzelf terug.")
    )

    def __init__(self, *args: Any, person: User, held: Sequence[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.held = person, held
        for part in held:
            self.fields[part.name] = forms.ModelChoiceField(
                label=title_of(part),
                queryset=part.colleagues(person),
                required=False,
                empty_label=_("niemand: het blijft bij %(name)s") % {"name": person.name},
            )

    def clean_ends_on(self) -> date:
        last = self.cleaned_data["ends_on"]
        if last < clock.today():
            raise forms.ValidationError(_("Deze dag is al voorbij."))
        first = self.cleaned_data.get("starts_on")
        if first is not None and (wrong := why_backwards(first, last)):
            raise forms.ValidationError(wrong)
        return last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.held:
            words = {"name": self.person.name}
            raise forms.ValidationError(_("%(name)s begeleidt hier niemand: er is niets om waar te nemen.") % words)
        if not any(cleaned.get(part.name) for part in self.held):
            self.add_error(self.held[0].name, _("Kies ten minste één collega die waarneemt."))
        return cleaned

    @property
    def absences(self) -> list[Absence]:
        """One for each part that somebody covers, once valid."""
        days = {name: self.cleaned_data[name] for name in ("starts_on", "ends_on")}
        chosen = ((part, self.cleaned_data[part.name]) for part in self.held)
        return [
            Absence(person=self.person, cover=cover, role=part.role, region=part.region, **days)
            for part, cover in chosen
            if cover is not None
        ]
