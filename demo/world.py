"""The demo's people: registrations, some 300 of them, and how far each has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, F, Q

from accounts.models import Branch, Client, Department, KindOfPlace, Region
from candidates import actions as candidate_actions
from candidates import rules as candidate_rules
from candidates.models import (
    Ability,
    Candidate,
    Education,
    Interest,
    LabourProspect,
    LegalRepresentative,
    Referrer,
    Registration,
    TargetGroup,
    WorkExperience,
    WorkLimitation,
)
from demo import names
from demo.companies import LANES, Market
from demo.walk import Team, Walk, Words, begin
from employers import actions as employer_actions
from employers.models import Stream, Vacancy
from topjob import clock
from topjob.errors import promised
from trajectories import actions
from trajectories.models import CheckIn
from trajectories.process.choices import Direction
from trajectories.process.workflow import Journey, State
from trajectories.timing.kinds import MONEY, TICKED_BY_HAND

# How many people end in which state; with the open registrations and BinQ-1 about 300.
POPULATION = {
    State.AANGEMELD: 16,
    State.INTAKE: 24,
    State.BEMIDDELBAAR: 36,
    State.SOLLICITATIE: 20,
    State.STARTPLAN: 22,
    State.PROEFPERIODE: 26,
    State.EVALUATIE: 14,
    State.LEERWERK: 34,
    State.ADVIES: 12,
    State.BANENPOOL: 18,
    State.NAZORG: 16,
    State.AFSLUITING: 8,
    State.AFGESLOTEN: 14,
}
OPEN_REGISTRATIONS, ENDED_REGISTRATIONS = 20, 6
# Days before today on which the last stretch began, per state: youngest and oldest.
SINCE = {
    State.AANGEMELD: (0, 20),
    State.INTAKE: (8, 50),
    State.BEMIDDELBAAR: (10, 60),
    State.SOLLICITATIE: (8, 25),
    State.STARTPLAN: (0, 5),
    State.PROEFPERIODE: (2, 75),
    State.EVALUATIE: (84, 90),
    State.LEERWERK: (100, 300),
    State.ADVIES: (360, 385),
    State.BANENPOOL: (375, 430),
    State.NAZORG: (425, 640),
    State.AFSLUITING: (480, 490),
    State.AFGESLOTEN: (700, 900),
}
BINQ_START = date(2012, 2, 1)


@dataclass
class World:
    """What one person's story is told with. All chance is this person's own, so it doesn't matter who was told before."""

    random: Random
    today: date
    market: Market
    team: Team
    # The how manieth of all people this is, and which half of the companies is theirs.
    number: int
    lane: int = 0

    # --- People ------------------------------------------------------------------------------------------------------
    def register(
        self, day: date, *, age: int, group: str | None = None, project: bool = False, start: date | None = None
    ) -> Registration:
        """Take someone's registration on a day."""
        with clock.at(day):
            candidate = self._candidate(day, age, project)
            registration = self._registration(candidate, start or day + timedelta(days=60), group, project)
            kinds = KindOfPlace.objects.filter(department__code="maatwerq").order_by("position")
            branches = self.random.sample(list(Branch.objects.order_by("position")[:18]), 3)
            candidate_actions.register(
                candidate,
                registration,
                by=self.team.frontoffice,
                kinds_of_place=list(kinds)[1:4],
                branches=branches,
                unlike=list(Candidate.objects.visible_to(self.team.frontoffice).similar_to(candidate)),
            )
            if candidate.is_minor_on(day):
                self._representative(candidate)
            if not candidate_rules.is_eligible_with(registration):
                candidate_actions.override_eligibility(
                    registration, reason="Past na overleg met de opdrachtgever.", by=self.team.frontoffice
                )
        return registration

    def _candidate(self, day: date, age: int, project: bool) -> Candidate:
        first = self.random.choice(names.FIRST_NAMES)
        prefix, last = self.random.choice(names.LAST_NAMES)
        city, postcode, region = self.random.choice(
            [place for place in names.PLACES if place[2] == "20" or not project]
        )
        born = day - timedelta(days=365 * age + age // 4 + self.random.randint(20, 330))
        return Candidate(
            first_name=first,
            name_prefix=prefix,
            last_name=last,
            birth_date=born,
            email=f"{first}.{last}{self.number}@post.example".lower().replace(" ", ""),
            phone=f"+3161{2000000 + self.number * 37:07d}",
            street=self.random.choice(names.STREETS),
            house_number=str(self.random.randint(1, 180)),
            postcode=postcode,
            city=city,
            region=Region.objects.get(code=region),
            gender=names.gender_of(first, self.number),
        )

    def _registration(self, candidate: Candidate, start: date, group: str | None, project: bool) -> Registration:
        target = TargetGroup.objects.get(code=group or self._group_for(candidate.age_on(start), project))
        return Registration(
            situation=self.random.choice(Registration.Situation.values),
            wish=Registration.Wish.LEARN_WORK,
            referrer=self.random.choice(list(Referrer.objects.order_by("position"))),
            client=self._client_for(target, candidate),
            target_group=target,
            motivation=self.random.choice(names.MOTIVATIONS),
            is_motivated=True,
            planned_start=start,
            wants_project=project,
            hours_per_week=self.random.choice([24, 28, 32, 32, 36]),
            max_distance_km=self.random.choice([10, 15, 20, 25, 30]),
            transport=self.random.choice(["fiets", "fiets", "ov", "bromfiets", "auto"]),
        )

    def _group_for(self, age: int, project: bool) -> str:
        if project and age < 18:
            return "jongere"
        if age < 21:
            return self.random.choice(["wajong", "ww", "bijstand", "beschut"])
        return self.random.choice(["wajong", "ww", "bijstand", "bijstand", "langdurig", "beschut", "wia"])

    def _client_for(self, group: TargetGroup, candidate: Candidate) -> Client:
        clients = Client.objects.filter(client_type=group.payer, region=candidate.region).order_by("name")
        return self.random.choice(list(clients))

    def _representative(self, candidate: Candidate) -> None:
        parent = LegalRepresentative(
            name=f"Ans {candidate.last_name}",
            relation="ouder",
            email=f"ouder{self.number}@post.example",
            phone=f"+3164{3000000 + self.number * 13:07d}",
        )
        candidate_actions.add_representative(candidate, parent, by=self.team.frontoffice)

    def words(self) -> Words:
        """What this person and the guides say."""
        return Words(
            foto=names.FOTO,
            talk=self.random.choice(names.TALKS),
            coaching=self.random.choice(names.COACHING),
            stop=self.random.choice(names.STOPS),
        )

    def fill_cv(self, walk: Walk) -> None:
        """Experience, education and the Q-fit's rows."""
        person, by, random = walk.candidate, walk.user_on_lead, self.random
        branches = random.sample(list(Branch.objects.order_by("position")[:18]), 2)
        started = max(person.birth_date + timedelta(days=365 * 15), walk.day - timedelta(days=800))
        rows = [
            WorkExperience(
                candidate=person,
                organisation=random.choice(["Supermarkt", "Kringloop", "Manege", "Uitzendbureau", "Bakkerij"]),
                role=random.choice(["vakkenvuller", "hulp in het magazijn", "stagiair", "afwashulp"]),
                branch=branches[0],
                started_on=started,
                ended_on=started + timedelta(days=150),
            ),
            Education(
                candidate=person,
                name=random.choice(["Praktijkonderwijs", "Vmbo basis", "Vso", "Mbo entree"]),
                level=random.choice([1, 1, 2, 3]),
                has_diploma=random.random() < 0.6,
            ),
            *(Interest(candidate=person, branch=branch, strength=random.randint(3, 5)) for branch in branches),
            Ability(
                candidate=person, kind="vaardigheid", description="Werkt netjes en precies", level=random.randint(2, 5)
            ),
            Ability(
                candidate=person, kind="sociaal", description="Helpt collega's uit zichzelf", level=random.randint(2, 4)
            ),
            LabourProspect(candidate=person, branch=branches[0], outlook=random.choice(["goed", "redelijk"])),
        ]
        if random.random() < 0.6:
            load = random.choice(["prikkels", "tempo", "tillen", "wisseling", "staan"])
            rows.append(
                WorkLimitation(candidate=person, load=load, maximum=2, adaptation="Vaste plek en duidelijke taken")
            )
        with clock.at(walk.day):
            for row in rows:
                candidate_actions.add_part(row, by=by)
            candidate_actions.save_qfit_support(person, extra_support="Een vast aanspreekpunt op het werk.", by=by)
            candidate_actions.settle_qfit(person, by=by)

    # --- Walking -----------------------------------------------------------------------------------------------------
    def person_in(self, state: str, number: int) -> Walk:
        """Someone who ends in this state; every tenth outside MaatwerQ where the journey allows it."""
        since = self.random.randint(*SINCE[State(state)])
        anchor = self.today - timedelta(days=since)
        if state in (State.BEMIDDELBAAR, State.SOLLICITATIE, State.NAZORG) and number % 5 == 4:
            return self._walk_elsewhere(state, anchor)
        walk = self._begin(anchor, state, number)
        for stage in STAGES[: ORDER.index(State(state))]:
            stage(self, walk, number, state)
        if number % 6 != 5:
            self.keep_up(walk)
        return walk

    def keep_up(self, walk: Walk) -> None:
        """Talks and check-ins are held and what fell due is ticked off; one case in six lags behind."""
        trajectory = walk.fresh()
        while trajectory.state in (State.PROEFPERIODE, State.LEERWERK) and walk.day + timedelta(days=35) < self.today:
            walk.later(28).coach(4)
        running = CheckIn.objects.filter(aftercare__trajectory=trajectory, aftercare__stopped_on=None)
        for check_in in running.filter(held_on=None, due_on__lt=self.today):
            walk.day = check_in.due_on
            walk.check_in()
        if trajectory.deadlines.open().filter(kind__in=MONEY, due_on__lt=self.today).exists():
            walk.arrange_due(self.today)
        overdue = trajectory.deadlines.open().filter(kind__in=TICKED_BY_HAND, due_on__lt=self.today)
        for deadline in list(overdue):
            with clock.at(deadline.due_on):
                actions.tick_off(deadline, by=walk.user_on_lead)

    def _begin(self, anchor: date, state: str, number: int) -> Walk:
        lead = 0 if state == State.AANGEMELD else 8 if state == State.INTAKE else 20
        lead = 36 if ORDER.index(State(state)) > ORDER.index(State.STARTPLAN) else lead
        day = anchor - timedelta(days=lead)
        age = self.random.choice([18, 19, 20, 21, 22, 23, 24, 25, 26, 31, 38, 44, 52, 57])
        registration = self.register(day - timedelta(days=2), age=age, start=max(anchor, day + timedelta(days=30)))
        stream = Stream.objects.get(number=2 if age > 26 else number % 3 + 1)
        walk = begin(registration, self.team, day, department=Department.objects.get(number=2), stream=stream)
        walk.words = self.words()
        return walk

    def _walk_elsewhere(self, state: str, anchor: date) -> Walk:
        """Departments 1, 3 and 4: intake talk, zoekprofiel, application, direct placement."""
        day = anchor - timedelta(days=20)
        registration = self.register(day - timedelta(days=2), age=self.random.choice([19, 23, 34, 47]))
        department = Department.objects.get(number=self.random.choice([1, 3, 4]))
        walk = begin(registration, self.team, day, department=department)
        walk.words = self.words()
        walk.intake().confirm_profile().complete_intake()
        if state != State.BEMIDDELBAAR:
            walk.later(2).choose(self.vacancy_with_room(walk.day, department)).introduce()
        if state == State.NAZORG:
            walk.later(6).hold_talk().later(4).place_directly()
            case = walk.fresh()
            if case.learns_with_school:
                walk.with_school(promised(promised(case.running_contract).ends_on))
        return walk

    def vacancy_with_room(self, day: date, department: Department | None = None) -> Vacancy:
        """A vacancy of this lane with a seat that is free from this day on, also by those whose story is told already."""
        number = department.number if department else 2
        employers = self.market.employers[self.lane :: LANES]
        later = Q(claims__cancelled=False, claims__period__overlap=DateRange(day, None))
        rows = (
            Vacancy.objects.open()
            .filter(kind_of_place__department__number=number, seats_free__gt=0, project=None, employer__in=employers)
            .annotate(taken=Count("claims", filter=later))
            .filter(taken__lt=F("seats"))
            .order_by("pk")
        )
        # Many come to the two companies that the employer's login speaks for.
        known = [row for row in rows if row.employer_id == employers[0].pk and self.number % 4 == 0]
        return self.random.choice(known or list(rows))

    # --- BinQ-1 ------------------------------------------------------------------------------------------------------
    def binq_learner(self, number: int) -> None:
        """One of twelve from February 2012; eleven got a contract for the rest of the training (table 4.3)."""
        walk = self._start_at_binq(number).start_trial().open_evaluation().give_views(number != 11).settle_wage_value()
        if number == 11:
            walk.step(Journey.other_place, reason="Werkgever ziet onvoldoende voortgang; liever binnenwerk.")
            walk.later(30).step(Journey.stop, reason="Kiest voor een opleiding in de zorg.")
        else:
            walk.continue_learning(18).later(60).coach().later(400)
            walk.qualify("bbl2", "Diploma BBL 2 Infra-GWW").finish_training()
            company = self.market.employers[0].organisation
            walk.later(10).advise("a").give_advice().later(10).place(company, months=None)
            walk.later(32).check_in().later(330).step(Journey.finish_aftercare)
        walk.later(10).close()

    def _start_at_binq(self, number: int) -> Walk:
        day = date(2012, 1, 2)
        group = "jongere" if number % 3 else "wajong"
        age = self.random.choice([18, 19, 20, 22]) if group == "wajong" else self.random.choice([16, 17, 19, 21])
        registration = self.register(day, age=age, group=group, project=True, start=BINQ_START)
        maatwerq = Department.objects.get(number=2)
        walk = begin(registration, self.team, day, department=maatwerq, stream=Stream.objects.get(number=1))
        walk.words = self.words()
        walk.intake().confirm_profile().complete_intake().later(1).choose(self.market.binq).introduce()
        walk.later(6).hold_talk().accept(BINQ_START, "1", "bbl2", "bbl2").draft_plan().send_plan().sign().permit()
        return walk

    def close_binq(self) -> None:
        with clock.at(date(2015, 1, 5)):
            employer_actions.close_vacancy(self.market.binq, by=self.team.job_broker, reason="Project afgerond.")

    # --- Registrations -----------------------------------------------------------------------------------------------
    def open_registration(self, number: int) -> None:
        """A registration that waits for the frontoffice."""
        day = self.today - timedelta(days=self.random.randint(0, 12))
        self.register(day, age=self.random.choice([17, 19, 22, 28, 45]), project=number % 4 == 0)

    def ended_registration(self, number: int) -> None:
        """A registration that ended at the frontoffice."""
        day = self.today - timedelta(days=20 + number)
        registration = self.register(day, age=24)
        with clock.at(day + timedelta(days=3)):
            reason = names.REJECTIONS[number % 2]
            candidate_actions.reject_registration(registration, reason=reason, by=self.team.frontoffice)


# --- The stages, one per state, each told with some variety -------------------------------------------------------------
def to_intake(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.intake()
    world.fill_cv(walk)


def to_mediation(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.confirm_profile(hours_min=20).complete_intake()


def to_application(world: World, walk: Walk, number: int, goal: str) -> None:
    if goal == State.SOLLICITATIE and number % 4 == 3:
        walk.later(1).choose(world.vacancy_with_room(walk.day)).introduce()
        walk.later(2).decline("Reistijd bleek te lang.")
    walk.later(1).choose(world.vacancy_with_room(walk.day)).introduce()


def to_plan(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.later(5).hold_talk()
    start = world.today + timedelta(days=10 + number) if goal == State.STARTPLAN else walk.day + timedelta(days=22)
    walk.accept(start, "2" if number % 4 == 1 else "1", "bbl1", "startkwalificatie")
    if goal != State.STARTPLAN or number % 5 != 0:
        walk.draft_plan()
    if goal == State.STARTPLAN and number % 5 > 1:
        walk.send_plan()
        if number % 5 > 2:
            walk.sign("werkgever") if number % 5 == 3 else walk.sign().permit()


def to_trial(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.send_plan().sign()
    plan = promised(walk.fresh().current_plan)
    half = plan.trial_starts_on + timedelta(days=60)
    walk.permit(
        half if goal == State.PROEFPERIODE and number % 3 == 0 and not promised(walk.trajectory.client).is_uwv else None
    )
    walk.start_trial()
    if walk.day + timedelta(days=20) < world.today:
        walk.later(20).coach(2)
        if number % 5 == 2:
            walk.interrupt()


def to_evaluation(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.open_evaluation()
    if goal == State.EVALUATIE:
        walk.day = min(walk.day + timedelta(days=1), world.today)
        parties = ["jongere", "werkgever", "jobcoach"][: number % 4]
        if parties:
            walk.give_views(number % 6 != 5, *parties)


def to_learning(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.give_views().settle_wage_value(40 + number % 5 * 10).continue_learning(12 + number % 3 * 6)
    if number % 7 != 3:
        walk.with_school(promised(promised(walk.fresh().running_contract).ends_on))
    if goal == State.LEERWERK and number % 3 == 0:
        walk.put_on_paper("leerwerk", signed=number % 2 == 0)
    if goal == State.LEERWERK and number % 4:
        walk.arrange_support(in_register=number % 3 == 1)
    walk.later(28).coach(3)
    # Coached every four weeks; with one in five it was left for a while.
    while goal == State.LEERWERK and number % 5 and walk.day + timedelta(days=28) < world.today:
        walk.later(28).coach(4)


def to_advice(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.later(240).qualify().later(1).finish_training()


def to_pool(world: World, walk: Walk, number: int, goal: str) -> None:
    direction = (
        "c"
        if goal == State.BANENPOOL and number % 4 == 0
        else "d"
        if goal == State.AFSLUITING and number % 4 == 0
        else "ab"[number % 2]
    )
    destination = "ROC Deventer" if direction == Direction.OTHER_CHOICE else ""
    walk.later(14).advise(direction, destination, housing=number % 6 == 0).give_advice()


def to_aftercare(world: World, walk: Walk, number: int, goal: str) -> None:
    if goal == State.AFSLUITING and number % 4 == 0:
        return
    organisation = walk.fresh().applications.all()[0].organisation
    walk.later(20).place(organisation, ["overname", "detachering", "uitzenden"][number % 3])
    if goal == State.NAZORG and number % 4:
        walk.arrange_support(in_register=number % 3 == 1)
    walk.later(31).check_in("goed" if number % 5 else "aandacht")


def to_closing(world: World, walk: Walk, number: int, goal: str) -> None:
    if goal == State.AFSLUITING and number % 4 == 0:
        walk.later(5).step(Journey.refer_out, by=world.team.career_adviser)
    elif number % 3 == 1:
        walk.later(20).step(Journey.stop, reason=walk.words.stop)
    else:
        walk.later(60).step(Journey.finish_aftercare)


def to_closed(world: World, walk: Walk, number: int, goal: str) -> None:
    walk.later(9).close()


Stage = Callable[[World, Walk, int, str], None]
STAGES: list[Stage] = [
    to_intake,
    to_mediation,
    to_application,
    to_plan,
    to_trial,
    to_evaluation,
    to_learning,
    to_advice,
    to_pool,
    to_aftercare,
    to_closing,
    to_closed,
]
ORDER = list(State)
