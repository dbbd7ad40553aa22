"""What is done with companies, functions, vacancies, projects and SROI: one function per business verb.

Each takes the row and the new values by field name, locks what it changes, logs who did it, refuses what may not be.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from accounts import identity, verbs
from accounts.actions import Capacity, add_membership, invite_user, remove_membership
from accounts.audit import SYSTEM, Actor, By, record
from accounts.models import Membership, Organisation, Role, User
from accounts.verbs import Verb
from employers import rules
from employers.models import (
    Employer,
    EmployerContact,
    FunctionLoad,
    FunctionProfile,
    IntakeDate,
    LearnWorkProject,
    SroiObligation,
    Vacancy,
)
from employers.portal import people_in
from topjob import clock, outbox
from topjob.errors import Refused

Row = TypeVar("Row", bound=models.Model)
ORGANISATION_FIELDS = ("name", "kvk_number", "email", "phone", "street", "postcode", "city", "region")


# --- Companies ---


@transaction.atomic
def add_employer(*, by: By, **values: Any) -> Employer:
    """Enter a company with its profile; values are those of the organisation and of the employer."""
    organisation = Organisation(kind=Organisation.Kind.EMPLOYER, **_organisation_part(values))
    _save(organisation)
    employer = Employer(organisation=organisation, created_at=clock.now(), **_profile_part(values))
    _save(employer)
    record(verbs.EMPLOYER_ADDED, employer, by=by)
    return employer


@transaction.atomic
def update_profile(employer: Employer, *, by: By, **values: Any) -> Employer:
    """Change a company's data or profile."""
    employer = _locked(employer)
    organisation = _locked(employer.organisation)
    changed = _change(organisation, _organisation_part(values)) + _change(employer, _profile_part(values))
    employer.organisation = organisation
    return _logged(verbs.EMPLOYER_CHANGED, employer, changed, by)


# --- Contacts ---


@transaction.atomic
def add_contact(employer: Employer, *, by: By, **values: Any) -> EmployerContact:
    """Add a contact person, leermeester, jobcoach or signatory of a company."""
    contact = EmployerContact(employer=employer, **values)
    _save(contact)
    record(verbs.EMPLOYER_CONTACT_ADDED, contact, by=by, employer=employer.pk)
    return contact


@transaction.atomic
def update_contact(contact: EmployerContact, *, by: By, **values: Any) -> EmployerContact:
    """Change a contact person's data."""
    contact = _locked(contact)
    return _logged(verbs.EMPLOYER_CONTACT_CHANGED, contact, _change(contact, values), by, employer=contact.employer_id)


@transaction.atomic
def deactivate_contact(contact: EmployerContact, *, by: By) -> EmployerContact:
    """A contact who left is no longer offered and loses the portal; what they did stays readable."""
    if contact.user_id is not None:
        contact = withdraw_portal_access(contact, by=by)
    return _switch_contact(contact, is_active=False, verb=verbs.EMPLOYER_CONTACT_DEACTIVATED, by=by)


@transaction.atomic
def activate_contact(contact: EmployerContact, *, by: By) -> EmployerContact:
    """Offer a contact again; access to the portal is given anew."""
    return _switch_contact(contact, is_active=True, verb=verbs.EMPLOYER_CONTACT_REACTIVATED, by=by)


def _switch_contact(contact: EmployerContact, *, is_active: bool, verb: Verb, by: By) -> EmployerContact:
    contact = _locked(contact)
    return _logged(verb, contact, _change(contact, {"is_active": is_active}), by, employer=contact.employer_id)


@transaction.atomic
def give_portal_access(contact: EmployerContact, *, by: By) -> EmployerContact:
    """Let a contact into the employer portal for this company; a person without an account is invited by e-mail."""
    contact = _locked(contact)
    if not contact.is_active:
        raise Refused(_("Deze contactpersoon is niet actief."))
    organisation = contact.employer.organisation
    user = User.objects.filter(email__iexact=contact.email).first()
    if user is None:
        capacities = [Capacity(Role.WERKGEVER, organisation=organisation)]
        user = invite_user(name=contact.name, email=contact.email, capacities=capacities, by=by)
    elif not identity.may_be_trusted_with_access(user):
        raise Refused(
            _(
                "Er is een account met dit e-mailadres, maar het adres is nog niet bevestigd. Vraag de persoon dat eerst te doen."
            )
        )
    elif not _accesses(user, organisation).exists():
        add_membership(user, Capacity(Role.WERKGEVER, organisation=organisation), by=by)
    return _logged(verbs.PORTAL_ACCESS_GIVEN, contact, _change(contact, {"user": user}), by, user=user.pk)


@transaction.atomic
def withdraw_portal_access(contact: EmployerContact, *, by: By) -> EmployerContact:
    """Shut a contact out of the employer portal of this company."""
    contact = _locked(contact)
    user = contact.user
    if user is None:
        raise Refused(_("Deze contactpersoon heeft geen toegang."))
    for membership in _accesses(user, contact.employer.organisation):
        remove_membership(membership, by=by)
    return _logged(verbs.PORTAL_ACCESS_WITHDRAWN, contact, _change(contact, {"user": None}), by, user=user.pk)


def _accesses(user: User, organisation: Organisation) -> models.QuerySet[Membership]:
    return Membership.objects.filter(user=user, role=Role.WERKGEVER, organisation=organisation)


# --- Function profiles ---


@transaction.atomic
def add_function(
    employer: Employer, *, by: By, loads: Mapping[str, int] | None = None, **values: Any
) -> FunctionProfile:
    """Describe a function; `loads` says per `WorkLoad` code how much of it the work asks (0–4)."""
    function = FunctionProfile(employer=employer, **values)
    _save(function)
    _set_loads(function, loads or {})
    record(verbs.FUNCTION_ADDED, function, by=by, employer=employer.pk)
    return function


@transaction.atomic
def update_function(
    function: FunctionProfile, *, by: By, loads: Mapping[str, int] | None = None, **values: Any
) -> FunctionProfile:
    """Change a function profile; without `loads` these stay. Its vacancies are matched again."""
    function = _locked(function)
    changed = _change(function, values)
    if loads is not None and _set_loads(function, loads):
        changed.append("loads")
    if changed:
        for vacancy in function.vacancies.exclude(status=Vacancy.Status.CLOSED).select_for_update():
            _touch(vacancy)
    return _logged(verbs.FUNCTION_CHANGED, function, changed, by, employer=function.employer_id)


def _set_loads(function: FunctionProfile, loads: Mapping[str, int]) -> bool:
    """Make the stored loads equal to these; answers whether anything changed. A load of 0 has no row."""
    wanted = {code: level for code, level in loads.items() if level}
    present = dict(function.loads.values_list("load", "level"))
    if wanted == present:
        return False
    function.loads.all().delete()
    for code, level in wanted.items():
        _save(FunctionLoad(function=function, load=code, level=level))
    return True


# --- Vacancies ---


@transaction.atomic
def add_vacancy(employer: Employer, *, by: By, **values: Any) -> Vacancy:
    """Enter a vacancy as a draft; `publish_vacancy` opens it to candidates."""
    moment = clock.now()
    vacancy = Vacancy(employer=employer, created_at=moment, changed_at=moment, **values)
    vacancy.seats_free = vacancy.seats
    _refuse_strange_parts(vacancy)
    _save(vacancy)
    record(verbs.VACANCY_ADDED, vacancy, by=by, employer=employer.pk)
    _announce(vacancy)
    return vacancy


@transaction.atomic
def update_vacancy(vacancy: Vacancy, *, by: By, **values: Any) -> Vacancy:
    """Change a vacancy; the number of seats can't drop below what is in use (R13)."""
    vacancy = _locked(vacancy)
    seats = values.pop("seats", vacancy.seats)
    changed = _change(vacancy, {**values, **_seat_values(vacancy, seats)})
    _refuse_strange_parts(vacancy)
    if changed:
        _touch(vacancy)
    return _logged(verbs.VACANCY_CHANGED, vacancy, changed, by, seats=vacancy.seats)


@transaction.atomic
def set_seats(vacancy: Vacancy, seats: int, *, by: By) -> Vacancy:
    """Give a vacancy more or fewer seats, never fewer than are in use (R13)."""
    return update_vacancy(vacancy, by=by, seats=seats)


def _seat_values(vacancy: Vacancy, seats: int) -> dict[str, int]:
    """Seats and free seats after a change; the seats in use stay in use."""
    if reason := rules.seats_can_become(vacancy, seats):
        raise Refused(reason)
    return {"seats": seats, "seats_free": seats - vacancy.seats_in_use}


@transaction.atomic
def publish_vacancy(vacancy: Vacancy, *, by: By) -> Vacancy:
    """Open a vacancy to candidates; a closed one opens again."""
    vacancy = _locked(vacancy)
    is_staff = isinstance(by, Actor) or by.is_staff_member
    page = "employers:vacancy_edit" if is_staff else "employers:portal_vacancy_edit"
    if reasons := rules.publish_blockers(vacancy, clock.today(), edit_page=page):
        raise Refused(*reasons, title=_("Deze vacature kan nu niet open"))
    return _set_status(vacancy, Vacancy.Status.OPEN, verbs.VACANCY_OPENED, by)


@transaction.atomic
def close_vacancy(vacancy: Vacancy, *, by: By, reason: str = "") -> Vacancy:
    """Close a vacancy: nobody new is introduced; whoever has a seat keeps it."""
    vacancy = _locked(vacancy)
    if vacancy.status == Vacancy.Status.CLOSED:
        raise Refused(_("Deze vacature is al gesloten."))
    return _set_status(vacancy, Vacancy.Status.CLOSED, verbs.VACANCY_CLOSED, by, reason)


def close_expired_vacancies(today: date) -> int:
    """Close what is past its closing date, each once, whatever was down in the meantime (R17)."""
    ids = list(Vacancy.objects.expired(today).values_list("pk", flat=True))
    return sum(_close_expired(pk, today) for pk in ids)


@transaction.atomic
def _close_expired(pk: int, today: date) -> bool:
    vacancy = Vacancy.objects.expired(today).select_for_update(skip_locked=True).filter(pk=pk).first()
    if vacancy is None:
        return False
    _set_status(vacancy, Vacancy.Status.CLOSED, verbs.VACANCY_CLOSED, SYSTEM, _("De sluitingsdatum is voorbij."))
    return True


def _set_status(vacancy: Vacancy, status: str, verb: Verb, by: By, reason: str = "") -> Vacancy:
    before, vacancy.status = vacancy.status, status
    vacancy.changed_at = clock.now()
    # Nothing else changed in a row that is held, so there is nothing else to check again.
    vacancy.save(update_fields=["status", "changed_at"])
    _announce(vacancy)
    record(verb, vacancy, by=by, states=(before, status), reason=reason, employer=vacancy.employer_id)
    return vacancy


def _refuse_strange_parts(vacancy: Vacancy) -> None:
    """A vacancy's function belongs to its company; so does its project, where that has a company, and its stream."""
    if vacancy.function.employer_id != vacancy.employer_id:
        raise Refused(_("Dit functieprofiel is van een ander bedrijf."))
    project = vacancy.project
    if project is None:
        return
    if project.employer_id not in (None, vacancy.employer_id):
        raise Refused(_("Dit leerwerkproject is van een ander bedrijf."))
    if vacancy.stream_id not in (None, project.stream_id):
        raise Refused(_("Dit leerwerkproject hoort bij een andere stroom."))


def _touch(vacancy: Vacancy) -> None:
    vacancy.changed_at = clock.now()
    _save(vacancy)
    _announce(vacancy)


def _announce(vacancy: Vacancy) -> None:
    """Ask matching to look at this vacancy again."""
    key = f"vacancy-{vacancy.pk}-{vacancy.changed_at.isoformat()}"
    outbox.enqueue("vacancy_changed", key=key, vacancy=vacancy.pk)


# --- Learn-work projects ---


@transaction.atomic
def add_project(*, by: By, **values: Any) -> LearnWorkProject:
    """Plan a learn-work project: a group tied to a company."""
    project = LearnWorkProject(**values)
    _save(project)
    record(verbs.PROJECT_ADDED, project, by=by)
    return project


@transaction.atomic
def update_project(project: LearnWorkProject, *, by: By, **values: Any) -> LearnWorkProject:
    """Change a learn-work project; its group doesn't get smaller than who is in it (R13)."""
    project = _locked(project)
    if reason := rules.group_can_become(people_in(project), values.get("group_size", project.group_size)):
        raise Refused(reason)
    return _logged(verbs.PROJECT_CHANGED, project, _change(project, values), by)


@transaction.atomic
def add_intake_date(project: LearnWorkProject, on: date, *, by: By) -> IntakeDate:
    """Add an instroommoment to a project; at most four lie ahead, so that matching counts them all."""
    project = _locked(project)
    if reason := rules.intake_can_be_added(project, on, clock.today()):
        raise Refused(reason)
    intake = IntakeDate(project=project, on=on)
    _save(intake)
    record(verbs.INTAKE_DATE_ADDED, intake, by=by, project=project.pk, on=on.isoformat())
    return intake


@transaction.atomic
def remove_intake_date(intake: IntakeDate, *, by: By) -> None:
    """Take an instroommoment off a project's calendar."""
    record(verbs.INTAKE_DATE_REMOVED, intake, by=by, project=intake.project_id, on=intake.on.isoformat())
    intake.delete()


# --- SROI ---


@transaction.atomic
def add_sroi(employer: Employer, *, by: By, **values: Any) -> SroiObligation:
    """Enter an SROI obligation: a percentage of an awarded sum, to be fulfilled by placements."""
    obligation = SroiObligation(employer=employer, **values)
    _save(obligation)
    record(verbs.SROI_ADDED, obligation, by=by, employer=employer.pk)
    return obligation


@transaction.atomic
def update_sroi(obligation: SroiObligation, *, by: By, **values: Any) -> SroiObligation:
    """Change an SROI obligation, or note how much of it is fulfilled."""
    obligation = _locked(obligation)
    return _logged(verbs.SROI_CHANGED, obligation, _change(obligation, values), by, employer=obligation.employer_id)


# --- Shared steps ---


def _locked(row: Row) -> Row:
    """The row as it is now in the database, held until the transaction ends."""
    return type(row)._default_manager.select_for_update().get(pk=row.pk)


def _change(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Give the row these values and save it; answers the names of what really changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        _save(row)
    return changed


def _save(row: models.Model) -> None:
    """Check and save; what the form couldn't see, such as somebody who was faster, becomes a plain explanation."""
    try:
        with transaction.atomic():
            row.full_clean()
            row.save()
    except ValidationError as error:
        raise Refused(*error.messages) from error
    except IntegrityError as error:
        raise Refused(_("Iemand anders was net sneller. Kijk opnieuw en probeer het nog eens.")) from error


def _logged(verb: Verb, row: Row, changed: list[str], by: By, **details: Any) -> Row:
    """Log a change, when there was one."""
    if changed:
        record(verb, row, by=by, fields=sorted(changed), **details)
    return row


def _organisation_part(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in ORGANISATION_FIELDS}


def _profile_part(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ORGANISATION_FIELDS}
