from candidates.models.consent import Consent
from candidates.models.file import (
    Ability,
    CandidateDocument,
    ContactMoment,
    Education,
    FinanceCheck,
    Going,
    Interest,
    LabourProspect,
    LifeSnapshot,
    QFit,
    SupportNeed,
    SupportReview,
    WorkExperience,
    WorkLimitation,
)
from candidates.models.joining import DifferentPeople, FileJoin, MovedRow, TakenField
from candidates.models.person import Candidate, LegalRepresentative
from candidates.models.reference import EligibilityRule, LifeArea, Referrer, TargetGroup
from candidates.models.registration import Offer, Registration

__all__ = [
    "Ability",
    "Candidate",
    "CandidateDocument",
    "Consent",
    "ContactMoment",
    "DifferentPeople",
    "Education",
    "EligibilityRule",
    "FileJoin",
    "FinanceCheck",
    "Going",
    "Interest",
    "LabourProspect",
    "LegalRepresentative",
    "LifeArea",
    "LifeSnapshot",
    "MovedRow",
    "Offer",
    "QFit",
    "Referrer",
    "Registration",
    "SupportNeed",
    "SupportReview",
    "TakenField",
    "TargetGroup",
    "WorkExperience",
    "WorkLimitation",
]
