"""What the page of each step says and asks: its consequences in plain Dutch and its form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import actor
from accounts.models import User
from topjob.errors import Reason
from trajectories.forms import placing
from trajectories.forms import steps as forms
from trajectories.journey.access import for_reader
from trajectories.models import Trajectory
from trajectories.pages import cards
from trajectories.process.workflow import Journey, name_of, step_named, steps_from


@dataclass(frozen=True)
class StepPage:
    """How a step is asked for."""

    consequences: tuple[Any, ...]
    form: type[forms.StepForm] = forms.StepForm
    cards: tuple[cards.Maker, ...] = ()  # what somebody wants to see again before taking it
    mails: bool = False  # whether somebody gets a mail of it, which is shown before it goes


PAGES: dict[str, StepPage] = {
    name_of(Journey.start_intake): StepPage(
        (
            gettext_lazy("Je neemt deze persoon aan. Daarna vul je samen het dossier: intakegesprek, Foto, Q-fit, "
                         "ondersteuningsvragen en de toets op financiën."),
            gettext_lazy("De loopbaanadviseur verfijnt en bevestigt het zoekprofiel."),
        )
    ),
    name_of(Journey.complete_intake): StepPage(
        (
            gettext_lazy("Het dossier is compleet. De persoon is bemiddelbaar en komt in de matches."),
            gettext_lazy("Daarna is de werkmakelaar aan zet: die kiest een passende vacature."),
        )
    ),
    name_of(Journey.introduce): StepPage(
        (
            gettext_lazy("De werkgever ziet de kandidaat in het portaal: alleen wat de kandidaat wil delen."),
            gettext_lazy("Daarna volgt het sollicitatiegesprek. Leg na afloop vast hoe het ging."),
        ),
        forms.IntroduceForm,
        cards=(cards.application_card,),
        mails=True,
    ),
    name_of(Journey.decline_application): StepPage(
        (
            gettext_lazy("De werkgever ziet de kandidaat niet meer in het portaal en krijgt daarvan een mail."),
            gettext_lazy("De persoon is weer bemiddelbaar; de werkmakelaar zoekt een andere plek."),
        ),
        forms.ReasonForm,
        cards=(cards.application_card,),
        mails=True,
    ),
    name_of(Journey.accept_application): StepPage(
        (
            gettext_lazy("Een plaats van deze vacature is nu bezet."),
            gettext_lazy("Daarna maakt de regisseur het startplan. De proefperiode begint pas als iedereen heeft getekend."),
        ),
        forms.AcceptForm,
        cards=(cards.application_card,),
    ),
    name_of(Journey.place_directly): StepPage(
        (
            gettext_lazy("Wat jullie afspreken wordt vastgelegd, met de plaatsing; een plaats van de vacature is bezet."),
            gettext_lazy("Daarna begint de nazorg, met vaste contactmomenten."),
        ),
        placing.JobForm,
        cards=(cards.application_card,),
    ),
    name_of(Journey.withdraw_plan): StepPage(
        (
            gettext_lazy("Het startplan vervalt, ook als iedereen al heeft getekend. Links om te tekenen werken niet meer."),
            gettext_lazy("Wie heeft getekend of was gevraagd om te tekenen, krijgt bericht. Vertel het eerst zelf aan de "
                         "jongere en de werkgever."),
            gettext_lazy("De plaats komt vrij en de persoon is weer bemiddelbaar."),
        ),
        forms.ReasonForm,
        cards=(cards.plan_card,),
        mails=True,
    ),
    name_of(Journey.start_trial): StepPage(
        (
            gettext_lazy("De proefperiode begint op de datum van het startplan. Plaatsing en, bij constructie 2, "
                         "het proefcontract worden vastgelegd."),
            gettext_lazy("Daarna is de jobcoach aan zet. Tussengesprek en einde komen als termijn in de werklijst."),
        ),
        cards=(cards.plan_card, cards.trial_card),
    ),
    name_of(Journey.open_evaluation): StepPage(
        (
            gettext_lazy("Jongere, werkgever en jobcoach krijgen elk een eigen link om hun oordeel te geven."),
            gettext_lazy("Daarna beslist de regisseur. Alleen als iedereen positief is, volgt het leerwerkcontract."),
        ),
        cards=(cards.trial_card,),
        mails=True,
    ),
    name_of(Journey.break_off_trial): StepPage(
        (
            gettext_lazy("De proefperiode, de plaatsing en een proefcontract eindigen vandaag. De plaats komt vrij."),
            gettext_lazy("Vertel het eerst aan de jongere en de werkgever."),
        ),
        forms.BreakOffForm,
        cards=(cards.trial_card,),
        mails=True,
    ),
    name_of(Journey.continue_learning): StepPage(
        (
            gettext_lazy("Het leerwerkcontract begint op de dag na de proefperiode."),
            gettext_lazy("Daarna is de jobcoach aan zet: gesprekken en voortgang, tot diploma of einde van het contract."),
        ),
        forms.ContinueLearningForm,
        cards=(cards.trial_card, cards.evaluation_card),
    ),
    name_of(Journey.other_place): StepPage(
        (
            gettext_lazy("De plaatsing eindigt vandaag en de plaats komt vrij."),
            gettext_lazy("De persoon is weer bemiddelbaar; de werkmakelaar zoekt een andere plek."),
        ),
        forms.ReasonForm,
        cards=(cards.evaluation_card,),
        mails=True,
    ),
    name_of(Journey.seek_advice): StepPage(
        (
            gettext_lazy("De plaatsing eindigt vandaag en de plaats komt vrij."),
            gettext_lazy("Daarna is de loopbaanadviseur aan zet: quick-scan, gesprek en advies."),
        ),
        forms.ReasonForm,
        cards=(cards.evaluation_card,),
        mails=True,
    ),
    name_of(Journey.extend_contract): StepPage(
        (gettext_lazy("Het nieuwe contract sluit direct aan op het lopende. Het traject blijft op leerwerk staan."),),
        forms.ExtendForm,
        cards=(cards.contract_card,),
    ),
    name_of(Journey.finish_training): StepPage(
        (
            gettext_lazy("Contract en plaatsing eindigen op de laatste dag."),
            gettext_lazy("Daarna is de loopbaanadviseur aan zet op het Adviespunt; niemand raakt uit beeld."),
        ),
        forms.FinishTrainingForm,
        cards=(cards.contract_card, cards.qualification_card),
    ),
    name_of(Journey.give_advice): StepPage(
        (
            gettext_lazy("Het advies geldt en ligt vast. De persoon staat in de banenpool en is beschikbaar."),
            gettext_lazy("Wat volgt hangt af van het advies: plaatsen (a of b), verder leren (c) of verwijzen (d)."),
        ),
        cards=(cards.advice_card,),
    ),
    name_of(Journey.revise_advice): StepPage(
        (gettext_lazy("De persoon gaat terug naar het Adviespunt voor een nieuw advies en is tot dan niet beschikbaar."),),
        forms.ReasonForm,
        cards=(cards.advice_card,),
    ),
    name_of(Journey.place): StepPage(
        (
            gettext_lazy("Contract en plaatsing worden vastgelegd."),
            gettext_lazy("Daarna begint de nazorg, ten hoogste een jaar, met vaste contactmomenten."),
        ),
        placing.PlaceForm,
        cards=(cards.advice_card,),
    ),
    name_of(Journey.learn_on): StepPage(
        (
            gettext_lazy("Er begint een nieuwe ronde op een volgend niveau, met een eigen proefperiode."),
            gettext_lazy("Daarna is de werkmakelaar aan zet: die kiest een passende vacature."),
        ),
        cards=(cards.advice_card,),
    ),
    name_of(Journey.refer_out): StepPage(
        (gettext_lazy("De persoon gaat naar de bestemming van het advies. Daarna sluit de backoffice het dossier af."),),
        cards=(cards.advice_card,),
    ),
    name_of(Journey.job_lost): StepPage(
        (
            gettext_lazy("Contract, plaatsing en nazorg eindigen vandaag."),
            gettext_lazy("De persoon staat weer in de banenpool; de werkmakelaar is aan zet."),
        ),
        forms.ReasonForm,
        cards=(cards.contract_card,),
    ),
    name_of(Journey.finish_aftercare): StepPage(
        (gettext_lazy("De nazorg eindigt. Daarna volgen het exitgesprek en de afronding door de backoffice."),),
        cards=(cards.aftercare_card,),
    ),
    name_of(Journey.stop): StepPage(
        (
            gettext_lazy("Alles wat loopt eindigt vandaag: startplan, proefperiode, contract, plaatsing en nazorg."),
            gettext_lazy("Daarna volgen het exitgesprek en de afronding door de backoffice. Terug kan niet."),
        ),
        forms.ReasonForm,
        mails=True,
    ),
    name_of(Journey.close): StepPage(
        (
            gettext_lazy("Het dossier gaat dicht en de bewaartermijn begint. Daarna verandert er niets meer."),
            gettext_lazy("Wie later opnieuw hulp nodig heeft, begint met een nieuwe aanmelding."),
        ),
        cards=(cards.closing_card,),
    ),
}  # fmt: skip


def reasons_against(name: str, trajectory: Trajectory, user: User) -> list[Reason]:
    """Why this person can't take this step now: the same words as the refusal."""
    step = step_named(name)
    if name not in {possible.name for possible in steps_from(trajectory.state)}:
        text = _("Deze stap kan nu niet: het traject staat op “%(state)s”. Misschien was iemand anders je voor.")
        return [Reason(text % {"state": trajectory.state_label}, "trajectories:detail", trajectory.pk)]
    forbidden = step.forbidden(trajectory, actor(user))
    return [*([forbidden] if forbidden else []), *for_reader(step.missing(trajectory), trajectory, user)]
