from accounts.models.absence import Absence
from accounts.models.address import AddressChange
from accounts.models.audit import AuditEntry, AuditLink, AuditText, AuditUnsealed
from accounts.models.calendar import CalendarFeed
from accounts.models.draft import FormDraft
from accounts.models.law import LawSetting
from accounts.models.people import Client, Membership, Organisation, User
from accounts.models.reading import Page, Reading, ReadingSeal, ReadingUnsealed
from accounts.models.reference import Branch, Department, KindOfPlace, Region, TopSector
from accounts.models.roles import Role
from accounts.models.saved import SavedFilter
from accounts.models.tries import Tries
from accounts.models.verify import VerifyFinding, VerifyRun

__all__ = [
    "Absence",
    "AddressChange",
    "AuditEntry",
    "AuditLink",
    "AuditText",
    "AuditUnsealed",
    "Branch",
    "CalendarFeed",
    "Client",
    "Department",
    "FormDraft",
    "KindOfPlace",
    "LawSetting",
    "Membership",
    "Organisation",
    "Page",
    "Reading",
    "ReadingSeal",
    "ReadingUnsealed",
    "Region",
    "Role",
    "SavedFilter",
    "TopSector",
    "Tries",
    "User",
    "VerifyFinding",
    "VerifyRun",
]
