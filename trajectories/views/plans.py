"""The startplan: drafting, sending, who has signed, and the page behind a personal link where a party signs (R4, R5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import CASE_WORKERS, LOGGED_IN, PUBLIC, access
from accounts.models import Page
from accounts.reading import shown
from candidates import uploads
from topjob import clock
from topjob.dates import nl_date, nl_moment
from topjob.errors import Reason, Refused, promised
from topjob.pages import form_page, posted
from trajectories import actions
from trajectories.documents.making import paper_content, plan_content
from trajectories.forms.plans import CodeForm, DeclineForm, PartyForm, PlanEdit, ReasonForm, ScanForm, SignForm
from trajectories.journey.access import is_withheld_from, may_work
from trajectories.journey.core import require_work
from trajectories.journey.need_to_know import require_document, require_signable
from trajectories.models import GeneratedDocument, Paper, PartyLink, PlanParty, Scan, StartPlan, Trajectory
from trajectories.models.plan import Party, Signable
from trajectories.pages.permission_notice import PermissionNotice, notice_of
from trajectories.process.periods import day_off_notice
from trajectories.process.workflow import State
from trajectories.signing import channels
from trajectories.signing.parties import signers
from trajectories.views.pages import refusals_for, trail, visible_case
from trajectories.views.personal import closed_page, for_party, personal_page, visitor

SIGN, EVALUATE = PartyLink.Purpose.SIGN, PartyLink.Purpose.EVALUATE


# --- Staff: one page that goes with the version in hand --------------------------------------------------------------
@access(CASE_WORKERS, shows=Page.PLAN)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The version in hand: a draft to fill in, or what was sent with who has signed."""
    case = visible_case(request, pk, Trajectory.objects.prefetch_related("permissions"))
    latest = case.current_plan or case.plans.first()
    current = StartPlan.objects.with_progress().get(pk=latest.pk) if latest else None
    if current is not None and current.is_draft and _may_draft(request, case):
        return _edit(request, case, current)
    if request.method == "POST":
        raise Refused(_("Dit startplan ligt vast. Maak een nieuwe versie."))
    return render(request, "trajectories/plans/plan.html", _context(request, case, current))


def _may_draft(request: HttpRequest, case: Trajectory) -> bool:
    return may_work(case, request.user, "draft_plan")


def _edit(request: HttpRequest, case: Trajectory, draft: StartPlan) -> HttpResponse:
    edit = PlanEdit(posted(request), draft, case.current_trial)
    if request.method == "POST" and edit.is_valid():
        actions.save_plan(draft, by=request.user, **edit.values())
        messages.success(request, _("Het startplan is opgeslagen."))
        return redirect("trajectories:plan", case.pk)
    # Checking what was sent wrote it into the draft at hand; beside the form the page shows what is stored.
    stored = StartPlan.objects.with_progress().get(pk=draft.pk) if edit.form.is_bound else draft
    context = _context(request, case, stored)
    return render(request, "trajectories/plans/edit.html", context | {"edit": edit, "form": edit.form})


def _context(request: HttpRequest, case: Trajectory, current: StartPlan | None) -> dict[str, Any]:
    may_draft, may_resend = _may_draft(request, case), may_work(case, request.user, "resend_link")
    closed, notice = _past_its_start(current), notice_of(case)
    versions = list(case.plans.select_related("document", "signed_document"))
    return {
        "case": case,
        "plan": current,
        "content": plan_content(current) if current else None,
        "signers": signers(current) if current else [],
        "unnamed": current.parties_without_a_name() if current and current.is_draft else [],
        "next_step": _next_step(case, current, notice),
        "documents": _documents(versions),
        "versions": versions,
        "actions": _steps(case, current) if may_draft else [],
        "may_draft": may_draft,
        "may_resend": may_resend and current is not None and current.status == StartPlan.Status.SENT and not closed,
        "may_send_copy": may_resend and current is not None and current.status == StartPlan.Status.SIGNED,
        "closed": closed,
        "notice": notice,
        "crumbs": trail(case, (_("Startplan"), "")),
    }


def _past_its_start(current: StartPlan | None) -> str:
    """Nobody can sign it any more, and no link can be sent (R4); empty while people can."""
    if current is None or current.status != StartPlan.Status.SENT or clock.today() <= current.last_day_to_sign:
        return ""
    return _("De startdatum is voorbij: niemand kan dit plan nog tekenen. Maak een nieuwe versie.")


def _next_step(case: Trajectory, current: StartPlan | None, notice: PermissionNotice | None) -> str:
    """What happens now that all have signed; the payer's permission can still be in the way (decision 10)."""
    if current is None or current.status != StartPlan.Status.SIGNED or case.state != State.STARTPLAN:
        return ""
    text = _("Iedereen heeft getekend. De proefperiode begint vanzelf op %(day)s.")
    if notice is not None and notice.blocks:
        text = _("Iedereen heeft getekend. De proefperiode begint op %(day)s, als de toestemming er dan is.")
    return text % {"day": nl_date(current.trial_starts_on)}


def _documents(versions: list[StartPlan]) -> list[dict[str, Any]]:
    """The PDFs of every version, newest first, with their fingerprint."""
    pairs = [(row.number, document) for row in versions for document in (row.signed_document, row.document) if document]
    return [{"number": number, "document": document} for number, document in pairs]


def _steps(case: Trajectory, current: StartPlan | None) -> list[dict[str, Any]]:
    """What the regisseur can do with the plan now."""
    new = reverse("trajectories:plan_new_version", args=[case.pk])
    if current is None or current.status == StartPlan.Status.WITHDRAWN:
        return [{"label": _("Startplan maken"), "url": new, "method": "post", "enabled": True, "primary": True}]
    if current.is_draft:
        reasons = actions.reasons_not_to_send(current)
        url = reverse("trajectories:plan_send", args=[case.pk])
        return [{"label": _("Versturen"), "url": url, "method": "get", "enabled": not reasons, "reasons": reasons}]
    text = _("Een verstuurd plan verandert niet. In een nieuwe versie kan dat wel; daarna tekent iedereen opnieuw.")
    return [{"label": _("Nieuwe versie"), "url": new, "method": "get", "enabled": True, "description": text}]


@access(CASE_WORKERS, shows=Page.PLAN)
@require_POST
def plan_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Keeps what was typed in the draft; answers what the page has to know of it."""
    case = visible_case(request, pk)
    draft = _version(case, status=StartPlan.Status.DRAFT)
    edit = PlanEdit(request.POST, draft, case.current_trial)
    if not edit.is_valid():
        return JsonResponse({"errors": edit.form.errors}, status=409 if edit.has_clashes else 422)
    saved = actions.save_plan(draft, by=request.user, **edit.values())
    moment = clock.now().astimezone(clock.AMSTERDAM)
    return JsonResponse({"saved_at": f"{moment:%H:%M}", "fields": edit.shown_after_saving(saved)})


def _version(case: Trajectory, **which: Any) -> StartPlan:
    return get_object_or_404(case.plans.with_progress(), **which)


@access(CASE_WORKERS, shows=Page.PLAN)
@require_safe
def plan_preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as its parties read it; the PDF has the same content."""
    case = visible_case(request, pk)
    row = _version(case, number=number)
    back = reverse("trajectories:plan", args=[pk])
    path_here = trail(case, (_("Startplan"), back), (_("Versie %(n)s") % {"n": number}, ""))
    context = {"case": case, "crumbs": path_here, "signers": signers(row), **plan_content(row)}
    return render(request, "trajectories/plans/preview.html", context)


@access(CASE_WORKERS, shows=Page.PLAN)
def plan_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the draft to its parties; from then on it is fixed (R5)."""
    case = visible_case(request, pk)
    back = reverse("trajectories:plan", args=[pk])
    draft = case.plans.with_progress().filter(status=StartPlan.Status.DRAFT).first()
    if draft is None:
        raise Refused(_("Er is geen startplan om te versturen. Misschien is het al verstuurd."))
    require_work("draft_plan", case, by=request.user)
    if request.method == "POST":
        actions.send_plan(draft, by=request.user)
        messages.success(
            request, _("Verstuurd. De pdf wordt gemaakt; daarna krijgt iedereen een eigen link om te tekenen.")
        )
        return redirect(back)
    if reasons := actions.reasons_not_to_send(draft):
        raise Refused(*reasons, title=_("Startplan versturen"))
    context = {"case": case, "plan": draft, "signers": signers(draft), "cancel_url": back}
    context["day_off"] = day_off_notice(draft.trial_starts_on) if case.current_trial is None else ""
    context["crumbs"] = trail(case, (_("Startplan"), back), (_("Versturen"), ""))
    return render(request, "trajectories/plans/send.html", context)


@access(CASE_WORKERS, shows=Page.PLAN)
def plan_new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the first version, or a new one that needs every signature again (R5)."""
    case = visible_case(request, pk)
    require_work("draft_plan", case, by=request.user)
    back = reverse("trajectories:plan", args=[pk])
    if request.method == "POST":
        actions.draft_plan(case, by=request.user)
        return redirect(back)
    is_open = case.current_plan is not None and case.current_plan.status == StartPlan.Status.SENT
    context = {
        "title": _("Nieuwe versie van het startplan"),
        "text": _("De nieuwe versie begint als kopie. Iedereen tekent haar opnieuw."),
        "consequences": [Reason(_("De links om de vorige versie te tekenen werken niet meer."))] if is_open else [],
        "submit_label": _("Nieuwe versie maken"),
        "cancel_url": back,
        "crumbs": trail(case, (_("Startplan"), back), (_("Nieuwe versie"), "")),
    }
    return render(request, "components/confirm.html", context)


@access(CASE_WORKERS, shows=Page.PLAN)
def plan_party(request: HttpRequest, pk: int, party: str) -> HttpResponse:
    """Who signs for a party; in a draft only."""
    case = visible_case(request, pk)
    if party not in Party.values:
        raise Http404
    draft = _version(case, status=StartPlan.Status.DRAFT)
    require_work("draft_plan", case, by=request.user)
    row = draft.parties.filter(party=party).first() or PlanParty(plan=draft, party=party)
    form = PartyForm(posted(request), instance=row)
    back = reverse("trajectories:plan", args=[pk])
    if form.is_bound and form.is_valid():
        actions.set_party(draft, party, by=request.user, **form.cleaned_data)
        return redirect(back)
    title = _("Wie tekent als %(party)s?") % {"party": Party(party).label}
    crumbs = trail(case, (_("Startplan"), back), (Party(party).label.capitalize(), ""))
    return form_page(request, form, title=title, cancel=back, eyebrow=case.candidate.full_name, crumbs=crumbs)


@access(CASE_WORKERS, shows=Page.PLAN)
@require_POST
def link_resend(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """A new personal link for a party; the earlier one is void."""
    link = link_of(visible_case(request, pk), link_pk)
    actions.resend_link(link, by=request.user)
    text = _("%(name)s krijgt een nieuwe link. De vorige werkt niet meer.")
    messages.success(request, text % {"name": link.party.name})
    return redirect(page_of_link(link))


def link_of(case: Trajectory, pk: int) -> PartyLink:
    """A personal link of this case with what it is for; not found when it is another's."""
    related = ("party__plan", "party__paper", "plan", "paper", "evaluation", "trajectory")
    return get_object_or_404(case.links.select_related(*related), pk=pk)


def page_of_link(link: PartyLink) -> str:
    """The staff's page on which it is told how far this link is."""
    if link.purpose == EVALUATE:
        return reverse("trajectories:evaluation", args=[link.trajectory_id])
    return page_of(link.party)


# --- A party signs ---------------------------------------------------------------------------------------------------
@access(PUBLIC, shows=Page.PLAN)
@personal_page(SIGN)
def sign(request: HttpRequest, token: str, link: PartyLink) -> HttpResponse:
    """The plan, readable on a phone, with what has to be ticked and typed to sign it. Once signed: what comes next."""
    if link.used_at is not None:
        return render(request, "trajectories/plans/signed.html", _sign_context(token, link))
    if link.declined_at is not None and link.voided_at is None:
        return redirect("trajectories:sign_decline", token)
    if closed := actions.why_not_to_sign(link, link.signable):
        return closed_page(request, link, closed)
    form = SignForm(posted(request), party=link.party)
    if form.is_bound and form.is_valid():
        return _ask_for_code(request, token, link, form.cleaned_data["typed_name"], form.statements)
    context = _sign_context(token, link) | {"form": form, "code_to": channels.for_code(link.party)}
    return render(request, "trajectories/plans/sign.html", context)


def _ask_for_code(request: HttpRequest, token: str, link: PartyLink, name: str, statements: list[str]) -> HttpResponse:
    """Send the code, unless one went just now: then the page where it is filled in says so."""
    try:
        actions.request_code(link, typed_name=name, statements=statements)
    except Refused:
        if not link.codes.exists():
            raise
    return redirect("trajectories:sign_code", token)


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
    context = {**for_party(link), "form": form, "code": code, "token": token, "wait": actions.why_no_new_code(link)}
    return render(request, "trajectories/plans/sign_code.html", context)


def _sign_context(token: str, link: PartyLink) -> dict[str, Any]:
    """What the pages of a signer show, whichever document it is."""
    about = paper_to_sign(link) if link.paper_id is not None else _plan_to_sign(link)
    signable = about["signable"]
    missing = signable.missing_signers()
    by_name = _opens_document(link)
    waiting = [_called(party, by_name) for party in about["parties"] if party.party in missing]
    return {**about, **for_party(link), "token": token, "waiting": waiting, "ended": _ended(signable)}


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


def paper_to_sign(link: PartyLink) -> dict[str, Any]:
    """What the page of a signer shows of another paper than the startplan."""
    paper = Paper.objects.with_parts().get(pk=promised(link.paper_id))
    kind = paper.get_kind_display()
    is_youth = link.party.party == Party.YOUTH
    return {
        **paper_content(paper),
        "signable": paper,
        "content_template": "documents/_paper.html",
        "over_title": paper.organisation.name if paper.organisation else "Top Job",
        "title": kind if is_youth else f"{kind}: {paper.trajectory.candidate.full_name}",
        "intro": paper.summary,
        "is_new_version": False,
        "afterwards": _("Iedereen heeft getekend."),
    }


def _plan_to_sign(link: PartyLink) -> dict[str, Any]:
    version = StartPlan.objects.with_parts().get(pk=promised(link.plan_id))
    content = plan_content(version)
    name, day = content["youth"].full_name, nl_date(version.trial_starts_on)
    is_youth = link.party.party == Party.YOUTH
    return {
        **content,
        "signable": version,
        "content_template": "documents/_plan.html",
        "over_title": content["employer"].name,
        "title": _("Je startplan") if is_youth else _("Startplan van %(name)s") % {"name": name},
        "intro": (_("Je proefperiode begint op %(day)s.") if is_youth else _("De proefperiode begint op %(day)s."))
        % {"day": day},
        "is_new_version": version.replaces_a_sent_one,
        "afterwards": _("Iedereen heeft getekend. Het plan geldt vanaf %(day)s.")
        % {"day": nl_date(version.effective_on)},
    }


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


# --- Documents -------------------------------------------------------------------------------------------------------
@access(LOGGED_IN, shows=Page.PAPER)
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Download a startplan or another paper: staff who see the case, the person, and the employer of the plan."""
    rows = GeneratedDocument.objects.visible_to(request.user).select_related("trajectory")
    row = get_object_or_404(rows, pk=pk)
    require_document(row, request.user)
    shown(request, row.trajectory.candidate_id)
    response = download(row, file_name(row))
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(row: GeneratedDocument) -> str:
    """What a download is called: which document, which version, signed or not."""
    paper = Paper.objects.filter(Q(document=row) | Q(signed_document=row)).first()
    if paper is not None:
        return f"{paper.kind}{'-getekend' if row.kind == GeneratedDocument.Kind.PAPER_SIGNED else ''}.pdf"
    version = StartPlan.objects.filter(trajectory=row.trajectory_id).of_document(row).first()
    kind = "getekend-" if row.kind == GeneratedDocument.Kind.PLAN_SIGNED else ""
    return f"startplan-{kind}versie-{version.number if version else 1}.pdf"


def download(row: GeneratedDocument | Scan, name: str, content_type: str = "application/pdf") -> FileResponse:
    """Always as an attachment, never sniffed."""
    try:
        stream = row.file.open("rb")
    except FileNotFoundError as error:
        raise Refused(_("Dit document is niet meer te vinden. Meld het aan de beheerder.")) from error
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- On paper --------------------------------------------------------------------------------------------------------
def _party_of(request: HttpRequest, case: Trajectory, pk: int) -> PlanParty:
    rows = PlanParty.objects.filter(Q(plan__trajectory=case) | Q(paper__trajectory=case))
    party = get_object_or_404(rows.select_related("plan__document", "paper__document"), pk=pk)
    require_signable(case, request.user, party)
    return party


def page_of(party: PlanParty) -> str:
    """The staff's page of the document that a party signs."""
    case_id = party.signable.trajectory_id
    if party.paper_id is not None:
        return reverse("trajectories:paper", args=[case_id, party.paper_id])
    return reverse("trajectories:plan", args=[case_id])


@access(CASE_WORKERS, shows=Page.PAPER)
def scan_upload(request: HttpRequest, pk: int, party_pk: int) -> HttpResponse:
    """The signed paper of a party: a colleague looks at it afterwards."""
    case = visible_case(request, pk)
    party = _party_of(request, case, party_pk)
    require_work("upload_scan", case, by=request.user)
    if reasons := actions.reasons_not_on_paper(party, party.signable):
        raise Refused(*reasons, title=_("Op papier getekend"))
    form = ScanForm(posted(request), request.FILES or None, initial={"signed_on": clock.today()})
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["signed_on"]
        if reasons := actions.reasons_not_on_paper(party, party.signable, day):
            form.add_error("signed_on", reasons[0].text)
        else:
            actions.upload_scan(party, form.cleaned_data["file"], signed_on=day, by=request.user)
            messages.success(request, _("De scan is geüpload. Vraag een collega om hem na te kijken."))
            return redirect(page_of(party))
    words: dict[str, Any] = {
        "eyebrow": case.candidate.full_name,
        "subtitle": _("Vingerafdruk van het document: %(sha)s…")
        % {"sha": promised(party.signable.document).sha256[:16]},
        "submit_label": _("Uploaden"),
        "crumbs": trail(case, (_("Op papier"), "")),
    }
    return form_page(
        request, form, title=_("%(name)s tekende op papier") % {"name": party.name}, cancel=page_of(party), **words
    )


def _scan(request: HttpRequest, case: Trajectory, pk: int) -> Scan:
    rows = Scan.objects.filter(Q(party__plan__trajectory=case) | Q(party__paper__trajectory=case))
    related = ("party__plan__document", "party__paper__document", "uploaded_by", "confirmed_by", "refused_by")
    row = get_object_or_404(rows.select_related(*related), pk=pk)
    require_signable(case, request.user, row.party)
    return row


@access(CASE_WORKERS, shows=Page.PAPER)
def scan(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponse:
    """A second member of staff looks at the paper: is it this document, and did this person sign it? (four eyes)"""
    case = visible_case(request, pk)
    row = _scan(request, case, scan_pk)
    refusals = refusals_for(request, case, "judge_scan")
    form = ReasonForm(request.POST if "refuse" in request.POST else None)
    if request.method == "POST" and "confirm" in request.POST:
        actions.confirm_scan(row, by=request.user)
        messages.success(request, _("Akkoord: %(name)s heeft op papier getekend.") % {"name": row.party.name})
        return redirect(page_of(row.party))
    if form.is_bound and form.is_valid():
        actions.refuse_scan(row, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("De scan is afgekeurd. Er kan een nieuwe geüpload worden."))
        return redirect(page_of(row.party))
    context = {
        "case": case,
        "scan": row,
        "form": form,
        "facts": _scan_facts(row),
        "may_judge": not refusals,
        "not_by": actions.why_not_by(row, request.user),
        "back": page_of(row.party),
        "crumbs": trail(case, (_("Op papier"), "")),
    }
    return render(request, "trajectories/plans/scan.html", context)


def _scan_facts(row: Scan) -> list[tuple[str, str]]:
    printed = "\n".join(actions.printed_for(row.party))
    return [
        (_("Wie"), str(row.party)),
        *([(_("Staat boven de handtekening"), printed)] if printed else []),
        (_("Datum op het papier"), nl_date(row.signed_on)),
        (_("Geüpload door"), f"{row.uploaded_by.name}, {nl_moment(row.uploaded_at)}"),
        (_("Vingerafdruk van het document"), row.document_sha256),
        (_("Vingerafdruk van de scan"), row.sha256),
    ]


@access(CASE_WORKERS, shows=Page.PAPER)
@require_safe
def scan_file(request: HttpRequest, pk: int, scan_pk: int) -> HttpResponseBase:
    row = _scan(request, visible_case(request, pk), scan_pk)
    extension = {kind.content_type: kind.extension for kind in uploads.SCANS}[row.content_type]
    response = download(row, f"handtekening-{row.role}-{row.pk}.{extension}", row.content_type)
    response["Cache-Control"] = "private, no-store"
    return response


CASE = "trajecten/<int:pk>/startplan/"
urlpatterns = [
    path(CASE, plan, name="plan"),
    path(CASE + "bewaren/", plan_autosave, name="plan_autosave"),
    path(CASE + "versie/<int:number>/", plan_preview, name="plan_preview"),
    path(CASE + "versturen/", plan_send, name="plan_send"),
    path(CASE + "nieuwe-versie/", plan_new_version, name="plan_new_version"),
    path(CASE + "partij/<str:party>/", plan_party, name="plan_party"),
    path("trajecten/<int:pk>/links/<int:link_pk>/opnieuw/", link_resend, name="link_resend"),
    path("tekenen/<str:token>/", sign, name="sign"),
    path("tekenen/<str:token>/code/", sign_code, name="sign_code"),
    path("tekenen/<str:token>/weigeren/", sign_decline, name="sign_decline"),
    path("tekenen/<str:token>/plan.pdf", sign_document, name="sign_document"),
    path("trajecten/<int:pk>/op-papier/<int:party_pk>/", scan_upload, name="scan_upload"),
    path("trajecten/<int:pk>/scan/<int:scan_pk>/", scan, name="scan"),
    path("trajecten/<int:pk>/scan/<int:scan_pk>/bestand/", scan_file, name="scan_file"),
    path("documenten/traject/<int:pk>/", document, name="document"),
]
