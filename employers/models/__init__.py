from employers.models.company import (
    Employer,
    EmployerContact,
    FunctionLoad,
    FunctionProfile,
    LanguageLevel,
    SroiObligation,
)
from employers.models.project import IntakeDate, LearnWorkProject, Outcome, Stream
from employers.models.vacancy import Vacancy

__all__ = [
    "Employer",
    "EmployerContact",
    "FunctionLoad",
    "FunctionProfile",
    "IntakeDate",
    "LanguageLevel",
    "LearnWorkProject",
    "Outcome",
    "SroiObligation",
    "Stream",
    "Vacancy",
]
