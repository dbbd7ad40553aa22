"""The stack and the browser work together: own styles and font arrive, and the strict CSP has nothing to refuse."""

import pytest

pytestmark = pytest.mark.browser


def test_the_login_page_in_a_real_browser(live_stack, new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    complaints, missing = [], []
    page.on("console", lambda message: complaints.append(message))
    page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
    page.goto("/inloggen/")
    assert page.locator("input[name=login]").is_visible()
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Atkinson Hyperlegible Next\"'))")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [message.text for message in complaints if message.type in {"error", "warning"}] == []
    assert missing == []


def test_each_person_has_a_browser_of_their_own(live_stack, new_page):
    first, second = new_page(), new_page()
    first.goto("/inloggen/")
    assert first.context.cookies() != []
    assert second.context.cookies() == []
