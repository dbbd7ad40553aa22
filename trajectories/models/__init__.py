from trajectories.models.agreement import AgreementKind
from trajectories.models.deadline import Deadline
from trajectories.models.evaluating import AmbitionStep, DraftScore, NoShow, ViewDraft
from trajectories.models.followup import (
    Advice,
    Aftercare,
    AmbitionItem,
    CheckIn,
    CoachingScore,
    CoachingSession,
    Completion,
    ExitTalk,
    Qualification,
    QuickScan,
    TrainingEnd,
)
from trajectories.models.paper import Paper, PaperLine, PrintedStatements, Scan
from trajectories.models.placement import Application, Contract, Placement, ProjectParticipation, SeatClaim
from trajectories.models.plan import (
    EvaluationDate,
    GeneratedDocument,
    LearningGoal,
    PlanAgreement,
    PlanParty,
    StartPlan,
)
from trajectories.models.received import Received
from trajectories.models.retention import DestructionRecord, LegalHold
from trajectories.models.school import PracticeAgreement
from trajectories.models.signing import PartyLink, Signature, SigningCode
from trajectories.models.support import EmployerSupport, SupportStep
from trajectories.models.template import PaperTemplate, PlanTemplate
from trajectories.models.trajectory import Trajectory
from trajectories.models.trial import (
    Evaluation,
    EvaluationScore,
    EvaluationView,
    PayerPermission,
    TrialExtension,
    TrialInterruption,
    TrialPeriod,
    WageValue,
)
from trajectories.models.wages import WageAssessment, WageOpinion, WageTask

__all__ = [
    "Advice",
    "Aftercare",
    "AgreementKind",
    "AmbitionItem",
    "AmbitionStep",
    "Application",
    "CheckIn",
    "CoachingScore",
    "CoachingSession",
    "Completion",
    "Contract",
    "Deadline",
    "DestructionRecord",
    "DraftScore",
    "EmployerSupport",
    "Evaluation",
    "EvaluationDate",
    "EvaluationScore",
    "EvaluationView",
    "ExitTalk",
    "GeneratedDocument",
    "LearningGoal",
    "LegalHold",
    "NoShow",
    "Paper",
    "PaperLine",
    "PaperTemplate",
    "PartyLink",
    "PayerPermission",
    "Placement",
    "PlanAgreement",
    "PlanParty",
    "PlanTemplate",
    "PracticeAgreement",
    "PrintedStatements",
    "ProjectParticipation",
    "Qualification",
    "QuickScan",
    "Received",
    "Scan",
    "SeatClaim",
    "Signature",
    "SigningCode",
    "StartPlan",
    "SupportStep",
    "TrainingEnd",
    "Trajectory",
    "TrialExtension",
    "TrialInterruption",
    "TrialPeriod",
    "ViewDraft",
    "WageAssessment",
    "WageOpinion",
    "WageTask",
    "WageValue",
]
