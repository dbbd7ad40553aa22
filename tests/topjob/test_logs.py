import runpy
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils.module_loading import import_string
from gunicorn.config import Config

from topjob.logs import hide_tokens

TOKEN = "Zk3v9Qm2x7LrT1bYw8NcHs0pGdEfJaUi-_4oV6tMl5R"


SHOWN_AS = """
/teken/{} /teken/{}/ /teken/{}?x=1 https://topjob.example/k/{}/verder/ /teken/{}. (/teken/{}) /teken/{}%3E /teken/{}>
/teken/{}, /teken/{}] <http://x/teken/{}> /teken/{}%22 /teken/{}\\n /inloggen/?next=/teken/{}/ /inloggen/?next=%2Fteken%2F{}%2F
/a/%252Fteken%252F{} /account/adres/WzEsIm9sZCJd:1vOdKz:{}/ /account/adres/WzEsIm9sZCJd%3A1vOdKz%3A{}/"""


@pytest.mark.parametrize("text", SHOWN_AS.split())
def test_personal_links_are_kept_out_of_the_log(text):
    hidden = hide_tokens(None, "info", {"event": f"GET {text.format(TOKEN)}", "count": 3})
    assert TOKEN not in hidden["event"]
    assert "[geheim]" in hidden["event"] or "[weggelaten]" in hidden["event"]
    assert hidden["count"] == 3


@pytest.mark.parametrize("text", ["GET /trajecten/1234/", "/static/vendor/bootstrap.css", "/aanmelden/"])
def test_other_addresses_stay_readable(text):
    assert hide_tokens(None, "info", {"event": text}) == {"event": text}


@pytest.mark.parametrize(
    "address", ["/zoeken/?q=Noor+Bakker", "/kandidaten/?naam=Noor%20Bakker&regio=20", "/x/?a=1?q=Noor"]
)
def test_search_terms_are_kept_out_of_the_log(address):
    hidden = hide_tokens(None, "info", {"event": f"GET {address}", "request": ["deep", {"er": address}]})
    assert "Noor" not in str(hidden) and "Bakker" not in str(hidden)
    assert hidden["event"].startswith("GET /")


def test_a_line_of_the_web_server_itself_tells_no_more():
    """gunicorn reads gunicorn.conf.py by itself; its access log is off unless somebody turns it on."""
    path, question = f"/teken/{TOKEN}/", f"next=/teken/{TOKEN}/&q=Noor"
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"{path}?{question}",
        "PATH_INFO": path,
        "QUERY_STRING": question,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://topjob.example/zoeken/?{question}",
    }
    settings = runpy.run_path("gunicorn.conf.py")
    logger = import_string(settings["logger_class"])(Config())
    response = SimpleNamespace(status="200 OK", sent=1, headers=[("Location", f"{path}?{question}")])
    request = SimpleNamespace(headers=[("REFERER", environ["HTTP_REFERER"])])
    line = str(logger.atoms(response, request, environ, timedelta(seconds=1)))
    assert TOKEN not in line and "Noor" not in line and "/teken/" in line
