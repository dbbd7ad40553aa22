"""The Foto: filled in by life area, saving itself, merged; and how it goes there, which may stay empty (ADR 29)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts import verbs
from accounts.models import AuditEntry
from candidates import actions
from candidates.actions import SnapshotEdit
from candidates.models import LifeArea, LifeSnapshot
from tests.candidates.test_file import url
from tests.factories import CandidateFactory
from tests.screens import form_with
from topjob import clock

pytestmark = pytest.mark.django_db
BY_ITSELF = {"X-Requested-With": "XMLHttpRequest"}


class TestFoto:
    def test_saves_all_areas_in_one_go(self, browser, regisseur) -> None:
        person = CandidateFactory()
        areas = LifeArea.objects.all()
        data = {
            f"gebied-{area.pk}-{text}": f"{area.code} {text}"
            for area in areas
            for text in ("past", "present", "wanted")
        }
        browser(regisseur).post(url(person, "foto/"), data)
        assert LifeSnapshot.objects.count() == 9
        assert all(row.is_complete for row in LifeSnapshot.objects.all())

    def test_is_read_once_it_is_whole_and_changed_when_somebody_asks(self, browser, regisseur) -> None:
        person, page = CandidateFactory(), browser(regisseur)
        address = url(person, "foto/")
        assert "<textarea" in page.get(address).content.decode()
        for area in LifeArea.objects.all():
            actions.save_snapshot(person, area, past="Thuis", present="Bij oma", wanted="Eigen kamer", by=regisseur)
        text = page.get(address).content.decode()
        assert "<textarea" not in text and text.count('class="slope"') == text.count("Eigen kamer") == 9
        assert '<svg viewBox="0 0 300 60"' not in text and "<caption" not in text
        assert "<textarea" in page.get(address + "?bewerken=1").content.decode()

    def test_how_it_goes_may_stay_empty_and_is_drawn_from_two_moments_on(self, browser, regisseur) -> None:
        person, page = CandidateFactory(), browser(regisseur)
        first, second, *others = LifeArea.objects.all()
        for area in (first, second, *others):
            actions.save_snapshot(person, area, past="Thuis", present="Bij oma", wanted="Eigen kamer", by=regisseur)
        names = [f"gebied-{first.pk}-past_going", f"gebied-{first.pk}-wanted_going", f"gebied-{second.pk}-past_going"]
        address = url(person, "foto/")
        opened = form_with(page.get(address + "?bewerken=1"), names[0])
        assert page.post(address, opened | dict(zip(names, ("2", "5", "3"), strict=True))).status_code == 302
        row = person.snapshots.get(area=first)
        assert (row.past_going, row.present_going, row.wanted_going, row.present) == (2, None, 5, "Bij oma")
        text = page.get(address).content.decode()
        assert text.count('class="slope"') == 9 and text.count('<path class="ahead" d="M50 41L250 8" />') == 1
        assert "<b>2</b> gaat moeizaam" in text and "<b>3</b> gaat wel" not in text
        again = form_with(page.get(address + "?bewerken=1"), names[0])
        assert again[names[0]] in ("2", ["2"]) and page.post(address, again | {names[0]: ""}).status_code == 302
        assert person.snapshots.get(area=first).past_going is None

    def test_how_it_goes_is_logged_and_merged_as_the_words_are(self, browser, regisseur) -> None:
        person, area = CandidateFactory(), LifeArea.objects.first()
        page, address = browser(regisseur), url(person, "foto/")
        going, words = f"gebied-{area.pk}-present_going", f"gebied-{area.pk}-present"
        opened = form_with(page.get(address), going)
        actions.save_snapshots(person, [SnapshotEdit(area.pk, "present_going", None, 2)], by=regisseur)
        assert AuditEntry.objects.get(verb=verbs.FOTO_CHANGED).details["area"] == area.pk
        assert page.post(address, opened | {words: "Bij oma"}).status_code == 302
        assert (LifeSnapshot.objects.get().present, LifeSnapshot.objects.get().present_going) == ("Bij oma", 2)
        answer = page.post(address, opened | {words: "Bij oma", going: "4"})
        assert "“2: gaat moeizaam”; hier ingevuld: “4: gaat goed”" in answer.content.decode()
        assert LifeSnapshot.objects.get().present_going == 2

    @pytest.mark.parametrize("figure", ["0", "6", "x", "-1", "9" * 30])
    def test_how_it_goes_is_one_of_five(self, browser, regisseur, figure: str) -> None:
        person, area = CandidateFactory(), LifeArea.objects.first()
        sent = {f"gebied-{area.pk}-past_going": figure, f"gebied-{area.pk}-past": "Bij oma"}
        answer = browser(regisseur).post(url(person, "foto/"), sent)
        assert answer.status_code == 200 and "Bij oma" in answer.content.decode()
        assert not LifeSnapshot.objects.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            LifeSnapshot.objects.create(candidate=person, area=area, past_going=6, updated_at=clock.now())

    def test_saves_by_itself_and_answers_with_the_new_start(self, browser, regisseur) -> None:
        person, area = CandidateFactory(), LifeArea.objects.first()
        name = f"gebied-{area.pk}-present"
        page = browser(regisseur)
        sent = form_with(page.get(url(person, "foto/")), name) | {name: "Woont\r\nbij ouders"}
        answer = page.post(url(person, "foto/"), sent, headers=BY_ITSELF)
        assert set(answer.json()) == {"saved_at", "fields"}
        assert LifeSnapshot.objects.get().present == "Woont\nbij ouders"
        again = sent | answer.json()["fields"] | {name: "Woont\r\nnu alleen"}
        assert page.post(url(person, "foto/"), again, headers=BY_ITSELF).status_code == 200
        assert LifeSnapshot.objects.get().present == "Woont\nnu alleen"

    def test_two_writers_merge_and_the_same_text_shows_both(self, browser, regisseur) -> None:
        person, area = CandidateFactory(), LifeArea.objects.first()
        page, address = browser(regisseur), url(person, "foto/")
        now, wanted = f"gebied-{area.pk}-present", f"gebied-{area.pk}-wanted"
        opened = form_with(page.get(address), now)
        actions.save_snapshot(person, area, past="", present="Van een collega", wanted="", by=regisseur)
        assert page.post(address, opened | {wanted: "Eigen kamer"}).status_code == 302
        row = LifeSnapshot.objects.get()
        assert (row.present, row.wanted) == ("Van een collega", "Eigen kamer")
        clash = page.post(address, opened | {now: "Van mij"}, headers=BY_ITSELF)
        assert clash.status_code == 409 and "iemand anders" in clash.json()["why"]
        answer = page.post(address, opened | {now: "Van mij"})
        text = answer.content.decode()
        assert "“Van een collega”; hier ingevuld: “Van mij”" in text and f"{area}, Nu:" in text
        assert LifeSnapshot.objects.get().present == "Van een collega"
        assert page.post(address, form_with(answer, now)).status_code == 302
        assert LifeSnapshot.objects.get().present == "Van mij"

    @pytest.mark.parametrize("text", ["x" * 5001])
    def test_bad_text_is_explained(self, browser, regisseur, text: str) -> None:
        person, area = CandidateFactory(), LifeArea.objects.first()
        answer = browser(regisseur).post(url(person, "foto/"), {f"gebied-{area.pk}-past": text})
        assert answer.status_code == 200
        assert "invalid-feedback" in answer.content.decode()
        assert not LifeSnapshot.objects.exists()
