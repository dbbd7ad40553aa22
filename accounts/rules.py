"""Facts and guards of access and settings, as pure functions."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from accounts.models import Absence, LawSetting, Membership, Role, SavedFilter, User
from accounts.models.people import works_as
from topjob.dates import why_backwards
from topjob.entry import read_number
from topjob.errors import Reason
from topjob.filters import ListFilter
from topjob.models import OutboxMessage

Key = LawSetting.Key
MOST_FILTERS = 30
LONGEST_FILTER = SavedFilter._meta.get_field("query").max_length or 0

# Work that a person must look at: given up, or nobody knows whether it arrived.
NEEDS_ATTENTION = (OutboxMessage.Outcome.DEAD, OutboxMessage.Outcome.UNKNOWN)

YES_NO_KEYS = frozenset({Key.BSN_ALLOWED, Key.QUOTA_ACTIVE, Key.EXTENSION_NEEDS_PERMISSION})
VOLUNTEER_KEYS = (Key.VOLUNTEER_HOUR, Key.VOLUNTEER_HOUR_YOUNG, Key.VOLUNTEER_MONTH, Key.VOLUNTEER_YEAR)
AMOUNT_KEYS = frozenset({Key.MINIMUM_WAGE, Key.LKV_HOUR, Key.LKV_YEAR, *VOLUNTEER_KEYS})
PERCENT_KEYS = frozenset({Key.LKS_MAX, Key.LKS_FLAT, Key.HOLIDAY_PAY})
# The law has half percents here.
HALF_PERCENT_KEYS = frozenset(
    {Key.WAGE_AGE_15, Key.WAGE_AGE_16, Key.WAGE_AGE_17, Key.WAGE_AGE_18, Key.WAGE_AGE_19, Key.WAGE_AGE_20}
    | {Key.BBL_AGE_18, Key.BBL_AGE_19, Key.BBL_AGE_20, Key.LKS_CHARGES}
)
THREE_YEARS_KEYS = frozenset({Key.COACH_LIGHT, Key.COACH_MIDDLE})
YES_NO = ("ja", "nee")
BLOCKS, WARNS = "blokkeren", "waarschuwen"
MODES = (BLOCKS, WARNS)


def normal_law_value(key: str, value: str) -> str:
    """The value as it is stored; raises ValueError with a Dutch sentence when it makes no sense for this rule."""
    value = value.strip().lower()
    if key in YES_NO_KEYS:
        return _one_of(value, YES_NO)
    if key == Key.PERMISSION_MODE:
        return _one_of(value, MODES)
    if key in THREE_YEARS_KEYS:
        if not re.fullmatch(r"\d{1,3}/\d{1,3}/\d{1,3}", value, re.ASCII):
            raise ValueError(_("Vul drie aantallen uren in met schuine strepen, zoals 36/18/18."))
        return value
    if key in AMOUNT_KEYS:
        return _amount(value)
    if key in HALF_PERCENT_KEYS:
        return _percentage(value)
    return _whole_number(value, highest=100 if key in PERCENT_KEYS else 9999)


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(_("Vul in: %(choices)s.") % {"choices": _(" of ").join(allowed)})
    return value


def _amount(value: str) -> str:
    try:
        amount = Decimal(read_number(value))
    except InvalidOperation:
        raise ValueError(_("Vul een bedrag in, zoals 14,71.")) from None
    if not amount.is_finite() or not 0 <= amount < 100_000:
        raise ValueError(_("Vul een bedrag in tussen 0 en 100.000 euro."))
    return str(int(amount)) if amount == int(amount) else str(amount.quantize(Decimal("0.01")))


def _percentage(value: str) -> str:
    value = read_number(value)
    if not re.fullmatch(r"\d{1,3}(\.\d)?", value, re.ASCII) or Decimal(value) > 100:
        raise ValueError(_("Vul een percentage in van 0 tot en met 100, zoals 39,5."))
    return f"{Decimal(value).normalize():f}"


def _whole_number(value: str, highest: int) -> str:
    value = read_number(value)
    if not re.fullmatch(r"\d{1,6}", value, re.ASCII) or int(value) > highest:
        raise ValueError(_("Vul een heel getal in van 0 tot en met %(highest)s.") % {"highest": highest})
    return str(int(value))


def may_leave(user: User) -> Reason | None:
    """Somebody must stay who can let people in: the last active beheerder isn't shut out."""
    if not user.is_active or not user.has_role(Role.BEHEERDER):
        return None
    if User.objects.with_role(Role.BEHEERDER).exclude(pk=user.pk).exists():
        return None
    return Reason(_("Dit is de laatste beheerder. Maak eerst iemand anders beheerder."), "accounts:users")


def may_lose(membership: Membership) -> Reason | None:
    """For the same reason the last beheerder keeps that role; every other role can be taken away."""
    return may_leave(membership.user) if membership.role == Role.BEHEERDER else None


def may_cover(absence: Absence) -> Reason | None:
    """Whoever covers does that work here, is somebody else, and isn't away or covered for in those days."""
    if wrong := why_backwards(absence.starts_on, absence.ends_on):
        return Reason(wrong)
    if absence.cover_id == absence.person_id:
        return Reason(_("Iemand kan niet voor zichzelf waarnemen."))
    if not Membership.objects.filter(works_as(absence.role, absence.region_id), user=absence.cover_id).exists():
        return Reason(_("%(name)s werkt hier niet in deze rol.") % {"name": absence.cover.name})
    meanwhile = Absence.objects.between(absence.starts_on, absence.ends_on)
    if meanwhile.filter(person=absence.cover_id).exists():
        return Reason(_("%(name)s is in die periode zelf afwezig.") % {"name": absence.cover.name})
    if (other := meanwhile.filter(cover=absence.person_id).select_related("person").first()) is not None:
        words = {"name": absence.person.name, "other": other.person.name}
        return Reason(_("%(name)s neemt in die periode waar voor %(other)s. Regel dat eerst anders.") % words)
    return None


def may_keep(asked: ListFilter, user: User) -> str:
    """Why this filter can't be kept, if so. A name that was searched for stands in the file of that person, nowhere else."""
    if asked.personal:
        return _("Hierin zoek je op een persoon. Zo'n filter bewaren we niet. Haal dat eerst weg.")
    if not asked.to_keep:
        return _("Kies eerst boven de lijst waarop je filtert.")
    if len(asked.to_keep) > LONGEST_FILTER:
        return _("Dit is te veel om te bewaren. Kies minder boven de lijst.")
    if SavedFilter.objects.filter(owner=user).count() >= MOST_FILTERS:
        return _("Je hebt al %(n)s filters bewaard. Verwijder er eerst een.") % {"n": MOST_FILTERS}
    return ""
