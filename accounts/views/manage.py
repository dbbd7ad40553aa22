"""The beheerder's start page, one's own account, and staying signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, sessions
from accounts.access import BEHEERDER, LOGGED_IN, NOBODY, PUBLIC, access
from accounts.forms import ProfileForm
from accounts.models import LawSetting, User, VerifyRun
from accounts.reference import REGISTRY
from accounts.rules import NEEDS_ATTENTION
from topjob import certificates, look, presence
from topjob.dates import nl_moment
from topjob.forms import CHECKED, complaint_about
from topjob.gallery import examples
from topjob.going_back import page_before
from topjob.models import OutboxMessage
from topjob.paging import COUNTED_TO, in_words

# What is checked when it is left is short: a day, a number, a postcode.
LONGEST_CHECKED = 100


@access(BEHEERDER, shows=NOBODY)
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """What there is to look after, with what asks for attention."""
    attention = OutboxMessage.objects.filter(outcome__in=NEEDS_ATTENTION).count()
    last = VerifyRun.objects.first()
    findings = last.finding_count if last else 0
    context = {
        "attention": attention,
        "findings": findings,
        "tiles": tiles(last),
        "seal_ending": certificates.is_ending(),
    }
    context["seal_missing"] = certificates.is_missing()
    return render(request, "accounts/manage.html", context)


def tiles(last: VerifyRun | None) -> list[dict[str, str]]:
    """What can be managed, each with a figure that says whether it needs a look."""
    users = User.objects.filter(is_active=True).count()
    to_check = LawSetting.objects.filter(certainty=LawSetting.Certainty.GENERAL).count()
    waiting = OutboxMessage.objects.waiting()[: COUNTED_TO + 1].count()
    return [
        tile("users", _("Gebruikers"), _("Wie inlogt, met welke rol en waar."), _("%s actief") % users),
        tile("trajectories:absences", _("Afwezigheid"), _("Wie er niet is, en wie dan waarneemt.")),
        tile(
            "law",
            _("Regels van vandaag"),
            _("Termijnen en bedragen met ingangsdatum en bron."),
            _("%s te controleren") % to_check,
        ),
        tile(
            "tables",
            _("Keuzelijsten"),
            _("Afdelingen, branches, doelgroepen en andere keuzes."),
            _("%s tabellen") % len(REGISTRY),
        ),
        tile(
            "trajectories:texts",
            _("Teksten van documenten"),
            _("Startplan, verslagen en contracten, in versies, met voorbeeld."),
        ),
        tile("matching:weights", _("Gewichten bij het matchen"), _("Hoe zwaar elk criterium telt, met voorbeeld.")),
        tile("matching:audit", _("Gelijke kansen"), _("Opent het matchen de markt voor iedereen even ver?")),
        tile("log", _("Logboek"), _("Wie deed wat, wanneer; zoeken en exporteren.")),
        tile("who_sees", _("Wie ziet wat"), _("Welke rol welk deel van een dossier leest.")),
        tile("trajectories:readings", _("Inzage"), _("Wie keek wanneer naar wiens gegevens, en wat opvalt.")),
        tile(
            "outbox",
            _("Werk dat volgt"),
            _("Mails en PDF's: wat wacht en wat mislukte."),
            _("%s wachten") % in_words(waiting),
        ),
        tile("trajectories:retention", _("Bewaren en vernietigen"), _("Dossiers waarvan de bewaartermijn voorbij is.")),
        tile("checks", _("Controle"), _("Klopt alles nog: logboek, bestanden, termijnen en regels."), checked(last)),
        tile("gallery", _("Componenten"), _("De bouwstenen van de schermen, met voorbeelden.")),
    ]


def checked(last: VerifyRun | None) -> str:
    """When everything was last looked at, and what came of it."""
    if last is None:
        return _("nog niet gecontroleerd")
    found = _("%s bevindingen") % last.finding_count if last.finding_count else _("alles klopt")
    return f"{nl_moment(last.ended_at)}: {found}"


def tile(name: str, label: str, text: str, note: str = "") -> dict[str, str]:
    address = reverse(name if ":" in name else f"accounts:{name}")
    return {"url": address, "label": label, "text": text, "note": note}


@access(BEHEERDER, shows=NOBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the screens with example data; an example that is sent keeps nothing and shows the page again."""
    page = request.GET.get("page", "")
    context = examples(int(page)) if page in {str(number) for number in range(1, 11)} else examples()
    return render(request, "components/gallery.html", context)


@access(LOGGED_IN, shows=NOBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, phone, and ways to log in."""
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        actions.update_profile(form.save(commit=False), by=request.user)
        messages.success(request, _("Je gegevens zijn opgeslagen."))
        return redirect("accounts:profile")
    base = "base.html" if request.user.is_staff_member else "base_portal.html"
    return render(request, "accounts/profile.html", {"form": form, "base": base})


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def change_look(request: HttpRequest) -> HttpResponse:
    """Colours, contrast or density as this browser wants them from now on; back to the page where it was asked."""
    return look.keep(redirect(page_before(request)), request)


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """Somebody says they are still there: the session starts anew."""
    sessions.keep(request)
    return JsonResponse({"seconds": sessions.seconds_left(request)})


@access(PUBLIC, shows=NOBODY)
@require_POST
def check_field(request: HttpRequest) -> HttpResponse:
    """What is wrong with a field that was just left, for a word beside it before the form is sent; nothing is kept."""
    kind, value = request.POST.get("soort", ""), request.POST.get("waarde", "")
    if kind not in CHECKED or len(value) > LONGEST_CHECKED:
        raise Http404
    return JsonResponse({"said": complaint_about(kind, value)})


@access(LOGGED_IN, shows=NOBODY)
@require_POST
def editing(request: HttpRequest) -> HttpResponse:
    """Who else has the same form open, asked by a page that was shown to whoever asks."""
    place = presence.place_of(request.POST.get("plek", ""), request.user.pk)
    if place is None:
        raise Http404
    return JsonResponse({"said": presence.in_words(presence.others_at(place, request.user.pk, request.user.name))})
