"""What the rules speak of by name and the models choose from: who takes part, and where an advice leads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """Who signs and who gives a view."""

    YOUTH = "jongere", _("jongere")
    EMPLOYER = "werkgever", _("werkgever")
    JOBCOACH = "jobcoach", _("jobcoach")
    MAATWERQ = "maatwerq", _("MaatwerQ")
    REPRESENTATIVE = "vertegenwoordiger", _("wettelijk vertegenwoordiger")


THREE_PARTIES = (Party.YOUTH, Party.EMPLOYER, Party.JOBCOACH)


class Direction(models.TextChoices):
    """Advice a–d."""

    SAME_COMPANY = "a", _("a: plaatsing bij het (leer)bedrijf")
    OTHER_EMPLOYER = "b", _("b: plaatsing bij een andere werkgever")
    LEARN_ON = "c", _("c: verder leren (en werken)")
    OTHER_CHOICE = "d", _("d: stoppen, andere keuze: school of uitkering")
