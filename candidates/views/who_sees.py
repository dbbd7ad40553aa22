"""`/mijn/wie-ziet-wat/`: who at Top Job reads which part of the own file, from the table that is asked (decision 28)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import CANDIDATE_PORTAL, access
from accounts.models import Page, Role
from accounts.need_to_know import GUIDES_SEE, NEEDS, Part, roles_with
from candidates.knowing import GUIDES_OF
from candidates.views.mine import TABS, own_file

# The parts in the words of the person.
PARTS: dict[Part, Any] = {
    Part.BASICS: gettext_lazy("Je naam, je adres en hoe ver je bent"),
    Part.BSN: gettext_lazy("Je BSN"),
    Part.REGISTRATION: gettext_lazy("Je aanmelding en je uitkering"),
    Part.REASONS: gettext_lazy("Waarom er iets is besloten"),
    Part.PAYER: gettext_lazy("Of je traject wordt betaald"),
    Part.TALKS: gettext_lazy("Wanneer je gesprekken zijn, en met wie"),
    Part.NOTES: gettext_lazy("Wat er in die gesprekken is gezegd"),
    Part.FOTO: gettext_lazy("Je Foto: hoe je leeft en wat je wilt"),
    Part.SUPPORT: gettext_lazy("Welke hulp je nodig hebt"),
    Part.FINANCE: gettext_lazy("Je geldzaken"),
    Part.QFIT: gettext_lazy("Je Q-fit: wat je kunt, en wat lastig is"),
    Part.CV: gettext_lazy("Je CV en je portfolio"),
    Part.CONSENT: gettext_lazy("Wat je met bedrijven wilt delen"),
    Part.PROFILE: gettext_lazy("Wat voor werk je zoekt"),
    Part.MATCHES: gettext_lazy("Welke plekken bij je passen"),
    Part.PLACE: gettext_lazy("Bij welk bedrijf je werkt of komt praten"),
    Part.PLAN: gettext_lazy("Je startplan"),
    Part.PAPERS: gettext_lazy("Welke papieren er zijn en wie ze tekende"),
    Part.CONTRACT: gettext_lazy("Je contract"),
    Part.TRIAL: gettext_lazy("Of je proefperiode langer duurt of even stopte"),
    Part.EVALUATION: gettext_lazy("Hoe je proefperiode ging"),
    Part.WAGE: gettext_lazy("Je loonwaarde"),
    Part.MONEY: gettext_lazy("Regelingen voor je werkgever"),
    Part.COACHING: gettext_lazy("De gesprekken met je jobcoach"),
    Part.QUICKSCAN: gettext_lazy("Je quick-scan"),
    Part.ADVICE: gettext_lazy("Het advies over jou"),
    Part.AFTERCARE: gettext_lazy("Hoe het na je traject gaat"),
    Part.EXIT: gettext_lazy("Het laatste gesprek met jou"),
    Part.COMPLETION: gettext_lazy("De laatste papieren van je traject"),
}
# The roles in the words of the person, with what they do.
ROLES: dict[Role, tuple[Any, Any]] = {
    Role.FRONTOFFICE: (gettext_lazy("de frontoffice"), gettext_lazy("Helpt je bij het aanmelden.")),
    Role.REGISSEUR: (gettext_lazy("de regisseurs"), gettext_lazy("Regelen je traject. Zij vallen ook voor elkaar in.")),
    Role.LOOPBAANADVISEUR: (
        gettext_lazy("de loopbaanadviseurs"),
        gettext_lazy("Kijken met je welk werk of welke school bij je past."),
    ),
    Role.WERKMAKELAAR: (gettext_lazy("de werkmakelaars"), gettext_lazy("Zoeken een plek voor je bij een bedrijf.")),
    Role.PERSONEEL: (gettext_lazy("personeelsdiensten"), gettext_lazy("Maakt je contract en regelt je loon.")),
    Role.BACKOFFICE: (gettext_lazy("de backoffice"), gettext_lazy("Doet de papieren en sluit je dossier.")),
}


@access(CANDIDATE_PORTAL, shows=Page.VIEWED)
@require_safe
def who_sees(request: HttpRequest) -> HttpResponse:
    """The whole table in plain words, with the names of the own guides."""
    me = own_file(request)
    here = "my_who_sees"
    known = [row for source in GUIDES_OF for row in source(me)]
    context = {
        "candidate": me,
        "tabs": [
            {"label": label, "url": reverse(f"candidates:{name}"), "active": name == here} for name, label in TABS
        ],
        "guides": [(role.label, *names) for role, *names in known if role != Role.JOBCOACH],
        "coaches": [(role.label, *names) for role, *names in known if role == Role.JOBCOACH],
        "rows": [(PARTS[part], readers_of(part)) for part in Part],
        "roles": [(str(name)[:1].upper() + str(name)[1:], does) for name, does in ROLES.values()],
    }
    return render(request, "candidates/my_who_sees.html", context)


def readers_of(part: Part) -> str:
    """Who reads a part, as one sentence."""
    close = [_("je begeleiders")] if part in GUIDES_SEE else []
    close += [_("je jobcoach")] if part in NEEDS[Role.JOBCOACH] else []
    here = roles_with(part)
    if len(here) == len(ROLES):
        others = [_("iedereen van Top Job in jouw regio")]
    else:
        others = [str(ROLES[role][0]) for role in ROLES if role in here]
    text = _listed([*close, *others])
    return f"{text[:1].upper()}{text[1:]}."


def _listed(words: list[str]) -> str:
    return " en ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
