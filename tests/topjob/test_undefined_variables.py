import pytest
from django.conf import settings
from django.template import Context, Template, engines
from django.template.base import Origin

from tests.undefined_variables import UndefinedVariable

OURS = Origin(f"{settings.BASE_DIR}/templates/example.html")
THEIRS = Origin(f"{settings.BASE_DIR}/.venv/lib/example.html")


def render(source: str, origin: Origin) -> str:
    return Template(source, origin=origin, engine=engines["django"].engine).render(Context({"there": {"name": "x"}}))


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ there.nme }}", "{{ missing|upper }}", "{% if 1 %}{{ no }}{% endif %}"]
)
def test_a_variable_that_is_not_there_fails(source):
    with pytest.raises(UndefinedVariable, match=r"example\.html"):
        render(source, OURS)


def test_a_variable_that_may_be_missing_says_so():
    assert render("{% if missing %}a{% endif %}{{ missing|default:'b' }}{{ there.name }}", OURS) == "bx"


def test_templates_of_libraries_are_left_alone():
    assert render("{{ missing }}{{ missing|upper }}", THEIRS) == ""
