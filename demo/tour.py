"""The demo's guided walk "Loop mee met één jongere": every step as data, from registration to aftercare.

A step says who takes it, for whom, on which page it begins, what to do there in this order, and what is seen then. The pages
of the walk show it, the bar on top of the product repeats it, and `tests/e2e/test_guided_walk.py` follows it in a browser.
Nothing here does anything: each step is taken by the visitor, in the product's own pages, past its own guards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidate, Registration
from demo import names
from matching import pairs, results
from matching.forms import MatchFilter
from topjob import clock
from trajectories.forms.trials import RecordViewForm
from trajectories.models import CheckIn, PartyLink, PlanParty, Trajectory
from trajectories.models.signing import PartyLinkQuerySet
from trajectories.process import rules
from trajectories.process.choices import Party
from trajectories.process.workflow import Journey, State, step_of

# Registration or trajectory: whom a step is about.
Row = Any
# So many are looked at to find somebody who stands where a step begins.
MOST = 40
FILL_IT_IN = _("Vul het formulier in, of klik bovenaan op “Vul het voorbeeld in”.")


@dataclass(frozen=True)
class Task:
    """One thing to do: `follow` a link, `press` a button, `fill` fields, or read a `mail` or the `sms`."""

    kind: str
    text: Any
    label: str = ""
    values: Callable[[Row], Mapping[str, Any]] | None = None
    url: Callable[[Row], str] | None = None


@dataclass(frozen=True)
class Stop:
    """One step of the walk."""

    title: Any
    # The demo account that takes it, by the first part of its address; nobody: a visitor who isn't logged in.
    who: str
    role: Any
    why: Any
    opens: Callable[[Row], str]
    tasks: tuple[Task, ...]
    sees: tuple[str, ...]
    # Everybody the step could be about, and who of them stands right before it; nothing: it is about nobody yet.
    rows: Callable[[], QuerySet[Any]] | None = None
    fits: Callable[[Row], bool] = lambda row: True
    # The day to which the clock is moved first.
    day: Callable[[Row], date] | None = None
    # What happens by itself first, within a minute, and whether it has.
    meanwhile: Any = ""
    happened: Callable[[Row], bool] = lambda row: True


def follow(label: str) -> Task:
    return Task("follow", _("Klik op “%s”.") % label, label)


def press(label: str, rest: str = "") -> Task:
    return Task("press", _("Klik op de knop “%s”.") % f"{label}{rest}", label)


def fill(values: Callable[[Row], Mapping[str, Any]] | None = None, text: Any = FILL_IT_IN, **fixed: Any) -> Task:
    return Task("fill", text, values=values or (lambda row: fixed))


def stand_for(stop: Stop, followed: Iterable[int] = ()) -> Row | None:
    """Whom the step is about: who is followed already when they have come this far, else the first who has."""
    if stop.rows is None:
        return None
    rows = stop.rows()
    mine = [row for row in rows.filter(candidate__in=followed)[:MOST] if stop.fits(row)]
    return next(iter(mine), None) or next((row for row in rows[:MOST] if stop.fits(row)), None)


def row_of(stop: Stop, pk: int) -> Row | None:
    """The same registration or trajectory again, wherever it stands by now."""
    model: type[Row] = stop.rows().model if stop.rows else Trajectory
    return model._default_manager.select_related("candidate").filter(pk=pk).first()


# --- Who stands where ------------------------------------------------------------------------------------------------
def _cases(state: str, *more: Q, **which: Any) -> Callable[[], QuerySet[Trajectory]]:
    """Cases of MaatwerQ in a state that are complete enough to walk on with."""
    here = Trajectory.objects.filter(state=state, department__number=2, jobcoach__isnull=False)
    return lambda: here.filter(*more, **which).select_related("candidate", "department", "client").order_by("pk")


def _lacks_only_the_profile(case: Trajectory) -> bool:
    missing = step_of(Journey.complete_intake).missing(case)
    profile = rules.profile_confirmed(case)
    return profile is not None and [reason.text for reason in missing] == [profile.text]


def _lacks_nothing(step: Callable) -> Callable[[Trajectory], bool]:
    return lambda case: not step_of(step).missing(case)


def _has_a_match(case: Trajectory) -> bool:
    """Nothing was chosen for them yet, and there is something to choose."""
    profile, known = pairs.profile_of(case.candidate), results.reference()
    if profile is None or case.current_application is not None:
        return False
    everything = MatchFilter({}, dict(known.names.kinds), dict(known.names.branches)).chosen
    return bool(results.vacancies(profile, known, clock.today(), everything))


def _sign_links(case: Trajectory) -> PartyLinkQuerySet:
    """The youth's links to sign the startplan by."""
    links = PartyLink.objects.filter(trajectory=case, party__party=Party.YOUTH)
    return links.filter(purpose=PartyLink.Purpose.SIGN, plan__isnull=False)


def _youth(case: Trajectory) -> PlanParty:
    return PlanParty.objects.filter(plan__trajectory=case, party=Party.YOUTH).latest("pk")


# --- What is filled in -----------------------------------------------------------------------------------------------
def _typed(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def _somebody_new(row: Row) -> dict[str, Any]:
    """Somebody who isn't known yet, each time another."""
    number = Candidate.objects.count()
    first = names.FIRST_NAMES[number * 5 % len(names.FIRST_NAMES)]
    prefix, last = names.LAST_NAMES[number * 7 % len(names.LAST_NAMES)]
    born = clock.today() - relativedelta(years=22) - timedelta(days=number % 350)
    return {
        "first_name": first,
        "name_prefix": prefix,
        "last_name": last,
        "birth_date": _typed(born),
        "phone": f"06 4{5000000 + number:07d}",
        "email": f"nieuw{number}@post.example",
        "postcode": "8102 HJ",
        "city": "Raalte",
        "region": "IJssel- en Vechtstreek",
        "situation": "thuis",
        "wish": "leerwerkplek",
        "motivation": "Ik wil met mijn handen werken en een vak leren.",
        "consent": True,
    }


def _monday_in_two_weeks(row: Row) -> str:
    later = clock.today() + timedelta(days=14)
    return _typed(later + timedelta(days=-later.weekday() % 7))


def _completed(row: Row) -> dict[str, Any]:
    return {
        "referrer": "Gemeente",
        "client": "Gemeente Raalte",
        "target_group": "Bijstand, geen werk – WWB/Participatiewet",
        "planned_start": _monday_in_two_weeks(row),
        "is_motivated": "true",
        "hours_per_week": "32",
        "max_distance_km": "20",
        "transport": "fiets",
        "kinds_of_place": ["Leerwerkplek BBL+ individueel"],
        "branches": ["Infra-GWW"],
    }


def _accepted(row: Row) -> dict[str, Any]:
    return {
        "construction": "1",
        "route": "bbl1",
        "level": "startkwalificatie",
        "planned_start": _monday_in_two_weeks(row),
    }


def _now(row: Row) -> dict[str, Any]:
    now = clock.now().astimezone(clock.AMSTERDAM)
    return {"talk_at": f"{now:%d-%m-%Y %H:%M}", "notes": "Rondleiding gehad. Van beide kanten een klik."}


def _plan(row: Row) -> dict[str, Any]:
    return {
        "working_days": "maandag tot en met donderdag",
        "training_name": "BBL 1",
        "training_school": "Deltion College",
        "training_hours": "8",
        "mentor_name": "Henk Schutte",
        "mentor_hours": "4",
        "jobcoach_hours": "2",
        "prospect": "Een contract van ten minste een jaar.",
        "goals-vakmanschap-0-goal": "Ik leer veilig werken met het gereedschap.",
        "goals-vakmanschap-0-how": "Elke week oefenen met de leermeester.",
        "goals-persoonlijk-0-goal": "Ik meld me zelf af als ik ziek ben.",
        "goals-persoonlijk-0-how": "De afspraak staat op een kaart.",
        "agreements-0-text": "Ziek? Bel vóór 8.00 uur de leermeester.",
    }


def _signs(row: Row) -> dict[str, Any]:
    statements = {f"statement_{number}": True for number in range(10)}
    return {**statements, "typed_name": str(_youth(row).name)}


def _view(row: Row) -> dict[str, Any]:
    """What the youth says on the telephone: further, and a 4 for every question."""
    scores = {field.html_name: "4" for field in RecordViewForm().scale}
    words = {
        "went_well": "Ik kom op tijd en ik vraag het als ik iets niet weet.",
        "reason": "Gebeld: de link lukte niet.",
    }
    return {"is_positive": "ja", **scores, **words}


def _job(row: Row) -> dict[str, Any]:
    return {
        "kind": "overname",
        "organisation": str(row.applications.latest("pk").organisation.name),
        "starts_on": _typed(clock.today()),
        "hours_per_week": "32",
        "hourly_wage": "19,50",
    }


# --- Where it is -----------------------------------------------------------------------------------------------------
def _page(name: str, of: str = "pk") -> Callable[[Row], str]:
    return lambda row: reverse(name, args=[getattr(row, of)])


def _mails(row: Row) -> str:
    return f"{reverse('demo:mails')}?{urlencode({'to': _youth(row).email})}"


def _texts(row: Row) -> str:
    phone = _youth(row).phone
    return f"{reverse('demo:texts')}?{urlencode({'to': phone.as_e164[1:] if phone else ''})}"


def _after_the_trial(case: Row) -> date:
    return case.current_trial.last_day + timedelta(days=1)


def _next_check_in(case: Row) -> date:
    rows = CheckIn.objects.filter(aftercare__trajectory=case, aftercare__stopped_on=None, held_on=None)
    row = rows.first()
    return row.due_on if row else clock.today()


CASE = _page("trajectories:detail")
STOPS = (
    Stop(
        title=_("Een jongere meldt zich aan"),
        who="",
        role=_("Jongere, zonder account"),
        why=_("Zo begint het: op de telefoon, in een paar minuten."),
        opens=lambda row: reverse("candidates:public_register"),
        tasks=(fill(_somebody_new), press("Aanmelden")),
        sees=("Bedankt",),
    ),
    Stop(
        title=_("De aanmelding aanvullen en toewijzen"),
        who="frontoffice",
        role=_("Frontoffice"),
        why=_("De frontoffice kijkt of iemand past, wie betaalt, en wie gaat helpen."),
        rows=lambda: (
            Registration.objects.filter(status=Registration.Status.NEW, source="website")
            .select_related("candidate")
            .order_by("-pk")
        ),
        opens=_page("candidates:registration"),
        tasks=(
            follow("Aanmelding aanvullen"),
            fill(_completed),
            press("Aanmelding opslaan"),
            follow("Toewijzen aan afdeling"),
            fill(
                department="MaatwerQ",
                regisseur="Ruben Dijkstra",
                career_adviser="Lotte Brouwer",
                job_broker="Willem Nijland",
            ),
            press("Toewijzen"),
        ),
        sees=("is toegewezen aan MaatwerQ",),
    ),
    Stop(
        title=_("De intake starten"),
        who="regisseur",
        role=_("Regisseur"),
        why=_(
            "De regisseur houdt het traject bij elkaar. Bovenaan staat altijd de volgende stap, en wat daarvoor nog nodig is."
        ),
        rows=lambda: (
            Trajectory.objects.filter(state=State.AANGEMELD, department__number=2)
            .select_related("candidate", "department", "client")
            .order_by("-pk")
        ),
        fits=_lacks_nothing(Journey.start_intake),
        opens=CASE,
        tasks=(follow("Intake starten"), press("Intake starten")),
        sees=("Intake starten: gedaan", "Volgende stap: Intake afronden"),
    ),
    Stop(
        title=_("Het zoekprofiel bevestigen"),
        who="loopbaanadviseur",
        role=_("Loopbaanadviseur"),
        why=_("In de intake vul je het dossier: gesprek, Foto, Q-fit. Dat kost tijd, daarom is het hier al gedaan."),
        rows=_cases(State.INTAKE),
        fits=_lacks_only_the_profile,
        opens=_page("matching:profile", "candidate_id"),
        tasks=(press("Versie", " … bevestigen"),),
        sees=("Het zoekprofiel is bevestigd",),
    ),
    Stop(
        title=_("De intake afronden"),
        who="regisseur",
        role=_("Regisseur"),
        why=_("Alles is compleet. Miste er iets, dan stond hier wat en waar je het invult."),
        rows=_cases(State.INTAKE),
        fits=_lacks_nothing(Journey.complete_intake),
        opens=CASE,
        tasks=(follow("Intake afronden"), press("Intake afronden")),
        sees=("Intake afronden: gedaan",),
    ),
    Stop(
        title=_("Een werkgever kiezen en de jongere voorstellen"),
        who="werkmakelaar",
        role=_("Werkmakelaar"),
        why=_("De best passende vacature staat bovenaan, met de redenen. De werkgever ziet alleen wat mag."),
        rows=_cases(State.BEMIDDELBAAR),
        fits=_has_a_match,
        opens=_page("matching:for_candidate", "candidate_id"),
        tasks=(
            follow("Kiezen"),
            press("Deze vacature kiezen"),
            fill(share_contact=True, share_cv=True, channel="gesprek"),
            press("Toestemming vastleggen"),
            follow("Voorstellen aan de werkgever"),
            press("Voorstellen aan de werkgever"),
        ),
        sees=("Voorstellen aan de werkgever: gedaan",),
    ),
    Stop(
        title=_("Het gesprek vastleggen en aannemen"),
        who="werkmakelaar",
        role=_("Werkmakelaar"),
        why=_("Het gesprek ging goed. De werkgever kan dit ook zelf doen, in het eigen portaal."),
        rows=_cases(State.SOLLICITATIE),
        fits=lambda case: rules.application_talk_held(case) is not None and rules.seat_free(case) is None,
        opens=_page("trajectories:talk"),
        tasks=(
            fill(_now),
            press("Opslaan"),
            follow("Aannemen voor een proefperiode"),
            fill(_accepted),
            press("Aannemen voor een proefperiode"),
        ),
        sees=("Aannemen voor een proefperiode: gedaan",),
    ),
    Stop(
        title=_("Het startplan maken en versturen"),
        who="regisseur",
        role=_("Regisseur"),
        why=_("Werk, school, leermeester en leerdoelen op één plek. Na het versturen ligt het vast."),
        rows=_cases(State.STARTPLAN, plans=None),
        opens=_page("trajectories:plan"),
        tasks=(press("Startplan maken"), fill(_plan), press("Opslaan"), follow("Versturen"), press("Versturen")),
        sees=("Verstuurd. De pdf wordt gemaakt",),
    ),
    Stop(
        title=_("De jongere tekent op de telefoon"),
        who="",
        role=_("Jongere, met een eigen link"),
        why=_("Jongere, werkgever en jobcoach tekenen elk achter een eigen link, met een code per sms."),
        rows=_cases(State.STARTPLAN),
        fits=lambda case: _sign_links(case).usable().exists(),
        meanwhile=_("De pdf wordt gemaakt en iedereen krijgt een mail met een eigen link."),
        happened=lambda case: _sign_links(case).filter(sent_at__isnull=False).exists(),
        opens=_mails,
        tasks=(
            Task("mail", _("Open de mail over het startplan en klik op de link erin."), url=_mails),
            fill(_signs, _("Lees het startplan, kruis onderaan alles aan en typ de naam.")),
            press("Stuur de code"),
            Task("sms", _("Lees de code in de sms en vul die in."), url=_texts),
            press("Ik teken"),
        ),
        sees=("Getekend op",),
    ),
    Stop(
        title=_("Coachen op het werk"),
        who="jobcoach",
        role=_("Jobcoach"),
        why=_("Iedereen heeft getekend en de proefperiode loopt. De jobcoach komt langs en legt vast hoe het gaat."),
        rows=_cases(State.PROEFPERIODE),
        opens=_page("trajectories:coaching"),
        tasks=(
            fill(
                lambda row: {
                    "on": _typed(clock.today()),
                    "field": "persoonlijk",
                    "notes": "Komt op tijd en vraagt om hulp.",
                }
            ),
            press("Gesprek vastleggen"),
        ),
        sees=("Het gesprek is vastgelegd",),
    ),
    Stop(
        title=_("De proefperiode is voorbij"),
        who="regisseur",
        role=_("Regisseur"),
        why=_(
            "Niemand hoeft eraan te denken: op de dag na de proefperiode gaat de evaluatie vanzelf open. Jongere, "
            "werkgever en jobcoach antwoorden achter een eigen link; hier belt de jongere, en vult de regisseur het in."
        ),
        rows=_cases(State.PROEFPERIODE),
        day=_after_the_trial,
        meanwhile=_("De evaluatie gaat open: iedereen krijgt een mail met de vraag hoe het ging."),
        happened=lambda case: case.state != State.PROEFPERIODE,
        opens=_page("trajectories:evaluation"),
        tasks=(
            Task(
                "follow",
                _("Klik bij de jongere op “Namens deze partij invullen”."),
                "Namens deze partij invullen",
            ),
            fill(_view),
            press("Vastleggen"),
        ),
        sees=("Het oordeel is vastgelegd namens", "Drie oordelen naast elkaar"),
    ),
    Stop(
        title=_("Een vaste plek"),
        who="werkmakelaar",
        role=_("Werkmakelaar"),
        why=_("Na de evaluatie volgen een leerwerkcontract, een diploma en een advies. Hier is dat al gebeurd."),
        rows=_cases(State.BANENPOOL),
        fits=_lacks_nothing(Journey.place),
        opens=CASE,
        tasks=(follow("Plaatsen"), fill(_job), press("Plaatsen")),
        sees=("Plaatsen: gedaan",),
    ),
    Stop(
        title=_("Nazorg: hoe gaat het nu?"),
        who="regisseur",
        role=_("Regisseur"),
        why=_("Een jaar lang belt iemand op vaste dagen. Niemand raakt uit beeld."),
        rows=_cases(State.NAZORG, aftercares__stopped_on=None, aftercares__check_ins__held_on=None),
        day=_next_check_in,
        opens=_page("trajectories:aftercare"),
        tasks=(
            follow("Vastleggen"),
            fill(
                lambda row: {
                    "held_on": _typed(clock.today()),
                    "mood": "goed",
                    "notes": "Gebeld: het werk gaat goed.",
                }
            ),
            press("Opslaan"),
        ),
        sees=("Het contact is vastgelegd",),
    ),
)
