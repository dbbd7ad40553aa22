from matching.models.decision import AuditFigure, MatchDecision, MatchRun, Shortlisted, Tip
from matching.models.demand import FunctionDemand, FunctionSkill
from matching.models.place import Place
from matching.models.profile import ProfileSkill, SearchProfile
from matching.models.skill import Skill
from matching.models.vacancy_fact import VacancyFact
from matching.models.weight import CriterionWeight

__all__ = [
    "AuditFigure",
    "CriterionWeight",
    "FunctionDemand",
    "FunctionSkill",
    "MatchDecision",
    "MatchRun",
    "Place",
    "ProfileSkill",
    "SearchProfile",
    "Shortlisted",
    "Skill",
    "Tip",
    "VacancyFact",
]
