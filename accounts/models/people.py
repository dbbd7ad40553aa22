"""Who logs in, and in which capacities."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from accounts.models.reference import Region
from accounts.models.roles import CASE_ROLES, STAFF_ROLES, Role
from topjob import clock
from topjob.finding import Findable, SearchText, Term, search_index
from topjob.names import NameField, isolated, shown
from topjob.picking import told_apart

kvk_validator = RegexValidator(r"^[0-9]{8}$", _("Een KvK-nummer heeft precies 8 cijfers."))


class UserQuerySet(models.QuerySet["User"]):
    def search(self, text: str) -> UserQuerySet:
        """Who logs in, by name, e-mail address or phone number."""
        return self.filter(Term.of(text).q("search_text", email="email", phone="phone"))

    def to_choose_from(self) -> UserQuerySet:
        """By name, each knowing how many here have that name (`choice_label`)."""
        namesakes = models.Window(models.Count("pk"), partition_by="name")
        rows = self.model._default_manager.filter(pk__in=self.order_by().values("pk"))
        return rows.annotate(namesakes=namesakes).order_by("name", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """A person who can log in; rights come from memberships."""
        user = self.model(email=self.normalize_email(email).lower(), name=name, date_joined=clock.now())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None) -> User:
        """The first beheerder, made on the server (`manage.py createsuperuser`); everybody else is let in by a beheerder."""
        user = self.create_user(email, name, password)
        Membership.objects.create(user=user, role=Role.BEHEERDER)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def with_role(self, *roles: str, region: Region | None = None) -> UserQuerySet:
        """Active people holding one of these roles (in this region)."""
        conditions = models.Q(memberships__role__in=roles, is_active=True)
        if region is not None:
            conditions &= models.Q(memberships__region=region)
        return self.filter(conditions).distinct().order_by("name")

    def speaking_for(self, organisation: int) -> UserQuerySet:
        """Active people who log in for the company of this number."""
        held = {"memberships__organisation": organisation, "memberships__role": Role.WERKGEVER}
        return self.filter(**held, is_active=True).distinct()


class User(Findable, AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mailadres"), unique=True)
    name = NameField(_("naam"), max_length=120)
    phone = PhoneNumberField(_("telefoon"), blank=True)
    is_active = models.BooleanField(_("actief"), default=True)
    date_joined = models.DateTimeField(_("sinds"))
    # Since when this address was shown to be this person's. PostgreSQL takes it away when the address changes without proof, and
    # keeps allauth's table equal to both (sql/topjob_user_before.sql, sql/topjob_user_address.sql).
    email_verified_at = models.DateTimeField(_("e-mailadres bevestigd op"), null=True, blank=True, editable=False)
    # Sessions of another number are over. PostgreSQL counts on when somebody is shut out or loses a role; it never goes back.
    session_version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    search_text = SearchText("name")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("gebruiker")
        verbose_name_plural = _("gebruikers")
        ordering = ["name"]
        indexes = [search_index("user_search")]

    def __str__(self) -> str:
        return shown(self.name)

    def end_sessions(self) -> None:
        """Every session of this person is over, wherever it is open."""
        User.objects.filter(pk=self.pk).update(session_version=models.F("session_version") + 1)
        self.refresh_from_db(fields=["session_version"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must match: a session from before a new password, a lost role or a shut-out is over for good."""
        parts = f"{self.password}|{self.session_version}"
        return salted_hmac("accounts.session", parts, secret=secret, algorithm="sha256").hexdigest()

    @property
    def choice_label(self) -> str:
        """The name, and for namesakes in one list the address that tells them apart."""
        name = isolated(self.name)
        return f"{name} ({self.email})" if getattr(self, "namesakes", 1) > 1 else name

    @cached_property
    def membership_list(self) -> list[Membership]:
        """All capacities, read once per request."""
        return list(self.memberships.select_related("region", "organisation"))

    @property
    def roles(self) -> set[str]:
        return {membership.role for membership in self.membership_list}

    def has_role(self, *roles: str) -> bool:
        """Whether the person holds one of these roles anywhere."""
        return bool(self.roles & set(roles))

    def regions_as(self, *roles: str) -> set[int]:
        """Ids of the regions in which the person holds one of these roles."""
        return {m.region_id for m in self.membership_list if m.role in roles and m.region_id}

    def has_role_in(self, region_id: int | None, *roles: str) -> bool:
        """Whether the person holds one of these roles here. A role elsewhere, and being allowed to look here, is no role here."""
        return region_id in self.regions_as(*roles)

    def organisations_as(self, role: str) -> set[int]:
        """Ids of the organisations this person represents in this role."""
        return {m.organisation_id for m in self.membership_list if m.role == role and m.organisation_id}

    @property
    def is_staff_member(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_case_worker(self) -> bool:
        return bool(self.roles & CASE_ROLES)

    @property
    def role_names(self) -> str:
        return ", ".join(sorted({str(Role(role).label) for role in self.roles}))

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open its admin: the beheerder."""
        return self.is_active and self.has_role(Role.BEHEERDER)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def clients(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.CLIENT)

    def employers(self) -> OrganisationQuerySet:
        return self.filter(kind=Organisation.Kind.EMPLOYER)

    def search(self, text: str) -> OrganisationQuerySet:
        """By name, place and KvK number, in any order, or by e-mail address or phone number."""
        return self.filter(Term.of(text).q("search_text", email="email", phone="phone"))


class Organisation(Findable):
    """A company, a paying client or a partner: whoever people can represent."""

    class Kind(models.TextChoices):
        EMPLOYER = "werkgever", _("Werkgever")
        CLIENT = "opdrachtgever", _("Opdrachtgever")

    class ClientType(models.TextChoices):
        MUNICIPALITY = "gemeente", _("Gemeente")
        UWV = "uwv", _("UWV")
        SELF = "zelf", _("Werkzoekende zelf of ouders")
        EMPLOYER = "werkgever", _("Werkgever")
        EDUCATION = "onderwijs", _("Onderwijs of samenwerkingsverband")
        CARE = "zorg", _("Zorgaanbieder")
        WSW = "wsw", _("WSW-bedrijf")
        REINTEGRATION = "re-integratie", _("Re-integratiebedrijf")

    kind = models.CharField(_("soort"), max_length=20, choices=Kind)
    client_type = models.CharField(_("soort opdrachtgever"), max_length=20, choices=ClientType, blank=True)
    name = NameField(_("naam"), max_length=160)
    kvk_number = models.CharField(_("KvK-nummer"), max_length=8, blank=True, validators=[kvk_validator])
    email = models.EmailField(_("e-mailadres"), blank=True)
    phone = PhoneNumberField(_("telefoon"), blank=True)
    street = models.CharField(_("straat en huisnummer"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("arbeidsmarktregio")
    )
    is_active = models.BooleanField(_("actief"), default=True)
    search_text = SearchText("name", "city", "kvk_number")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisatie")
        verbose_name_plural = _("organisaties")
        ordering = ["name"]
        indexes = [search_index("organisation_search"), models.Index(fields=["name", "id"], name="organisation_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["kvk_number", "kind"],
                condition=~models.Q(kvk_number=""),
                name="organisation_kvk_once",
                violation_error_message=_("Er is al een organisatie met dit KvK-nummer."),
            )
        ]

    def __str__(self) -> str:
        return shown(self.name)

    search_path = "search_text"

    @property
    def distinct_name(self) -> str:
        """The name with what tells it apart from another of the same name."""
        return told_apart(self.name, self.city, self.kvk_number, self.pk)

    @property
    def name_and_place(self) -> str:
        """For reading: which of two companies with one name."""
        return shown(f"{self.name}, {self.city}" if self.city and self.city not in self.name else self.name)

    @property
    def pick_name(self) -> str:
        return self.name

    @property
    def pick_number(self) -> str:
        return self.kvk_number

    @property
    def is_uwv(self) -> bool:
        """UWV grants a proefplaatsing before the start only (decision 10)."""
        return self.client_type == self.ClientType.UWV


class ClientManager(models.Manager["Client"]):
    def get_queryset(self) -> OrganisationQuerySet:  # type: ignore[override]
        """As organisations they are searched by name."""
        return OrganisationQuerySet(self.model, using=self._db).clients()


class Client(Organisation):
    """Opdrachtgever: who pays for a trajectory, above all gemeenten and UWV."""

    objects = ClientManager()  # type: ignore[misc, assignment]

    class Meta:
        proxy = True
        verbose_name = _("opdrachtgever")
        verbose_name_plural = _("opdrachtgevers")


def works_as(role: Any, region: Any) -> models.Q:
    """Whose membership makes them somebody who does this role's work in this region now: they may log in and hold the role there.

    The one answer to "works here": what is in the name of anybody else counts as nobody's. A jobcoach may come from a company, or
    coach in every region. `role` and `region` may be expressions.
    """
    anywhere = models.Q(role=Role.JOBCOACH) & (models.Q(region=None) | models.Q(organisation__isnull=False))
    may_be_a_jobcoach = role == Role.JOBCOACH or not isinstance(role, str)
    here = models.Q(region=region) | anywhere if may_be_a_jobcoach else models.Q(region=region)
    return here & models.Q(role=role, user__is_active=True)


def works_everywhere(role: str, region: int | None, organisation: int | None) -> bool:
    """The same of one membership that was read: whether its role isn't held in its region alone."""
    return role == Role.JOBCOACH and (region is None or organisation is not None)


class Membership(models.Model):
    """One capacity of a person: a role in a region (staff) or for an organisation (employer, client)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("gebruiker"))
    role = models.CharField(_("rol"), max_length=20, choices=Role)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("arbeidsmarktregio")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organisatie"),
    )

    class Meta:
        verbose_name = _("lidmaatschap")
        verbose_name_plural = _("lidmaatschappen")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "organisation"],
                nulls_distinct=False,
                name="membership_once",
                violation_error_message=_("Deze persoon heeft deze rol hier al."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=["werkgever", "opdrachtgever"]) | models.Q(organisation__isnull=False),
                name="membership_has_organisation",
                violation_error_message=_("Kies de organisatie die deze persoon vertegenwoordigt."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["werkgever", "opdrachtgever", "kandidaat", "beheerder", "jobcoach"])
                | models.Q(region__isnull=False),
                name="membership_has_region",
                violation_error_message=_("Kies de arbeidsmarktregio waarin deze medewerker werkt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
