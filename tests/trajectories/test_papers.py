"""The same way of signing for every other document: made of the file, fixed when sent, signed by its own parties."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts import verbs
from accounts.models import AuditEntry, Role
from demo.walk import Team, Walk
from tests import factories
from tests.questions import ONE_THING
from tests.trajectories.conftest import Reach, make_walk, walk_to
from tests.trajectories.personal import run_outbox, sign_by_page, sign_page, token_in
from tests.trajectories.test_wages import WHO, fill
from topjob import clock, outbox
from topjob.errors import Refused
from topjob.models import OutboxMessage
from trajectories import actions, handlers, tasks
from trajectories.documents import making, papers
from trajectories.models import (
    AgreementKind,
    Contract,
    GeneratedDocument,
    Paper,
    PaperLine,
    PaperTemplate,
    PartyLink,
    PlanParty,
    Signature,
)
from trajectories.signing.statements import statements_for

pytestmark = pytest.mark.usefixtures("db")

Kind = Paper.Kind
YOUTH = "sem@post.example"


def render_lightly(paper: int) -> None:
    """A tiny document in place of the typeset one."""
    row = Paper.objects.get(pk=paper)
    document = making.store(row.trajectory, GeneratedDocument.Kind.PAPER, f"%PDF-1.7 paper {paper}".encode())
    actions.attach_document(row, document, by=row.created_by)


@pytest.fixture(autouse=True)
def light_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outbox.HANDLERS, "render_paper", render_lightly)


def make(walk: Walk, kind: str) -> Paper:
    with clock.at(walk.day, 19):
        subject = next(row for row in papers.subjects_of(walk.fresh()) if row.kind == kind)
        return actions.make_paper(walk.trajectory, kind=kind, subject_id=subject.pk, by=walk.team.regisseur)


def sent(walk: Walk, kind: str) -> Paper:
    paper = make(walk, kind)
    mail.outbox.clear()
    with clock.at(walk.day, 20):
        actions.send_paper(paper, by=walk.team.regisseur)
        run_outbox("render_paper", "send_link")
    return Paper.objects.with_parts().get(pk=paper.pk)


def address(walk: Walk, name: str, *args: object) -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk, *args])


# --- What can be put on paper ----------------------------------------------------------------------------------------
def test_each_contract_has_its_own_document() -> None:
    kinds = {
        (kind, holder): papers.kind_of(Contract(kind=kind, holder=holder))
        for kind in papers.CONTRACT_KINDS
        for holder in Contract.Holder
    }
    assert kinds[("leerwerk", "leerbedrijf")] == kinds[("leerwerk", "ander")] == Kind.LEARN_WORK
    assert kinds[("leerwerk", "maatwerq")] == Kind.FLEX
    assert kinds[("proef", "maatwerq")] == Kind.TRIAL_CONTRACT
    assert {kinds[(kind, "maatwerq")] for kind in ("detachering", "uitzenden", "overname")} == {
        Kind.SECONDMENT,
        Kind.AGENCY,
        Kind.TAKEOVER,
    }
    agreed = {papers.kind_of(Contract(kind="direct", agreement=row)) for row in AgreementKind.objects.all()}
    assert {kind for kind in Kind if kind.is_contract} == set(kinds.values()) | agreed


def test_what_is_not_there_yet_has_no_document(in_evaluation: Walk) -> None:
    walk = in_evaluation
    assert papers.subjects_of(walk.trajectory) == []
    with clock.at(walk.day), pytest.raises(Refused, match="nog geen document"):
        actions.make_paper(walk.trajectory, kind=Kind.EVALUATION, subject_id=1, by=walk.team.regisseur)


def test_another_persons_contract_is_no_subject(learning: Walk, team: Team, vacancy) -> None:
    contract = learning.trajectory.contracts.get()
    other = make_walk(team)
    with clock.at(learning.day), pytest.raises(Refused):
        actions.make_paper(other.trajectory, kind=Kind.LEARN_WORK, subject_id=contract.pk, by=team.regisseur)


def test_the_evaluation_says_what_everybody_said(learning: Walk) -> None:
    paper = make(learning, Kind.EVALUATION)
    said = {(line.section, line.label): line.text for line in paper.lines.all()}
    assert said[("Oordeel: jongere", "Verder samen")] == "ja"
    assert said[("Oordeel: werkgever", "Wat ging goed")] == "Het werk en de collega's."
    assert paper.summary == "Het besluit na de proefperiode is: door met leren en werken."
    assert set(paper.parties.values_list("party", flat=True)) == {"jongere", "werkgever", "jobcoach"}


def test_the_learn_work_contract_names_both_sides_and_no_probation(learning: Walk) -> None:
    paper = make(learning, Kind.LEARN_WORK)
    contract = learning.trajectory.contracts.get()
    texts = " ".join(paper.lines.values_list("text", flat=True))
    assert learning.candidate.full_name in texts
    assert contract.organisation.name in texts
    assert "Er is geen proeftijd" in texts
    assert f"{contract.hours_per_week} uur per week" in paper.summary
    assert set(paper.parties.values_list("party", flat=True)) == {"jongere", "werkgever"}
    employer = learning.fresh().signed_plan.parties.get(party="werkgever")
    assert paper.parties.get(party="werkgever").email == employer.email


def test_construction_2_has_a_contract_with_maatwerq(reach: Reach) -> None:
    walk = reach("PROEFPERIODE", construction="2")
    paper = make(walk, Kind.TRIAL_CONTRACT)
    assert set(paper.parties.values_list("party", flat=True)) == {"jongere", "werkgever", "maatwerq"}
    assert paper.parties.get(party="maatwerq").name == walk.team.regisseur.name


def test_the_loonwaarde_is_seen_not_agreed_with(in_evaluation: Walk) -> None:
    walk = in_evaluation.give_views()
    with clock.at(walk.day, 17):
        actions.record_wage_value(
            walk.fresh(), percentage=55, determined_by="gemeente", determined_on=walk.day, by=walk.team.regisseur
        )
    paper = make(walk, Kind.WAGE_VALUE)
    assert "55 procent" in paper.summary
    statements = statements_for(paper.parties.get(party="jongere"))
    assert "Ik heb dit gezien. Ben ik het er niet mee eens, dan kan ik dat laten weten." in statements


def test_r8_a_measured_loonwaarde_shows_the_tasks_and_both_views(client: Client, in_evaluation: Walk) -> None:
    walk = in_evaluation
    client.force_login(walk.team.regisseur)
    with clock.at(walk.day, 9):
        client.post(address(walk, "wage_start"))
        fill(walk, client)
        assert client.post(address(walk, "wage_finish"), WHO | {"klaar": "ja"}).status_code == 302
    paper = sent(walk, Kind.WAGE_VALUE)
    table = [(line.label, *line.cells) for line in paper.lines.all() if line.cells]
    assert table == [
        ("Hoofdtaak", "Deel", "Tempo", "Kwaliteit", "Netto werktijd", "Telt mee"),
        ("Straten", "60%", "70%", "90%", "100%", "37,80%"),
        ("Opruimen", "40%", "50%", "100%", "80%", "16,00%"),
    ]
    said = {(line.section, line.label): line.text for line in paper.lines.all()}
    assert "Samen is dat 53,8%, afgerond 54%." in said[("Zo is het gemeten", "")]
    assert said[("De loonwaarde", "Vergeleken met")] == "Medewerker GWW"
    assert "Tempo: Twee straten." in said[("Waaraan is dat te zien?", "Straten")]
    views = "Wat vinden het bedrijf en de jongere ervan?"
    assert said[(views, "Werkgever")].startswith("Eens met de bevindingen.")
    assert said[(views, "Jongere")].startswith("Niet eens") and "Ik werk harder." in said[(views, "Jongere")]
    with clock.at(walk.day, 21):
        page = client.get(sign_page(token_in(mail.outbox, YOUTH))).content.decode()
    assert '<td class="num" data-label="Kwaliteit">90%</td>' in page
    assert "Ik werk harder." in page
    text = " ".join(PdfReader(io.BytesIO(making.render_paper(paper))).pages[0].extract_text().split())
    assert "Straten 60% 70% 90% 100% 37,80%" in text


def test_r5_a_paper_keeps_the_texts_it_was_made_with(client: Client, learning: Walk) -> None:
    paper = make(learning, Kind.LEARN_WORK)
    first = paper.template.number
    before = list(paper.lines.values_list("text", flat=True))
    beheerder = factories.staff(Role.BEHEERDER)
    with clock.at(learning.day, 19):
        for n, day in ((1, clock.today()), (2, clock.today() + timedelta(days=1))):
            texts = {"opening": f"Nieuw {n}: {{naam}}.", "clauses": "# Duur\nTot {einde}.\n\nProef: {proeftijd}."}
            actions.add_texts(PaperTemplate(kind=Kind.LEARN_WORK, valid_from=day, **texts), by=beheerder)
    assert list(paper.lines.values_list("text", flat=True)) == before
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        page = client.get(address(learning, "paper", paper.pk)).content.decode()
        assert f"Met versie {first} van de teksten" in page
        actions.send_paper(paper, by=learning.team.regisseur)
        with pytest.raises(DatabaseError, match="R5"), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(template=PaperTemplate.objects.get(kind="direct", number=1))
        actions.withdraw_paper(paper, reason="Andere tekst.", by=learning.team.regisseur)
    again = make(learning, Kind.LEARN_WORK)
    assert again.template.number == first + 1
    said = [line.text for line in again.lines.all() if line.section in ("", "Duur")]
    assert said[0] == "Nieuw 1: Sem Bakker."
    assert said[1].startswith("Tot ") and len(said) == 2


def test_a_paper_from_before_the_texts_had_versions_is_shown_as_it_is(client: Client, learning: Walk) -> None:
    paper = make(learning, Kind.LEARN_WORK)
    PaperLine.objects.filter(paper=paper).delete()
    Paper.objects.filter(pk=paper.pk).update(template=None)
    PaperLine.objects.create(paper=paper, section="Wie", label="Werknemer", text="Sem Bakker")
    for text in ("Het contract duurt tot het einde van de opleiding.", "Er is geen proeftijd."):
        PaperLine.objects.create(paper=paper, section="Afspraken", text=text)
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        page = client.get(address(learning, "paper", paper.pk)).content.decode()
    assert '<p class="text-lines">Er is geen proeftijd.</p>' in page
    assert "van de teksten" not in page


def test_r4_under_18_a_representative_signs_this_too(team: Team, vacancy, light_pdf: None) -> None:
    walk = make_walk(team, birth_date=date(2009, 1, 1), stream=1)
    walk_to(walk, vacancy, "STARTPLAN").draft_plan().send_plan().sign().permit().start_trial()
    walk.open_evaluation().give_views().settle_wage_value().continue_learning(12)
    paper = make(walk, Kind.LEARN_WORK)
    assert paper.parties.get(party="vertegenwoordiger").name == "Ans Bakker"
    read = statements_for(paper.parties.get(party="vertegenwoordiger"))[0]
    assert read == "Ik heb dit document gelezen. Ik ben de ouder of voogd van Sem Bakker."


def test_a_subject_is_put_on_paper_once(learning: Walk) -> None:
    paper = make(learning, Kind.LEARN_WORK)
    with pytest.raises(Refused, match="al"):
        make(learning, Kind.LEARN_WORK)
    with clock.at(learning.day, 20):
        actions.withdraw_paper(paper, reason="Uren kloppen niet.", by=learning.team.regisseur)
    assert make(learning, Kind.LEARN_WORK).pk != paper.pk


# --- Signing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.EVALUATION, Kind.LEARN_WORK])
def test_everybody_signs_by_link_and_code(client: Client, learning: Walk, kind: str) -> None:
    paper = sent(learning, kind)
    assert paper.document is not None
    parties = list(paper.parties.all())
    assert len(mail.outbox) == len(parties)
    with clock.at(learning.day, 21):
        for party in parties:
            token = token_in(mail.outbox, party.email)
            page = client.get(sign_page(token)).content.decode()
            assert paper.summary in page.replace("&#x27;", "'")
            assert paper.get_kind_display() in page
            assert sign_by_page(client, token).status_code == 302
        done = client.get(sign_page(token)).content.decode()
    assert "Iedereen heeft getekend." in done
    paper.refresh_from_db()
    assert paper.status == Paper.Status.SIGNED
    signatures = Signature.objects.filter(paper=paper)
    assert {row.document_sha256 for row in signatures} == {paper.document.sha256}
    assert all(len(row.statements) >= 3 and row.method == "code" for row in signatures)
    assert AuditEntry.objects.filter(verb=verbs.SIGN_PAPER, details__paper=paper.pk).count() == len(parties)
    assert not AuditEntry.objects.filter(verb=verbs.SIGN, details__has_key="paper").exists()
    assert OutboxMessage.objects.filter(handler="render_signed_paper").count() == 1


def test_the_pdf_comes_first_and_the_signed_one_after(
    client: Client, learning: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real typesetting, and once however often it is delivered."""
    monkeypatch.setitem(outbox.HANDLERS, "render_paper", handlers.render_paper)
    paper = sent(learning, Kind.EVALUATION)
    assert making.read(paper.document).startswith(b"%PDF")
    with clock.at(learning.day, 21):
        for party in paper.parties.all():
            sign_by_page(client, token_in(mail.outbox, party.email))
        token = token_in(mail.outbox, YOUTH)
        mail.outbox.clear()
        run_outbox("render_signed_paper", "mail_signed")
        for _again in range(2):
            handlers.render_paper(paper=paper.pk)
            handlers.render_signed_paper(paper=paper.pk)
        download = client.get(sign_page(token, "sign_document"))
    paper = Paper.objects.get(pk=paper.pk)
    assert making.fingerprint(download.getvalue()) == paper.signed_document.sha256 != paper.document.sha256
    assert "evaluatie-getekend.pdf" in download["Content-Disposition"]
    assert len(mail.outbox) == 3
    assert mail.outbox[0].subject == "Iedereen heeft getekend: Evaluatieverslag van Sem Bakker"
    assert GeneratedDocument.objects.filter(kind__startswith="document").count() == 2


def test_declining_and_resending_and_reminding_work_the_same(client: Client, learning: Walk) -> None:
    paper = sent(learning, Kind.LEARN_WORK)
    token = token_in(mail.outbox, YOUTH)
    with clock.at(learning.day, 21):
        page = client.post(sign_page(token, "sign_decline"), {"reason": "De uren kloppen niet."}, follow=True)
        assert "De uren kloppen niet." in page.content.decode()
        assert AuditEntry.objects.latest("pk").verb == verbs.DECLINE_PAPER
        client.force_login(learning.team.regisseur)
        staff = client.get(address(learning, "paper", paper.pk)).content.decode()
        assert "tekent niet: De uren kloppen niet." in staff
        link = PartyLink.objects.get(paper=paper, party__party="jongere")
        assert client.post(address(learning, "link_resend", link.pk)).status_code == 302
        run_outbox("send_link")
    fresh = token_in(mail.outbox, YOUTH)
    assert fresh != token
    learning.later(3)
    with clock.at(learning.day, 10):
        tasks.remind_parties()
        run_outbox("send_link")
        assert mail.outbox[-1].subject.startswith("Herinnering: ")
        assert sign_by_page(client, token_in(mail.outbox, YOUTH)).status_code == 302


def test_withdrawing_closes_the_links(client: Client, learning: Walk) -> None:
    paper = sent(learning, Kind.LEARN_WORK)
    token = token_in(mail.outbox, YOUTH)
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 21):
        url = address(learning, "paper_withdraw", paper.pk)
        assert "verplicht" in client.post(url, {}).content.decode()
        assert client.post(url, {"reason": "Andere uren."}).status_code == 302
        assert client.get(sign_page(token)).status_code == 410
        assert client.post(url, {"reason": "Nog eens."}).status_code == 409
    assert AuditEntry.objects.get(verb="withdraw_paper").text.text == "Andere uren."


def test_paper_on_paper(learning: Walk) -> None:
    """A contract can be signed on paper as well."""
    paper = make(learning, Kind.LEARN_WORK)
    PlanParty.objects.filter(paper=paper).update(on_paper=True)
    with clock.at(learning.day, 20):
        actions.send_paper(paper, by=learning.team.regisseur)
        run_outbox("render_paper")
        colleague = factories.staff(Role.PERSONEEL)
        for party in PlanParty.objects.filter(paper=paper):
            file = SimpleUploadedFile("contract.pdf", factories.pdf_file())
            scan = actions.upload_scan(party, file, signed_on=learning.day, by=learning.team.regisseur)
            actions.confirm_scan(scan, by=colleague)
    assert Paper.objects.get(pk=paper.pk).status == Paper.Status.SIGNED
    assert not PartyLink.objects.filter(paper=paper).exists()


def test_a_signature_under_another_document_is_refused(client: Client, learning: Walk) -> None:
    """Raw SQL can't move the youth's signature from one paper to another."""
    first, second = sent(learning, Kind.LEARN_WORK), sent(learning, Kind.EVALUATION)
    with clock.at(learning.day, 21):
        sign_by_page(client, token_in(mail.outbox, YOUTH))
    row = Signature.objects.get(paper=second)
    row.pk, row.paper, row.link, row.code = None, first, None, None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


# --- Fixed -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trajectories_paper SET summary = 'anders' WHERE id = %s",
        "UPDATE trajectories_paper SET status = 'concept' WHERE id = %s",
        "UPDATE trajectories_paper SET document_id = NULL WHERE id = %s",
        "DELETE FROM trajectories_paper WHERE id = %s",
        "UPDATE trajectories_paperline SET text = 'anders' WHERE paper_id = %s",
        "DELETE FROM trajectories_paperline WHERE paper_id = %s",
        "INSERT INTO trajectories_paperline (paper_id, section, label, text) VALUES (%s, 'x', 'x', 'erbij')",
        "UPDATE trajectories_planparty SET phone = '+31612345679' WHERE paper_id = %s",
        "UPDATE trajectories_planparty SET paper_id = NULL WHERE paper_id = %s",
    ],
)
def test_r5_a_sent_paper_never_changes(learning: Walk, statement: str) -> None:
    paper = sent(learning, Kind.LEARN_WORK)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [paper.pk])


def test_r5_the_file_may_change_the_paper_stays(learning: Walk) -> None:
    paper = sent(learning, Kind.LEARN_WORK)
    before = list(paper.lines.values_list("text", flat=True))
    Contract.objects.update(hours_per_week=20, training_hours=0)
    assert list(PaperLine.objects.filter(paper=paper).values_list("text", flat=True)) == before
    assert "32 uur per week" in statements_for(paper.parties.get(party="jongere"))[1]


@pytest.mark.parametrize("verb", ["make_paper", "send_paper", "withdraw_paper", "set_signer"])
def test_every_step_is_all_or_nothing(learning: Walk, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    paper = make(learning, Kind.LEARN_WORK) if verb != "make_paper" else None

    def fails(*args: object, **options: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("trajectories.actions.papers.log", fails)
    by = learning.team.regisseur
    with clock.at(learning.day, 20), pytest.raises(RuntimeError):
        if verb == "make_paper":
            make(learning, Kind.LEARN_WORK)
        elif verb == "set_signer":
            actions.set_signer(paper, "jongere", name="Ander", by=by)
        elif verb == "send_paper":
            actions.send_paper(paper, by=by)
        else:
            actions.withdraw_paper(paper, reason="Nee.", by=by)
    assert [row.status for row in Paper.objects.all()] == ([] if paper is None else ["concept"])
    assert not PlanParty.objects.filter(name="Ander").exists()


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_the_pages_make_complete_and_send(client: Client, learning: Walk) -> None:
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        text = client.get(address(learning, "papers")).content.decode()
        assert "Leerwerkcontract maken" in " ".join(text.split())
        assert "Startplan, versie 1" in " ".join(text.split())
        contract = learning.trajectory.contracts.get()
        url = address(learning, "paper_make", Kind.LEARN_WORK, contract.pk)
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == 302
        assert client.post(url).status_code == 409
        paper = Paper.objects.get()
        PlanParty.objects.filter(paper=paper, party="werkgever").update(phone="")
        page = client.get(address(learning, "paper", paper.pk)).content.decode()
        assert "Voor de code om te tekenen is een mobiel nummer" in page
        assert client.post(address(learning, "paper_send", paper.pk)).status_code == 409
        party = address(learning, "paper_party", paper.pk, "werkgever")
        assert client.get(party).status_code == 200
        data = {"name": "Karin Bos", "email": "karin@bedrijf.example", "phone": "0620000001"}
        assert client.post(party, data).status_code == 302
        assert client.post(address(learning, "paper_send", paper.pk)).status_code == 302
        assert client.post(party, data).status_code == 404
        assert client.get(address(learning, "paper_party", paper.pk, "jobcoach")).status_code == 404
    assert Paper.objects.get().status == Paper.Status.SENT


def test_r16_who_sees_a_paper(client: Client, learning: Walk) -> None:
    paper = sent(learning, Kind.LEARN_WORK)
    url = reverse("trajectories:document", args=[paper.document_id])
    company = factories.representative(paper.organisation)
    stranger = factories.representative(factories.EmployerOrganisationFactory())
    elsewhere = factories.staff(Role.REGISSEUR, region_code="29")
    for user, status in ((company, 200), (stranger, 404), (elsewhere, 404), (learning.team.regisseur, 200)):
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == status, user
        assert answer.getvalue().startswith(b"%PDF") == (status == 200)  # reads to the end, which closes the file
        if status == 404:
            for page in (address(learning, "papers"), address(learning, "paper", paper.pk)):
                assert client.get(page).status_code == 404


def test_the_page_of_a_document_asks_few_queries(client: Client, learning: Walk) -> None:
    paper = sent(learning, Kind.LEARN_WORK)
    token = token_in(mail.outbox, paper.parties.get(party="jongere").email)
    with clock.at(learning.day, 21):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(sign_page(token)).status_code == 200
        assert len(asked) <= 9
        client.force_login(learning.team.regisseur)
        page = address(learning, "paper", paper.pk)
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        assert len(asked) <= ONE_THING


def test_the_list_asks_a_constant_number_of_queries(
    client: Client, learning: Walk, django_assert_max_num_queries
) -> None:
    make(learning, Kind.LEARN_WORK)
    make(learning, Kind.EVALUATION)
    client.force_login(learning.team.regisseur)
    with clock.at(learning.day, 20):
        client.get(address(learning, "papers"))
        with django_assert_max_num_queries(ONE_THING):
            client.get(address(learning, "papers"))
