"""Rows for tests. Reference rows (regions, branches, streams …) come from the migrations; these make what people enter.

One section per app; a helper such as `staff(Role.REGISSEUR)` says in one word what a test needs.
"""

from __future__ import annotations

import io
from datetime import timedelta

import factory
from dateutil.relativedelta import relativedelta
from factory.django import DjangoModelFactory
from pypdf import PdfWriter

from accounts.models import Branch, KindOfPlace, Membership, Organisation, Region, Role, User
from demo.walk import Team
from topjob import clock

# --- files ---


def pdf_file(title: str = "Een blad", attached: bytes = b"") -> bytes:
    """A PDF of one empty page that opens; another title makes other bytes, what is attached makes it as large."""
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": title})
    if attached:
        writer.add_attachment("bijlage", attached)
    writer.write(stream)
    return stream.getvalue()


# --- accounts --------------------------------------------------------------------------------------------------------


def region(code: str = "20") -> Region:
    """An arbeidsmarktregio that the migrations made: 20 IJssel- en Vechtstreek, 29 Stedendriehoek."""
    return Region.objects.get(code=code)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"persoon{number}@test.example")
    name = factory.Sequence(lambda number: f"Persoon {number}")
    phone = factory.Sequence(lambda number: f"+316{41000000 + number}")
    date_joined = factory.LazyFunction(clock.now)


def staff(*roles: str, region_code: str = "20") -> User:
    """A member of staff with these roles in one region."""
    user = UserFactory()
    for role in roles:
        where = None if role == Role.BEHEERDER else region(region_code)
        Membership.objects.create(user=user, role=role, region=where)
    return user


# In the order of `Team`: the staff around one case.
TEAM_ROLES = (
    Role.FRONTOFFICE,
    Role.REGISSEUR,
    Role.LOOPBAANADVISEUR,
    Role.WERKMAKELAAR,
    Role.JOBCOACH,
    Role.PERSONEEL,
    Role.BACKOFFICE,
)


def team() -> Team:
    """Somebody for every role around a case."""
    return Team(*(staff(role) for role in TEAM_ROLES))


def representative(*organisations: Organisation, role: str = Role.WERKGEVER) -> User:
    """Somebody who speaks for these organisations: an employer's contact, or an opdrachtgever's."""
    user = UserFactory()
    for organisation in organisations:
        Membership.objects.create(user=user, role=role, organisation=organisation)
    return user


# --- employers -------------------------------------------------------------------------------------------------------


class EmployerOrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = Organisation.Kind.EMPLOYER
    name = factory.Sequence(lambda number: f"Bedrijf {number}")
    postcode = "8131 AB"
    city = "Wijhe"
    region = factory.LazyFunction(region)


class EmployerFactory(DjangoModelFactory):
    class Meta:
        model = "employers.Employer"

    organisation = factory.SubFactory(EmployerOrganisationFactory)
    branch = factory.LazyFunction(lambda: Branch.objects.get(code="01"))
    created_at = factory.LazyFunction(clock.now)


class EmployerContactFactory(DjangoModelFactory):
    class Meta:
        model = "employers.EmployerContact"

    employer = factory.SubFactory(EmployerFactory)
    name = factory.Sequence(lambda number: f"Contact {number}")
    function = "contact"
    email = factory.Sequence(lambda number: f"contact{number}@bedrijf.example")
    phone = factory.Sequence(lambda number: f"+316{42000000 + number}")


class FunctionFactory(DjangoModelFactory):
    class Meta:
        model = "employers.FunctionProfile"

    employer = factory.SubFactory(EmployerFactory)
    name = "Stratenmaker"
    branch = factory.SelfAttribute("employer.branch")
    tasks = "Straten maken"


class VacancyFactory(DjangoModelFactory):
    """An open vacancy with two seats, both free."""

    class Meta:
        model = "employers.Vacancy"

    employer = factory.SubFactory(EmployerFactory)
    function = factory.SubFactory(FunctionFactory, employer=factory.SelfAttribute("..employer"))
    title = factory.Sequence(lambda number: f"Vacature {number}")
    kind_of_place = factory.LazyFunction(lambda: KindOfPlace.objects.get(code="bbl"))
    region = factory.LazyFunction(region)
    seats = 2
    seats_free = factory.SelfAttribute("seats")
    starts_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=30))
    postcode = "8131 AB"
    city = "Wijhe"
    status = "open"
    created_at = factory.LazyFunction(clock.now)
    changed_at = factory.LazyFunction(clock.now)


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = "employers.LearnWorkProject"

    name = factory.Sequence(lambda number: f"TestQ-{number}")
    branch = factory.LazyFunction(lambda: Branch.objects.get(code="01"))
    stream = factory.LazyFunction(lambda: _stream(1))
    employer = factory.SubFactory(EmployerFactory)
    starts_on = factory.LazyFunction(clock.today)
    group_size = 12


def _stream(number: int):
    from employers.models import Stream

    return Stream.objects.get(number=number)


class SroiFactory(DjangoModelFactory):
    class Meta:
        model = "employers.SroiObligation"

    employer = factory.SubFactory(EmployerFactory)
    contract_name = "Onderhoud wegen"
    awarded_by = "Gemeente Raalte"
    awarded_sum = 200_000
    percentage = 5
    due_on = factory.LazyFunction(lambda: clock.today() + timedelta(days=300))


# --- candidates ------------------------------------------------------------------------------------------------------


class ClientFactory(DjangoModelFactory):
    """Opdrachtgever."""

    class Meta:
        model = Organisation

    kind = Organisation.Kind.CLIENT
    client_type = Organisation.ClientType.MUNICIPALITY
    name = factory.Sequence(lambda number: f"Gemeente Test {number}")
    email = factory.Sequence(lambda number: f"gemeente{number}@test.example")


def client(**options):
    """An opdrachtgever, as the proxy that forms and registrations speak of."""
    from accounts.models import Client

    return Client.objects.get(pk=ClientFactory(**options).pk)


class CandidateFactory(DjangoModelFactory):
    """Somebody of twenty in region 20; `age=17` makes them that old today, a month after their birthday."""

    class Meta:
        model = "candidates.Candidate"

    class Params:
        age = 20
        with_login = factory.Trait(user=factory.LazyFunction(lambda: candidate_user()))

    first_name = factory.Sequence(lambda number: f"Sam{number}")
    last_name = factory.Sequence(lambda number: f"Jansen{number}")
    birth_date = factory.LazyAttribute(lambda row: clock.today() - relativedelta(years=row.age, months=1))
    phone = factory.Sequence(lambda number: f"+316{12000000 + number}")
    email = factory.Sequence(lambda number: f"sam{number}@test.example")
    city = "Raalte"
    region = factory.LazyFunction(region)
    created_at = factory.LazyFunction(clock.now)


def candidate_user() -> User:
    """The login of a candidate."""
    user = UserFactory()
    Membership.objects.create(user=user, role=Role.KANDIDAAT)
    return user


def target_group(code: str = "wajong"):
    from candidates.models import TargetGroup

    return TargetGroup.objects.get(code=code)


class RegistrationFactory(DjangoModelFactory):
    """An open registration of a motivated person with a Wajong benefit."""

    class Meta:
        model = "candidates.Registration"

    candidate = factory.SubFactory(CandidateFactory)
    situation = "thuis"
    wish = "leerwerkplek"
    target_group = factory.LazyFunction(target_group)
    motivation = "Ik wil graag leren straten maken."
    is_motivated = True
    created_at = factory.LazyFunction(clock.now)


class OfferFactory(DjangoModelFactory):
    class Meta:
        model = "candidates.Offer"

    registration = factory.SubFactory(RegistrationFactory)
    client = factory.LazyFunction(client)
    description = "Traject van een jaar"
    amount = 4500
    sent_on = factory.LazyFunction(clock.today)
    valid_until = factory.LazyFunction(lambda: clock.today() + timedelta(days=30))


# --- matching --------------------------------------------------------------------------------------------------------


class ConfirmedProfileFactory(DjangoModelFactory):
    """A confirmed zoekprofiel of somebody in Wijhe who can be placed, for the kind of place of `VacancyFactory`."""

    class Meta:
        model = "matching.SearchProfile"

    candidate = factory.SubFactory(CandidateFactory, postcode="8131 AB", city="Wijhe")
    region = factory.SelfAttribute("candidate.region")
    version = 1
    status = "bevestigd"
    kind_ids = factory.LazyFunction(lambda: [KindOfPlace.objects.get(code="bbl").pk])
    hours_min = 24
    hours_max = 32
    max_distance_km = 25
    transport = "fiets"
    pc4 = 8131
    x = factory.LazyAttribute(lambda row: _place(row.pc4).x)
    y = factory.LazyAttribute(lambda row: _place(row.pc4).y)
    level = 2
    has_licence = False
    language_level = 3
    must_bits = 0b1000010
    eligible_project = True
    eligible_stream_1 = True
    eligible_streams_2_3 = True
    is_available = True
    created_at = factory.LazyFunction(clock.now)
    confirmed_at = factory.LazyFunction(clock.now)
    confirmed_by = factory.SubFactory(UserFactory)


def _place(pc4: int):
    from matching.models import Place

    return Place.objects.get(pk=pc4)
