"""The page behind a personal link where a party signs, says no, or takes the document (R4, R5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts.access import PUBLIC, access
from accounts.models import Page
from topjob import clock
from topjob.dates import nl_date
from topjob.errors import Refused, promised
from topjob.pages import posted, render_page
from trajectories import actions
from trajectories.documents.making import paper_content, plan_content
from trajectories.forms.plans import CodeForm, DeclineForm, SignForm
from trajectories.journey.access import is_withheld_from
from trajectories.models import Paper, PartyLink, PlanParty, SigningCode, StartPlan
from trajectories.models.plan import Signable
from trajectories.process.choices import Party
from trajectories.signing import channels
from trajectories.views.documents import download, file_name
from trajectories.views.personal import closed_page, for_party, personal_page, visitor

SIGN = PartyLink.Purpose.SIGN


@access(PUBLIC, shows=Page.PLAN)
@personal_page(SIGN)
def sign(request: HttpRequest, token: str, link: PartyLink) -> HttpResponse:
    """The plan, readable on a phone, with what has to be ticked and typed to sign it. Once signed: what comes next."""
    if link.used_at is not None:
        return _sign_page(request, "trajectories/plans/signed.html", token, link)
    if link.declined_at is not None and link.voided_at is None:
        return redirect("trajectories:sign_decline", token)
    if closed := actions.why_not_to_sign(link, link.signable):
        return closed_page(request, link, closed)
    form = SignForm(posted(request), party=link.party)
    if form.is_bound and form.is_valid():
        return _ask_for_code(request, token, link, form.cleaned_data["typed_name"], form.statements)
    code_to = channels.for_code(link.party)
    return _sign_page(request, "trajectories/plans/sign.html", token, link, form=form, code_to=code_to)


def _ask_for_code(request: HttpRequest, token: str, link: PartyLink, name: str, statements: list[str]) -> HttpResponse:
    """Send the code, unless one went just now: then the page where it is filled in says so."""
    try:
        actions.request_code(link, typed_name=name, statements=statements)
    except Refused:
        if not link.codes.exists():
            raise
    return redirect("trajectories:sign_code", token)


@dataclass(frozen=True)
class CodePage:
    """Where the code is filled in that makes it a signature; beside who looks."""

    form: CodeForm
    code: SigningCode
    token: str
    # Why there is no other code to be had yet; empty when there is.
    wait: str


@access(PUBLIC, shows=Page.PLAN)
@personal_page(SIGN)
def sign_code(request: HttpRequest, token: str, link: PartyLink) -> HttpResponse:
    """What was confirmed, and the code that makes it a signature. Another code can be asked for here."""
    code = link.codes.order_by("-pk").first()
    if code is None or actions.why_not_to_sign(link, link.signable):
        return redirect("trajectories:sign", token)
    if "again" in request.POST:
        return _ask_for_code(request, token, link, code.typed_name, code.statements)
    form = CodeForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            actions.sign(link, code=form.cleaned_data["code"], **visitor(request))
        except actions.WrongCode as wrong:
            form.add_error("code", wrong.reasons[0].text)
        except Refused:
            # Signed twice at once, or closed meanwhile: the page itself says how the link stands.
            return redirect("trajectories:sign", token)
        else:
            return redirect("trajectories:sign", token)
    page = CodePage(form=form, code=code, token=token, wait=actions.why_no_new_code(link))
    return render_page(request, "trajectories/plans/sign_code.html", page, **for_party(link))


@dataclass(frozen=True)
class ToSign:
    """What a party is asked to sign, whichever document it is, and what its page says around it."""

    signable: Signable
    # Who sign it, beside what the document itself says, which its own template takes.
    parties: list[PlanParty]
    content_template: str
    over_title: str
    title: str
    intro: str
    is_new_version: bool
    afterwards: str


def _sign_page(request: HttpRequest, template: str, token: str, link: PartyLink, **more: Any) -> HttpResponse:
    """A page of a signer: the document, who looks, and whom we still wait for."""
    document, content = _paper_to_sign(link) if link.paper_id is not None else _plan_to_sign(link)
    missing = document.signable.missing_signers()
    by_name = _opens_document(link)
    waiting = [_called(party, by_name) for party in document.parties if party.party in missing]
    about = {**content, **for_party(link), "token": token, "waiting": waiting, "ended": _ended(document.signable)}
    return render_page(request, template, document, **about, **more)


def _opens_document(link: PartyLink) -> bool:
    """Whether this link still gives its holder the document, and so may name who is in it."""
    has_ended = link.voided_at is not None or link.expires_at <= clock.now()
    return not has_ended and not is_withheld_from(link.party)


def _called(party: PlanParty, by_name: bool) -> str:
    role = party.get_party_display()
    return f"{party.name} ({role})" if by_name else role


def _ended(signable: Signable) -> str:
    """What somebody who signed reads once that document doesn't hold any more (R5); empty while it does."""
    if signable.status == StartPlan.Status.SUPERSEDED:
        return _("Dit plan geldt niet meer. Er is een nieuwe versie, die iedereen heeft getekend.")
    if signable.is_called_off:
        return _("Dit startplan gaat niet door. Er hoeft niets meer te gebeuren.")
    if signable.status != StartPlan.Status.WITHDRAWN:
        return ""
    gone = _("Dit document geldt niet meer: het is veranderd of het gaat niet door.")
    return f"{gone} {_('Komt er een nieuwe versie? Dan komt er vanzelf een nieuwe link om te tekenen.')}"


def _paper_to_sign(link: PartyLink) -> tuple[ToSign, dict[str, Any]]:
    """Another paper than the startplan, with what it says."""
    paper = Paper.objects.with_parts().get(pk=promised(link.paper_id))
    kind = paper.get_kind_display()
    is_youth = link.party.party == Party.YOUTH
    content = paper_content(paper)
    document = ToSign(
        signable=paper,
        parties=content["parties"],
        content_template="documents/_paper.html",
        over_title=paper.organisation.name if paper.organisation else "Top Job",
        title=kind if is_youth else f"{kind}: {paper.trajectory.candidate.full_name}",
        intro=paper.summary,
        is_new_version=False,
        afterwards=_("Iedereen heeft getekend."),
    )
    return document, content


def _plan_to_sign(link: PartyLink) -> tuple[ToSign, dict[str, Any]]:
    """The startplan, with what it says."""
    version = StartPlan.objects.with_parts().get(pk=promised(link.plan_id))
    content = plan_content(version)
    name, day = content["youth"].full_name, nl_date(version.trial_starts_on)
    is_youth = link.party.party == Party.YOUTH
    begins = _("Je proefperiode begint op %(day)s.") if is_youth else _("De proefperiode begint op %(day)s.")
    holds = _("Iedereen heeft getekend. Het plan geldt vanaf %(day)s.")
    document = ToSign(
        signable=version,
        parties=content["parties"],
        content_template="documents/_plan.html",
        over_title=content["employer"].name,
        title=_("Je startplan") if is_youth else _("Startplan van %(name)s") % {"name": name},
        intro=begins % {"day": day},
        is_new_version=version.replaces_a_sent_one,
        afterwards=holds % {"day": nl_date(version.effective_on)},
    )
    return document, content


@access(PUBLIC, shows=Page.PLAN)
@personal_page(SIGN)
def sign_decline(request: HttpRequest, token: str, link: PartyLink) -> HttpResponse:
    """A party says no, with the reason; the regisseur hears it."""
    if link.declined_at is not None and link.voided_at is None:
        return render(request, "trajectories/plans/declined.html", for_party(link))
    if link.used_at is not None:
        return redirect("trajectories:sign", token)
    if closed := actions.why_not_to_sign(link, link.signable):
        return closed_page(request, link, closed)
    form = DeclineForm(posted(request), party=link.party)
    if form.is_bound and form.is_valid():
        try:
            actions.decline_to_sign(link, reason=form.cleaned_data["reason"])
        except Refused:
            return redirect("trajectories:sign", token)
        return redirect("trajectories:sign_decline", token)
    return render(request, "trajectories/plans/decline.html", {**for_party(link), "form": form, "token": token})


@access(PUBLIC, shows=Page.PLAN)
@personal_page(SIGN)
def sign_document(request: HttpRequest, token: str, link: PartyLink) -> HttpResponseBase:
    """The PDF for a party, until the link expires: what it is asked to sign; once all have signed, with the signatures."""
    pdf = link.signable.signed_document or link.signable.document
    if pdf is None or not _opens_document(link):
        return closed_page(request, link, _("Met deze link is het document niet meer te downloaden."))
    return download(pdf, file_name(pdf))


urlpatterns = [
    path("tekenen/<str:token>/", sign, name="sign"),
    path("tekenen/<str:token>/code/", sign_code, name="sign_code"),
    path("tekenen/<str:token>/weigeren/", sign_decline, name="sign_decline"),
    path("tekenen/<str:token>/plan.pdf", sign_document, name="sign_document"),
]
