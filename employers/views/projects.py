"""Learn-work projects and their outcome, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import NOBODY, access
from accounts.models import Page
from accounts.reading import shown
from employers import actions
from employers.access import MANAGERS, READERS, can_manage
from employers.filters import ProjectFilter
from employers.forms import IntakeDateForm, ProjectForm
from employers.models import IntakeDate, LearnWorkProject, Outcome, Vacancy
from employers.portal import GroupMember, group_of
from topjob import clock
from topjob.pages import Crumbs, crumbs, field_label, form_page, page_of, posted, render_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def trail(*more: tuple[StrOrPromise, str]) -> list[dict[str, str]]:
    """Projecten › …"""
    return crumbs((_("Projecten"), reverse("employers:projects")), *more)


def _project(request: HttpRequest, pk: int) -> LearnWorkProject:
    rows = LearnWorkProject.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("branch", "stream", "region", "employer__organisation"), pk=pk)


@access(READERS, shows=NOBODY)
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """Every learn-work project with its outcome, the latest start first."""
    rows = LearnWorkProject.objects.visible_to(request.user)
    load = LearnWorkProject.objects.select_related("branch", "stream", "employer__organisation")
    found = ProjectFilter(request.GET, queryset=rows)
    page = page_of(found.qs, request, load=load.upcoming_intake(clock.today()))
    add = [{"label": _("Nieuw project"), "url": reverse("employers:project_add"), "primary": True, "key": "n"}]
    context = {"page_obj": page, "sort": found.sort, "header_actions": add if can_manage(request.user) else []}
    return render(request, "employers/project_list.html", context)


@dataclass(frozen=True)
class ProjectPage:
    """One learn-work project: its outcome, its intake dates, who is in its group and who left it."""

    project: LearnWorkProject
    outcome: Outcome
    intake_dates: QuerySet[IntakeDate]
    vacancies: QuerySet[Vacancy]
    group: list[GroupMember]
    former: list[GroupMember]
    may_manage: bool
    header_actions: list[dict[str, Any]]
    intake_form: IntakeDateForm
    stream_pairs: list[tuple[str, str]]
    crumbs: Crumbs


@access(READERS, shows=Page.PROJECT)
@require_safe
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: its outcome in big figures, intake dates, group and stream."""
    project = _project(request, pk)
    return render_page(request, "employers/project.html", _project_page(request, project))


def _project_page(request: HttpRequest, project: LearnWorkProject) -> ProjectPage:
    may_manage = can_manage(request.user)
    people = group_of(project, request.user)
    shown(request, *(member.candidate_id for member in people))
    edit = [{"label": _("Wijzigen"), "url": reverse("employers:project_edit", args=[project.pk])}]
    return ProjectPage(
        project=project,
        outcome=project.outcome,
        intake_dates=project.intake_dates.all(),
        vacancies=project.vacancies.visible_to(request.user).with_names().open_first(),
        group=[member for member in people if not member.has_left],
        former=[member for member in people if member.has_left],
        may_manage=may_manage,
        header_actions=edit if may_manage else [],
        intake_form=IntakeDateForm(project=project),
        stream_pairs=stream_pairs(project),
        crumbs=trail((str(project), "")),
    )


def stream_pairs(project: LearnWorkProject) -> list[tuple[str, str]]:
    """The stream's own terms (table 4.1)."""
    names = ("who", "work", "trial", "support", "training", "intake", "prospect")
    return [(field_label(project.stream, name), getattr(project.stream, name)) for name in names]


@access(MANAGERS, shows=NOBODY)
def project_add(request: HttpRequest) -> HttpResponse:
    """Plan a project."""
    form = ProjectForm(posted(request))
    if form.is_bound and form.is_valid():
        project = actions.add_project(by=request.user, **form.cleaned_data)
        messages.success(request, _("Project toegevoegd. Zet nu de instroommomenten erbij."))
        return redirect("employers:project", project.pk)
    back = reverse("employers:projects")
    return form_page(request, form, title=_("Nieuw project"), cancel=back, crumbs=trail((_("Nieuw"), "")))


@access(MANAGERS, shows=NOBODY)
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a project; its group doesn't get smaller than who is in it (R13)."""
    project = _project(request, pk)
    path = trail((str(project), reverse("employers:project", args=[pk])), (_("Wijzigen"), ""))
    form = ProjectForm(posted(request), instance=project)
    if form.is_bound and form.is_valid():
        actions.update_project(project, by=request.user, **form.cleaned_data)
        messages.success(request, _("Project opgeslagen."))
        return redirect("employers:project", pk)
    back = reverse("employers:project", args=[pk])
    return form_page(request, form, title=_("Project wijzigen"), cancel=back, crumbs=path)


@access(MANAGERS, shows=NOBODY)
def intake_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an instroommoment."""
    project = _project(request, pk)
    form = IntakeDateForm(posted(request), project=project)
    back = reverse("employers:project", args=[pk])
    if form.is_bound and form.is_valid():
        actions.add_intake_date(project, form.cleaned_data["on"], by=request.user)
        messages.success(request, _("Instroommoment toegevoegd."))
        return redirect(back)
    path = trail((str(project), back), (_("Instroommoment"), ""))
    return form_page(request, form, title=_("Instroommoment toevoegen"), eyebrow=str(project), cancel=back, crumbs=path)


@access(MANAGERS, shows=NOBODY)
@require_POST
def intake_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an instroommoment off."""
    intake = get_object_or_404(IntakeDate.objects.select_related("project"), pk=pk)
    project = _project(request, intake.project_id)
    actions.remove_intake_date(intake, by=request.user)
    messages.success(request, _("Instroommoment verwijderd."))
    return redirect("employers:project", project.pk)
