"""Input around a case: assignment, guides, note, choice, consent, application talk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department, Region, Role, User
from candidates.forms.fields import check_shared, long_text
from candidates.models import Consent, ContactMoment, Registration
from candidates.rules import reasons_against_maatwerq
from employers.models import Stream
from matching import rules as matching_rules
from matching.models import MatchDecision
from matching.pairs import Pair
from topjob.forms import field_of
from topjob.merging import MergingMixin
from trajectories.forms.steps import MomentField
from trajectories.models import Application, Trajectory
from trajectories.models.guides import GUIDES
from trajectories.process import rules

# The jobcoach comes with the work.
FROM_THE_START = [role for role in GUIDES if role != Role.JOBCOACH]


class GuideField(forms.ModelChoiceField):
    """Somebody who holds this role in the region."""

    def __init__(self, role: str) -> None:
        self.role = Role(role)
        super().__init__(label=self.role.label, queryset=User.objects.none(), required=False, empty_label=_("niemand"))

    def offer(self, region: Region, application: Application | None = None) -> None:
        """Who can be chosen; a jobcoach may be tied to the company instead of the region."""
        here = Q(memberships__role=self.role, memberships__region=region)
        if self.role == Role.JOBCOACH:
            here |= Q(memberships__role=self.role, memberships__region=None, memberships__organisation=None)
            here |= Q(memberships__role=self.role, memberships__organisation__region=region)
            if application is not None:
                here |= Q(memberships__role=self.role, memberships__organisation=application.organisation_id)
        self.queryset = User.objects.filter(here, is_active=True).to_choose_from()

    def label_from_instance(self, obj: User) -> str:
        return obj.choice_label


class AssignForm(forms.Form):
    """Department, guides and stream for a registration (step 1f)."""

    department = forms.ModelChoiceField(
        label=gettext_lazy("Afdeling"), queryset=Department.objects.filter(is_active=True), empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    stream = forms.ModelChoiceField(
        label=gettext_lazy("Stroom"),
        queryset=Stream.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("nog niet bekend"),
        help_text=gettext_lazy("Alleen bij MaatwerQ."),
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.registration = registration
        for role in FROM_THE_START:
            field = GuideField(role)
            field.offer(registration.candidate.region)
            self.fields[GUIDES[role]] = field
        self.fields["regisseur"].help_text = _("Verplicht bij MaatwerQ.")
        self.fields["career_adviser"].help_text = _("Verplicht bij Match, Jeugd en Maatschappelijk.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        department = cleaned.get("department")
        if department is None:
            return cleaned
        lead = "regisseur" if department.is_maatwerq else "career_adviser"
        if not cleaned.get(lead) and lead not in self.errors:
            self.add_error(lead, _("Kies de %(role)s.") % {"role": str(self.fields[lead].label).lower()})
        if department.is_maatwerq:
            stream = cleaned.get("stream")
            for reason in reasons_against_maatwerq(self.registration, stream.number if stream else None):
                self.add_error("department", reason.text)
        else:
            cleaned["stream"] = None
        return cleaned


class GuidesForm(MergingMixin, forms.Form):
    """Who guides the person from now on."""

    overwrites = True

    def __init__(self, *args: Any, trajectory: Trajectory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trajectory = trajectory
        for role, name in GUIDES.items():
            field = GuideField(role)
            field.offer(trajectory.region, trajectory.current_application)
            self.fields[name] = field
            self.initial.setdefault(name, getattr(trajectory, f"{name}_id"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lead = "regisseur" if self.trajectory.department.is_maatwerq else "career_adviser"
        if not cleaned.get(lead) and lead not in self.errors:
            self.add_error(lead, _("Iemand moet het geheel bij elkaar houden: kies een persoon."))
        return cleaned


class AdmitForm(forms.Form):
    """Why somebody is admitted whom the table doesn't admit."""

    reason = long_text(
        gettext_lazy("Reden"), help_text=gettext_lazy("Blijft zichtbaar bij de aanmelding en in het logboek staan.")
    )


class NoteForm(forms.Form):
    """A note of a contact that just took place."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Soort"),
        choices=[choice for choice in ContactMoment.Kind.choices if choice[0] != ContactMoment.Kind.MESSAGE],
        initial=ContactMoment.Kind.NOTE,
    )
    notes = long_text(gettext_lazy("Notitie"), rows=1)
    next = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["class"] = "form-select"
        in_one_line = {"placeholder": _("Wat is er gezegd of gedaan?"), "data-key": "n", "data-key-label": _("Notitie")}
        self.fields["notes"].widget.attrs |= {"class": "form-control", **in_one_line}


class ChooseForm(forms.Form):
    """A choice against the ranking is fine, with a reason."""

    reason = long_text(
        gettext_lazy("Toelichting"),
        required=False,
        rows=2,
        help_text=gettext_lazy("Verplicht als je afwijkt van de ranglijst."),
    )

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        missing = matching_rules.reason_given(MatchDecision.Decision.PROPOSED, reason, rank=self.pair.rank())
        if missing is not None:
            raise ValidationError(missing.text)
        return reason


class ConsentForm(forms.ModelForm):
    """What the person agreed to share with the employer of the chosen vacancy (R16)."""

    class Meta:
        model = Consent
        fields = ["share_contact", "share_cv", "share_portfolio", "share_support", "share_arrangements", "channel"]
        widgets = {"channel": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portal = Consent.Channel.PORTAL
        field_of(self, "channel", forms.ChoiceField).choices = [
            choice for choice in Consent.Channel.choices if choice[0] != portal
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_shared(self, cleaned)
        return cleaned


class TalkForm(MergingMixin, forms.Form):
    """When the application talk was, and how it went."""

    overwrites = True

    talk_at = MomentField(label=gettext_lazy("Wanneer was het gesprek"))
    notes = long_text(gettext_lazy("Verslag"), rows=5)

    def clean_talk_at(self) -> datetime:
        moment = self.cleaned_data["talk_at"]
        if wrong := rules.talk_not_held_yet(moment):
            raise ValidationError(wrong)
        return moment
