"""What is picked by text is the row that was meant: never silently the first of a name."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts import verbs
from accounts.models import AuditEntry, Client, Organisation, Role
from candidates.forms.file import ConsentForm, FinanceForm
from candidates.models import Consent
from employers.models import LearnWorkProject
from matching.forms import SkillsField
from matching.models import Skill
from tests import factories
from trajectories.forms.cases import GuideField

pytestmark = pytest.mark.django_db
ASKED = "Welke bedoel je? Kies er een uit de lijst."


@pytest.fixture
def bakeries() -> list[Organisation]:
    return [
        factories.EmployerFactory(
            organisation__name="Bakkerij De Bug", organisation__city=city, organisation__kvk_number=number
        ).organisation
        for city, number in (("Zwolle", "12345678"), ("Deventer", ""))
    ]


def consent(organisation: str, choice: object = "") -> dict[str, object]:
    return {"organisation": organisation, "organisation_keuze": choice, "channel": "gesprek", "share_cv": "on"}


def test_R16_consent_to_share_goes_to_the_company_that_was_meant_and_not_to_its_namesake(client, bakeries) -> None:
    """Without JavaScript: the question lists both, nothing typed is lost, and the answer is an id."""
    person = factories.CandidateFactory()
    client.force_login(factories.staff(Role.REGISSEUR))
    url = reverse("candidates:consents", args=[person.pk])
    asked = client.post(url, consent("bakkerij de bug"))
    page = asked.content.decode()
    assert not Consent.objects.exists()
    assert asked.context["form"].errors["organisation"] == [ASKED]
    assert "Bakkerij De Bug, Zwolle (KvK 12345678)" in page
    assert f"Bakkerij De Bug, Deventer (nr. {bakeries[1].pk})" in page
    assert 'value="bakkerij de bug"' in page and page.count('type="radio" name="organisation_keuze"') == 2
    given = client.post(url, consent("bakkerij de bug", bakeries[1].pk), follow=True)
    assert Consent.objects.get().organisation == bakeries[1]
    assert given.content.decode().count("Bakkerij De Bug, Deventer") >= 2


def test_R16_a_candidate_is_asked_which_company_and_sees_its_place(client, bakeries) -> None:
    user = factories.candidate_user()
    factories.CandidateFactory(user=user)
    client.force_login(user)
    url = reverse("candidates:my_consents")
    assert ASKED in client.post(url, consent("Bakkerij de Bug")).content.decode()
    page = client.post(url, consent("Bakkerij de Bug", bakeries[0].pk), follow=True).content.decode()
    assert Consent.objects.get().organisation == bakeries[0]
    assert "Bakkerij De Bug, Zwolle mag nu zien wat je hebt gekozen." in page


def field_value(text: str, choice: object = "") -> tuple[Organisation | None, ConsentForm]:
    form = ConsentForm(consent(text, choice))
    form.is_valid()
    return form.cleaned_data.get("organisation"), form


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Bakkerij De Bug, Zwolle (KvK 12345678)", "Zwolle"),
        ("12345678", "Zwolle"),
        ("de bug zwolle", "Zwolle"),
        ("bug deventer", "Deventer"),
        ("bakkrij deventer", ""),
        ("Bakkerij De Bug", ""),
        ("Bakkerij De Bug, Deventer (KvK 12345678)", ""),
        ("Bakkerij Bestaat Niet", ""),
    ],
)
def test_a_text_picks_a_company_only_when_it_can_mean_one(bakeries, text: str, place: str) -> None:
    picked, form = field_value(text)
    assert (picked.city if picked else "") == place
    assert bool(picked) != bool(form.errors.get("organisation"))


def test_a_choice_that_no_longer_goes_with_the_text_is_not_taken(bakeries) -> None:
    other = factories.EmployerOrganisationFactory(name="Slagerij Vos")
    assert field_value("Slagerij Vos", bakeries[0].pk)[0] == other
    assert field_value("Bakkerij De Bug", other.pk)[0] is None
    assert field_value("Bakkerij De Bug", "1 OR 1=1")[0] is None


def test_what_was_chosen_stays_chosen_when_another_field_is_wrong(bakeries) -> None:
    form = ConsentForm({"organisation": "bakkerij de bug", "organisation_keuze": bakeries[1].pk, "channel": "gesprek"})
    assert list(form.errors) == ["share_contact"]
    shown = str(form["organisation"])
    assert f"Bakkerij De Bug, Deventer (nr. {bakeries[1].pk})" in shown
    assert field_value(f"Bakkerij De Bug, Deventer (nr. {bakeries[1].pk})")[0] == bakeries[1]


def test_an_inactive_namesake_is_not_offered(bakeries) -> None:
    Organisation.objects.filter(pk=bakeries[0].pk).update(is_active=False)
    assert field_value("Bakkerij De Bug")[0] == bakeries[1]


def test_every_field_that_picks_by_name_asks_too(client, bakeries) -> None:
    for city in ("Ommen", "Dalfsen"):
        factories.ClientFactory(name="Stichting Kans", city=city)
    finance = FinanceForm({"client": "stichting kans"})
    assert finance.errors["client"] == [ASKED]
    assert str(finance["client"]).count("radio") == 2
    assert Client.objects.count() >= 2
    client.force_login(factories.staff(Role.WERKMAKELAAR))
    sample = LearnWorkProject.objects.get(name="BinQ-2")
    data = {"name": "Nieuw", "branch": sample.branch_id, "stream": sample.stream_id, "training_months": 18}
    response = client.post(reverse("employers:project_add"), data | {"employer": "bakkerij de bug"})
    assert response.context["form"].errors["employer"] == [ASKED]
    picked = {"employer": "bakkerij de bug", "employer_keuze": bakeries[1].employer.pk}
    client.post(reverse("employers:project_add"), data | picked)
    assert LearnWorkProject.objects.get(name="Nieuw").employer.organisation == bakeries[1]


def test_suggestions_are_told_apart(client, bakeries) -> None:
    client.force_login(factories.staff(Role.REGISSEUR))
    page = client.get(reverse("candidates:employer_options"), {"organisation": "bakkrij"}).content.decode()
    assert "Bakkerij De Bug, Zwolle (KvK 12345678)" in page and "Deventer" in page


def test_colleagues_of_one_name_are_told_apart() -> None:
    first, second, third = (factories.staff(Role.REGISSEUR) for _ in range(3))
    for user, name in ((first, "Jan Jansen"), (second, "Jan Jansen"), (third, "Els Eén")):
        user.name = name
        user.save()
    field = GuideField(Role.REGISSEUR)
    field.offer(first.memberships.get().region)
    labels = [str(label) for _value, label in field.choices]
    assert f"Jan Jansen ({first.email})" in labels and f"Jan Jansen ({second.email})" in labels and "Els Eén" in labels


def test_competences_that_differ_in_capitals_only_are_not_taken_for_each_other() -> None:
    lower, upper = Skill.objects.create(name="it beheren"), Skill.objects.create(name="IT beheren")
    field = SkillsField()
    assert field.clean([("IT beheren", "3")]) == [(upper.pk, 3)]
    assert field.clean([("it beheren", "3")]) == [(lower.pk, 3)]
    with pytest.raises(Exception, match="Misschien"):
        field.clean([("It Beheren", "3")])


def test_the_log_says_which_of_two_companies(client, bakeries) -> None:
    person = factories.CandidateFactory()
    client.force_login(factories.staff(Role.REGISSEUR))
    client.post(reverse("candidates:consents", args=[person.pk]), consent("de bug deventer"))
    assert AuditEntry.objects.get(verb=verbs.CONSENT_GIVEN).details["organisation"] == bakeries[1].pk
    client.force_login(factories.staff(Role.BEHEERDER))
    assert f"Bakkerij De Bug, Deventer (nr. {bakeries[1].pk})" in client.get(reverse("accounts:log")).content.decode()
