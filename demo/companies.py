"""The employers of the demo: companies, contacts, functions, vacancies and projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from accounts.models import Branch, Department, KindOfPlace, Region, TopSector, User
from accounts.models.reference import WorkLoad
from demo.names import COMPANIES, COMPANY_NAMES, FIRST_NAMES, LAST_NAMES, PLACES
from employers import actions
from employers.models import Employer, EmployerContact, FunctionProfile, LearnWorkProject, Stream, Vacancy

BINQ_TITLE = "BinQ-1: leerling Infra-GWW"
EMPLOYERS, VACANCIES = 60, 150
# The first companies are enough for the first people; each has vacancies of its own.
FIRST_EMPLOYERS = 20
# Who belongs to a lane only comes to the companies of that lane, so lanes can be filled beside each other.
LANES = 2


@dataclass
class Market:
    """Everything a person can be placed at."""

    employers: list[Employer]
    binq: Vacancy


def open_market(seed: int, broker: User, today: date, companies: range) -> None:
    """These of the sixty companies, with theirs of the 150 vacancies."""
    regions = {region.code: region for region in Region.objects.all()}
    employers = {}
    for number in companies:
        employers[number] = _company(number, Random(f"{seed}/bedrijf/{number}"), broker, regions)
    for number in range(VACANCIES):
        if (company := employers.get(number % EMPLOYERS)) is not None:
            _vacancy(number, company, Random(f"{seed}/vacature/{number}"), broker, today)


def open_projects(broker: User) -> None:
    """Every learn-work project at a company; BinQ-1 with its twelve seats at the first."""
    employers = read_employers()
    for number, project in enumerate(LearnWorkProject.objects.exclude(name="BinQ-1").filter(starts_on__isnull=False)):
        actions.update_project(project, by=broker, employer=employers[number])
    _binq(employers[0], broker)


def read_market() -> Market:
    """The companies of the demo as they are now, in the order they were made."""
    return Market(read_employers(), Vacancy.objects.get(title=BINQ_TITLE))


def read_employers() -> list[Employer]:
    made_here = Employer.objects.filter(organisation__email__regex=r"^info@bedrijf\d+\.example$")
    return list(made_here.select_related("organisation__region").order_by("organisation__kvk_number"))


def _company(number: int, random: Random, broker: User, regions: dict[str, Region]) -> Employer:
    branch, pattern, function, tasks, training = COMPANIES[number % len(COMPANIES)]
    city, postcode, region = PLACES[(number * 5) % len(PLACES)]
    name = pattern.format(COMPANY_NAMES[number % len(COMPANY_NAMES)])
    employer = actions.add_employer(
        by=broker,
        name=name if number < len(COMPANY_NAMES) else f"{name} {city}",
        kvk_number=f"{10_000_000 + number * 7919:08d}",
        email=f"info@bedrijf{number}.example",
        phone=f"+31570{500000 + number:06d}",
        street=f"Industrieweg {number + 1}",
        postcode=postcode,
        city=city,
        region=regions[region],
        branch=Branch.objects.get(position=branch),
        top_sector=TopSector.objects.order_by("position")[number % 9],
        employees=random.choice([8, 14, 22, 35, 60, 140]),
        vision="Vakmensen opleiden die uit de streek komen en hier blijven.",
        culture="Nuchter en hulpvaardig; iedereen eet samen om twaalf uur.",
        training_chances=training,
        growth_chances="Wie zijn diploma haalt, kan doorgroeien naar allround vakkracht.",
        team=f"Team van {random.randint(4, 16)} mensen, jong en oud door elkaar.",
        motivated_for_target_group=True,
        invests_in_learning=random.random() < 0.8,
        wants_skilled=random.random() < 0.7,
        mentor_fte=random.choice(["0.5", "1.0", "2.0"]),
        has_practice_room=random.random() < 0.4,
        has_quiet_place=random.random() < 0.5,
        offers_contract_during=True,
        offers_contract_after=random.random() < 0.7,
    )
    _contacts(employer, number, random, broker)
    _function(employer, branch, function, tasks, training, random, broker)
    if number % 6 == 0:
        _sroi(employer, broker)
    return employer


def _sroi(employer: Employer, broker: User) -> None:
    actions.add_sroi(
        employer,
        by=broker,
        contract_name="Onderhoud openbare ruimte",
        awarded_by="Gemeente Raalte",
        awarded_sum="480000",
        percentage="5",
        fulfilled_sum="9500",
        due_on=date(2027, 6, 30),
    )


def _contacts(employer: Employer, number: int, random: Random, broker: User) -> None:
    functions = [EmployerContact.Function.SIGNATORY, EmployerContact.Function.MENTOR]
    if number % 2 == 0:
        functions.append(EmployerContact.Function.JOBCOACH)
    for function in functions:
        prefix, last = random.choice(LAST_NAMES)
        actions.add_contact(
            employer,
            by=broker,
            name=" ".join(part for part in (random.choice(FIRST_NAMES), prefix, last) if part),
            function=function,
            email=f"{function}{number}@bedrijf{number}.example",
            phone=f"+3162{1000000 + number * 31 + len(function):07d}",
        )


def _function(
    employer: Employer, branch: int, name: str, tasks: str, training: str, random: Random, broker: User
) -> FunctionProfile:
    return actions.add_function(
        employer,
        by=broker,
        name=name,
        branch=Branch.objects.get(position=branch),
        tasks=tasks,
        requirements="Op tijd komen, willen leren, veilig werken.",
        supervision="Vaste leermeester, elke dag even samen kijken hoe het gaat.",
        training=training,
        hours_per_week=random.choice([24, 32, 32, 36]),
        level=random.choice([1, 2, 2, 3]),
        needs_licence=random.random() < 0.1,
        language_level=random.choice([1, 2, 2]),
        offers_mentor=True,
        offers_jobcoach=random.random() < 0.5,
        offers_quiet_place=employer.has_quiet_place,
        loads={load: random.randint(0, 3) for load in random.sample(list(WorkLoad.values), 4)},
    )


def _vacancy(number: int, employer: Employer, random: Random, broker: User, today: date) -> Vacancy:
    function = employer.functions.all()[0]
    # Most places are MaatwerQ's; each other department has its share.
    department = Department.objects.get(number=2 if number % 10 < 7 else (1, 3, 4)[number % 3])
    kinds = list(KindOfPlace.objects.filter(department=department))
    kind = kinds[number % len(kinds)]
    vacancy = actions.add_vacancy(
        employer,
        by=broker,
        function=function,
        title=function.name,
        description=f"{function.tasks} {function.supervision}",
        kind_of_place=kind,
        stream=Stream.objects.get(number=number % 3 + 1) if department.is_maatwerq else None,
        region=employer.organisation.region,
        seats=random.choice([2, 3, 4, 6]),
        hours_min=min(24, function.hours_per_week),
        hours_max=function.hours_per_week,
        starts_on=today + timedelta(days=random.randint(-40, 60)),
        postcode=employer.organisation.postcode,
        city=employer.organisation.city,
    )
    return actions.publish_vacancy(vacancy, by=broker)


def _binq(employer: Employer, broker: User) -> Vacancy:
    """BinQ-1: twelve learners at one company in Raalte, from February 2012."""
    project = LearnWorkProject.objects.get(name="BinQ-1")
    actions.update_project(project, by=broker, employer=employer, place="Raalte")
    function = employer.functions.all()[0]
    vacancy = actions.add_vacancy(
        employer,
        by=broker,
        function=function,
        title=BINQ_TITLE,
        description="Vier dagen praktijk en één dag theorie; de eerste drie maanden vooral in de praktijkhal.",
        kind_of_place=KindOfPlace.objects.filter(department__code="maatwerq", name__icontains="groep").first(),
        stream=project.stream,
        project=project,
        region=Region.objects.get(code="20"),
        seats=project.group_size or 12,
        hours_min=32,
        hours_max=32,
        starts_on=project.starts_on,
        postcode="8102 HJ",
        city="Raalte",
    )
    return actions.publish_vacancy(vacancy, by=broker)
