"""The person. As little as the work needs: no nationality, no diagnosis, no photo."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear, Left, Lower
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedCharField
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models import Region, Role, User
from accounts.models.absence import covered
from accounts.models.roles import REGION_ROLES
from topjob.conditions import OneOf, any_of
from topjob.finding import Findable, SearchText, Term, search_index
from topjob.names import Name, NameField, shown
from topjob.text import name_key

NAME_FIELDS = {"first_name", "name_prefix", "last_name"}
# Longer than a name can be; other scripts grow when they are put into Latin letters.
NAME_KEY_LENGTH = 400


def age_on(birth_date: date, day: date) -> int:
    """Age in whole years on a day; someone born on 29 February has their birthday on 1 March in other years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (0 if had_birthday else 1)


def whole_name(first: str, prefix: str, last: str) -> Name:
    """First name, tussenvoegsel and last name as one, whichever of them there are."""
    return Name(" ".join(filter(None, (first, prefix, last))))


def lookup_hash(value: str) -> str:
    """The look-up value beside an encrypted number: the same number gives the same hash, only with our key."""
    return hmac.new(settings.LOOKUP_KEY.encode(), value.encode(), hashlib.sha256).hexdigest() if value else ""


def _column(name: str) -> models.Field:
    return Candidate._meta.get_field(name)  # type: ignore[return-value]


def _swapped(day: Any) -> models.Q:
    """Born on this day with day and month exchanged, as happens when a date is typed."""
    month, number = ExtractMonth(day), ExtractDay(day)
    return models.Q(birth_date__year=ExtractYear(day), birth_date__month=number, birth_date__day=month)


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def visible_to(self, user: User) -> CandidateQuerySet:
        """Whose file someone may open: staff of the region, the jobcoach of the person, the person itself.

        Employers and clients never open files; they see what `trajectories` shows them (R16).
        """
        if not user.is_authenticated:
            return self.none()
        allowed = [models.Q(region__in=user.regions_as(*REGION_ROLES))]
        if user.has_role(Role.JOBCOACH):
            allowed += [models.Q(jobcoach=user), covered(user, "jobcoach", Role.JOBCOACH)]
        if user.has_role(Role.KANDIDAAT):
            allowed.append(models.Q(user=user))
        return self.files().filter(any_of(*allowed))

    def files(self) -> CandidateQuerySet:
        """People, each once: a file that was joined with another is only a pointer to it."""
        return self.filter(joined_into=None)

    def in_regions_of(self, user: User, *roles: str) -> CandidateQuerySet:
        """People of the regions in which someone holds one of these roles: whose file they may fill in."""
        return self.files().filter(region__in=user.regions_as(*(roles or REGION_ROLES)))

    def numbers_of(self, candidate_id: int) -> CandidateQuerySet:
        """The file and those that were joined with it: every number under which something of this person was written."""
        return self.filter(models.Q(pk=candidate_id) | models.Q(joined_into=candidate_id))

    def similar_to(self, candidate: Candidate) -> CandidateQuerySet:
        """Files that may be of the same person as this one, which needn't be stored yet."""
        candidate.name_key = candidate.folded_name
        known = Candidate.objects.like(lambda name: models.Value(getattr(candidate, name), _column(name)))
        return self.files().filter(pk__in=known).exclude(pk=candidate.pk)

    def like(self, of: Callable[[str], Any]) -> models.QuerySet[Any, int]:
        """Numbers of the files that are like a person: one folded name and birth date, or one way to reach them.

        `of` gives a value of that person, as a value or as a column of an outer query. Day and month may be swapped, and an
        initial may stand for the first name. What was written in a file that was joined counts for the file that leads.
        """
        born, swapped = models.Q(birth_date=of("birth_date")), _swapped(of("birth_date"))
        same_name = models.Q(name_key=of("name_key")) & ~models.Q(name_key="") & (born | swapped)
        initial = models.Q(initial=Lower(Left(of("first_name"), 1)), lower_last=Lower(of("last_name")))
        initial &= ~models.Q(last_name="")
        same_phone = models.Q(phone=of("phone")) & ~models.Q(phone="")
        same_email = models.Q(lower_email=Lower(of("email"))) & ~models.Q(email="")
        named = self.alias(
            initial=Lower(Left("first_name", 1)), lower_last=Lower("last_name"), lower_email=Lower("email")
        )
        found = named.filter(same_name | (initial & born) | same_phone | same_email).order_by()
        return found.values_list(Coalesce("joined_into", "pk"), flat=True)

    def search(self, text: str) -> CandidateQuerySet:
        """People by name, e-mail address, phone number or birth date; small typing errors in a name are forgiven.

        Whoever is known under what stands in a joined file is found as the file that was kept.
        """
        term = Term.of(text)
        if term.problem or not term.text:
            return self.none()
        answers = term.q("search_text", email="email", phone="phone", day="birth_date")
        joined = self.model._base_manager.filter(answers).exclude(joined_into=None).order_by().values("joined_into")
        return self.filter(models.Q(answers, joined_into=None) | models.Q(OneOf("pk", joined)))


class Candidate(Findable):
    """Kandidaat/deelnemer/jongere."""

    class Gender(models.TextChoices):
        WOMAN = "vrouw", _("vrouw")
        MAN = "man", _("man")
        OTHER = "anders", _("anders")
        UNKNOWN = "onbekend", _("zeg ik liever niet")

    # Not everybody has two names: one of them is enough, and the other stays empty.
    first_name = NameField(_("voornaam"), max_length=80, blank=True)
    name_prefix = models.CharField(_("tussenvoegsel"), max_length=20, blank=True)
    last_name = NameField(_("achternaam"), max_length=80, blank=True)
    birth_date = models.DateField(_("geboortedatum"))
    email = models.EmailField(_("e-mailadres"), blank=True)
    # Typed by a visitor of the website and not confirmed from the mailbox, nor by staff.
    email_unconfirmed = models.BooleanField(default=False, db_default=False, editable=False)
    # A mark (`mailbox.mark`) of such an address that staff replaced: nobody ever said that it is theirs.
    replaced_mailbox = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    phone = PhoneNumberField(_("telefoon"), blank=True)
    street = models.CharField(_("straat"), max_length=120, blank=True)
    house_number = models.CharField(_("huisnummer"), max_length=12, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("woonplaats"), max_length=80, blank=True)
    # Asked only to check that matching gives everybody equal chances; no criterion, search or employer ever reads it.
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, default=Gender.UNKNOWN)
    # Off by default; on per opdrachtgever with a recorded legal basis (UAVG 46). The HMAC makes equality look-ups possible.
    bsn = EncryptedCharField(_("BSN"), max_length=9, blank=True, null=True)
    bsn_hmac = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name=_("arbeidsmarktregio"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="candidate",
        verbose_name=_("inlog"),
    )
    # Stored by trajectories so that the coach's rights need no join.
    jobcoach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="coached_candidates",
        verbose_name=_("jobcoach"),
    )
    created_at = models.DateTimeField(_("geregistreerd op"))
    # The name as it is compared (`topjob.text.name_key`); kept by `save`, held against its source by `verify`.
    name_key = models.CharField(max_length=NAME_KEY_LENGTH, default="", db_default="", blank=True, editable=False)
    # Set: this file was joined with that one and is only a pointer to it.
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="joined_files"
    )
    search_text = SearchText("first_name", "name_prefix", "last_name")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("kandidaat")
        verbose_name_plural = _("kandidaten")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(first_name="", last_name=""),
                name="candidate_has_a_name",
                violation_error_message=_("Vul een voornaam of een achternaam in."),
            ),
            models.CheckConstraint(
                condition=models.Q(joined_into=None) | ~models.Q(joined_into=models.F("pk")),
                name="candidate_joined_with_another",
            ),
        ]
        indexes = [
            models.Index(fields=["region", "last_name", "first_name"], name="candidate_by_region"),
            models.Index(Lower("last_name"), "birth_date", name="candidate_duplicate"),
            models.Index(fields=["name_key", "birth_date"], name="candidate_same_name"),
            models.Index(Lower("email"), name="candidate_email"),
            models.Index(fields=["phone"], name="candidate_phone"),
            models.Index(fields=["birth_date"], name="candidate_birth_date"),
            search_index("candidate_search"),
        ]

    def __str__(self) -> str:
        return shown(self.full_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The folded name goes along with the name."""
        self.name_key = self.folded_name
        fields = kwargs.get("update_fields")
        if fields is not None and NAME_FIELDS & set(fields):
            kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)

    @property
    def folded_name(self) -> str:
        """The name as it is compared: see `topjob.text.name_key`."""
        return name_key(self.first_name, self.name_prefix, self.last_name)[:NAME_KEY_LENGTH]

    @property
    def full_name(self) -> str:
        return whole_name(self.first_name, self.name_prefix, self.last_name)

    @property
    def call_name(self) -> str:
        """What somebody is called in a greeting: the first name, or the whole name of whoever has no first name."""
        return self.first_name or self.full_name

    def age_on(self, day: date) -> int:
        """Age in whole years on a day."""
        return age_on(self.birth_date, day)

    def is_minor_on(self, day: date) -> bool:
        """Under 18, so a legal representative signs along (R4)."""
        return self.age_on(day) < 18


class LegalRepresentative(models.Model):
    """Wettelijk vertegenwoordiger: signs along for whoever is under 18 at signing (R4)."""

    class Relation(models.TextChoices):
        PARENT = "ouder", _("ouder")
        GUARDIAN = "voogd", _("voogd")

    candidate = models.ForeignKey(
        Candidate, on_delete=models.CASCADE, related_name="representatives", verbose_name=_("kandidaat")
    )
    name = NameField(_("naam"), max_length=120)
    relation = models.CharField(_("relatie"), max_length=20, choices=Relation)
    email = models.EmailField(_("e-mailadres"))
    phone = PhoneNumberField(_("telefoon"), blank=True)

    class Meta:
        verbose_name = _("wettelijk vertegenwoordiger")
        verbose_name_plural = _("wettelijk vertegenwoordigers")

    def __str__(self) -> str:
        return shown(self.name)
