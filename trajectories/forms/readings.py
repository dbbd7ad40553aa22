"""What the beheerder asks of the log of who looked at whose data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candidates.forms.fields import long_text
from topjob import clock
from topjob.filters import StretchForm
from topjob.finding import SearchDay

LONGEST = timedelta(days=92)
USUAL = timedelta(days=30)


class WhyForm(forms.Form):
    """Why somebody looks at a person outside their own work."""

    reason = long_text(
        _("Waarom kijk je in dit dossier?"),
        help_text=_("Staat bij elke keer dat je hier vandaag kijkt. De persoon zelf kan dit lezen."),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class UnusualForm(StretchForm):
    """The last thirty days when nothing is said, at most three months at once: every showing in it is looked at.

    No filter of rows: what is found is counted from all that was shown in these days.
    """

    date_from = SearchDay(label=_("Van"))
    date_until = SearchDay(label=_("Tot en met"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            data["date_until"] = data.get("date_until") or clock.today()
            data["date_from"] = data.get("date_from") or data["date_until"] - USUAL
            if data["date_until"] - data["date_from"] > LONGEST:
                self.add_error("date_from", _("Kies ten hoogste drie maanden."))
        return data
