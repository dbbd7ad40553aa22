"""B: from a chosen vacancy to an accepted application (R13, R16). Numbered as in docs/domain.md."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from topjob.dates import why_not_yet
from topjob.errors import Reason, promised
from trajectories.process.checks import asks

if TYPE_CHECKING:
    from employers.models import Vacancy
    from trajectories.models import (
        Trajectory,
    )


# What an acceptance settles; PostgreSQL asks it as well.
AGREE_ON = gettext_lazy("Kies constructie, route en niveau.")


def has_application(trajectory: Trajectory) -> bool:
    return trajectory.current_application is not None


def needs_a_seat(trajectory: Trajectory) -> bool:
    return has_application(trajectory) and not hasattr(trajectory.current_application, "claim")


@asks(gettext_lazy("Vacature gekozen"))
def vacancy_chosen(trajectory: Trajectory) -> Reason | None:
    """A vacancy was chosen for this person."""
    if trajectory.current_application is not None:
        return None
    return Reason(_("Er is nog geen vacature gekozen."), "matching:for_candidate", trajectory.candidate_id)


@asks(gettext_lazy("Vrije plaats"), when=needs_a_seat)
def seat_free(trajectory: Trajectory) -> Reason | None:
    """R13: a place can't be given to more people than it has seats, a project to more than its group size."""
    vacancy = promised(trajectory.current_application).vacancy
    if not vacancy.is_open:
        return Reason(_("De gekozen vacature is niet meer open."), "employers:vacancy", vacancy.pk)
    if vacancy.seats_free < 1:
        return Reason(_("De gekozen vacature heeft geen vrije plaats meer."), "employers:vacancy", vacancy.pk)
    if vacancy.project is not None and _group_is_full(vacancy.project):
        return Reason(_("De groep van het leerwerkproject is vol."), "employers:project", vacancy.project.pk)
    return None


def _group_is_full(project) -> bool:
    if project.group_size is None:
        return False
    return project.participations.filter(left_on=None).count() >= project.group_size


@asks(gettext_lazy("Toestemming van de kandidaat"), when=has_application)
def consent_given(trajectory: Trajectory) -> Reason | None:
    """R16: an employer sees of someone only what that person agreed to share."""
    application = promised(trajectory.current_application)
    consents = trajectory.candidate.consents.all()
    if any(row.is_valid and row.organisation_id == application.organisation_id for row in consents):
        return None
    return Reason(
        _("De kandidaat heeft nog geen toestemming gegeven om gegevens met %(employer)s te delen.")
        % {"employer": application.organisation},
        "trajectories:consent",
        trajectory.pk,
    )


@asks(gettext_lazy("Sollicitatiegesprek"))
def application_talk_held(trajectory: Trajectory) -> Reason | None:
    """A positive result follows an application talk (docs/domain.md §3 B)."""
    application = trajectory.current_application
    if application is not None and application.talk_held:
        return None
    return Reason(_("Het sollicitatiegesprek is nog niet vastgelegd."), "trajectories:talk", trajectory.pk)


def terms_agreed(trajectory: Trajectory) -> Reason | None:
    """Acceptance agrees on construction, route and level."""
    application = trajectory.current_application
    if application and application.construction and application.route and application.level:
        return None
    return Reason(str(AGREE_ON), "trajectories:detail", trajectory.pk)


def seat_claimed(trajectory: Trajectory) -> Reason | None:
    """R13: acceptance claims one numbered seat (decision 7)."""
    application = trajectory.current_application
    if application is not None and hasattr(application, "claim") and not application.claim.cancelled:
        return None
    return Reason(_("Er is geen plaats vrij."), "trajectories:detail", trajectory.pk)


@asks(gettext_lazy("Plaatsen zonder proefperiode"), is_path=True)
def not_maatwerq(trajectory: Trajectory) -> Reason | None:
    """Direct placement is for departments 1, 3 and 4."""
    if not trajectory.department.is_maatwerq:
        return None
    return Reason(_("Bij MaatwerQ gaat een proefperiode vooraf; direct plaatsen kan hier niet."))


def talk_not_held_yet(at: date | datetime) -> str:
    """Why a talk can't have been held then: it still has to come; empty when it can."""
    return why_not_yet(at, _("Het gesprek kan niet in de toekomst gevoerd zijn."))


def is_elsewhere(trajectory: Trajectory) -> bool:
    return has_application(trajectory) and not trajectory.department.is_maatwerq


@asks(gettext_lazy("Overeenkomst bij deze soort plek"), when=is_elsewhere)
def agreement_possible(trajectory: Trajectory) -> Reason | None:
    """What can be agreed depends on the kind of place; the beheerder says what."""
    place = promised(trajectory.current_application).vacancy.kind_of_place
    if place.agreements.in_use().exists():
        return None
    text = _("Bij een plek “%(place)s” hoort nog geen overeenkomst. Vraag de beheerder om er een te kiezen.")
    return Reason(text % {"place": place})


def no_vacancy_of(trajectory: Trajectory) -> Reason:
    """What comes before anything that is about the chosen vacancy."""
    return Reason(_("Kies eerst een vacature."), "matching:for_candidate", trajectory.candidate_id)


def no_seat_at(vacancy: Vacancy) -> Reason | None:
    """R13: why nobody can be chosen for this vacancy, if so: it isn't open, or has no seat left."""
    if vacancy.is_open and vacancy.seats_free:
        return None
    return Reason(_("Deze vacature heeft geen vrije plaats."), "employers:vacancy", vacancy.pk)
