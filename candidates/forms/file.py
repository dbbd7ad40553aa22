"""Forms of the person's file."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Branch, Client, Organisation, Role, User
from candidates import rules, uploads
from candidates.actions import SnapshotEdit, plain_lines
from candidates.forms.fields import (
    BsnField,
    GenderMixin,
    check_shared,
    check_within,
    long_text,
)
from candidates.forms.registration import PERSON_FIELDS, PersonFields, own_regions, person_rows, plain_helper
from candidates.models import (
    Ability,
    Candidate,
    CandidateDocument,
    Consent,
    ContactMoment,
    Education,
    FinanceCheck,
    Going,
    Interest,
    LabourProspect,
    LegalRepresentative,
    LifeArea,
    LifeSnapshot,
    SupportNeed,
    WorkExperience,
    WorkLimitation,
)
from topjob import clock
from topjob.forms import field_of, listed, offer, phone_field
from topjob.merging import MergingMixin
from topjob.picking import PickField
from topjob.pictures import Slope, slope

TEXTS = ("past", "present", "wanted")
GOINGS = tuple(f"{name}_going" for name in TEXTS)


class PersonForm(MergingMixin, GenderMixin, PersonFields):
    """Personal data in the file; the BSN only where the opdrachtgever has a legal basis for it."""

    class Meta(PersonFields.Meta):
        fields = [*PERSON_FIELDS, "gender"]

    def __init__(self, *args: Any, user: User, bsn_allowed: bool, **kwargs: Any) -> None:
        super().__init__(*args, regions=own_regions(user), **kwargs)
        self.optional_gender()
        self.fields["gender"].help_text = _(
            "Alleen voor de controle op gelijke kansen. Vraag het de persoon zelf. Telt niet mee en staat nooit bij een match."
        )
        if bsn_allowed:
            self.fields["bsn"] = BsnField(label="BSN", required=False, max_length=12)
            self.initial["bsn"] = self.instance.bsn or ""
        self.helper = plain_helper(*person_rows(), "gender", *(["bsn"] if bsn_allowed else []))

    def look_again(self) -> None:
        super().look_again()
        self.initial["bsn"] = self.instance.bsn or ""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "bsn" in self.cleaned_data:
            self.instance.bsn = self.cleaned_data["bsn"] or None


class RepresentativeForm(forms.ModelForm):
    phone = phone_field(gettext_lazy("Telefoon"))

    class Meta:
        model = LegalRepresentative
        fields = ["name", "relation", "email", "phone"]


class SnapshotForm(MergingMixin, forms.Form):
    """One life area of the Foto."""

    overwrites = True

    def __init__(self, *args: Any, area: LifeArea, snapshot: LifeSnapshot | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {name: getattr(snapshot, name) if snapshot else "" for name in TEXTS}
        initial |= {name: getattr(snapshot, name) if snapshot else None for name in GOINGS}
        super().__init__(*args, prefix=f"gebied-{area.pk}", initial=initial, **kwargs)
        self.area, self.snapshot = area, snapshot
        for name, label, question in zip(TEXTS, *_asked(), strict=True):
            self.fields[name] = long_text(label, required=False)
            self.fields[f"{name}_going"] = _going_field(question)
            for part, said in ((name, label), (f"{name}_going", question)):
                self.fields[part].widget.attrs["aria-label"] = f"{area} – {said}"

    @property
    def moments(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Of what was, is and is wished: the words, and how it goes."""
        return [(self[name], self[f"{name}_going"]) for name in TEXTS]

    @property
    def slope(self) -> Slope | None:
        """How it went, goes and is to go, as a line; nothing while fewer than two are known."""
        return slope([getattr(self.snapshot, name) for name in GOINGS]) if self.snapshot else None

    @property
    def edits(self) -> list[SnapshotEdit]:
        """What was changed on this screen."""
        names = [name for name in (*TEXTS, *GOINGS) if self.add_prefix(name) in self.data]
        pairs = [(name, _plain(self.initial[name]), _plain(self.cleaned_data[name])) for name in names]
        return [SnapshotEdit(self.area.pk, name, before, after) for name, before, after in pairs if before != after]

    @property
    def is_complete(self) -> bool:
        return bool(self.snapshot and self.snapshot.is_complete)


def _asked() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the words of a moment are called, and what is asked beside them."""
    questions = (_("Hoe ging het hier?"), _("Hoe gaat het hier?"), _("Hoe zou het hier moeten gaan?"))
    return (_("Verleden"), _("Nu"), _("Gewenst")), questions


def _going_field(question: str) -> forms.TypedChoiceField:
    """May always stay empty: the words are what counts (ADR 29)."""
    words = [("", _("niet ingevuld")), *((going.value, f"{going.value}: {going.label}") for going in Going)]
    field = forms.TypedChoiceField(label=question, choices=words, coerce=int, empty_value=None, required=False)
    field.widget.attrs["class"] = "form-select"
    return field


def _plain(value: Any) -> Any:
    return plain_lines(value) if isinstance(value, str) else value


def snapshot_forms(candidate: Candidate, data: Any = None) -> list[SnapshotForm]:
    """One form per life area in use."""
    snapshots = {row.area_id: row for row in candidate.snapshots.all()}
    areas = LifeArea.objects.filter(is_active=True)
    return [SnapshotForm(data, area=area, snapshot=snapshots.get(area.pk)) for area in areas]


class PartForm(forms.ModelForm):
    """One row of Q-fit or CV, for this candidate."""

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.candidate = candidate
        if "branch" in self.fields:
            offer(self, "branch", Branch.objects.filter(is_active=True))

    def _get_validation_exclusions(self) -> set[str]:
        # The candidate counts in "this branch is there already".
        return super()._get_validation_exclusions() - {"candidate"}  # type: ignore[misc]


class DatedForm(PartForm):
    """A row with a period."""

    def clean_started_on(self) -> Any:
        return self._in_past(self.cleaned_data["started_on"])

    def clean_ended_on(self) -> Any:
        return check_within(self.cleaned_data["ended_on"], years_back=80, years_ahead=6)

    def _in_past(self, day: Any) -> Any:
        day = check_within(day, years_back=80, years_ahead=1)
        if day and day < self.instance.candidate.birth_date:
            raise forms.ValidationError(_("Deze datum ligt vóór de geboortedatum."))
        return day


class ExperienceForm(DatedForm):
    class Meta:
        model = WorkExperience
        fields = ["role", "organisation", "branch", "started_on", "ended_on"]


class EducationForm(DatedForm):
    class Meta:
        model = Education
        fields = ["name", "school", "level", "started_on", "ended_on", "has_diploma"]


class InterestForm(PartForm):
    class Meta:
        model = Interest
        fields = ["branch", "strength", "remark"]


class AbilityForm(PartForm):
    class Meta:
        model = Ability
        fields = ["kind", "description", "level"]


class LimitationForm(PartForm):
    class Meta:
        model = WorkLimitation
        fields = ["load", "maximum", "adaptation"]


class ProspectForm(PartForm):
    class Meta:
        model = LabourProspect
        fields = ["branch", "outlook", "explanation"]


class QFitSupportForm(MergingMixin, forms.Form):
    overwrites = True
    extra_support = long_text(gettext_lazy("Extra ondersteuningsvragen voor het werk"), required=False)


class NeedForm(forms.ModelForm):
    question = long_text(gettext_lazy("Vraag"))

    class Meta:
        model = SupportNeed
        fields = ["area", "question"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", LifeArea.objects.filter(is_active=True))


class SettleNeedForm(MergingMixin, forms.ModelForm):
    approach = long_text(gettext_lazy("Aanpak"))

    class Meta:
        model = SupportNeed
        fields = ["status", "approach", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.instance.candidate.region
        carers = (Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.FRONTOFFICE)
        offer(
            self,
            "owner",
            User.objects.with_role(*carers, region=region).to_choose_from(),
            named=attrgetter("choice_label"),
        )


class ReviewForm(forms.Form):
    conclusion = long_text(gettext_lazy("Conclusie"))


class FinanceForm(forms.ModelForm):
    client = PickField(
        label=gettext_lazy("Opdrachtgever"),
        queryset=Client.objects.filter(is_active=True),
        url_name="candidates:client_options",
        required=False,
    )
    remarks = long_text(gettext_lazy("Toelichting"), required=False)

    class Meta:
        model = FinanceCheck
        fields = ["outcome", "source", "client", "amount", "keeps_benefit", "remarks"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("source") == FinanceCheck.Source.CLIENT
            and not cleaned.get("client")
            and "client" not in self.errors
        ):
            self.add_error("client", _("Kies de opdrachtgever die betaalt."))
        return cleaned


class ContactForm(forms.ModelForm):
    """Planning a talk, or writing down one that took place."""

    notes = long_text(gettext_lazy("Verslag"), required=False)

    class Meta:
        model = ContactMoment
        fields = ["kind", "status", "at", "place", "subject", "notes"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = [name for name in ("kind", "status", "at", "place", "subject", "notes") if name in self.fields]
        self.helper = plain_helper(Div(*pairs, css_class="form-columns"))
        # A note is written where the case is, and a message is sent from there; nobody plans one.
        if "kind" in self.fields:
            kind = field_of(self, "kind", forms.ChoiceField)
            kind.choices = [(code, label) for code, label in listed(kind) if not ContactMoment(kind=code).is_note]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        at, status = cleaned.get("at"), cleaned.get("status")
        if at and (wrong := rules.talk_still_comes(status or "", at)):
            self.add_error("at", wrong)
        if status == ContactMoment.Status.HELD and not cleaned.get("notes") and "notes" not in self.errors:
            self.add_error("notes", _("Schrijf kort op wat er besproken is."))
        return cleaned

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at:
            check_within(clock.local(at), years_back=15, years_ahead=2)
        return at


class RecordContactForm(MergingMixin, ContactForm):
    """How a planned talk went."""

    class Meta(ContactForm.Meta):
        fields = ["status", "at", "notes"]


class DocumentForm(forms.Form):
    """An upload: the kind of file is judged by content, and how large it may be is said beforehand."""

    title = forms.CharField(label=gettext_lazy("Titel"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("Soort"), choices=CandidateDocument.Kind.choices)
    file = forms.FileField(
        label=gettext_lazy("Bestand"),
        max_length=200,
        widget=forms.FileInput({"accept": uploads.ACCEPT}),
        help_text=gettext_lazy("PDF, JPG, PNG, HEIC, WebP, Word (docx) of OpenDocument (odt), hoogstens 10 MB."),
    )

    def __init__(self, *args: Any, kinds: Sequence[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix_ids()
        if kinds:
            choices = [choice for choice in CandidateDocument.Kind.choices if choice[0] in kinds]
            field_of(self, "kind", forms.ChoiceField).choices = choices
            if len(choices) == 1:
                self.fields["kind"].initial, self.fields["kind"].widget = choices[0][0], forms.HiddenInput()

    def prefix_ids(self) -> None:
        """Other forms stand on the same page: keep the ids apart."""
        self.auto_id = "id_document_%s"

    def clean_file(self) -> uploads.Taken:
        try:
            return uploads.take(self.cleaned_data["file"])
        except uploads.NotAccepted as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class ConsentForm(forms.ModelForm):
    """What may this employer see? (R16)"""

    organisation = PickField(
        label=gettext_lazy("Werkgever"),
        queryset=Organisation.objects.employers().filter(is_active=True),
        url_name="candidates:employer_options",
        help_text=gettext_lazy("Typ een deel van de naam van het bedrijf."),
    )

    class Meta:
        model = Consent
        fields = [
            "organisation",
            "share_contact",
            "share_cv",
            "share_portfolio",
            "share_support",
            "share_arrangements",
            "channel",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = [choice for choice in Consent.Channel.choices if choice[0] != Consent.Channel.PORTAL]
        if "channel" in self.fields:
            field_of(self, "channel", forms.ChoiceField).choices = [("", "---------"), *channels]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_shared(self, cleaned)
        return cleaned
