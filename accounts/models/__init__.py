from accounts.models.audit import AuditEntry, AuditText
from accounts.models.law import LawSetting
from accounts.models.people import Client, Membership, Organisation, Role, User
from accounts.models.reference import Branch, Department, KindOfPlace, Region, TopSector

__all__ = [
    "AuditEntry",
    "AuditText",
    "Branch",
    "Client",
    "Department",
    "KindOfPlace",
    "LawSetting",
    "Membership",
    "Organisation",
    "Region",
    "Role",
    "TopSector",
    "User",
]
