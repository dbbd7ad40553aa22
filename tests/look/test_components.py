"""The frame and the components: they render with what their header comment asks, hold to the strict CSP and the
weights, and do in a real browser what docs/components.md promises."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.urls import reverse
from jinja2 import UndefinedError

from topjob import gallery
from topjob.errors import Reason, Refused
from topjob.names import shown
from topjob.rows import address, row_template

ROOT = Path(settings.BASE_DIR)
ROWS = sorted((ROOT / "templates/rows").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates/components").glob("*.html"))
OWN_TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_what_it_takes(path: Path) -> None:
    head = " ".join(path.read_text().splitlines()[:3])
    assert f"{{# components/{path.name} — " in head
    assert "take" in head


@pytest.mark.parametrize("path", ROWS, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_rows_are_written_as_jinja_reads_them(path: Path) -> None:
    assert row_template(str(path.relative_to(ROOT / "templates")))


def test_a_name_that_isnt_there_is_never_written_in_silence() -> None:
    made = engines["rows"].from_string("{% if nothing %}a{% endif %}{{ nothing }}")
    with pytest.raises(UndefinedError):
        made.render({})


def test_rows_escape_what_they_show() -> None:
    made = engines["rows"].from_string("{{ text }}{{ name }}")
    assert made.render({"text": "<b>", "name": shown("Jan <i>")}) == "&lt;b&gt;<bdi>Jan &lt;i&gt;</bdi>"


def test_an_address_in_a_row_is_the_address() -> None:
    for number in (1, 98, 918_273_645):
        assert address("trajectories:link_resend", number, 7) == reverse("trajectories:link_resend", args=[number, 7])
    assert address("accounts:saved_filters") == reverse("accounts:saved_filters")


@pytest.mark.parametrize("path", OWN_TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_needs_a_looser_csp(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", text)


def test_the_weights() -> None:
    css = (ROOT / "static/css/topjob.css").read_bytes()
    scripts = [path.read_bytes() for path in (ROOT / "static/js").glob("*.js")]
    assert len(gzip.compress(css)) <= 8_000
    # All of our own together, though no page asks for all of it.
    assert sum(map(len, scripts)) <= 25_600
    assert not any(b"eval(" in script for script in scripts)


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
    asked = {
        name
        for path in OWN_TEMPLATES
        for name in re.findall(r'components/icon\.html" with name="([^"]+)"', path.read_text())
    }
    assert asked <= drawn


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html", "403_csrf.html"])
def test_the_pages_for_an_outage_need_nothing(template: str) -> None:
    assert "<h1>" in render_to_string(template)


@pytest.mark.parametrize("template", ["404.html", "403.html", "lockout.html", "account/logout.html"])
def test_plain_pages_render_for_anybody(render, template: str) -> None:
    assert "<h1>" in render(template, {"minutes": 3}, user=AnonymousUser())


def test_a_refused_step_names_each_reason(render) -> None:
    page = render(
        "refused.html", {"refused": Refused(Reason("De Foto ontbreekt."), "Er is geen plek vrij."), "back": "/"}
    )
    assert "Er is niets veranderd." in page
    assert "De Foto ontbreekt." in page and "Er is geen plek vrij." in page


def test_the_title_says_that_something_is_wrong(render) -> None:
    page = render("components/gallery.html", gallery.examples())
    assert re.search(r"<title>\s*Fout:\s+Componenten\s+–", page)


def test_paging_keeps_the_filter(render) -> None:
    page = render("components/gallery.html", gallery.examples())
    assert "?phase=A&amp;page=3" in page


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "chosen"),
    [
        *((width, "") for width in (320, 768, 1280)),
        *((1280, chosen) for chosen in ("theme-dark", "contrast-more", "theme-dark.contrast-more.density-compact")),
    ],
)
def test_no_barrier_and_no_sideways_scrolling(gallery_page, width: int, chosen: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = gallery_page(width, chosen=chosen)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
    assert page.problems == []


@pytest.mark.browser
def test_the_error_summary_has_the_focus_and_leads_to_the_field(gallery_page) -> None:
    page = gallery_page()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="E-mailadres: ").click()
    assert page.evaluate("document.activeElement.name") == "email"
    page.get_by_role("link", name="Constructie: ").click()
    assert page.evaluate("document.activeElement.name") == "route"


@pytest.mark.browser
def test_keys(gallery_page) -> None:
    page = gallery_page()
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "zoek"
    page.keyboard.type("?")
    assert not page.locator("#keys").is_visible(), "a key typed in a field is text"
    page.keyboard.press("Escape")  # what was found lies over the page
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    assert page.locator("#keys [data-key-list]").inner_text().split() == ["n", "Notitie"]
    page.get_by_label("Losse toetsen gebruiken").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible(), "single keys can be switched off"
    page.get_by_role("button", name="Toetsen").click()
    assert page.locator("#keys").is_visible()


@pytest.mark.browser
def test_the_menu_on_a_phone_with_and_without_javascript(gallery_page) -> None:
    page = gallery_page(320)
    assert not page.get_by_role("link", name="Trajecten", exact=True).is_visible()
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("link", name="Trajecten", exact=True).is_visible()
    plain = gallery_page(320, java_script_enabled=False)
    assert plain.locator("#menu").is_visible()
    assert not plain.locator("[data-menu]").is_visible()


@pytest.mark.browser
def test_autosave_says_when(gallery_page) -> None:
    page = gallery_page()
    with page.expect_request(lambda request: request.method == "POST", timeout=3_000) as saved:
        page.get_by_label("Toelichting").press_sequentially("Ging goed.", delay=20)
    assert "Ging goed." in saved.value.post_data
    page.get_by_text("opgeslagen 14:02").wait_for()


@pytest.mark.browser
def test_autosave_that_fails_says_so_and_tries_again(gallery_page) -> None:
    page = gallery_page()
    page.route("**/*", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_label("Toelichting").fill("Ging goed.")
    page.get_by_text("Nog niet opgeslagen").wait_for()
    page.unroute("**/*")
    page.route("**/*", lambda route: route.fulfill(status=200, content_type="application/json", body="{}"))
    page.locator("[data-autosave-status]", has_text=re.compile(r"opgeslagen \d\d:\d\d")).wait_for(timeout=8_000)


@pytest.mark.browser
def test_two_presses_are_one_submit(gallery_page) -> None:
    page = gallery_page()
    went_through = page.evaluate(
        """() => {
            let count = 0;
            window.addEventListener("submit", (event) => {
                if (!event.defaultPrevented) count += 1;
                event.preventDefault();
            });
            const button = document.querySelector("#example button[type=submit]");
            button.click();
            button.click();
            return count;
        }"""
    )
    assert went_through == 1


@pytest.mark.browser
def test_unsaved_work_asks_before_it_is_lost(gallery_page) -> None:
    page = gallery_page()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.evaluate("document.querySelector('#example').removeAttribute('data-autosave-url')")
    page.get_by_label("Toelichting").press_sequentially("Nog niet klaar")
    page.get_by_role("link", name="Vandaag", exact=True).click()
    page.wait_for_url("**/vandaag/")
    assert asked == ["beforeunload"]


@pytest.mark.browser
def test_a_wrong_value_is_said_on_leaving_the_field(gallery_page) -> None:
    page = gallery_page()
    page.get_by_label("Uren per week").fill("0")
    page.keyboard.press("Tab")
    assert page.get_by_text("Kies 1 of meer.").is_visible()
    page.get_by_label("Uren per week").fill("32")
    page.keyboard.press("Tab")
    assert not page.get_by_text("Kies 1 of meer.").is_visible()


@pytest.mark.browser
def test_the_end_of_the_session_is_said_beforehand(gallery_page) -> None:
    page = gallery_page(session_lasts=60)
    page.locator("#session").wait_for()
    with page.expect_request(lambda request: request.method == "POST") as kept:
        page.get_by_role("button", name="Ingelogd blijven").click()
    assert kept.value.url.endswith("/sessie/")
    assert kept.value.headers["x-csrftoken"]
    page.locator("#session").wait_for(state="hidden")
    assert not gallery_page(session_lasts=3_600).locator("#session").is_visible()


def test_every_component_that_pages_use_is_in_the_list() -> None:
    """docs/components.md: what isn't there is written a second time. What only the frame of a page uses is left out."""
    folder = Path(settings.BASE_DIR, "templates")
    listed = Path(settings.BASE_DIR, "docs/components.md").read_text()
    frame = {"base.html", "base_portal.html"} | {path.name for path in (folder / "components").glob("*.html")}
    used = {
        name
        for path in folder.rglob("*.html")
        if path.name not in frame
        for name in re.findall(r"components/(\w+\.html)", path.read_text())
    }
    assert {name for name in used | {"walk_bar.html"} if f"components/{name}" not in listed} == set()
