"""Input for zoekprofielen, function demands, filters, decisions and weights."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import zip_longest
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import Branch, KindOfPlace
from accounts.models.reference import EducationLevel
from matching.criteria import CHOOSABLE, WEIGHTED, bits_of, codes_of
from matching.models import MatchDecision, SearchProfile, Skill
from matching.sentences import WEEKDAYS
from matching.sorting import CHOICES
from topjob.errors import rule_words
from topjob.merging import MergingMixin
from topjob.text import fold

LANGUAGE_CHOICES = (
    ("", _l("onbekend")),
    (0, _l("0 – nog geen Nederlands")),
    (1, _l("1 – losse woorden")),
    (2, _l("2 – eenvoudige gesprekken")),
    (3, _l("3 – goed")),
    (4, _l("4 – vloeiend")),
)
YES_NO_UNKNOWN = (("", _l("onbekend")), ("ja", _l("ja")), ("nee", _l("nee")))
SKILL_LEVELS = (
    (1, _l("1 – een beetje")),
    (2, _l("2 – met hulp")),
    (3, _l("3 – zelfstandig")),
    (4, _l("4 – goed")),
    (5, _l("5 – heel goed")),
)
USUAL_LEVEL = "3"
MOST_SKILLS, LONGEST_TEXT = 40, 5000


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week as one number: Monday is bit 0."""

    def __init__(self, **options: Any) -> None:
        choices = [(str(bit), name) for bit, name in enumerate(WEEKDAYS)]
        widget = forms.CheckboxSelectMultiple
        super().__init__(choices=choices, coerce=int, required=False, widget=widget, empty_value=[], **options)

    def clean(self, value: Any) -> int:
        return sum(1 << bit for bit in set(super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        return [str(bit) for bit in range(7) if value >> bit & 1] if isinstance(value, int) else value


class MustsField(forms.MultipleChoiceField):
    """Which criteria are requirements ("verplicht"); the others are wishes."""

    def __init__(self, **options: Any) -> None:
        choices = [(criterion.code, criterion.label) for criterion in CHOOSABLE]
        super().__init__(choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **options)

    def clean(self, value: Any) -> int:
        return bits_of(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return codes_of(value) if isinstance(value, int) else value


class SkillRows(forms.Widget):
    """Rows of a competence and its level, with a few empty ones; suggestions come while somebody types."""

    use_fieldset = True
    EMPTY_ROWS = 3

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        return list(zip_longest(data.getlist(name), data.getlist(f"{name}_level"), fillvalue=""))

    def put(self, data: Any, name: str, value: Any) -> None:
        """As if these rows had been sent."""
        data.setlist(name, [str(text) for text, _level in value or ()])
        data.setlist(f"{name}_level", [str(level) for _text, level in value or ()])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def id_for_label(self, id_: str) -> str:
        return ""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        shown = [(text, str(level)) for text, level in value or () if str(text).strip()][: MOST_SKILLS + 1]
        empty = min(self.EMPTY_ROWS, max(0, MOST_SKILLS - len(shown)))
        key = (attrs or {}).get("id", f"id_{name}")
        context = {
            "name": name,
            "key": key,
            "rows": [
                skill_row(key if number == 0 else f"{key}_{number}", text, level)
                for number, (text, level) in enumerate([*shown, *[("", "")] * empty])
            ],
            "is_invalid": "is-invalid" in self.attrs.get("class", ""),
            "most": MOST_SKILLS,
        }
        return render_to_string("matching/_skill_rows.html", context)


def skill_row(key: str, text: str = "", level: str = "") -> dict[str, Any]:
    """One row as the template shows it."""
    return {"key": key, "text": text, "level": level or USUAL_LEVEL, "levels": SKILL_LEVELS}


class SkillsField(forms.Field):
    """Competences with their level 1–5. Gives pairs of skill id and level."""

    def __init__(self, **options: Any) -> None:
        help_text = _l("Typ een paar letters en kies uit de lijst. Lege regels tellen niet mee.")
        super().__init__(required=False, widget=SkillRows(), help_text=help_text, **options)

    def clean(self, value: Any) -> list[tuple[int, int]]:
        rows = [(str(text).strip(), str(level)) for text, level in value or () if str(text).strip()]
        if len(rows) > MOST_SKILLS:
            raise forms.ValidationError(_("Noem er ten hoogste %(n)s.") % {"n": MOST_SKILLS})
        known = self._known([text for text, _level in rows])
        if errors := [message for row in rows for message in self._faults(*row, known)]:
            raise forms.ValidationError(errors)
        found = [(known[fold(text)], int(level)) for text, level in rows]
        if len({skill for skill, _level in found}) < len(found):
            raise forms.ValidationError(_("Een competentie staat er twee keer. Haal er een weg."))
        return found

    def compared(self, value: Any) -> list[tuple[str, str]]:
        """The same competences are the same in any order; see `topjob/merging.py`."""
        return [(str(text).strip().lower(), str(level)) for text, level in value or () if str(text).strip()]

    def _known(self, names: list[str]) -> dict[str, int]:
        """Those in use, and those that stand there already though they are no longer offered."""
        kept = [str(name) for name, _level in self.initial or ()]
        rows = Skill.objects.filter(search_text__in=[f" {fold(name)} " for name in names])
        rows = rows.filter(Q(is_active=True) | Q(name__in=kept)).order_by("pk")
        return _by_folded_name(list(rows.values_list("pk", "name")), names)

    @staticmethod
    def _faults(text: str, level: str, known: dict[str, int]) -> Iterator[str]:
        if fold(text) not in known:
            yield _("De competentie ‘%(name)s’ staat niet in de lijst.") % {"name": text[:80]} + meant(text)
        elif level not in {str(number) for number, _words in SKILL_LEVELS}:
            yield _("Kies bij ‘%(name)s’ een niveau van 1 tot en met 5.") % {"name": text}


def _by_folded_name(rows: list[tuple[int, str]], typed: list[str]) -> dict[str, int]:
    """Of competences that differ in capitals or accents only, the one written as typed; else none, and the form asks."""
    written: dict[str, dict[str, int]] = {}
    for pk, name in rows:
        written.setdefault(fold(name), {})[name] = pk
    exact = {name: pk for names in written.values() for name, pk in names.items() if name in typed}
    single = {key: next(iter(names.values())) for key, names in written.items() if len(names) == 1}
    return single | {fold(name): pk for name, pk in exact.items()}


def meant(text: str) -> str:
    """A hint at names that look like what was typed."""
    text = text.replace("\x00", "")[:160]
    skills = Skill.objects.filter(is_active=True)
    near = [skill.name for skill in skills.search(text)[:3]]
    near = near or get_close_matches(text, skills.values_list("name", flat=True), n=3, cutoff=0.5)
    return " " + _("Misschien: %(names)s?") % {"names": ", ".join(near)} if near else ""


class RefineForm(MergingMixin, forms.ModelForm):
    """The zoekprofiel. Limitations at work are entered in the Q-fit and come along by themselves."""

    kind_ids = forms.TypedMultipleChoiceField(
        label=_l("Soorten plek"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    branch_ids = forms.TypedMultipleChoiceField(
        label=_l("Branches"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_l("Niets aangekruist: elke branche is goed."),
    )
    weekdays = WeekdaysField(label=_l("Dagen waarop iemand kan werken"))
    has_licence = forms.ChoiceField(label=_l("Rijbewijs B"), choices=YES_NO_UNKNOWN, required=False)
    language_level = forms.TypedChoiceField(
        label=_l("Nederlands"), choices=LANGUAGE_CHOICES, coerce=int, empty_value=None, required=False
    )
    level = forms.TypedChoiceField(
        label=_l("Werk- en denkniveau"),
        choices=[("", _l("onbekend")), *EducationLevel.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    skills = SkillsField(label=_l("Competenties"))
    must_bits = MustsField(
        label=_l("Verplicht"),
        help_text=_l("Wat hier is aangekruist, sluit een vacature uit als het niet past. De rest is een wens."),
    )

    # The form is about a copy of the latest version.
    overwrites = True

    class Meta:
        model = SearchProfile
        fields = (
            "kind_ids",
            "branch_ids",
            "hours_min",
            "hours_max",
            "weekdays",
            "transport",
            "max_distance_km",
            "start_from",
            "start_until",
            "level",
            "language_level",
            "has_licence",
            "skills",
            "needs_mentor",
            "needs_jobcoach",
            "needs_quiet_place",
            "must_bits",
            "remark",
        )
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (
            KindOfPlace.objects.filter(is_active=True).select_related("department").order_by("department", "position")
        )
        self.fields["kind_ids"].choices = [(k.pk, f"{k.name} ({k.department.name})") for k in kinds]  # type: ignore[attr-defined]
        branches = Branch.objects.filter(is_active=True)
        self.fields["branch_ids"].choices = [(b.pk, b.name) for b in branches]  # type: ignore[attr-defined]
        self.fields["remark"].validators.append(MaxLengthValidator(LONGEST_TEXT))
        self.fields["skills"].initial = self.initial.get("skills", [])
        self.helper = profile_layout()
        self.initial["has_licence"] = {True: "ja", False: "nee"}.get(self.instance.has_licence, "")

    def clean_weekdays(self) -> int | None:
        return self.cleaned_data["weekdays"] or None

    def clean_has_licence(self) -> bool | None:
        return {"ja": True, "nee": False}.get(self.cleaned_data["has_licence"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("hours_min"), data.get("hours_max")
        if low is not None and high is not None and low > high:
            self.add_error("hours_max", rule_words(SearchProfile, "profile_hours"))
        start, until = data.get("start_from"), data.get("start_until")
        if start and until and until < start:
            self.add_error("start_until", rule_words(SearchProfile, "profile_start"))
        return data

    def validate_constraints(self) -> None:
        """Said above, at the field."""


def profile_layout() -> FormHelper:
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf, helper.render_hidden_fields = False, True, True
    helper.layout = Layout(
        Fieldset(_("Wat zoekt iemand"), "kind_ids", "branch_ids", css_class="choices"),
        Fieldset(
            _("Wanneer en waar"),
            Div("hours_min", "hours_max", "transport", "max_distance_km", css_class="form-columns"),
            "weekdays",
            Div("start_from", "start_until", css_class="form-columns"),
        ),
        Fieldset(
            _("Wat kan iemand"),
            Div("level", "language_level", "has_licence", css_class="form-columns"),
            "skills",
        ),
        Fieldset(_("Wat is er nodig"), "needs_mentor", "needs_jobcoach", "needs_quiet_place"),
        Fieldset(_("Verplicht of wens"), Div("must_bits", css_class="choices"), "remark"),
    )
    return helper


class DemandForm(MergingMixin, forms.Form):
    """What a function asks beyond its profile."""

    overwrites = True

    must_bits = MustsField(
        label=_l("Verplicht"),
        help_text=_l("Wat hier is aangekruist, sluit een kandidaat uit als het niet past. De rest is een wens."),
    )
    weekdays = WeekdaysField(label=_l("Vaste werkdagen"), help_text=_l("Niets aangekruist: de dagen zijn vrij."))
    skills = SkillsField(label=_l("Gevraagde competenties"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].initial = self.initial.get("skills", [])
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf, self.helper.render_hidden_fields = False, True, True
        self.helper.layout = Layout(
            Fieldset(self.headings[0], Div("must_bits", css_class="choices")),
            Fieldset(self.headings[1], "weekdays", "skills"),
        )

    @property
    def headings(self) -> tuple[str, str]:
        return _("Verplicht of wens"), _("Wat vraagt het werk")


class PortalDemandForm(DemandForm):
    """The same, in the employer's words (B1)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["must_bits"].label = _("Wat is verplicht?")
        self.fields["must_bits"].choices = [(c.code, c.for_employer) for c in CHOOSABLE]  # type: ignore[attr-defined]
        self.fields["must_bits"].help_text = _(
            "Kruis aan wat echt moet. Wie daar niet aan voldoet, krijgt u niet te zien. De rest is een wens. "
            "Kies weinig: dan is er meer kans op een goede kandidaat."
        )
        self.fields["weekdays"].label = _("Op welke dagen moet het werk gebeuren?")
        self.fields["weekdays"].help_text = _("Maakt het niet uit? Kruis dan niets aan.")
        self.fields["skills"].label = _("Wat moet iemand kunnen?")
        self.fields["skills"].help_text = _(
            "Typ een paar letters en kies uit de lijst. Kies daarna hoe goed iemand het moet kunnen. "
            "Lege regels tellen niet mee."
        )

    @property
    def headings(self) -> tuple[str, str]:
        return _("Verplicht of wens"), _("Het werk")


class DecisionForm(forms.Form):
    """What was decided about a pair."""

    decision = forms.ChoiceField(
        label=_l("Besluit"), choices=[("", _l("Kies")), *MatchDecision.Decision.choices], required=True
    )
    reason = forms.CharField(
        label=_l("Reden"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("Nodig bij een afwijzing en bij een keuze tegen de ranglijst in."),
        validators=[ProhibitNullCharactersValidator()],
    )


# The order stands in the address with the filters; the heads of the columns choose it.
SHOWN_CHOICES = ((10, "10"), (25, "25"), (50, "50"))


class MatchFilter(forms.Form):
    """Filters of the match pages; they live in the address. What makes no sense is said and not used.

    A plain form: by these the matches are computed, there are no rows yet that a `ListFilter` could narrow.
    """

    kind = forms.TypedChoiceField(label=_l("Soort plek"), required=False, coerce=int, empty_value=None)
    branch = forms.TypedChoiceField(label=_l("Branche"), required=False, coerce=int, empty_value=None)
    km = forms.IntegerField(label=_l("Binnen (km)"), required=False, min_value=1, max_value=300)
    hours = forms.IntegerField(label=_l("Uren per week"), required=False, min_value=1, max_value=40)
    minimum = forms.IntegerField(label=_l("Score ten minste"), required=False, min_value=0, max_value=1000)
    shown = forms.TypedChoiceField(
        label=_l("Aantal"),
        required=False,
        coerce=int,
        empty_value=25,  # type: ignore[arg-type]
        choices=SHOWN_CHOICES,
    )
    sort = forms.ChoiceField(
        label=_l("Volgorde"),
        required=False,
        choices=[("", _l("hoogste totaal eerst")), *CHOICES],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, kinds: dict[int, str], branches: dict[int, str]) -> None:
        super().__init__(data)
        everything = [("", _("alle"))]
        self.fields["kind"].choices = [*everything, *kinds.items()]  # type: ignore[attr-defined]
        self.fields["branch"].choices = [*everything, *branches.items()]  # type: ignore[attr-defined]
        self.fields["shown"].initial = 25

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen and is right."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class PeopleFilter(MatchFilter):
    """The same for people: kind of place and branch are the vacancy's own."""

    def __init__(self, data: Any, kinds: dict[int, str], branches: dict[int, str]) -> None:
        super().__init__(data, kinds, branches)
        del self.fields["kind"], self.fields["branch"]


class WeightsForm(MergingMixin, forms.Form):
    """The weights of every criterion for both sides."""

    overwrites = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in WEIGHTED:
            for side, words in (("person", _("persoon")), ("employer", _("werkgever"))):
                self.fields[f"{criterion.code}_{side}"] = forms.IntegerField(
                    label=f"{criterion.label}: {words}", min_value=0, max_value=100
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for side, words in (("person", _("de persoon")), ("employer", _("de werkgever"))):
            if not self.errors and not any(data[f"{c.code}_{side}"] for c in WEIGHTED):
                raise forms.ValidationError(_("Laat voor %(side)s ten minste één criterium tellen.") % {"side": words})
        return data

    @property
    def weights(self) -> dict[str, tuple[int, int]]:
        data = self.cleaned_data
        return {c.code: (data[f"{c.code}_person"], data[f"{c.code}_employer"]) for c in WEIGHTED}

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """Label, field for the person, field for the employer; for a table."""
        return [(c.label, self[f"{c.code}_person"], self[f"{c.code}_employer"]) for c in WEIGHTED]
