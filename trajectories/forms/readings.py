"""What the beheerder asks of the log of who looked at whose data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Page
from candidates.forms.fields import long_text
from topjob import clock
from topjob.finding import SearchDay, SearchField

LONGEST = timedelta(days=92)
USUAL = timedelta(days=30)


class WhyForm(forms.Form):
    """Why somebody looks at a person outside their own work."""

    reason = long_text(
        _("Waarom kijk je in dit dossier?"),
        help_text=_("Staat bij elke keer dat je hier vandaag kijkt. De persoon zelf kan dit lezen."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class Stretch(forms.Form):
    """From one day to another; the last thirty days when nothing is said."""

    date_from = SearchDay(label=_("Van"))
    date_until = SearchDay(label=_("Tot en met"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("date_from") and data.get("date_until") and data["date_until"] < data["date_from"]:
            self.add_error("date_until", _("Deze dag ligt vóór de eerste dag."))
        return data


class UnusualForm(Stretch):
    """At most three months at once: every showing in it is looked at."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            data["date_until"] = data.get("date_until") or clock.today()
            data["date_from"] = data.get("date_from") or data["date_until"] - USUAL
            if data["date_until"] - data["date_from"] > LONGEST:
                self.add_error("date_from", _("Kies ten hoogste drie maanden."))
        return data


class ReadingFilterForm(Stretch):
    """Search by person, by reader, by kind of page. The number says who is meant where more people fit the name."""

    name = SearchField(label=_("Kandidaat (naam, e-mailadres of geboortedatum)"))
    person = forms.IntegerField(label=_("Kandidaatnummer"), required=False, min_value=1, max_value=2**62)
    reader = SearchField(label=_("Wie keek (naam of e-mailadres)"))
    page_kind = forms.ChoiceField(
        label=_("Soort pagina"),
        required=False,
        choices=[("", _("alle")), *sorted(Page.choices, key=lambda pair: str(pair[1]))],
    )

    field_order = ("name", "person", "reader", "page_kind", "date_from", "date_until")
