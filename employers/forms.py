"""Input for companies, functions, vacancies, projects and SROI. What is wrong is said in Dutch, at the field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import KindOfPlace, Organisation, Region
from accounts.models.people import kvk_validator
from accounts.models.reference import WorkLoad
from employers import rules
from employers.models import (
    Employer,
    EmployerContact,
    FunctionLoad,
    FunctionProfile,
    IntakeDate,
    LearnWorkProject,
    SroiObligation,
    Stream,
    Vacancy,
)
from employers.portal import people_in
from topjob import clock
from topjob.errors import rule_words
from topjob.forms import PostcodeField, SectionedForm, SectionedModelForm, phone_field
from topjob.merging import hold
from topjob.picking import PickField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    Sections = tuple[tuple[StrOrPromise, tuple[str, ...]], ...]


# --- Parts ---


class OrganisationFields(forms.Form):
    """The company as an organisation: where it is and how to reach it."""

    name = forms.CharField(label=_l("Naam"), max_length=160)
    kvk_number = forms.CharField(
        label=_l("KvK-nummer"),
        validators=[kvk_validator],
        required=False,
        help_text=_l("8 cijfers"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_l("E-mailadres"), required=False, max_length=254)
    phone = phone_field(_l("Telefoon"))
    street = forms.CharField(label=_l("Straat en huisnummer"), required=False, max_length=160)
    postcode = PostcodeField(label=_l("Postcode"), required=False, max_length=20)
    city = forms.CharField(label=_l("Plaats"), required=False, max_length=80)
    region = forms.ModelChoiceField(
        label=_l("Arbeidsmarktregio"), queryset=Region.objects.filter(is_active=True), required=False
    )


# --- Companies ---

PROFILE_SECTIONS: Sections = (
    (
        _l("Het bedrijf"),
        ("branch", "top_sector", "employees", "sbb_code", "vision", "culture", "identity", "team", "management"),
    ),
    (_l("Kansen"), ("training_chances", "growth_chances")),
    (
        _l("Klaar voor de doelgroep"),
        ("wants_skilled", "motivated_for_target_group", "invests_in_learning", "result_driven"),
    ),
    (
        _l("Wat het bedrijf biedt"),
        (
            "mentor_fte",
            "has_project_leader",
            "has_practice_room",
            "has_theory_room",
            "has_quiet_place",
            "offers_contract_during",
            "offers_contract_after",
        ),
    ),
)
PROFILE_FIELDS = [name for _title, names in PROFILE_SECTIONS for name in names]


class ProfileForm(SectionedModelForm):
    """The company profile as the employer keeps it: without name and KvK number, which Top Job checks."""

    sections: Sections = (
        (_l("Adres en contact"), ("email", "phone", "street", "postcode", "city")),
        *PROFILE_SECTIONS,
    )

    class Meta:
        model = Employer
        fields = PROFILE_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        own = OrganisationFields.base_fields
        names = [name for _title, names in self.sections for name in names if name in own]
        self.base_fields = {  # type: ignore[misc]
            **{name: own[name] for name in names},
            **self.base_fields,
        }
        super().__init__(*args, **kwargs)
        self.of_organisation = names
        self.fields["mentor_fte"].required = False
        if self.instance.pk:
            self.initial = {**self._organisation_now(), **self.initial}

    def _organisation_now(self) -> dict[str, Any]:
        return model_to_dict(self.instance.organisation, self.of_organisation)

    def look_again(self) -> None:
        super().look_again()
        hold(self.instance.organisation)
        self.initial.update(self._organisation_now())

    def clean_mentor_fte(self) -> Decimal:
        return self.cleaned_data["mentor_fte"] or Decimal(0)


class PortalProfileForm(ProfileForm):
    """The own profile, with a question beside each field that asks for a story."""

    questions = {
        "vision": _l("Wat vindt uw bedrijf belangrijk?"),
        "culture": _l("Hoe gaat u met elkaar om?"),
        "identity": _l("Waar bent u trots op?"),
        "team": _l("Met wie werkt de kandidaat samen?"),
        "management": _l("Hoe geeft u leiding?"),
        "training_chances": _l("Wat kan iemand bij u leren?"),
        "growth_chances": _l("Welk werk kan iemand later bij u doen?"),
        "mentor_fte": _l("Hoeveel tijd heeft u voor begeleiding? 1 fte is één volle werkweek."),
        "sbb_code": _l("Alleen als u een erkend leerbedrijf bent."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, question in self.questions.items():
            self.fields[name].help_text = question


class EmployerForm(ProfileForm):
    """The whole company, as staff keep it."""

    sections: Sections = (
        (
            _l("Gegevens"),
            ("name", "kvk_number", "email", "phone", "street", "postcode", "city", "region"),
        ),
        *PROFILE_SECTIONS,
    )

    def clean_kvk_number(self) -> str:
        number = self.cleaned_data["kvk_number"]
        others = Organisation.objects.employers().filter(kvk_number=number)
        if self.instance.pk:
            others = others.exclude(pk=self.instance.organisation_id)
        if number and (other := others.first()):
            raise forms.ValidationError(_("Er is al een werkgever met dit KvK-nummer: %(name)s.") % {"name": other})
        return number


class ContactForm(SectionedModelForm):
    sections: Sections = ((_l("Contactpersoon"), ("name", "function", "email", "phone")),)

    class Meta:
        model = EmployerContact
        fields = ["name", "function", "email", "phone"]


# --- Functions ---


class FunctionForm(SectionedModelForm):
    """A function profile with, per kind of load, how much of it the work asks."""

    sections: Sections = (
        (
            _l("De functie"),
            ("name", "branch", "hours_per_week", "level", "language_level", "needs_licence", "tasks", "requirements"),
        ),
        (
            _l("Begeleiding en opleiding"),
            ("supervision", "training", "offers_mentor", "offers_jobcoach", "offers_quiet_place"),
        ),
        (_l("Hoe zwaar is het werk?"), tuple(f"load_{code}" for code in WorkLoad.values)),
    )

    class Meta:
        model = FunctionProfile
        fields = [
            "name",
            "branch",
            "hours_per_week",
            "level",
            "language_level",
            "needs_licence",
            "tasks",
            "requirements",
            "supervision",
            "training",
            "offers_mentor",
            "offers_jobcoach",
            "offers_quiet_place",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_fields = {  # type: ignore[misc]
            **self.base_fields,
            **{f"load_{code}": self._load_field(code) for code in WorkLoad},
        }
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self._add_loads()

    def _add_loads(self) -> None:
        self.initial.update({f"load_{row.load}": row.level for row in self.instance.loads.all()})

    def look_again(self) -> None:
        super().look_again()
        self._add_loads()

    @staticmethod
    def _load_field(code: WorkLoad) -> forms.TypedChoiceField:
        return forms.TypedChoiceField(
            label=str(code.label).capitalize(),
            choices=FunctionLoad.Level.choices,
            coerce=int,
            empty_value=None,
            required=False,
            initial=FunctionLoad.Level.NONE,
        )

    def values(self) -> dict[str, Any]:
        """What was filled in, as the actions take it: the loads apart."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.startswith("load_")}
        loads = {code: self.cleaned_data[f"load_{code}"] or 0 for code in WorkLoad.values}
        return {**values, "loads": loads}


# --- Vacancies ---


class VacancyForm(SectionedModelForm):
    """A vacancy of one company: only that company's functions and projects can be chosen."""

    postcode = PostcodeField(label=_l("Postcode van de werkplek"), max_length=20)

    sections: Sections = (
        (
            _l("De plek"),
            ("title", "function", "kind_of_place", "seats", "hours_min", "hours_max", "description"),
        ),
        (_l("Wanneer en waar"), ("starts_on", "ends_on", "closes_on", "postcode", "city", "region")),
    )
    seldom: Sections = ((_l("MaatwerQ"), ("stream", "project")),)
    beside = True

    class Meta:
        model = Vacancy
        fields = [
            "title",
            "function",
            "kind_of_place",
            "seats",
            "hours_min",
            "hours_max",
            "description",
            "starts_on",
            "ends_on",
            "closes_on",
            "postcode",
            "city",
            "region",
            "stream",
            "project",
        ]

    def __init__(self, *args: Any, employer: Employer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employer = employer
        self.instance.employer = employer
        self._offer("function", employer.functions.all())
        self._offer("kind_of_place", KindOfPlace.objects.filter(is_active=True))
        self._offer("region", Region.objects.filter(is_active=True))
        self._offer("stream", Stream.objects.filter(is_active=True))
        self._offer("project", LearnWorkProject.objects.open_to(employer))
        self.fields["closes_on"].help_text = _("Na deze dag sluit de vacature vanzelf.")
        if not self.instance.pk:
            self._start_from_company()

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        """Let people choose from these rows, and from the one that is stored already."""
        field = self.fields.get(name)
        if not isinstance(field, forms.ModelChoiceField):
            return
        stored = getattr(self.instance, f"{name}_id")
        field.queryset = rows | rows.model._default_manager.filter(pk=stored) if stored else rows

    def _start_from_company(self) -> None:
        company = self.employer.organisation
        start = {"postcode": company.postcode, "city": company.city, "region": company.region_id}
        self.initial = {**start, **self.initial}

    def clean_seats(self) -> int:
        seats = self.cleaned_data["seats"]
        if self.instance.pk and (reason := rules.seats_can_become(self._stored(), seats)):
            raise forms.ValidationError(reason.text)
        return seats

    def _stored(self) -> Vacancy:
        return Vacancy.objects.get(pk=self.instance.pk)

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        self._compare("hours_min", "hours_max", rule_words(Vacancy, "vacancy_hours"))
        self._compare("starts_on", "ends_on", rule_words(Vacancy, "vacancy_dates"))
        project, stream = values.get("project"), values.get("stream")
        if project and stream and stream != project.stream:
            self.add_error("stream", _("Dit leerwerkproject hoort bij een andere stroom: %s.") % project.stream)
        return values

    def _compare(self, low: str, high: str, message: str) -> None:
        first, last = self.cleaned_data.get(low), self.cleaned_data.get(high)
        if first is not None and last is not None and last < first:
            self.add_error(high, message)


class PortalVacancyForm(VacancyForm):
    """A vacancy as the employer keeps it: stream and project are Top Job's to choose."""

    seldom: Sections = ()

    class Meta(VacancyForm.Meta):
        fields = [name for name in VacancyForm.Meta.fields if name not in ("stream", "project")]


class CloseForm(SectionedForm, forms.Form):
    """Why a vacancy closes."""

    reason = forms.CharField(label=_l("Waarom sluit de vacature?"), widget=forms.Textarea, required=False)


# --- Projects ---


class ProjectForm(SectionedModelForm):
    employer = PickField(
        label=_l("Leerwerkbedrijf"),
        queryset=Employer.objects.select_related("organisation"),
        url_name="employers:suggest",
        required=False,
        help_text=_l("Typ een deel van de naam, of het KvK-nummer."),
    )
    sections: Sections = (
        (
            _l("Het project"),
            ("name", "branch", "stream", "employer", "level", "group_size", "training_months", "place", "region"),
        ),
        (_l("Start"), ("starts_on", "is_planned")),
        (_l("Uitkomst van vóór dit systeem"), ("reported_participants", "reported_jobs")),
    )

    class Meta:
        model = LearnWorkProject
        fields = [
            "name",
            "branch",
            "stream",
            "employer",
            "level",
            "group_size",
            "training_months",
            "place",
            "region",
            "starts_on",
            "is_planned",
            "reported_participants",
            "reported_jobs",
        ]

    def clean_group_size(self) -> int | None:
        size = self.cleaned_data["group_size"]
        if self.instance.pk and (reason := rules.group_can_become(people_in(self.instance), size)):
            raise forms.ValidationError(reason.text)
        return size

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        people, jobs = values.get("reported_participants"), values.get("reported_jobs")
        if jobs is not None and (people is None or jobs > people):
            self.add_error("reported_jobs", _("Er kunnen niet meer banen zijn dan deelnemers."))
        return values


class IntakeDateForm(SectionedModelForm):
    class Meta:
        model = IntakeDate
        fields = ["on"]

    def __init__(self, *args: Any, project: LearnWorkProject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if self.project.intake_dates.filter(on=on).exists():
            raise forms.ValidationError(rule_words(IntakeDate, "intake_date_once"))
        if reason := rules.intake_can_be_added(self.project, on, clock.today()):
            raise forms.ValidationError(reason.text)
        return on


# --- SROI ---


class SroiForm(SectionedModelForm):
    sections: Sections = (
        (_l("De opdracht"), ("contract_name", "awarded_by", "awarded_sum", "percentage")),
        (_l("Invulling door plaatsingen"), ("fulfilled_sum", "due_on")),
    )

    class Meta:
        model = SroiObligation
        fields = ["contract_name", "awarded_by", "awarded_sum", "percentage", "fulfilled_sum", "due_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fulfilled_sum"].required = False

    def clean_fulfilled_sum(self) -> Decimal:
        return self.cleaned_data["fulfilled_sum"] or Decimal(0)
