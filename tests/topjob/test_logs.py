import pytest

from topjob.logs import hide_tokens

TOKEN = "Zk3v9Qm2x7LrT1bYw8NcHs0pGdEfJaUi-_4oV6tMl5R"


@pytest.mark.parametrize(
    "text", ["GET /teken/{}/", "/teken/{}", "/teken/{}?x=1", "https://topjob.example/k/{}/verder/"]
)
def test_personal_links_are_kept_out_of_the_log(text):
    hidden = hide_tokens(None, "info", {"event": text.format(TOKEN), "count": 3})
    assert TOKEN not in hidden["event"]
    assert "[geheim]" in hidden["event"]
    assert hidden["count"] == 3


@pytest.mark.parametrize("text", ["GET /trajecten/1234/", "/static/vendor/bootstrap.css", "/aanmelden/"])
def test_other_addresses_stay_readable(text):
    assert hide_tokens(None, "info", {"event": text}) == {"event": text}
