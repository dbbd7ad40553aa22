"""The first chapters of the story: from /aanmelden/ to a confirmed zoekprofiel (A. Checkpunt)."""

from __future__ import annotations

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from candidates.models import LifeSnapshot, QFit, Registration
from employers.models import Employer, Vacancy
from tests.e2e.people import PHONE, link_in
from tests.e2e.story import (
    COMPANY,
    SIGNATORY,
    SIGNATORY_MAIL,
    YOUTH,
    YOUTH_MAIL,
    Story,
)

KIND, BRANCH = "Leerwerkplek BBL+ individueel", "Infra-GWW"
ONE_DAY = timedelta(days=1)
# The smallest picture there is: one grey dot.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636800000082"
    "008177cd72b60000000049454e44ae426082"
)


def the_youth_registers(story: Story) -> None:
    phone = story.visitor(YOUTH)
    phone.open("/aanmelden/").is_accessible()
    phone.fill(
        first_name="Noor",
        name_prefix="van der",
        last_name="Velde",
        birth_date=story.first_day - relativedelta(years=22),
        phone="06 12345678",
        email=YOUTH_MAIL,
        postcode="8102 AB",
        city="Raalte",
        region="IJssel- en Vechtstreek",
        situation="thuis",
        wish="leerwerkplek",
        motivation="Ik wil met mijn handen werken en straten leren maken.",
        consent=True,
    )
    phone.press("Aanmelden").sees("Bedankt")
    asked = story.stack.wait_for_mail(YOUTH_MAIL, "aanmelding")
    phone.open(link_in(asked)).is_accessible()
    phone.press("Ja, dit is mijn e-mailadres").sees("Dank je wel")


def the_frontoffice_completes(story: Story) -> None:
    front = story.staff("frontoffice").open("/").sees(YOUTH)
    front.open("/aanmeldingen/").sees("via de website").follow(YOUTH)
    front.is_accessible()
    front.follow("Aanmelding aanvullen").fill(target_group="Bijstand, geen werk – WWB/Participatiewet")
    front.page.locator("#past .tone-good").wait_for()
    front.fill(
        referrer="Gemeente",
        client="Gemeente Raalte",
        planned_start=story.trial_start,
        is_motivated="true",
        hours_per_week="32",
        max_distance_km="20",
        transport="fiets",
        kinds_of_place=[KIND],
        branches=[BRANCH],
    )
    front.press("Aanmelding opslaan").sees("De aanmelding is bijgewerkt", "Past", "Gemeente Raalte")


def the_frontoffice_offers_and_assigns(story: Story) -> None:
    front = story.staff("frontoffice")
    front.follow("Offerte maken").fill(description="Traject MaatwerQ van twee jaar.", amount="4500")
    front.press("Offerte versturen").follow("Antwoord vastleggen")
    front.fill(answer="akkoord", answered_by="G. Haverkamp").press("Opslaan").sees("akkoord")
    front.follow("Toewijzen aan afdeling").is_accessible()
    department = front.page.get_by_label("MaatwerQ", exact=True).get_attribute("value")
    stream = front.page.locator("[name=stream] option", has_text="1").first.inner_text()
    front.fill(
        department=department,
        stream=stream,
        regisseur="Ruben Dijkstra",
        career_adviser="Lotte Brouwer",
        job_broker="Willem Nijland",
    )
    front.press("Toewijzen").sees("is toegewezen aan MaatwerQ", "Aangemeld")
    registration = story.ask(lambda: Registration.objects.get(candidate__email=YOUTH_MAIL))
    story.candidate = registration.candidate_id
    story.case = story.ask(lambda: registration.trajectory.pk)
    assert registration.source == "website"
    front.open(story.here("begeleiders/")).fill(jobcoach="Jasmijn Pot").press("Opslaan").sees("Jasmijn Pot")
    story.is_in("AANGEMELD")


def somebody_of_another_client_registers(story: Story) -> None:
    """So that there is something the gemeente may not see."""
    front = story.staff("frontoffice")
    front.open("/aanmeldingen/nieuw/").fill(
        first_name="Joost",
        last_name="Anders",
        birth_date=story.first_day - relativedelta(years=30),
        phone="06 87654321",
        situation="thuis",
        wish="baan",
        client="UWV Zwolle",
        target_group="Arbeidsongeschikt – Wajong",
        motivation="Ik wil werken.",
        is_motivated="true",
    )
    if front.page.locator("main [name=region]").input_value() == "":
        front.fill(region="IJssel- en Vechtstreek")
    front.press("Aanmelding opslaan").sees("Joost Anders").follow("Toewijzen aan afdeling")
    department = front.page.get_by_label("MaatwerQ", exact=True).get_attribute("value")
    front.fill(department=department, regisseur="Ruben Dijkstra").press("Toewijzen").sees("is toegewezen")


def the_werkmakelaar_adds_a_company(story: Story) -> None:
    broker = story.staff("werkmakelaar")
    broker.open("/werkgevers/").follow("Nieuwe werkgever").fill(
        name=COMPANY,
        kvk_number="08123456",
        email="info@straatwerk.example",
        street="Handelsweg 1",
        postcode="8102 HA",
        city="Raalte",
        region="IJssel- en Vechtstreek",
        branch=BRANCH,
        employees="40",
        motivated_for_target_group=True,
        offers_contract_after=True,
    )
    broker.press("Opslaan").sees("Werkgever toegevoegd")
    story.company = story.ask(lambda: Employer.objects.get(organisation__name=COMPANY).pk)
    contacts = (
        (SIGNATORY, "tekenbevoegd", SIGNATORY_MAIL, "0620000001"),
        ("Henk Schutte", "leermeester", "henk@straatwerk.example", "0620000002"),
    )
    for name, function, email, phone in contacts:
        broker.open(f"/werkgevers/{story.company}/contacten/nieuw/")
        broker.fill(name=name, function=function, email=email, phone=phone).press("Opslaan").sees(name)
    broker.open(f"/werkgevers/{story.company}/functies/nieuw/").fill(
        name="Straatmaker",
        branch=BRANCH,
        hours_per_week="32",
        level="praktijkonderwijs of vso",
        tasks="Straten en stoepen leggen met de ploeg.",
        supervision="Een vaste leermeester in de ploeg.",
        training="BBL 1 straatmaker",
        offers_mentor=True,
        offers_jobcoach=True,
    )
    broker.press("Opslaan").sees("Functieprofiel toegevoegd")
    broker.open(f"/werkgevers/{story.company}/").is_accessible()
    broker.follow(f"Portaal geven {SIGNATORY}").sees(f"Beste {SIGNATORY},").press("Portaal geven").sees(
        "heeft nu toegang tot het werkgeversportaal"
    )


def the_employer_opens_a_vacancy(story: Story) -> None:
    employer = story.newcomer(SIGNATORY, SIGNATORY_MAIL, "account")
    employer.open("/").sees(COMPANY).is_accessible()
    employer.follow("Vacature maken").fill(
        title="Leerling straatmaker",
        function="Straatmaker",
        kind_of_place=KIND,
        seats="1",
        hours_min="28",
        hours_max="36",
        description="Leer straten maken in een ploeg van vier.",
        starts_on=story.trial_start,
    )
    employer.press("Opslaan").press("Vacature openzetten").sees("open")
    vacancy = story.ask(lambda: Vacancy.objects.get(employer=story.company))
    assert vacancy.is_open and vacancy.seats_free == 1
    employer.open("/trajecten/", status=404)


def the_intake_begins(story: Story) -> None:
    lead = story.staff("regisseur").open("/").sees(YOUTH)
    story.take(lead, "start_intake", "Intake starten")
    story.is_in("INTAKE")
    lead.open(story.here()).is_accessible()
    story.refuses(lead, "complete_intake", "Foto", "zoekprofiel")
    story.is_in("INTAKE")


def the_candidate_gets_an_own_page(story: Story) -> None:
    lead = story.staff("regisseur").open(story.here()).follow("Eigen pagina geven").sees("Beste Noor,", YOUTH_MAIL)
    lead.press("Versturen").sees(YOUTH_MAIL)
    youth = story.newcomer("kandidaat", YOUTH_MAIL, "eigen pagina", viewport=PHONE)
    youth.open("/").sees("Hallo Noor", "Ruben Dijkstra").is_accessible()
    assert youth.page.url.endswith("/mijn/")
    youth.open("/mijn/cv/").fill(
        role="Hulp in de tuin",
        organisation="Buurtwerk",
        started_on=story.first_day - relativedelta(years=1),
        within="#ervaring",
    )
    youth.press("Toevoegen", within="#ervaring form[action$='/ervaring/']").sees("Hulp in de tuin")
    youth.open("/mijn/portfolio/").fill(
        title="Mijn stoep", kind="portfolio", file={"name": "stoep.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    youth.press("Toevoegen").sees("Mijn stoep")
    youth.open("/trajecten/", status=404)


def the_regisseur_fills_the_file(story: Story) -> None:
    lead = story.staff("regisseur").open(story.file("contact/"))
    lead.fill(kind="intake", status="gevoerd", at=story.now, notes="Prettig gesprek; weet goed wat ze wil.")
    lead.press("Opslaan").sees("Het gesprek is vastgelegd")
    lead.open(story.file("foto/"))
    texts = lead.page.locator("main form.tj-form textarea")
    asked = texts.count()
    for number in range(asked):
        words = ("Ging wisselend.", "Gaat nu beter, met steun.", "Wil dit zelf kunnen.")
        texts.nth(number).fill(words[number % 3])
    lead.press("Opslaan").sees("De Foto is opgeslagen")
    areas = story.ask(lambda: LifeSnapshot.objects.filter(candidate=story.candidate).count())
    assert asked == 3 * areas == 27
    lead.is_accessible()


def the_regisseur_settles_q_fit_support_and_finance(story: Story) -> None:
    lead = story.staff("regisseur")
    rows = {
        "interesse": {"branch": BRANCH, "strength": "5", "remark": "buiten werken"},
        "vaardigheid": {"kind": "vaardigheid", "description": "Kan nauwkeurig meten", "level": "3"},
        "kans": {"branch": BRANCH, "outlook": "goed", "explanation": "Veel vraag naar straatmakers"},
        "beperking": {"load": "prikkels", "maximum": "2", "adaptation": "Uitleg een voor een"},
    }
    lead.open(story.file("qfit/"))
    for part, values in rows.items():
        lead.fill(values, within=f"#{part}").press("Toevoegen", within=f"#{part} form[action$='/{part}/']")
    lead.press("Q-fit vaststellen").sees("Vastgesteld")
    assert story.ask(lambda: QFit.objects.get(candidate=story.candidate).settled_at) is not None
    lead.open(story.file("ondersteuning/")).fill(area="Wonen", question="Wil op zichzelf wonen.")
    lead.press("Vraag toevoegen").follow("Aanpak")
    lead.fill(status="loopt", approach="Samen inschrijven bij de woningstichting.", owner="Ruben Dijkstra")
    lead.press("Opslaan").fill(conclusion="Eén vraag, met een aanpak naast het traject.").press("Toets vastleggen")
    lead.open(story.file("financien/")).fill(outcome="geregeld", source="opdrachtgever").press("Toets vastleggen")
    lead.sees("Gemeente Raalte")


def the_loopbaanadviseur_confirms_the_profile(story: Story) -> None:
    adviser = story.staff("loopbaanadviseur").open(story.file("zoekprofiel/")).sees("Dit is een concept")
    adviser.follow("Wijzigen").fill(hours_min="28", hours_max="36", needs_mentor=True, has_licence="nee", level="1")
    adviser.press("Concept opslaan").is_accessible()
    adviser.press("Versie").sees("Het zoekprofiel is bevestigd")
    story.take(story.staff("regisseur"), "complete_intake", "Intake afronden")
    story.is_in("BEMIDDELBAAR")
