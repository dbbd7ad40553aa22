"""The roles that somebody may have, and what they have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    FRONTOFFICE = "frontoffice", _("Frontoffice")
    REGISSEUR = "regisseur", _("Regisseur")
    LOOPBAANADVISEUR = "loopbaanadviseur", _("Loopbaanadviseur")
    WERKMAKELAAR = "werkmakelaar", _("Werkmakelaar")
    JOBCOACH = "jobcoach", _("Jobcoach")
    PERSONEEL = "personeelsdiensten", _("Personeelsdiensten")
    BACKOFFICE = "backoffice", _("Backoffice")
    BEHEERDER = "beheerder", _("Beheerder")
    WERKGEVER = "werkgever", _("Werkgever")
    KANDIDAAT = "kandidaat", _("Kandidaat")
    OPDRACHTGEVER = "opdrachtgever", _("Opdrachtgever")


# Staff who work in the files; the beheerder manages users and settings and sees no files.
CASE_ROLES = frozenset(
    {
        Role.FRONTOFFICE,
        Role.REGISSEUR,
        Role.LOOPBAANADVISEUR,
        Role.WERKMAKELAAR,
        Role.JOBCOACH,
        Role.PERSONEEL,
        Role.BACKOFFICE,
    }
)
# Case roles that are named on a case as its guides, and so can be covered for.
GUIDE_ROLES = (Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.WERKMAKELAAR, Role.JOBCOACH)
# Case roles that see every file of their region; a jobcoach sees only the people they coach.
REGION_ROLES = CASE_ROLES - {Role.JOBCOACH}
# Who works the banenpool: advises, matches, places.
POOL_ROLES = frozenset({Role.REGISSEUR, Role.LOOPBAANADVISEUR, Role.WERKMAKELAAR, Role.PERSONEEL})
STAFF_ROLES = CASE_ROLES | {Role.BEHEERDER}
