"""The startplan on paper: content, PDF with its fingerprint, and the page with signatures (R5, decision 16).

Screen, phone and PDF show the same template, `documents/_plan.html`; only the frame differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from topjob import clock, mail
from topjob.certificates import Verdict
from topjob.dates import nl_date
from topjob.errors import promised
from topjob.models import SealCertificate
from topjob.money import euro
from trajectories.documents.printable import as_html, unprintable
from trajectories.models import (
    GeneratedDocument,
    LearningGoal,
    Paper,
    PaperLine,
    PlanParty,
    PlanTemplate,
    StartPlan,
    Trajectory,
)
from trajectories.models.placeholders import Block, blocks
from trajectories.models.placement import Route
from trajectories.models.plan import Signable
from trajectories.process.choices import Party
from trajectories.signing.statements import statements_for

FULL_DATE = "l j F Y"
MOST_PAGES = 3
MOST_PAPER_PAGES = 2
# The three fields of guidance (docs/domain.md §4.5) in words for the youth.
GOAL_HEADINGS = {
    LearningGoal.Field.CRAFT: gettext_lazy("Het vak"),
    LearningGoal.Field.PERSONAL: gettext_lazy("Jij op je werk"),
    LearningGoal.Field.LEARNING: gettext_lazy("Leren terwijl je werkt"),
}


class DocumentDamaged(Exception):
    """The stored bytes aren't the bytes whose fingerprint was signed (I6)."""


def plan_content(plan: StartPlan, template: PlanTemplate | None = None) -> dict[str, Any]:
    """Everything the plan says, as the template shows it on screen and on paper; in the texts it was sent with, or these."""
    goals = list(plan.goals.all())
    fields = [(heading, [goal for goal in goals if goal.field == field]) for field, heading in GOAL_HEADINGS.items()]
    return {
        "plan": plan,
        "youth": plan.trajectory.candidate,
        "employer": plan.application.organisation,
        "parties": list(plan.parties.all()),
        "on_paper": _on_paper(plan),
        "texts": _texts(plan, template or PlanTemplate.of(plan)),
        "trial_pairs": _trial_pairs(plan),
        "work_pairs": _work_pairs(plan),
        "training_pairs": _training_pairs(plan),
        "goal_fields": [(heading, rows) for heading, rows in fields if rows],
        "guidance_pairs": _guidance_pairs(plan),
        "agreements": list(plan.agreements.all()),
        "moments": list(plan.evaluation_dates.all()),
        "check_address": mail.absolute(reverse("trajectories:check_document")),
    }


def _on_paper(signable: Signable) -> list[tuple[PlanParty, list[str]]]:
    """Who signs on paper, with what they confirm by it."""
    return [(party, statements_for(party)) for party in signable.parties.all() if party.on_paper]


def _texts(plan: StartPlan, template: PlanTemplate) -> dict[str, list[Block]]:
    values = _values(plan)
    return {name: blocks(getattr(template, name), values) for name in PlanTemplate.TEXTS}


def _values(plan: StartPlan) -> dict[str, str]:
    """What the words in braces stand for; who or what isn't known is called by its role."""
    youth, coach, lead = plan.trajectory.candidate, _coach(plan), plan.trajectory.lead
    return {
        "naam": youth.full_name,
        "voornaam": youth.call_name,
        "bedrijf": plan.application.organisation.name,
        "functie": plan.function_name,
        "eerste_dag": date_format(plan.trial_starts_on, FULL_DATE),
        "laatste_dag": date_format(plan.trial_ends_on, FULL_DATE),
        "maanden": str(plan.trial_months),
        "uren": str(plan.hours_per_week),
        "opleiding": plan.training_name or _("je opleiding"),
        "school": plan.training_school or _("je school"),
        "leermeester": plan.mentor_name or _("je leermeester"),
        "jobcoach": coach.name if coach else _("je jobcoach"),
        "regisseur": lead.name if lead else _("je regisseur"),
        "uurloon": euro(plan.hourly_wage),
    }


def _coach(plan: StartPlan) -> PlanParty | None:
    return next((party for party in plan.parties.all() if party.party == Party.JOBCOACH), None)


def _filled(*pairs: tuple[str, Any]) -> list[tuple[str, Any]]:
    """Only what was agreed: a contract has no empty lines."""
    return [(label, value) for label, value in pairs if value not in ("", None, 0)]


def _trial_pairs(plan: StartPlan) -> list[tuple[str, Any]]:
    change = nl_date(plan.effective_on) if plan.is_amendment else ""
    months = ngettext("%(n)s maand", "%(n)s maanden", plan.trial_months) % {"n": plan.trial_months}
    return _filled(
        (_("Eerste dag"), nl_date(plan.trial_starts_on)),
        (_("Laatste dag"), nl_date(plan.trial_ends_on)),
        (_("Hoe lang"), months),
        (_("Deze wijziging geldt vanaf"), change),
        (_("Uitkering"), _("Je houdt je uitkering tijdens de proefperiode.") if plan.keeps_benefit else ""),
    )


def _work_pairs(plan: StartPlan) -> list[tuple[str, Any]]:
    return _filled(
        (_("Je functie"), plan.function_name),
        (_("Het bedrijf"), plan.application.organisation.name),
        (_("Waar je werkt"), plan.work_place),
        (_("Wat je gaat doen"), plan.tasks),
        (_("Uren per week"), plan.hours_per_week),
        (_("Je loon"), _("%(wage)s bruto per uur") % {"wage": euro(plan.hourly_wage)} if plan.hourly_wage else ""),
        (_("Je werkdagen"), plan.working_days),
        (_("Reiskosten en spullen"), plan.travel_allowance),
    )


def _training_pairs(plan: StartPlan) -> list[tuple[str, Any]]:
    return _filled(
        (_("Je opleiding"), plan.training_name),
        (_("School of opleider"), plan.training_school),
        (_("Uren opleiding per week"), plan.training_hours),
        (_("Je route"), _route(plan)),
        (_("Je werkt toe naar"), plan.get_level_display()),
    )


def _route(plan: StartPlan) -> str:
    """The route without its number; "anders" says nothing that the text above it doesn't say better."""
    return "" if plan.route == Route.OTHER else capfirst(plan.get_route_display().partition(": ")[2])


def _guidance_pairs(plan: StartPlan) -> list[tuple[str, Any]]:
    coach, lead = _coach(plan), plan.trajectory.lead
    stands_in = coach is not None and coach.is_stand_in
    return _filled(
        (_("Je leermeester"), _helper(plan.mentor_name, plan.mentor_hours)),
        (_("Je jobcoach"), _helper(coach.name, plan.jobcoach_hours, coach.phone) if coach else ""),
        (_("Je regisseur"), _helper(lead.name, 0, lead.phone) if lead and not stands_in else ""),
        (_("Wat helpt op het werk"), plan.support_at_work),
    )


def _helper(name: str, hours: int, phone: Any = "") -> str:
    """Somebody who helps: who, how much, and how to reach them."""
    week = _("%(n)s uur per week") % {"n": hours} if name and hours else ""
    called = _("bel %(phone)s") % {"phone": phone.as_national} if name and phone else ""
    return ", ".join(filter(None, (str(name), week, called)))


def render_pdf(template: str, context: dict[str, Any], *, most_pages: int | None = None) -> bytes:
    """The document as a PDF (`typesetting`, which loads a third of what a process loads: only where one is made)."""
    from trajectories.documents import typesetting

    return typesetting.render_pdf(template, context, most_pages=most_pages)


def unprintable_in_plan(plan: StartPlan) -> list[str]:
    """What the PDF of this version could not show, in plain words; empty when it shows everything."""
    return unprintable(as_html("documents/startplan.html", plan_content(plan)))


def unprintable_in_paper(paper: Paper) -> list[str]:
    """The same of another document."""
    return unprintable(as_html("documents/paper.html", paper_content(paper)))


def render_plan(plan: StartPlan) -> bytes:
    """The startplan as its parties sign it."""
    return render_pdf("documents/startplan.html", plan_content(plan), most_pages=MOST_PAGES)


def render_signed_plan(plan: StartPlan) -> bytes:
    """The signed version with its page of signatures and our seal."""
    words = {"name": plan.trajectory.candidate.full_name, "n": plan.number}
    return _sealed(plan, _("Startplan %(name)s · versie %(n)s") % words)


def paper_content(paper: Paper) -> dict[str, Any]:
    """Everything a paper says, per heading, as the template shows it on screen and on paper."""
    sections: dict[str, list[PaperLine]] = {}
    for line in paper.lines.all():
        sections.setdefault(line.section, []).append(line)
    opening = sections.pop("", [])
    return {
        "paper": paper,
        "youth": paper.trajectory.candidate,
        "parties": list(paper.parties.all()),
        "on_paper": _on_paper(paper),
        "check_address": mail.absolute(reverse("trajectories:check_document")),
        "opening": _parts(opening),
        "sections": [{"title": title, "parts": _parts(lines)} for title, lines in sections.items()],
    }


def _parts(lines: list[PaperLine]) -> list[dict[str, Any]]:
    """Lines that are shown as one: facts, paragraphs, a list or a table."""
    return [_part(name, list(rows)) for name, rows in groupby(lines, key=_part_of)]


def _part_of(line: PaperLine) -> str:
    if line.form in (PaperLine.Form.COLUMNS, PaperLine.Form.ROW):
        return "table"
    if line.form == PaperLine.Form.POINT:
        return "points"
    return "facts" if line.label else "texts"


def _part(name: str, lines: list[PaperLine]) -> dict[str, Any]:
    if name == "facts":
        return {"facts": [(line.label, line.text) for line in lines]}
    if name == "table":
        head, *rows = lines
        named = [(row.label, list(zip(head.cells, row.cells, strict=True))) for row in rows]
        return {"table": {"head": head, "rows": named}}
    return {name: [line.text for line in lines]}


def render_paper(paper: Paper) -> bytes:
    """A paper as its parties sign it."""
    return render_pdf("documents/paper.html", paper_content(paper), most_pages=MOST_PAPER_PAGES)


def render_signed_paper(paper: Paper) -> bytes:
    """The signed paper with its page of signatures and our seal."""
    words = {"kind": paper.get_kind_display(), "name": paper.trajectory.candidate.full_name}
    return _sealed(paper, _("%(kind)s van %(name)s") % words)


def _sealed(signable: Signable, title: str) -> bytes:
    """What was signed, page for page, with the page of signatures behind it, the signed bytes inside, and our seal."""
    from topjob import seal
    from trajectories.documents import typesetting

    original = read(promised(signable.document))
    page = render_pdf("documents/signatures.html", signatures_content(signable, title), most_pages=1)
    return seal.seal(typesetting.joined(original, page, signable.sent_at))


def signatures_content(signable: Signable, title: str) -> dict[str, Any]:
    """The page of signatures: who, when, how it was confirmed, and which bytes."""
    signatures = signable.signatures.select_related("party", "link", "scan__uploaded_by", "scan__confirmed_by")
    address = mail.absolute(reverse("trajectories:check_document"))
    return {"signable": signable, "title": title, "signatures": signatures, "check_address": address}


def fingerprint(content: bytes) -> str:
    """SHA-256: what a signature is bound to."""
    return hashlib.sha256(content).hexdigest()


def read(document: GeneratedDocument) -> bytes:
    """The stored bytes, checked against the fingerprint that was signed (I6)."""
    with document.file.open("rb") as stream:
        content = stream.read()
    if fingerprint(content) != document.sha256:
        raise DocumentDamaged(f"document {document.pk} differs from its fingerprint")
    return content


def examine(content: bytes) -> tuple[bool, Verdict]:
    """Whether somebody's PDF is exactly a document of ours, and whether our seal on it is whole. Both are always looked at,
    so that a stranger learns nothing from the time it takes.
    """
    from topjob import seal

    is_ours = GeneratedDocument.objects.filter(sha256=fingerprint(content)).exists()
    certificates = [bytes(der) for der in SealCertificate.objects.values_list("der", flat=True)]
    return is_ours, seal.check(content, certificates)


def store(trajectory: Trajectory, kind: str, content: bytes) -> GeneratedDocument:
    """Keep a PDF under a random name, with its fingerprint. No file is left behind when the row can't be written."""
    document = GeneratedDocument(
        trajectory=trajectory, kind=kind, sha256=fingerprint(content), size=len(content), created_at=clock.now()
    )
    try:
        document.file.save("startplan.pdf", ContentFile(content), save=False)
        document.save()
    except BaseException:
        forget([document])
        raise
    return document


def forget(documents: Iterable[GeneratedDocument]) -> None:
    """Remove the bytes of documents whose rows were never kept."""
    for document in documents:
        if document.file.name:
            document.file.storage.delete(document.file.name)
