"""What is asked before something is done with several cases at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Region, Role, User
from accounts.models.people import works_as
from candidates.forms.fields import long_text
from topjob.forms import field_of
from trajectories.forms.steps import DayField
from trajectories.models.guides import GUIDES
from trajectories.process import rules

ROLES = [(role.value, role.label) for role in GUIDES]


class HandOverForm(forms.Form):
    """Which guide, and who it will be: a colleague who does that work in one's own regions."""

    role = forms.TypedChoiceField(label=gettext_lazy("Welke begeleider"), choices=ROLES, coerce=Role)
    to = forms.ModelChoiceField(label=gettext_lazy("Wie neemt het over"), queryset=User.objects.none())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = {row.region_id for row in user.membership_list}
        # A jobcoach may coach in every region, or come from a company.
        coaches = Q(memberships__role=Role.JOBCOACH, memberships__region=None)
        guides = Q(memberships__role__in=list(GUIDES), memberships__region__in=regions)
        here = User.objects.filter(coaches | guides, is_active=True)
        field_of(self, "to", forms.ModelChoiceField).queryset = here.to_choose_from()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "to" in cleaned and "role" in cleaned:
            able = Membership.objects.filter(works_as(cleaned["role"], OuterRef("pk")), user=cleaned["to"])
            cleaned["regions"] = set(Region.objects.filter(Exists(able)).values_list("pk", flat=True))
        return cleaned


class NoteForm(forms.Form):
    """The same note with each."""

    notes = long_text(gettext_lazy("Notitie"), rows=4)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MessageForm(forms.Form):
    """What each is mailed; the greeting and one's own name are put around it."""

    subject = forms.CharField(label=gettext_lazy("Onderwerp"), max_length=120)
    text = long_text(
        gettext_lazy("Bericht"),
        rows=6,
        help_text=gettext_lazy(
            "“Beste” met de voornaam komt erboven, jouw naam eronder. Zet er niets in over gezondheid of schulden: een mail"
            " is niet vertrouwelijk."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class FollowUpForm(forms.Form):
    """The day on which somebody looks again."""

    on = DayField(label=gettext_lazy("Dag van opvolgen"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        day = self.cleaned_data["on"]
        if wrong := rules.why_not_followed_up_on(day):
            raise ValidationError(wrong)
        return day
