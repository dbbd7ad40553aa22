from employers.models.company import Employer, EmployerContact, FunctionLoad, FunctionProfile, SroiObligation
from employers.models.project import IntakeDate, LearnWorkProject, Stream
from employers.models.vacancy import Vacancy

__all__ = [
    "Employer",
    "EmployerContact",
    "FunctionLoad",
    "FunctionProfile",
    "IntakeDate",
    "LearnWorkProject",
    "SroiObligation",
    "Stream",
    "Vacancy",
]
