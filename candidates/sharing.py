"""What an employer sees of a candidate: only what the person agreed to share (R16), nothing of health or money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from candidates.models import (
    Candidate,
    CandidateDocument,
    Consent,
    Education,
    WorkExperience,
    WorkLimitation,
)

# What follows when somebody takes a consent back themself; the apps above know.
TAKEN_BACK: list[Callable[[Consent], None]] = []


@dataclass(frozen=True)
class EmployerView:
    """The person through the employer's eyes; an empty part wasn't shared or isn't there."""

    name: str
    phone: str = ""
    email: str = ""
    city: str = ""
    experiences: list[WorkExperience] = field(default_factory=list)
    educations: list[Education] = field(default_factory=list)
    documents: list[CandidateDocument] = field(default_factory=list)
    limitations: list[WorkLimitation] = field(default_factory=list)
    consent: Consent | None = None


def to_share(person: str = "") -> tuple[str | Prefetch, ...]:
    """What `employer_view` reads of somebody; `person` leads to them from the rows that are asked for."""
    experiences = Prefetch(f"{person}experiences", WorkExperience.objects.select_related("branch"))
    return experiences, *(f"{person}{name}" for name in ("educations", "documents", "limitations"))


def employer_view(candidate: Candidate, consent: Consent | None) -> EmployerView:
    """Without a valid consent an employer sees no more than a number."""
    if consent is None or not consent.is_valid:
        return EmployerView(name=shared_name(candidate, consent))
    return EmployerView(
        consent=consent,
        **_contact(candidate, consent),
        experiences=list(candidate.experiences.all()) if consent.share_cv else [],
        educations=list(candidate.educations.all()) if consent.share_cv else [],
        documents=shared_documents(candidate, consent),
        limitations=list(candidate.limitations.all()) if consent.share_support else [],
    )


def shared_name(candidate: Candidate, consent: Consent | None) -> str:
    """The name when it was shared, else no more than a number."""
    is_shared = consent is not None and consent.is_valid and consent.share_contact
    return candidate.full_name if is_shared else number_of(candidate)


def number_of(candidate: Candidate) -> str:
    """How a person is called where the name isn't shared."""
    return f"K-{candidate.pk}"


def _contact(candidate: Candidate, consent: Consent) -> dict[str, str]:
    name = {"name": shared_name(candidate, consent)}
    if not consent.share_contact:
        return name
    phone = candidate.phone.as_national if candidate.phone else ""
    return name | {"phone": phone, "email": candidate.email, "city": candidate.city}


def shared_documents(candidate: Candidate, consent: Consent | None) -> list[CandidateDocument]:
    """Documents this employer may open."""
    if consent is None or not consent.is_valid:
        return []
    kinds = [CandidateDocument.Kind.CV] if consent.share_cv else []
    if consent.share_portfolio:
        kinds += [CandidateDocument.Kind.PORTFOLIO, CandidateDocument.Kind.CERTIFICATE]
    return [document for document in candidate.documents.all() if document.kind in kinds]
