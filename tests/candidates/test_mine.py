"""The candidate's own pages: only the own data."""

from __future__ import annotations

import pytest

from accounts import verbs
from accounts.models import AuditEntry, Role
from candidates import actions
from candidates.models import Candidate, Consent
from tests.candidates.test_uploads import PDF, upload
from tests.factories import CandidateFactory, EmployerOrganisationFactory, staff

pytestmark = pytest.mark.django_db
PAGES = ("/mijn/gegevens/", "/mijn/cv/", "/mijn/portfolio/", "/mijn/toestemming/")


@pytest.fixture
def me(db) -> Candidate:
    return CandidateFactory(with_login=True)


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_the_candidate_only(browser, me, page: str) -> None:
    assert browser(me.user).get(page).status_code == 200
    assert browser(staff(Role.REGISSEUR)).get(page).status_code == 404


def test_corrects_own_data_but_not_the_birth_date(browser, me) -> None:
    page = browser(me.user)
    form = page.get("/mijn/gegevens/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    page.post("/mijn/gegevens/", data | {"city": "Olst", "postcode": "8121aa", "birth_date": "2000-01-01"})
    fresh = Candidate.objects.get()
    assert (fresh.city, fresh.postcode, fresh.birth_date) == ("Olst", "8121 AA", me.birth_date)
    log = AuditEntry.objects.get(verb=verbs.PERSON_CHANGED)
    assert (log.actor, log.party) == (me.user, "jongere")


def test_gender_is_told_why_and_may_stay_unsaid(browser, me) -> None:
    page = browser(me.user)
    first = page.get("/mijn/gegevens/")
    assert me.gender == "onbekend"
    assert "Je hoeft dit niet te zeggen" in first.content.decode()
    form = first.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    page.post("/mijn/gegevens/", data | {"gender": "vrouw"})
    assert Candidate.objects.get().gender == "vrouw"
    page.post("/mijn/gegevens/", {name: value for name, value in data.items() if name != "gender"} | {"city": "Olst"})
    assert (Candidate.objects.get().gender, Candidate.objects.get().city) == ("vrouw", "Olst")
    form = page.get("/mijn/gegevens/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    page.post("/mijn/gegevens/", data | {"gender": "onbekend"})
    assert Candidate.objects.get().gender == "onbekend"


def test_must_stay_reachable(browser, me) -> None:
    data = {"first_name": "Noor", "last_name": "Bakker", "phone": "", "email": ""}
    answer = browser(me.user).post("/mijn/gegevens/", data)
    assert "telefoonnummer of een e-mailadres" in answer.content.decode()


def test_cv_rows(browser, me) -> None:
    page = browser(me.user)
    page.post("/mijn/cv/ervaring/", {"role": "Vakkenvuller", "organisation": "Winkel", "started_on": "2024-01-01"})
    row = me.experiences.get()
    assert "Vakkenvuller" in page.get("/mijn/cv/").content.decode()
    assert "error-summary" in page.post("/mijn/cv/opleiding/", {"name": ""}).content.decode()
    assert page.post("/mijn/cv/beperking/", {}).status_code == 404
    page.post(f"/mijn/cv/ervaring/{row.pk}/verwijderen/")
    assert not me.experiences.exists()


def test_portfolio_upload_download_remove(browser, me, django_capture_on_commit_callbacks) -> None:
    page = browser(me.user)
    page.post("/mijn/portfolio/bestand/", {"title": "Muurtje", "kind": "portfolio", "file": upload(PDF)})
    row = me.documents.get()
    answer = page.get(f"/mijn/documenten/{row.pk}/")
    assert answer.getvalue() == PDF
    page.post(f"/mijn/documenten/{row.pk}/verwijderen/")
    assert not me.documents.exists()


def test_a_wrong_file_is_explained(browser, me) -> None:
    answer = browser(me.user).post("/mijn/cv/bestand/", {"title": "CV", "kind": "cv", "file": upload(b"MZ", "cv.pdf")})
    assert "Dit soort bestand kan niet" in answer.content.decode()


def test_R16_consent_by_the_candidate(browser, me) -> None:
    company = EmployerOrganisationFactory(name="Bouwbedrijf Salland")
    page = browser(me.user)
    page.post("/mijn/toestemming/", {"organisation": "bouwbedrijf salland", "share_cv": "on"})
    consent = Consent.objects.get()
    assert (consent.organisation, consent.channel, consent.recorded_by) == (company, "portaal", me.user)
    assert "Zo ziet de werkgever jou" in page.get("/mijn/toestemming/").content.decode()
    page.post(f"/mijn/toestemming/{consent.pk}/intrekken/")
    assert not Consent.objects.valid().exists()


def test_other_peoples_things_look_nonexistent(browser, me, regisseur) -> None:
    other = CandidateFactory()
    row = actions.add_document(other, upload=upload(PDF), kind="cv", title="CV", by=regisseur)
    consent = actions.give_consent(other, EmployerOrganisationFactory(), channel="gesprek", by=regisseur)
    page = browser(me.user)
    assert page.get(f"/mijn/documenten/{row.pk}/").status_code == 404
    assert page.post(f"/mijn/documenten/{row.pk}/verwijderen/").status_code == 404
    assert page.post(f"/mijn/toestemming/{consent.pk}/intrekken/").status_code == 404
    assert page.get(f"/personen/{me.pk}/").status_code == 404
