"""The product's main proof: one person's whole story, from /aanmelden/ to a closed file, by everybody whose turn it is.

Real browser, real processes, real mails and PDFs. The test only reads the database; time passes by moving the clock forward.
Per phase one step is tried that isn't allowed: it is explained, and nothing changes.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from playwright.sync_api import expect

from accounts.models import Organisation
from employers.models import Vacancy
from tests.e2e.checkpunt import (
    ONE_DAY,
    somebody_of_another_client_registers,
    the_candidate_gets_an_own_page,
    the_employer_opens_a_vacancy,
    the_frontoffice_completes,
    the_frontoffice_offers_and_assigns,
    the_intake_begins,
    the_loopbaanadviseur_confirms_the_profile,
    the_regisseur_fills_the_file,
    the_regisseur_settles_q_fit_support_and_finance,
    the_werkmakelaar_adds_a_company,
    the_youth_registers,
)
from tests.e2e.people import link_in
from tests.e2e.story import (
    COMPANY,
    PARTIES,
    SIGNATORY,
    SIGNATORY_MAIL,
    YOUTH,
    YOUTH_MAIL,
    Story,
)
from topjob import clock
from trajectories.models import (
    Aftercare,
    Contract,
    Deadline,
    EvaluationDate,
    GeneratedDocument,
    PlanParty,
    SeatClaim,
    StartPlan,
    TrialPeriod,
)
from trajectories.process.choices import Party
from trajectories.process.periods import period_end

pytestmark = pytest.mark.browser


# --- B. Plaatsing en proefperiode ------------------------------------------------------------------------------------
def the_werkmakelaar_chooses_and_introduces(story: Story) -> None:
    broker = story.staff("werkmakelaar").open("/").sees(YOUTH)
    broker.open(story.here()).follow("Passende vacatures").sees("Leerling straatmaker", COMPANY).is_accessible()
    broker.page.locator("[data-row] [data-open]").first.click()
    expect(broker.page.locator(".match-reasons li").first).to_be_visible()
    broker.follow("Kiezen").sees("Waarom past dit?").press("Deze vacature kiezen")
    story.refuses(broker, "introduce", "nog geen toestemming gegeven")
    broker.open(story.here("toestemming/"))
    broker.fill(share_contact=True, share_cv=True, share_portfolio=True, channel="gesprek")
    broker.press("Toestemming vastleggen").sees("Toestemming vastgelegd")
    talk = datetime.combine(story.today, time(16))
    story.take(broker, "introduce", "Voorstellen aan de werkgever", talk_at=talk)
    story.is_in("SOLLICITATIE")
    story.people["kandidaat"].open("/mijn/").sees("Leerling straatmaker", COMPANY)


def the_employer_meets_and_accepts(story: Story) -> None:
    mail = story.stack.wait_for_mail(SIGNATORY_MAIL, "kandidaat")
    assert "Noor" not in mail.get_content()
    employer = story.people[SIGNATORY].open(link_in(mail).removeprefix(story.stack.base_url)).follow(YOUTH)
    employer.sees("Hulp in de tuin", "Mijn stoep", YOUTH_MAIL).is_accessible()
    employer.does_not_see("Bijstand", "Gemeente Raalte", "op zichzelf wonen", "prikkels", "Uitleg een voor een")
    employer.sees("Waarom kan dit nog niet?")
    employer.follow("Gesprek vastleggen").fill(talk_at=story.now, notes="Rondleiding gehad, van beide kanten een klik.")
    employer.press("Opslaan").follow("Aannemen").fill(
        construction="1", route="bbl1", level="startkwalificatie", planned_start=story.trial_start
    )
    employer.press("Aannemen").sees("Fijn!")
    story.is_in("STARTPLAN")
    assert story.ask(lambda: SeatClaim.objects.filter(application__trajectory=story.case, cancelled=False).count()) == 1
    assert story.ask(lambda: Vacancy.objects.get(employer=story.company).seats_free) == 0


def the_regisseur_drafts_the_plan(story: Story) -> None:
    lead = story.staff("regisseur").open(story.here("startplan/")).press("Startplan maken").is_accessible()
    lead.fill(
        {
            "working_days": "maandag tot en met donderdag",
            "training_name": "BBL 1 straatmaker",
            "training_school": "SOMA Harderwijk",
            "training_hours": "8",
            "mentor_hours": "4",
            "jobcoach_hours": "2",
            "prospect": "Een contract van ten minste een jaar.",
            "goals-vakmanschap-0-goal": "Ik leer een stoep recht leggen.",
            "goals-vakmanschap-0-how": "Elke week een stuk met de leermeester.",
            "goals-persoonlijk-0-goal": "Ik meld me zelf af als ik ziek ben.",
            "goals-persoonlijk-0-how": "Afspraak op een kaart.",
            "agreements-0-text": "Ziek? Bel vóór 7.30 uur de leermeester.",
        }
    )
    assert lead.page.locator("[name=mentor_name]").input_value() == "Henk Schutte"
    # Saved by hand while the page is just saving by itself: not to be taken for somebody else's change.
    with lead.page.expect_request("**/startplan/bewaren/"):
        lead.fill(prospect="Een contract van ten minste een jaar, bij dit bedrijf.")
    lead.press("Opslaan").sees("Het startplan is opgeslagen").follow("Bekijken zoals het verstuurd wordt")
    lead.sees("Ik leer een stoep recht leggen", "SOMA Harderwijk", "Henk Schutte").is_accessible()
    lead.does_not_see("op zichzelf wonen", "4500")
    plan = plan_of(story)
    assert (plan.trial_starts_on, plan.trial_ends_on) == (story.trial_start, story.trial_end)
    lead.open(story.here("startplan/")).follow("Versturen").press("Versturen").sees("Verstuurd")


def plan_of(story: Story) -> StartPlan:
    rows = StartPlan.objects.select_related("document", "signed_document")
    return story.ask(lambda: rows.get(trajectory=story.case))


def the_plan_is_a_pdf_before_the_links_go_out(story: Story) -> None:
    for party in PARTIES:
        story.personal_link(party, "startplan")
    plan = plan_of(story)
    assert plan.document is not None
    assert story.sha256_of(plan.document) == plan.document.sha256
    story.refuses(story.staff("regisseur"), "start_trial", "nog niet getekend door")
    story.is_in("STARTPLAN")


def all_three_sign_on_a_phone(story: Story) -> None:
    names = {Party.YOUTH: YOUTH, Party.EMPLOYER: SIGNATORY, Party.JOBCOACH: "Jasmijn Pot"}
    for party in PARTIES:
        phone = story.sign_on_a_phone(party, names[party])
        if party != PARTIES[-1]:
            phone.sees("We wachten nog op")
    story.stack.wait_until(lambda: plan_of(story).signed_document, "getekende pdf", seconds=60)
    plan = plan_of(story)
    assert plan.status == "getekend"
    assert story.sha256_of(plan.signed_document) == plan.signed_document.sha256 != plan.document.sha256
    assert {row.document_sha256 for row in story.ask(lambda: list(plan.signatures.all()))} == {plan.document.sha256}
    for row in story.ask(lambda: list(PlanParty.objects.filter(plan=plan))):
        story.stack.wait_for_mail(row.email, "iedereen heeft", seconds=60)


def the_signed_plan_is_there_for_its_parties(story: Story) -> None:
    document = story.ask(lambda: GeneratedDocument.objects.get(trajectory=story.case, kind="startplan_getekend"))
    path = f"/documenten/traject/{document.pk}/"
    for person in (story.people["kandidaat"], story.people[SIGNATORY], story.staff("jobcoach")):
        answer = person.page.request.get(path)
        assert answer.status == 200, person.name
        assert answer.body()[:5] == b"%PDF-", person.name
    assert story.staff("opdrachtgever").page.request.get(path).status == 404
    story.people["kandidaat"].open("/mijn/").sees("Mijn startplan").is_accessible()
    story.people[SIGNATORY].open("/werkgever/deelnemers/").sees(YOUTH).is_accessible()


def anybody_can_check_the_document(story: Story) -> None:
    plan = plan_of(story)
    whole = story.bytes_of(plan.signed_document)
    changed = whole[:900] + bytes([whole[900] ^ 1]) + whole[901:]
    stranger = story.visitor("iemand met het document")
    for content, words in ((whole, "Het zegel is heel"), (changed, "Nee, dit document is veranderd")):
        stranger.open("/controle/").is_accessible()
        file = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": content}
        stranger.page.locator("input[type=file]").set_input_files(file)
        stranger.press("Controleren").sees(words).does_not_see(YOUTH, COMPANY).is_accessible()


def the_gemeente_gives_permission(story: Story) -> None:
    payer = story.staff("opdrachtgever").open("/").sees(YOUTH, "Uw besluit is nodig").does_not_see("Joost Anders")
    payer.is_accessible()
    lead = story.staff("regisseur").open(story.here("toestemming-opdrachtgever/"))
    lead.sees("de toestemming van Gemeente Raalte voor de start van de proefplaatsing ontbreekt")
    lead.fill(is_granted="True", decided_on=story.today, reference="PP-2026-17").press("Opslaan")
    lead.sees("Het besluit is vastgelegd", "loopt af vóór het einde")
    permission = story.ask(lambda: story.trajectory.permissions.get())
    assert permission.valid_until == period_end(story.trial_start, 2)


def the_trial_starts_by_itself(story: Story) -> None:
    story.is_in("STARTPLAN")
    story.move_to(story.trial_start)
    story.comes_to("PROEFPERIODE")
    trial = story.ask(lambda: TrialPeriod.objects.get(trajectory=story.case))
    assert (trial.starts_on, trial.ends_on) == (story.trial_start, story.trial_end)
    story.staff("jobcoach").open("/").sees(YOUTH)
    story.people["kandidaat"].open("/mijn/").sees("proefperiode")


def half_way_there_is_a_talk(story: Story) -> None:
    moment = story.ask(lambda: EvaluationDate.objects.get(plan__trajectory=story.case, is_final=False))
    story.move_to(moment.on)
    mail = story.stack.wait_for_mail("jobcoach@demo.example", "termijn", seconds=60)
    assert YOUTH in mail.get_content()
    coach = story.staff("jobcoach").open("/").sees(YOUTH).is_accessible()
    coach.open(story.here("")).press("Afvinken Tussengesprek").sees("Afgevinkt")
    coach.open(story.here("jobcoaching/")).fill(
        on=story.today, field="persoonlijk", notes="Komt op tijd en vraagt om hulp."
    )
    coach.press("Gesprek vastleggen").sees("Het gesprek is vastgelegd")
    lead = story.staff("regisseur").open(story.here("toestemming-opdrachtgever/"))
    lead.fill(is_granted="True", decided_on=story.today, reference="PP-2026-17b").press("Opslaan")
    lead.does_not_see("loopt af vóór het einde")
    assert story.ask(lambda: story.trajectory.permissions.count()) == 2


def the_evaluation_opens_by_itself(story: Story) -> None:
    lead = story.staff("regisseur")
    story.move_to(story.trial_end)
    assert story.trajectory.state == "PROEFPERIODE"
    story.move_to(story.trial_end + ONE_DAY)
    story.comes_to("EVALUATIE")
    story.give_view_on_a_phone(Party.YOUTH)
    story.give_view_on_a_phone(Party.EMPLOYER)
    story.refuses(lead, "continue_learning", "Nog geen oordeel van: jobcoach")
    story.give_view_on_a_phone(Party.JOBCOACH)
    lead.open(story.here("evaluatie/")).sees("Drie oordelen naast elkaar").is_accessible()


def loonwaarde_and_the_decision(story: Story) -> None:
    lead = story.staff("regisseur")
    lead.open(story.here("loonwaarde/")).fill(
        {
            "besluit-wants_wage_subsidy": "True",
            "besluit-needed": "True",
            "besluit-reason": "De gemeente vergoedt een deel van het loon.",
        }
    )
    lead.press("Besluit vastleggen")
    story.refuses(lead, "continue_learning", "De loonwaarde ontbreekt nog")
    lead.open(story.here("loonwaarde/")).fill(percentage="70", determined_by="gemeente", determined_on=story.today)
    lead.press("Loonwaarde vastleggen")
    start = story.trial_end + ONE_DAY
    lead.open(story.step("continue_learning")).fill(
        holder="leerbedrijf",
        ends_on=period_end(start, 12),
        hours_per_week="32",
        training_hours="8",
        hourly_wage="15,20",
        no_probation=True,
    )
    lead.press("Door met leren en werken").sees("gedaan")
    story.is_in("LEERWERK")
    contract = story.ask(lambda: Contract.objects.get(trajectory=story.case))
    assert (contract.kind, contract.starts_on, contract.ends_on) == ("leerwerk", start, period_end(start, 12))


# --- B. Jobcoaching en monitoring ------------------------------------------------------------------------------------
def the_jobcoach_coaches(story: Story) -> None:
    story.move_to(story.today + timedelta(days=28))
    coach = story.staff("jobcoach").open(story.here("jobcoaching/"))
    coach.fill(
        on=story.today, field="vakmanschap", notes="Legt nu zelf een stoep.", next_on=story.today + timedelta(28)
    )
    scores = coach.page.locator("main select[name^=score_]")
    for number in range(scores.count()):
        scores.nth(number).select_option("4")
    coach.press("Gesprek vastleggen").sees("Het gesprek is vastgelegd", "Voortgang op de ambitieschaal").is_accessible()
    story.people["kandidaat"].open("/mijn/").sees("Hoe ver ben ik?")


def the_diploma_leads_to_the_adviespunt(story: Story) -> None:
    story.move_to(story.trial_end + relativedelta(months=11))
    lead = story.staff("regisseur").open(story.here("kwalificatie/"))
    lead.fill(level="startkwalificatie", name="Startkwalificatie straatmaker", on=story.today).press("Vastleggen")
    lead.open(story.step("finish_training"))
    diploma = lead.page.locator("[name=qualification] option", has_text="Startkwalificatie").get_attribute("value")
    lead.fill(kind="gekwalificeerd", qualification=diploma, on=story.today).press("Opleiding afronden")
    story.is_in("ADVIES")


# --- C. Adviespunt ---------------------------------------------------------------------------------------------------
def the_adviespunt_advises(story: Story) -> None:
    adviser = story.staff("loopbaanadviseur").open("/").sees(YOUTH)
    story.refuses(
        adviser, "give_advice", "De quick-scan is nog niet gedaan", "Het adviesgesprek is nog niet vastgelegd"
    )
    story.is_in("ADVIES")
    adviser.open(story.here("quick-scan/"))
    marks = dict.fromkeys(("craft", "personal", "learning", "independence", "labour_market", "motivation"), "4")
    adviser.fill(on=story.today, conclusion="Klaar voor een vaste plek.", **marks).press(
        "Quick-scan vastleggen"
    ).is_accessible()
    adviser.open(story.file("contact/"))
    adviser.fill(kind="advies", status="gevoerd", at=story.now, notes="Wil bij het bedrijf blijven.").press("Opslaan")
    adviser.open(story.here("advies/")).fill(direction="a", plan="Het bedrijf neemt haar in dienst.")
    adviser.press("Advies klaarzetten").sees("Het advies staat klaar")
    story.take(adviser, "give_advice", "Advies vaststellen")
    story.is_in("BANENPOOL")


# --- D. Banenpool ----------------------------------------------------------------------------------------------------
def the_banenpool_places(story: Story) -> None:
    adviser, broker = story.staff("loopbaanadviseur"), story.staff("werkmakelaar")
    story.refuses(adviser, "refer_out", "Verwijzen kan alleen bij advies d")
    story.is_in("BANENPOOL")
    broker.open("/banenpool/").sees(YOUTH).is_accessible()
    start = story.today + ONE_DAY
    job = {"kind": "overname", "organisation": COMPANY, "starts_on": start, "hours_per_week": "32"}
    story.take(broker, "place", "Plaatsen", hourly_wage="15,90", **job)
    story.is_in("NAZORG")
    company = story.ask(lambda: Organisation.objects.get(name=COMPANY))
    job = story.ask(lambda: Contract.objects.get(trajectory=story.case, kind="overname"))
    assert (job.organisation_id, job.starts_on, job.ends_on) == (company.pk, start, None)


# --- E. Nazorg -------------------------------------------------------------------------------------------------------
def aftercare_looks_in(story: Story) -> None:
    aftercare = story.ask(lambda: Aftercare.objects.get(trajectory=story.case))
    story.move_to(aftercare.starts_on + relativedelta(months=1))
    lead = story.staff("regisseur").open(story.here("nazorg/")).is_accessible()
    lead.follow("Vastleggen").fill(held_on=story.today, mood="goed", notes="Gebeld: het werk gaat goed.")
    lead.press("Opslaan").sees("Het contact is vastgelegd", "Gebeld: het werk gaat goed")
    story.refuses(story.staff("jobcoach"), "finish_aftercare", "Deze stap doet: regisseur", linked=False)
    story.refuses(story.staff("backoffice"), "close", "het traject staat op “Nazorg”")
    story.is_in("NAZORG")


def aftercare_ends_by_itself(story: Story) -> None:
    aftercare = story.ask(lambda: Aftercare.objects.get(trajectory=story.case))
    assert aftercare.ends_on == period_end(aftercare.starts_on, 12)
    story.move_to(aftercare.ends_on + ONE_DAY)
    story.comes_to("AFSLUITING")
    story.refuses(story.staff("backoffice"), "close", "exitgesprek", "administratieve afronding")
    story.is_in("AFSLUITING")


def the_backoffice_closes(story: Story) -> None:
    back = story.staff("backoffice").open("/").sees(YOUTH)
    back.open(story.here("exitgesprek/")).fill(
        was_held="True", on=story.today, feedback="Fijn geholpen; ik heb nu een vak.", grade="9"
    )
    back.press("Opslaan").sees("Het exitgesprek is vastgelegd")
    checks = dict.fromkeys(("documents_complete", "client_informed", "invoice_settled", "accounts_closed"), True)
    back.open(story.here("afronding/")).fill(checks).press("Opslaan").sees("De afronding is opgeslagen")
    story.take(back, "close", "Dossier sluiten")
    story.is_in("AFGESLOTEN")
    assert story.trajectory.retention_until == story.today + relativedelta(months=24)
    assert clock.local(story.trajectory.closed_at) == story.today
    left = story.ask(lambda: list(Deadline.objects.open().filter(trajectory=story.case).values_list("kind", flat=True)))
    assert left == [Deadline.Kind.RETENTION]


def everybody_sees_how_it_ended(story: Story) -> None:
    story.people["kandidaat"].open("/mijn/").sees("Je traject is klaar").is_accessible()
    payer = story.staff("opdrachtgever").open("/opdrachtgever/").sees(YOUTH).does_not_see("Joost Anders")
    payer.follow(YOUTH).sees("Startkwalificatie straatmaker", "Overname door de werkgever").is_accessible()
    payer.does_not_see("op zichzelf wonen", "prikkels", "Fijn geholpen")
    uwv = story.staff("uwv").open("/opdrachtgever/").sees("Joost Anders").does_not_see("Noor")
    uwv.open(f"/opdrachtgever/{story.case}/", status=404)


def the_timeline_tells_the_whole_story(story: Story) -> None:
    lead = story.staff("regisseur").open(story.here("tijdlijn/?toon=alles")).is_accessible()
    titles: list[str] = []
    while True:
        titles += lead.page.locator("#tijdlijn .timeline-title").all_inner_texts()
        further = lead.page.locator("#tijdlijn .pager a[rel=next]")
        if further.count() == 0:
            break
        with lead.page.expect_navigation():
            further.click()
    told = iter(reversed(titles))
    missing = [title for title in TOLD if not any(title.lower() in line.lower() for line in told)]
    assert not missing, (missing, titles[::-1])


# In this order, with anything in between.
TOLD = (
    "Toegewezen aan een afdeling",
    "Intake gestart",
    "Intake afgerond",
    "Vacature gekozen",
    "Voorgesteld aan de werkgever",
    "Sollicitatiegesprek vastgelegd",
    "Aangenomen voor een proefperiode",
    "Startplan verstuurd",
    "Startplan als PDF vastgelegd",
    "Startplan getekend",
    "Startplan getekend",
    "Startplan getekend",
    "Besluit van de opdrachtgever vastgelegd",
    "Proefperiode gestart",
    "Jobcoachgesprek vastgelegd",
    "Evaluatie geopend",
    "Oordeel gegeven",
    "Oordeel gegeven",
    "Oordeel gegeven",
    "Loonwaarde vastgelegd",
    "Doorgegaan met leren en werken",
    "Jobcoachgesprek vastgelegd",
    "Kwalificatie vastgelegd",
    "Opleiding afgerond",
    "Quick-scan gedaan",
    "Advies vastgesteld",
    "Geplaatst",
    "Nazorgcontact vastgelegd",
    "Nazorg afgerond",
    "Exitgesprek vastgelegd",
    "Administratieve afronding bijgewerkt",
    "Dossier gesloten",
)

CHAPTERS = (
    the_youth_registers,
    the_frontoffice_completes,
    the_frontoffice_offers_and_assigns,
    somebody_of_another_client_registers,
    the_werkmakelaar_adds_a_company,
    the_employer_opens_a_vacancy,
    the_intake_begins,
    the_candidate_gets_an_own_page,
    the_regisseur_fills_the_file,
    the_regisseur_settles_q_fit_support_and_finance,
    the_loopbaanadviseur_confirms_the_profile,
    the_werkmakelaar_chooses_and_introduces,
    the_employer_meets_and_accepts,
    the_regisseur_drafts_the_plan,
    the_plan_is_a_pdf_before_the_links_go_out,
    all_three_sign_on_a_phone,
    the_signed_plan_is_there_for_its_parties,
    anybody_can_check_the_document,
    the_gemeente_gives_permission,
    the_trial_starts_by_itself,
    half_way_there_is_a_talk,
    the_evaluation_opens_by_itself,
    loonwaarde_and_the_decision,
    the_jobcoach_coaches,
    the_diploma_leads_to_the_adviespunt,
    the_adviespunt_advises,
    the_banenpool_places,
    aftercare_looks_in,
    aftercare_ends_by_itself,
    the_backoffice_closes,
    everybody_sees_how_it_ended,
    the_timeline_tells_the_whole_story,
)


def test_from_registration_to_a_closed_file(whole_stack, new_page) -> None:
    whole_stack.manage("shell", "-c", "from demo.people import make_staff; make_staff()")
    # The story begins at nine in the morning, whatever time it is here.
    whole_stack.move_clock(whole_stack.today() + ONE_DAY)
    story = Story(whole_stack, new_page)
    for chapter in CHAPTERS:
        chapter(story)
    trouble = {name: person.trouble for name, person in story.people.items() if person.trouble}
    assert trouble == {}
