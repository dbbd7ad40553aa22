"""The demo's page: log in as anybody, let time pass, read the mails."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Role, User
from demo import mailbox, people
from tests.accounts.people import person
from topjob import clock, mail
from topjob.dates import nl_date

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def movable_clock(settings, tmp_path):
    settings.CLOCK_FILE = str(tmp_path / "clock")


@pytest.fixture
def mail_dir(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    return settings.EMAIL_FILE_PATH


def test_staff_one_per_role_made_once():
    people.make_staff()
    count = User.objects.count()
    made = people.make_staff()
    assert User.objects.count() == count
    roles = {role for user in made.values() for role in user.roles}
    assert roles == set(Role) - {Role.WERKGEVER, Role.KANDIDAAT}
    assert made["tweerollen"].roles == {Role.FRONTOFFICE, Role.BACKOFFICE}
    assert made["regisseur"].check_password(people.DEMO_PASSWORD)


def test_the_logins_are_printed_per_role(settings):
    out = StringIO()
    call_command("logins", stdout=out)
    assert "demo_data" in out.getvalue()
    people.make_staff()
    call_command("logins", stdout=out)
    assert "regisseur@demo.example, regisseur2@demo.example" in out.getvalue()
    assert "Frontoffice + Backoffice" in out.getvalue() and people.DEMO_PASSWORD in out.getvalue()
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("logins")


def test_one_click_logs_in(client):
    regisseur = people.make_staff()["regisseur"]
    page = client.get(reverse("demo:home")).content.decode()
    assert reverse("demo:login", args=[regisseur.pk]) in page
    response = client.post(reverse("demo:login", args=[regisseur.pk]))
    assert response.url == "/" and client.session["_auth_user_id"] == str(regisseur.pk)


def test_only_the_demos_own_people(client):
    outsider = person(Role.BEHEERDER)
    assert client.post(reverse("demo:login", args=[outsider.pk])).status_code == 404
    assert "_auth_user_id" not in client.session


def test_nobody_whom_a_visitor_made_is_in_the_list_of_logins(client):
    people.make_staff()
    made = person(Role.REGISSEUR)
    User.objects.filter(pk=made.pk).update(email=people.address("verzonnen"), name="Vera Verzonnen")
    assert "Vera Verzonnen" not in client.get(reverse("demo:home")).content.decode()
    assert client.post(reverse("demo:login", args=[made.pk])).status_code == 404


def test_the_demos_page_says_what_each_role_does_all_day(client):
    people.make_staff()
    groups = people.logins_per_role()
    page = client.get(reverse("demo:home")).content.decode()
    assert len({str(group.daily_work) for group in groups}) == len(groups)
    assert [str(group.daily_work) for group in groups if str(group.daily_work) not in page] == []
    assert set(people.DAILY_WORK) == set(Role)


def test_a_stranger_in_the_demo_lands_on_its_page_and_elsewhere_on_the_login(client, settings):
    assert client.get("/").url == "/inloggen/?next=/"
    settings.TOPJOB_MODE = "demo"
    assert client.get("/").url == reverse("demo:home")
    assert client.get("/trajecten/").url.startswith("/inloggen/")


def test_the_page_says_which_login_has_a_second_step(client):
    people.make_staff()
    page = client.get(reverse("demo:home")).content.decode()
    beside = page.index("tweestappen@demo.example")
    assert page.count("Deze login laat de tweede stap zien") == 1
    assert beside < page.index("Deze login laat de tweede stap zien") < page.index("beheerder@demo.example")


def test_the_guided_walk_goes_on_for_who_logs_in_and_only_to_a_page_of_ours(client):
    made = people.make_staff()
    here = reverse("demo:tour", args=[1])
    assert client.get(here).status_code == 200
    page = client.post(reverse("demo:login", args=[made["frontoffice"].pk]), {"next": "/aanmeldingen/"})
    assert page.url == "/aanmeldingen/"
    assert "Stap 1 van" in client.get(page.url).content.decode()
    page = client.post(reverse("demo:login", args=[made["regisseur"].pk]), {"next": "https://elders.example/"})
    assert page.url == "/" and "Stap 1 van" in client.get("/").content.decode()
    client.post(reverse("demo:tour_leave"))
    assert "Stap 1 van" not in client.get("/").content.decode()


def test_the_guided_walk_exists_in_the_demo_only(client, settings):
    assert client.get("/demo/rondleiding/0/").status_code == client.get("/demo/rondleiding/99/").status_code == 404
    # Nobody stands there yet: it says so.
    assert "Er is nu niemand die zover is" in client.get(reverse("demo:tour", args=[4])).content.decode()
    settings.TOPJOB_MODE = "production"
    for number in (1, 4):
        assert client.get(reverse("demo:tour", args=[number])).status_code == 404
    assert client.post(reverse("demo:tour_leave")).status_code == 404
    assert client.get(reverse("demo:home")).status_code == 404


@pytest.mark.usefixtures("movable_clock")
@pytest.mark.parametrize(
    ("data", "day"),
    [
        ({"step": "dag"}, date(2026, 2, 1)),
        ({"step": "week"}, date(2026, 2, 7)),
        ({"step": "maand"}, date(2026, 2, 28)),
        ({"day": "2028-02-29"}, date(2028, 2, 29)),
    ],
)
def test_time_passes(client, data, day):
    clock.move_to(date(2026, 1, 31))
    page = client.post(reverse("demo:clock"), data, follow=True)
    assert page.redirect_chain[0][0] == reverse("demo:home")
    assert f"Het is nu {nl_date(day)}." in page.content.decode()
    assert clock.today() == day


@pytest.mark.usefixtures("movable_clock")
@pytest.mark.parametrize(
    "data", [{"day": "2026-01-31"}, {"day": "2020-01-01"}, {"day": "9999-12-31"}, {"day": "x"}, {}, {"step": "eeuw"}]
)
def test_never_back_and_never_nonsense(client, data):
    clock.move_to(date(2026, 1, 31))
    response = client.post(reverse("demo:clock"), data)
    assert response.status_code == 200 and response.context["form"].errors
    assert clock.today() == date(2026, 1, 31)


def test_a_clock_that_cant_be_moved(client, settings):
    settings.CLOCK_FILE = None
    assert client.post(reverse("demo:clock"), {"step": "dag"}).status_code == 404
    assert "loopt hier gewoon mee" in client.get(reverse("demo:home")).content.decode()


@pytest.mark.usefixtures("mail_dir")
def test_mails_can_be_read_and_their_links_opened(client):
    with clock.at(TODAY):
        mail.send(
            "jan@test.example",
            "Een account\nbij Top Job",
            "invitation",
            {
                "name": "Jan & <Piet>",
                "link": "http://127.0.0.1:8000/tekenen/abc/?a=1&b=2",
                "days": 3,
                "login_link": "http://x.example/",
            },
        )
        mail.send(
            "els@test.example",
            "Tweede",
            "invitation",
            {"name": "Els", "link": "http://y.example/", "days": 1, "login_link": "http://x.example/"},
        )
    page = client.get(reverse("demo:mails"))
    assert {found.subject for found in page.context["mails"]} == {"Een account bij Top Job", "Tweede"}
    found = client.get(reverse("demo:mails"), {"to": "JAN@"}).context["mails"]
    assert [item.to for item in found] == ["jan@test.example"]
    assert clock.local(found[0].at) == TODAY
    text = client.get(reverse("demo:mail", args=[found[0].key])).content.decode()
    assert 'href="http://127.0.0.1:8000/tekenen/abc/?a=1&amp;b=2"' in text
    assert "Beste Jan &amp; &lt;Piet&gt;," in text


def test_several_mails_in_one_file(mail_dir):
    messages = [EmailMessage(f"Nr {number}", "tekst", to=[f"p{number}@test.example"]) for number in range(3)]
    get_connection().send_messages(messages)
    assert [found.subject for found in mailbox.stored_mails()] == ["Nr 2", "Nr 1", "Nr 0"]
    assert len({found.key for found in mailbox.stored_mails()}) == 3


def test_the_newest_mail_comes_first(mail_dir):
    import os

    for number in range(3):
        get_connection().send_messages([EmailMessage(f"Nr {number}", "tekst", to=["a@test.example"])])
    for age, path in enumerate(sorted(mail_dir.iterdir())):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    subjects = [found.subject for found in mailbox.stored_mails()]
    assert len(subjects) == 3 and subjects == [found.subject for found in mailbox.stored_mails()]


def test_the_mailbox_opens_mail_files_only(client, mail_dir):
    mail_dir.mkdir()
    (mail_dir / "geheim.log").write_text("Subject: geheim\nTo: x\n\ngeheim")
    assert list(mailbox.stored_mails()) == []
    for key in ("geheim_0", "..-..-etc-passwd_0", "20261124-060912-1_0", "20261124-060912-1_", "_"):
        assert client.get(f"/demo/post/{key}/").status_code == 404
    assert mailbox.find("../../etc/passwd_0") is None


def test_no_mail_folder_yet(client, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "nergens"
    assert "Geen mails" in client.get(reverse("demo:mails")).content.decode()


def test_far_in_the_future_is_out_of_reach(movable_clock):
    from demo.views.home import FURTHEST

    assert timedelta(days=365 * 19) < FURTHEST
