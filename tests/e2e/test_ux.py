"""UX.md's twenty-five, those that no other test shows in a browser; the core tasks without a mouse and without JavaScript.

Which test shows which stands in `tests/ux.csv`. Everybody works in the same day (`day.py`).
"""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.models import Organisation, Role, User
from candidates.models import ContactMoment, Registration
from tests import factories
from tests.accounts.people import PASSWORD
from tests.e2e.day import make_day
from tests.trajectories.personal import code_to, run_outbox
from trajectories import actions
from trajectories.models import Signature

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def day(live_stack):
    with live_stack.orm():
        return make_day()


@pytest.fixture
def open_as(new_page, live_stack):
    """A page as somebody who is logged in sees it."""

    def go(user, address: str, **options):
        page = new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        with live_stack.orm():
            client = Client()
            client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_stack.base_url}])
        page.goto(address)
        return page

    return go


@pytest.fixture
def plainly(open_as):
    """The same in a browser without JavaScript."""
    return lambda user, address: open_as(user, address, java_script_enabled=False)


def case_url(walk, name: str = "detail") -> str:
    return reverse(f"trajectories:{name}", args=[walk.trajectory.pk])


def tab_to(page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is there."""
    for _press in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} isn't reached by Tab")


def type_in(page, field: str, text: str) -> None:
    tab_to(page, f"[name={field}]")
    page.keyboard.type(text)


# --- Vandaag and the lists -------------------------------------------------------------------------------------------
def test_vandaag_is_sorted_by_deadline_and_each_row_says_its_day_its_stand_and_what_to_do(day, open_as) -> None:
    page = open_as(day.team.regisseur, "/")
    rows = page.locator("section[aria-labelledby=nu-doen] [data-row]")
    days = rows.locator("time").evaluate_all("times => times.map((time) => time.dateTime)")
    assert len(days) > 4 and days == sorted(days)
    first = rows.first
    expect(first.locator(".when")).to_have_text(re.compile(r"^\w\w \d+ \w{3} 2026\s*\d+ dagen te laat$"))
    expect(rows.last.locator(".when")).to_have_text(re.compile(r"over \d+ dagen$"))
    expect(first).to_contain_text(re.compile(r"Aangemeld, dag \d{3}"))
    for _row in range(page.locator("[data-row]").count()):
        page.keyboard.press("j")
        if first.locator("[data-open]").evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("d")
    page.wait_for_url("**/stap/start_intake/")


def test_a_list_says_how_long_somebody_stands_there_and_whose_turn_it_is(day, open_as) -> None:
    page = open_as(day.team.regisseur, "/trajecten/")
    row = page.locator("[data-row]", has_text=day.ready[0].candidate.first_name)
    expect(row.locator("[data-label=Dagen]")).to_have_text("14")
    expect(row.locator("[data-label='Aan zet']")).to_have_text("Werkmakelaar")
    page.locator("thead").get_by_role("link", name="Dagen").click()
    counts = [int(text) for text in page.locator("[data-label=Dagen]").all_inner_texts()]
    assert counts in (sorted(counts), sorted(counts, reverse=True))


def test_every_column_and_the_button_of_a_row_stand_in_view_on_a_laptop(day, open_as, live_stack) -> None:
    with live_stack.orm():
        Organisation.objects.filter(pk=day.ready[0].trajectory.client_id).update(name="Gemeente Steenwijkerland")
        User.objects.filter(pk=day.team.regisseur.pk).update(name="Rianne van der Kolkman")
    page = open_as(day.team.regisseur, "/trajecten/")
    assert page.locator(".table-wrap").evaluate("wrap => wrap.scrollWidth - wrap.clientWidth") == 0
    assert page.locator("[data-row]").first.bounding_box()["height"] < 42


def test_who_has_nothing_to_do_reads_what_to_do_next(day, open_as, live_stack) -> None:
    with live_stack.orm():
        user = factories.staff(Role.REGISSEUR, region_code="29")
    page = open_as(user, "/")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("Kijk bij de trajecten van de regio waar je kunt helpen.")
    empty.get_by_role("link").click()
    page.wait_for_url("**/trajecten/")
    expect(page.locator(".empty")).to_contain_text("wijs een aanmelding toe om een traject te beginnen")


def test_ctrl_k_goes_to_a_page_of_somebodys_case(day, open_as) -> None:
    page = open_as(day.team.regisseur, "/trajecten/")
    page.keyboard.press("Control+k")
    page.keyboard.type(f"startplan {day.draft.candidate.first_name}")
    expect(page.locator("[data-found] a").first).to_contain_text("Startplan")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + case_url(day.draft, "plan"))


@pytest.mark.parametrize("typed", ["Hoevelaekn", "v.d. Hoevelaken", "hoevelaken, van der"])
def test_a_person_is_found_by_a_name_with_a_typo_or_another_prefix(day, open_as, typed: str) -> None:
    page = open_as(day.team.frontoffice, "/")
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    expect(page.locator("[data-found]")).to_contain_text("Youri van der Hoevelaken")


def test_the_board_is_used_by_key(day, open_as) -> None:
    page = open_as(day.team.regisseur, "/trajecten/?weergave=bord")
    page.keyboard.press("j")
    page.keyboard.press("v")
    card = page.locator("[data-row]").first
    expect(card.locator(".card-moves a").first).to_have_text("Intake starten")
    for _press in range(2):
        page.keyboard.press("ArrowRight")
    expect(card.locator(".card-moves a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/stap/start_intake/")


def test_a_list_and_the_matches_are_a_sheet_of_paper_each(day, open_as) -> None:
    page = open_as(day.team.job_broker, "/trajecten/")
    for address in ("/trajecten/", reverse("matching:for_candidate", args=[day.ready[0].candidate.pk])):
        page.goto(address)
        (sheet,) = PdfReader(BytesIO(page.pdf(format="A4"))).pages
        assert day.ready[0].candidate.first_name in sheet.extract_text()


def test_several_at_once_are_shown_before_they_are_done(day, open_as, live_stack) -> None:
    page = open_as(day.team.regisseur, "/trajecten/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    page.locator("#samen").get_by_role("button", name="Notitie").click()
    page.get_by_role("textbox", name="Notitie").fill("Samen besproken.")
    page.get_by_role("button", name="Bekijk wat er gebeurt").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    with live_stack.orm():
        assert not ContactMoment.objects.filter(notes="Samen besproken.").exists()
    page.get_by_role("button", name="doe het voor deze 2 trajecten").click()
    expect(page.locator("#meldingen")).to_contain_text("2 trajecten")
    with live_stack.orm():
        assert ContactMoment.objects.filter(notes="Samen besproken.").count() == 2


# --- One case --------------------------------------------------------------------------------------------------------
def test_what_cant_be_done_yet_says_each_thing_that_lacks_with_the_way_there(day, open_as) -> None:
    page = open_as(day.team.regisseur, case_url(day.draft))
    lacking = page.locator(".next-step .needs .open")
    assert lacking.count() >= 1
    lacking.locator("a").first.click()
    page.wait_for_url(lambda url: not url.endswith(case_url(day.draft)))
    expect(page.locator("main form").first).to_be_visible()


def test_a_case_is_read_on_one_page_in_the_order_of_time(day, open_as) -> None:
    page = open_as(day.team.regisseur, case_url(day.ready[0], "timeline"))
    expect(page.locator(".timeline")).to_contain_text("intake", ignore_case=True)
    page.get_by_role("link", name="Alles", exact=True).click()
    page.wait_for_url(lambda url: "?" in url)
    times = page.locator(".timeline time").evaluate_all("times => times.map((time) => time.dateTime.slice(0, 16))")
    assert len(times) > 4 and times == sorted(times, reverse=True)


def test_the_mail_is_read_before_it_goes(day, open_as, live_stack) -> None:
    page = open_as(day.team.regisseur, case_url(day.draft, "plan_send"))
    name = day.draft.candidate.first_name
    page.get_by_text(f"De mail aan {name}").click()
    expect(page.locator(".letter").first).to_contain_text(f"Beste {name}")
    expect(page.get_by_role("button", name="Versturen")).to_be_visible()


def test_who_opens_what_a_colleague_is_editing_is_told(day, open_as, live_stack) -> None:
    address = case_url(day.draft, "plan")
    with live_stack.orm():
        colleague = factories.staff(Role.REGISSEUR)
    open_as(colleague, address).wait_for_load_state("networkidle")
    page = open_as(day.team.regisseur, address)
    expect(page.locator("[data-presence]")).to_contain_text(f"{colleague.name} bewerkt dit ook")


def test_whoever_is_typing_hears_of_a_colleague_within_five_seconds_and_who_only_looks_asks_seldom(
    day, open_as, live_stack
) -> None:
    with live_stack.orm():
        first, second = factories.staff(Role.WERKMAKELAAR), factories.staff(Role.WERKMAKELAAR)
        address = reverse("employers:edit", args=[factories.EmployerFactory().pk])
    page = open_as(first, address)
    page.wait_for_load_state("networkidle")
    page.get_by_label("Naam").first.press_sequentially("x")
    other = open_as(second, "/")
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url) if request.url.endswith("/bezig/") else None)
    other.goto(address)
    expect(page.locator("[data-presence]")).to_contain_text(f"{second.name} bewerkt dit ook", timeout=5_000)
    other.wait_for_timeout(5_000)
    assert len(asked) == 1


# --- What is typed ---------------------------------------------------------------------------------------------------
def test_a_registration_half_typed_stands_there_after_logging_out(day, open_as, live_stack) -> None:
    with live_stack.orm():
        user = factories.staff(Role.FRONTOFFICE)
    page = open_as(user, "/aanmeldingen/nieuw/")
    page.keyboard.type("Halverwege")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"opgeslagen \d\d:\d\d"))
    expect(page.locator("[data-autosave-status]")).to_be_in_viewport()
    page.goto("/uitloggen/")
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/uitloggen/" not in url)
    again = open_as(user, "/aanmeldingen/nieuw/")
    expect(again.locator("[name=first_name]")).to_have_value("Halverwege")
    expect(again.locator("main")).to_contain_text("Dit is je concept van")


def test_who_is_known_already_is_shown_before_anything_is_stored(day, plainly, live_stack) -> None:
    page = plainly(day.team.frontoffice, "/aanmeldingen/nieuw/")
    register(page, day.late[1].candidate.first_name, day.late[1].candidate.last_name)
    expect(page.locator("h1")).to_have_text("Mogelijk al bekend")
    expect(page.locator("main")).to_contain_text("geboortedatum")
    with live_stack.orm():
        assert day.late[1].candidate.registrations.count() == 1


def register(page, first_name: str, last_name: str) -> None:
    """Fill in what has to be, and send it."""
    texts = {"first_name": first_name, "last_name": last_name, "birth_date": "5-5-2005", "phone": "06 12345699"}
    for name, text in texts.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=situation]").select_option("thuis")
    page.locator("[name=wish]").select_option("leerwerkplek")
    page.get_by_role("button", name="Aanmelding opslaan").click()


def test_the_calendar_holds_no_names_and_is_revoked(day, open_as) -> None:
    page = open_as(day.team.regisseur, "/account/agenda/")
    page.get_by_role("button", name="Zet de agenda aan").click()
    address = page.get_by_role("textbox", name="Adres").input_value()
    feed = page.request.get(address)
    assert feed.ok and "BEGIN:VEVENT" in feed.text() and "Bakker" not in feed.text()
    page.get_by_role("button", name="Zet de agenda uit").click()
    page.get_by_text("De agenda is uit.").wait_for()
    assert page.request.get(address).status == 404


# --- Without a mouse -------------------------------------------------------------------------------------------------
def test_somebody_is_registered_by_keyboard_alone(day, open_as, live_stack) -> None:
    page = open_as(day.team.frontoffice, "/")
    page.keyboard.press("n")
    page.wait_for_url("**/aanmeldingen/nieuw/")
    expect(page.locator("[name=first_name]")).to_be_focused()
    page.keyboard.type("Fleur")
    type_in(page, "last_name", "Toetsenaar")
    type_in(page, "birth_date", "6-5-2004")
    type_in(page, "phone", "0612")
    page.keyboard.press("Tab")
    expect(page.locator("#id_phone_check")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("06 43215678")
    type_in(page, "situation", "thuis")
    type_in(page, "wish", "leerwerkplek")
    type_in(page, "motivation", "Ik wil leren.")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Fleur Toetsenaar").wait_for()
    with live_stack.orm():
        made = Registration.objects.get(candidate__last_name="Toetsenaar")
        assert (made.candidate.phone.as_e164, made.created_by) == ("+31643215678", day.team.frontoffice)


def test_the_youth_signs_on_a_phone_by_keyboard_alone(day, new_page, live_stack) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    page.goto(reverse("trajectories:sign", args=[day.tokens[0]]))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    name = page.locator("[name=typed_name]")
    sign(page, day.tokens[0], live_stack, keys=True)
    assert name.count() == 0


def test_the_werkmakelaar_matches_by_keyboard_alone(day, open_as) -> None:
    page = open_as(day.team.job_broker, reverse("matching:for_candidate", args=[day.ready[1].candidate.pk]))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#naast h2")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("[data-row] .star").first).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("z")
    expect(page.locator("#meldingen")).to_contain_text("staat niet meer op de shortlist")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.wait_for_url("**/kiezen/")
    tab_to(page, "main [name=reason], main textarea")
    page.keyboard.type("Past goed.")
    tab_to(page, "main button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/kiezen/" not in url)


# --- Without JavaScript ----------------------------------------------------------------------------------------------
def test_logging_in_without_a_script(day, new_page) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/inloggen/")
    page.locator("[name=login]").fill(day.team.regisseur.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    expect(page.locator("h1")).to_have_text("Vandaag")


def test_registering_without_a_script(day, plainly, live_stack) -> None:
    page = plainly(day.team.frontoffice, "/")
    page.get_by_role("link", name="Kandidaat aanmelden").click()
    register(page, "Roos", "Zonderscript")
    page.locator("h1", has_text="Roos Zonderscript").wait_for()


def test_a_note_without_a_script(day, plainly, live_stack) -> None:
    page = plainly(day.team.regisseur, "/trajecten/")
    page.locator("[data-row]").nth(2).get_by_role("link", name="Notitie").click()
    page.locator("[name=notes]").fill("Zonder script.")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("h1")).to_have_text("Trajecten")
    expect(page.locator("#meldingen")).to_contain_text("opgeslagen")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#meldingen")).to_contain_text("De notitie is teruggenomen.")


def test_a_deadline_is_ticked_off_without_a_script_and_that_is_undone(day, plainly, live_stack) -> None:
    page = plainly(day.team.regisseur, "/")
    row = page.locator("[data-row]", has_text=day.late[3].candidate.first_name).filter(has_text="te laat")
    row.get_by_role("button", name="Afvinken").click()
    expect(page.locator("#meldingen")).to_contain_text("Afgevinkt")
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(row).to_have_count(1)


def test_a_filter_lives_in_the_address_and_is_kept_without_a_script(day, plainly) -> None:
    page = plainly(day.team.regisseur, "/trajecten/")
    page.locator("details.filters summary").click()
    page.locator("[name=due]").select_option("laat")
    page.get_by_role("button", name="Toon").click()
    assert "due=laat" in page.url and page.locator("[data-row]").count() >= 3
    page.get_by_role("link", name="Bewaar dit filter").click()
    page.locator("main [name=name]").fill("Eerst deze")
    page.get_by_role("button", name="Opslaan").click()
    page.goto("/trajecten/")
    page.get_by_role("link", name="Eerst deze").click()
    assert "due=laat" in page.url
    page.get_by_role("link", name="Zonder Termijn: te laat").click()
    assert "due=laat" not in page.url


def test_matching_and_choosing_without_a_script(day, plainly) -> None:
    page = plainly(day.team.job_broker, reverse("matching:for_candidate", args=[day.ready[2].candidate.pk]))
    page.locator("[data-row]").first.get_by_role("link", name="Kiezen").click()
    reason = page.locator("main textarea")
    if reason.count():
        reason.first.fill("Past goed.")
    page.get_by_role("button", name="Deze vacature kiezen").click()
    expect(page.locator("main")).to_contain_text(str(day.vacancy.title))


def test_signing_without_a_script(day, new_page, live_stack) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(reverse("trajectories:sign", args=[day.tokens[1]]))
    sign(page, day.tokens[1], live_stack)


def sign(page, token: str, live_stack, *, keys: bool = False) -> None:
    """Read, tick, ask for the code and fill it in: with the keyboard, or as it comes."""
    with live_stack.orm():
        party = actions.link_for(token).party
    boxes = page.locator("#tekenen input[type=checkbox]")
    for number in range(boxes.count()):
        box = boxes.nth(number)
        if keys:
            tab_to(page, f"#{box.get_attribute('id')}", most=80)
            page.keyboard.press("Space")
        else:
            box.check()
    send(page, "typed_name", party.name, keys=keys)
    page.locator("[name=code]").wait_for()
    with live_stack.orm():
        run_outbox("send_code")
        code = code_to(party.phone.as_e164)
    send(page, "code", code, keys=keys)
    expect(page.locator("h1")).to_contain_text("etekend")
    with live_stack.orm():
        assert Signature.objects.filter(plan=party.plan, role=party.party).exists()


def send(page, field: str, text: str, *, keys: bool) -> None:
    """Type in a field and send its form."""
    if keys:
        type_in(page, field, text)
        page.keyboard.press("Enter")
    else:
        page.locator(f"[name={field}]").fill(text)
        page.locator("main form").filter(has=page.locator(f"[name={field}]")).locator("button").first.click()
