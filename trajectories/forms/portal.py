"""Input in the portals, in the words of the employer ("u") and the youth ("je")."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from candidates.forms.fields import long_text
from topjob.forms import field_of
from trajectories.forms.cases import TalkForm
from trajectories.forms.steps import AcceptForm, StepForm, say_day_off
from trajectories.models.placement import Construction


class EmployerTalkForm(TalkForm):
    """The employer writes down how the application talk went."""

    notes = long_text(
        gettext_lazy("Hoe ging het gesprek?"), rows=5, help_text=gettext_lazy("Top Job leest dit verslag mee.")
    )


class EmployerAcceptForm(AcceptForm):
    """Terms of the acceptance, each with what it means for the company."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["construction"].label = gettext_lazy("Hoe wilt u beginnen?")
        field_of(self, "construction", forms.ChoiceField).choices = [
            (
                Construction.EMPLOYER_AFTER_TRIAL,
                gettext_lazy("Op proef, met behoud van uitkering. Gaat het goed? Dan geeft u daarna een contract."),
            ),
            (
                Construction.MAATWERQ_FROM_DAY_ONE,
                gettext_lazy("Met een contract vanaf dag één. Dat contract is met MaatwerQ, voor de proefperiode."),
            ),
        ]
        self.fields["route"].label = gettext_lazy("Waar leert de kandidaat voor?")
        self.fields["level"].label = gettext_lazy("Eerste niveau")
        self.fields["level"].help_text = gettext_lazy("Twijfelt u? Overleg met de werkmakelaar.")
        self.fields["planned_start"].label = gettext_lazy("Wanneer kan de kandidaat beginnen?")
        self.fields["planned_start"].help_text = gettext_lazy(
            "De plaats is vanaf deze dag bezet. De proefperiode begint pas als iedereen het startplan heeft getekend."
        )
        say_day_off(self, "planned_start")


class EmployerDeclineForm(StepForm):
    reason = long_text(
        gettext_lazy("Waarom gaat het niet door?"),
        help_text=gettext_lazy("Top Job leest dit en zoekt er een andere plek of kandidaat mee."),
    )


class YouthDeclineForm(StepForm):
    reason = long_text(
        gettext_lazy("Waarom wil je deze plek niet?"),
        help_text=gettext_lazy("Je begeleider leest dit. Zo zoeken we iets dat beter past."),
    )
