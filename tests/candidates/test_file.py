"""The person's file: who may open and fill it, each part, bad input, autosave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import verbs
from accounts.models import AuditEntry, Branch, Department, LawSetting, Membership, Reading, Role
from candidates import actions
from candidates.models import (
    Ability,
    Candidate,
    Consent,
    ContactMoment,
    FinanceCheck,
    Interest,
    LabourProspect,
    LifeArea,
    SupportNeed,
    WorkLimitation,
)
from tests.factories import (
    CandidateFactory,
    EmployerOrganisationFactory,
    RegistrationFactory,
    UserFactory,
    candidate_user,
    client,
    region,
    representative,
    staff,
)
from tests.questions import ONE_THING
from topjob import clock

pytestmark = pytest.mark.django_db
PARTS = (
    "",
    "gegevens/",
    "contact/",
    "foto/",
    "qfit/",
    "ondersteuning/",
    "financien/",
    "cv/",
    "portfolio/",
    "toestemming/",
)


def url(person: Candidate, part: str = "") -> str:
    return f"/personen/{person.pk}/{part}"


class TestVisibility:
    def test_visible_to_per_role(self) -> None:
        here, there = CandidateFactory(), CandidateFactory(region=region("29"))
        coach = UserFactory()
        Membership.objects.create(user=coach, role=Role.JOBCOACH)
        coached = CandidateFactory(jobcoach=coach, region=region("29"))
        own = CandidateFactory(with_login=True)
        in_region_20 = {here, own}
        expected = {
            staff(Role.FRONTOFFICE): in_region_20,
            staff(Role.REGISSEUR): in_region_20,
            staff(Role.LOOPBAANADVISEUR): in_region_20,
            staff(Role.WERKMAKELAAR): in_region_20,
            staff(Role.PERSONEEL): in_region_20,
            staff(Role.BACKOFFICE): in_region_20,
            staff(Role.REGISSEUR, region_code="29"): {there, coached},
            staff(Role.BEHEERDER): set(),
            coach: {coached},
            own.user: {own},
            candidate_user(): set(),
            representative(EmployerOrganisationFactory()): set(),
            representative(client(), role=Role.OPDRACHTGEVER): set(),
        }
        for user, people in expected.items():
            assert set(Candidate.objects.visible_to(user)) == people, user.roles

    @pytest.mark.parametrize("part", PARTS)
    def test_another_region_looks_nonexistent(self, browser, part: str) -> None:
        person = CandidateFactory(region=region("29"))
        page = browser(staff(Role.REGISSEUR))
        assert page.get(url(person, part)).status_code == 404
        assert page.post(url(person, part)).status_code in (404, 405)

    @pytest.mark.parametrize("part", PARTS)
    def test_every_part_opens_for_whose_work_needs_it(self, browser, part: str) -> None:
        """Decision 28: the overview and how to reach somebody for all, the rest by what the role does."""
        person = CandidateFactory(age=17)
        broker = {"", "gegevens/", "contact/", "qfit/", "cv/", "portfolio/", "toestemming/"}
        opens = {
            Role.REGISSEUR: set(PARTS),
            Role.LOOPBAANADVISEUR: set(PARTS),
            Role.WERKMAKELAAR: broker,
            Role.FRONTOFFICE: {"", "gegevens/", "contact/", "cv/", "portfolio/"},
            Role.PERSONEEL: {"", "gegevens/"},
            Role.BACKOFFICE: {"", "gegevens/"},
        }
        for role, parts in opens.items():
            page = browser(staff(role))
            assert page.get(url(person, part)).status_code == (200 if part in parts else 404), role
            assert (f'"{url(person, part)}"' in page.get(url(person)).content.decode()) is (part in parts), role

    def test_the_jobcoach_reads_own_people_without_finance(self, browser) -> None:
        coach = staff(Role.JOBCOACH)
        person = CandidateFactory(jobcoach=coach)
        page = browser(coach)
        assert page.get(url(person)).status_code == 200
        assert "financien" not in page.get(url(person)).content.decode()
        assert page.get(url(person, "financien/")).status_code == 404
        assert page.get(url(CandidateFactory())).status_code == 404

    def test_a_jobcoach_who_is_regisseur_elsewhere_sees_no_finance_here(self, browser) -> None:
        coach = staff(Role.REGISSEUR, region_code="29")
        Membership.objects.create(user=coach, role=Role.JOBCOACH)
        person = CandidateFactory(jobcoach=coach)
        page = browser(coach)
        assert page.get(url(person)).status_code == 200
        assert page.get(url(person, "financien/")).status_code == 404
        assert page.post(url(person, "ondersteuning/"), {"question": "x"}).status_code == 409

    @pytest.mark.parametrize("part", ["foto/", "ondersteuning/", "contact/", "gegevens/"])
    def test_readers_get_an_explanation_when_they_write(self, browser, part: str) -> None:
        coach = staff(Role.JOBCOACH)
        person = CandidateFactory(jobcoach=coach)
        assert browser(coach).post(url(person, part), {}).status_code == 409

    @pytest.mark.parametrize("part", ["foto/", "ondersteuning/", "financien/", "contact/", "toestemming/"])
    def test_who_needn_t_know_a_part_can_t_write_in_it_either(self, browser, part: str) -> None:
        assert browser(staff(Role.BACKOFFICE)).post(url(CandidateFactory(), part), {}).status_code == 404

    def test_reading_of_every_part_is_logged(self, browser, regisseur) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        for part in PARTS:
            page.get(url(person, part))
        rows = Reading.objects.of_people(person.pk).filter(actor=regisseur).order_by("pk")
        assert len(rows) == len(PARTS) == len({row.page for row in rows})

    @pytest.mark.parametrize("part", PARTS)
    def test_query_count_is_bounded(self, browser, regisseur, part: str, django_assert_max_num_queries) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        page.get(url(person, part))
        with django_assert_max_num_queries(ONE_THING):
            page.get(url(person, part))


def test_overview_says_what_is_missing(browser, regisseur) -> None:
    person = CandidateFactory()
    page = browser(regisseur)
    assert "Het intakegesprek is nog niet gevoerd" in page.get(url(person)).content.decode()
    actions.add_contact(ContactMoment(candidate=person, kind="intake", status="gevoerd", at=clock.now()), by=regisseur)
    assert "Het intakegesprek is nog niet gevoerd" not in page.get(url(person)).content.decode()


class TestPersonal:
    def data(self, page, person: Candidate, **changes) -> dict:
        form = page.get(url(person, "gegevens/")).context["form"]
        return {name: form[name].value() for name in form.fields if form[name].value() is not None} | changes

    def test_saves(self, browser, frontoffice) -> None:
        person = CandidateFactory()
        page = browser(frontoffice)
        page.post(url(person, "gegevens/"), self.data(page, person, postcode="8131 aa", city="Wijhe"))
        person.refresh_from_db()
        assert (person.postcode, person.city) == ("8131 AA", "Wijhe")
        assert AuditEntry.objects.get(verb=verbs.PERSON_CHANGED).details == {"fields": ["city", "postcode"]}

    def test_stale_form_overwrites_nothing(self, browser, frontoffice) -> None:
        person = CandidateFactory()
        page = browser(frontoffice)
        data = self.data(page, person, city="Van mij")
        Candidate.objects.update(city="Van een collega")
        assert "intussen gewijzigd" in page.post(url(person, "gegevens/"), data).content.decode()
        assert Candidate.objects.get().city == "Van een collega"

    def test_no_bsn_field_without_legal_basis(self, browser, frontoffice) -> None:
        person = CandidateFactory()
        assert "bsn" not in browser(frontoffice).get(url(person, "gegevens/")).context["form"].fields

    @pytest.mark.parametrize(
        ("bsn", "accepted"), [("111222333", True), ("123456789", False), ("abc", False), ("1\x002", False)]
    )
    def test_bsn_passes_the_elfproef(self, browser, frontoffice, bsn: str, accepted: bool) -> None:
        payer = client()
        LawSetting.objects.create(
            key="bsn_toegestaan", value="ja", valid_from=clock.today(), client=payer, source="x", legal_basis="Suwi"
        )
        person = RegistrationFactory(client=payer).candidate
        page = browser(frontoffice)
        page.post(url(person, "gegevens/"), self.data(page, person, bsn=bsn))
        assert (Candidate.objects.get().bsn == bsn) is accepted

    def test_a_minor_gets_a_representative(self, browser, frontoffice) -> None:
        person = CandidateFactory(age=16)
        page = browser(frontoffice)
        bad = page.post(url(person, "vertegenwoordigers/"), {"name": "Moeder", "relation": "ouder", "email": "x"})
        assert "e-mailadres" in bad.content.decode()
        page.post(
            url(person, "vertegenwoordigers/"), {"name": "Moeder", "relation": "ouder", "email": "m@test.example"}
        )
        row = person.representatives.get()
        page.post(url(person, f"vertegenwoordigers/{row.pk}/verwijderen/"))
        assert not person.representatives.exists()


class TestRows:
    def rows(self) -> dict[str, dict]:
        branch = Branch.objects.get(code="01").pk
        return {
            "qfit/ervaring/": {"role": "Vakkenvuller", "organisation": "Winkel", "started_on": "2024-01-01"},
            "qfit/interesse/": {"branch": branch, "strength": 5},
            "qfit/vaardigheid/": {"kind": "kennis", "description": "Rekenen", "level": 4},
            "qfit/beperking/": {"load": "tillen", "maximum": 1, "adaptation": "Samen tillen"},
            "qfit/kans/": {"branch": branch, "outlook": "goed"},
            "cv/opleiding/": {"name": "Entree", "level": 3, "has_diploma": "on"},
        }

    def test_each_part_is_added_shown_and_removed(self, browser, regisseur) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        for part, data in self.rows().items():
            answer = page.post(url(person, part), data, follow=True)
            section = next(s for s in answer.context["sections"] if f"/{s['part'].slug}/" in f"/{part}")
            assert len(section["rows"]) == 1, part
            answer = page.post(section["rows"][0][1], follow=True)
            section = next(s for s in answer.context["sections"] if f"/{s['part'].slug}/" in f"/{part}")
            assert section["rows"] == [], part

    def test_settling_after_all_parts(self, browser, regisseur) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        assert page.post(url(person, "qfit/vaststellen/")).status_code == 409
        for part, data in self.rows().items():
            page.post(url(person, part), data)
        page.post(url(person, "qfit/ondersteuning/"), {"extra_support": "Rustig begin"})
        page.post(url(person, "qfit/vaststellen/"))
        assert "Vastgesteld" in page.get(url(person, "qfit/")).content.decode()

    def test_the_same_branch_twice_is_explained(self, browser, regisseur) -> None:
        person, branch = CandidateFactory(), Branch.objects.get(code="01").pk
        page = browser(regisseur)
        page.post(url(person, "qfit/interesse/"), {"branch": branch, "strength": 5})
        answer = page.post(url(person, "qfit/interesse/"), {"branch": branch, "strength": 4})
        assert "Deze branche staat er al." in answer.content.decode()
        assert person.interests.count() == 1

    @pytest.mark.parametrize(
        ("part", "changes"),
        [
            ("qfit/ervaring/", {"started_on": "2024-05-01", "ended_on": "2024-04-01"}),
            ("qfit/ervaring/", {"started_on": "1950-01-01"}),
            ("qfit/ervaring/", {"started_on": "geen datum"}),
            ("qfit/ervaring/", {"role": "\x00"}),
            ("qfit/interesse/", {"strength": 6}),
            ("qfit/interesse/", {"branch": 99999999}),
            ("qfit/vaardigheid/", {"description": "x" * 161}),
            ("qfit/beperking/", {"maximum": 5}),
            ("cv/opleiding/", {"level": 9}),
        ],
    )
    def test_bad_rows_are_explained(self, browser, regisseur, part: str, changes: dict) -> None:
        answer = browser(regisseur).post(url(CandidateFactory(), part), self.rows()[part] | changes)
        assert answer.status_code == 200
        assert "error-summary" in answer.content.decode()

    def test_unknown_parts_and_strange_rows_are_404(self, browser, regisseur) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        assert page.post(url(person, "qfit/onzin/"), {}).status_code == 404
        assert page.post(url(person, "qfit/opleiding/"), {}).status_code == 404
        assert page.post(url(person, "qfit/ervaring/999999999999999999999/verwijderen/")).status_code == 404


class TestSupportAndFinance:
    def test_question_approach_and_toets(self, browser, regisseur) -> None:
        person, area = CandidateFactory(), LifeArea.objects.first()
        page = browser(regisseur)
        page.post(url(person, "ondersteuning/"), {"area": area.pk, "question": "Schulden"})
        need = SupportNeed.objects.get()
        assert page.post(url(person, "ondersteuning/toets/"), {"conclusion": "Klaar"}).status_code == 409
        data = {"status": "loopt", "approach": "Budgetcoach", "owner": regisseur.pk}
        page.post(url(person, f"ondersteuning/{need.pk}/"), data)
        need.refresh_from_db()
        assert (need.status, need.owner) == ("loopt", regisseur)
        page.post(url(person, "ondersteuning/toets/"), {"conclusion": "Klaar"})
        assert person.support_reviews.get().conclusion == "Klaar"

    def test_an_owner_comes_from_the_region(self, browser, regisseur) -> None:
        person = CandidateFactory()
        need = SupportNeed(candidate=person, area=LifeArea.objects.first(), question="x")
        actions.add_support_need(need, by=regisseur)
        stranger = staff(Role.REGISSEUR, region_code="29")
        data = {"status": "loopt", "approach": "x", "owner": stranger.pk}
        answer = browser(regisseur).post(url(person, f"ondersteuning/{need.pk}/"), data)
        assert "owner" in answer.context["form"].errors

    def test_finance_check(self, browser, regisseur) -> None:
        payer = client(name="Gemeente Verweggistan")
        person = RegistrationFactory(client=payer).candidate
        page = browser(regisseur)
        assert "Gemeente Verweggistan" in page.get(url(person, "financien/")).content.decode()
        data = {"outcome": "geregeld", "source": "opdrachtgever", "client": "Verweggistan", "amount": "5000"}
        page.post(url(person, "financien/"), data)
        check = FinanceCheck.objects.get()
        assert (check.client_id, check.by, check.keeps_benefit) == (payer.pk, regisseur, False)

    @pytest.mark.parametrize("changes", [{"client": ""}, {"amount": "-5"}, {"amount": "1e99"}, {"outcome": "x"}])
    def test_bad_finance_is_explained(self, browser, regisseur, changes: dict) -> None:
        data = {"outcome": "geregeld", "source": "opdrachtgever", "client": client().name, "amount": "5000"}
        answer = browser(regisseur).post(url(CandidateFactory(), "financien/"), data | changes)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not FinanceCheck.objects.exists()


class TestContact:
    def test_plan_then_record(self, browser, regisseur) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        soon = clock.now() + timedelta(days=2)
        page.post(url(person, "contact/"), {"kind": "intake", "status": "gepland", "at": f"{soon:%Y-%m-%dT%H:%M}"})
        moment = ContactMoment.objects.get()
        assert moment.by == regisseur
        early = {"status": "gevoerd", "at": f"{soon:%Y-%m-%dT%H:%M}", "notes": "Goed"}
        assert "in de toekomst" in page.post(url(person, f"contact/{moment.pk}/"), early).content.decode()
        held = {"status": "gevoerd", "at": f"{clock.now():%Y-%m-%dT%H:%M}", "notes": "Goed gesprek"}
        page.post(url(person, f"contact/{moment.pk}/"), held)
        moment.refresh_from_db()
        assert (moment.status, moment.notes) == ("gevoerd", "Goed gesprek")
        assert page.get(url(person, f"contact/{moment.pk}/")).status_code == 404

    def test_whoever_was_to_hold_the_talk_records_it(self, browser, regisseur) -> None:
        broker = staff(Role.WERKMAKELAAR)
        moment = ContactMoment(candidate=CandidateFactory(), kind="sollicitatie", at=clock.now(), by=broker)
        actions.plan_contact(moment, by=broker)
        data = {"status": "gevoerd", "at": f"{clock.now():%Y-%m-%dT%H:%M}", "notes": "Klik"}
        address = url(moment.candidate, f"contact/{moment.pk}/")
        assert browser(staff(Role.BACKOFFICE)).post(address, data).status_code == 404
        assert browser(staff(Role.WERKMAKELAAR)).post(address, data).status_code == 409
        assert browser(broker).post(address, data).status_code == 302

    @pytest.mark.parametrize(
        "changes",
        [
            {"at": "9999-12-31T23:59"},
            {"at": "0001-01-01T00:00"},
            {"at": "gisteren"},
            {"kind": "x"},
            {"status": "gevoerd", "notes": ""},
        ],
    )
    def test_bad_moments_are_explained(self, browser, regisseur, changes: dict) -> None:
        data = {"kind": "intake", "status": "gepland", "at": f"{clock.now():%Y-%m-%dT%H:%M}"}
        answer = browser(regisseur).post(url(CandidateFactory(), "contact/"), data | changes)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert not ContactMoment.objects.exists()


class TestConsent:
    def test_R16_give_preview_and_withdraw(self, browser, regisseur) -> None:
        person = CandidateFactory(first_name="Noor", last_name="Bakker", email="noor@test.example")
        EmployerOrganisationFactory(name="Bouwbedrijf Salland")
        page = browser(regisseur)
        page.post(url(person, "toestemming/"), {"organisation": "Salland", "share_cv": "on", "channel": "gesprek"})
        consent = Consent.objects.get()
        preview = page.get(url(person, "toestemming/")).context["views"][0]
        assert preview.name == f"K-{person.pk}"
        assert preview.email == ""
        page.post(url(person, f"toestemming/{consent.pk}/intrekken/"))
        consent.refresh_from_db()
        assert not consent.is_valid

    def test_sharing_nothing_is_no_consent(self, browser, regisseur) -> None:
        EmployerOrganisationFactory(name="Bouwbedrijf Salland")
        data = {"organisation": "Salland", "channel": "gesprek"}
        answer = browser(regisseur).post(url(CandidateFactory(), "toestemming/"), data)
        assert "ten minste één onderdeel" in answer.content.decode()
        assert not Consent.objects.exists()

    def test_same_number_of_queries_with_many_consents(self, browser, regisseur, django_assert_num_queries) -> None:
        person = CandidateFactory()
        page = browser(regisseur)
        page.get(url(person, "toestemming/"))
        counts = []
        for total in (2, 8):
            while Consent.objects.count() < total:
                shares = {"share_cv": True, "share_portfolio": True, "share_support": True}
                actions.give_consent(person, EmployerOrganisationFactory(), channel="gesprek", by=regisseur, **shares)
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as queries:
                page.get(url(person, "toestemming/"))
            counts.append(len(queries))
        assert counts[0] == counts[1]


@pytest.mark.parametrize(("department", "asked"), [("maatwerq", True), ("jeugd", False), ("match", False)])
def test_foto_and_finance_are_not_missing_where_the_department_does_not_ask_them(
    browser, regisseur, department: str, asked: bool
) -> None:
    page, person = browser(regisseur), CandidateFactory()
    place = Department.objects.get(code=department)
    RegistrationFactory(candidate=person, status="TOEGEWEZEN", ended_at=clock.now(), department=place)
    shown = page.get(url(person)).content.decode()
    checklist = shown.split('class="checklist"')[1].split("</ul>")[0]
    for part in ("Foto", "Ondersteuning", "Financiën"):
        assert (part in checklist) is asked
        assert part in shown


def test_no_row_of_the_qfit_is_read_aloud_as_an_object(browser, regisseur) -> None:
    page, person = browser(regisseur), CandidateFactory()
    branch = Branch.objects.first()
    Interest.objects.create(candidate=person, branch=branch, strength=3)
    Ability.objects.create(candidate=person, kind="kennis", description="Lassen", level=3)
    WorkLimitation.objects.create(candidate=person, load="tillen", maximum=1)
    LabourProspect.objects.create(candidate=person, branch=branch, outlook="goed")
    shown = page.get(url(person, "qfit/")).content.decode()
    assert " object (" not in shown and f'Verwijderen<span class="visually-hidden"> {branch}</span>' in shown
