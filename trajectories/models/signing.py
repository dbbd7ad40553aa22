"""Personal links, codes and signatures: how a party of a startplan or another paper gives its word (R4, R5)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from topjob import clock
from topjob.errors import promised
from topjob.names import NameField
from trajectories.models.plan import Channel, PlanParty, Signable, StartPlan, of_one
from trajectories.models.trajectory import Trajectory
from trajectories.process.choices import Party


class PartyLinkQuerySet(models.QuerySet["PartyLink"]):
    def usable(self) -> PartyLinkQuerySet:
        """Links that still open something: not used, not void, not declined, not expired."""
        return self.unanswered().filter(expires_at__gt=clock.now())

    def unanswered(self) -> PartyLinkQuerySet:
        """Links whose party still has to answer; expired ones as well. Whoever only gets the signed document owes nothing."""
        asks = self.exclude(purpose=PartyLink.Purpose.READ)
        return asks.filter(used_at=None, voided_at=None, declined_at=None)

    def declined(self) -> PartyLinkQuerySet:
        """Links whose party doesn't want to, as long as nothing came in their place."""
        return self.filter(declined_at__isnull=False, voided_at=None)


class PartyLink(models.Model):
    """A personal link by which a party signs, gives a view, or gets what all have signed. Only the token's SHA-256 is stored."""

    class Purpose(models.TextChoices):
        SIGN = "tekenen", _("ondertekenen")
        EVALUATE = "evalueren", _("evalueren")
        READ = "ophalen", _("getekend document ophalen")

    trajectory = models.ForeignKey(Trajectory, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(_("waarvoor"), max_length=10, choices=Purpose)
    party = models.ForeignKey(PlanParty, on_delete=models.PROTECT, related_name="links")
    plan = models.ForeignKey(StartPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    paper = models.ForeignKey(
        "trajectories.Paper", on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )
    evaluation = models.ForeignKey(
        "trajectories.Evaluation", on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(_("gemaakt op"))
    sent_at = models.DateTimeField(_("verstuurd op"), null=True, blank=True)
    channel = models.CharField(_("verstuurd per"), max_length=6, choices=Channel, blank=True)
    # 0: the first, or one that somebody asked for; 1 and 2: the reminders.
    reminder = models.PositiveSmallIntegerField(_("herinnering"), default=0)
    expires_at = models.DateTimeField(_("geldig tot"))
    used_at = models.DateTimeField(_("gebruikt op"), null=True, blank=True)
    voided_at = models.DateTimeField(_("vervallen op"), null=True, blank=True)
    declined_at = models.DateTimeField(_("geweigerd op"), null=True, blank=True)
    decline_reason = models.TextField(_("reden van weigeren"), blank=True)

    objects = PartyLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("persoonlijke link")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(used_at=None, voided_at=None, declined_at=None),
                name="link_unanswered",
            ),
            models.Index(
                fields=["trajectory"],
                condition=models.Q(declined_at__isnull=False, voided_at=None),
                name="link_declined",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "purpose", "evaluation"],
                condition=models.Q(used_at=None, voided_at=None, declined_at=None),
                nulls_distinct=False,
                name="one_open_link_per_party",
            ),
            of_one("link_of_plan_or_paper"),
        ]

    @property
    def signable(self) -> Signable:
        """What is signed through this link."""
        return self.plan or promised(self.paper)

    @property
    def is_usable(self) -> bool:
        ended = self.used_at or self.voided_at or self.declined_at
        return not ended and self.expires_at > clock.now()

    @property
    def is_to_sign(self) -> bool:
        return self.purpose == self.Purpose.SIGN


class SigningCodeQuerySet(models.QuerySet["SigningCode"]):
    def open(self) -> SigningCodeQuerySet:
        """Codes that were neither used nor replaced; sent or about to be."""
        return self.filter(used_at=None, voided_at=None)


class SigningCode(models.Model):
    """A code to a channel that was known earlier, and what its holder confirmed before asking for it.

    It belongs to one link and one document. Only a keyed hash is stored; the code itself exists in the message alone. Once used
    it is evidence and never changes.
    """

    link = models.ForeignKey(PartyLink, on_delete=models.PROTECT, related_name="codes")
    document_sha256 = models.CharField(_("vingerafdruk van het document"), max_length=64)
    typed_name = NameField(_("getypte naam"), max_length=120)
    statements = ArrayField(models.CharField(max_length=300), verbose_name=_("bevestigd"))
    channel = models.CharField(_("verstuurd per"), max_length=6, choices=Channel)
    address_masked = models.CharField(_("verstuurd naar"), max_length=120)
    code_hash = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField(_("gevraagd op"))
    sent_at = models.DateTimeField(_("verstuurd op"), null=True, blank=True)
    expires_at = models.DateTimeField(_("geldig tot"))
    attempts = models.PositiveSmallIntegerField(_("keren geraden"), default=0)
    used_at = models.DateTimeField(_("gebruikt op"), null=True, blank=True)
    voided_at = models.DateTimeField(_("vervallen op"), null=True, blank=True)

    objects = SigningCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code om te tekenen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["link"], condition=models.Q(used_at=None, voided_at=None), name="one_open_code_per_link"
            )
        ]


class Signature(models.Model):
    """A simple electronic signature of one party under one version. Never changes (R14)."""

    protected_rows = True

    class Method(models.TextChoices):
        CODE = "code", _("persoonlijke link en code")
        PAPER = "papier", _("op papier")
        LINK = "link", _("persoonlijke link")  # from before there were codes; the database takes no new ones

    plan = models.ForeignKey(StartPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    paper = models.ForeignKey(
        "trajectories.Paper", on_delete=models.PROTECT, null=True, blank=True, related_name="signatures"
    )
    party = models.ForeignKey(PlanParty, on_delete=models.PROTECT, related_name="signatures")
    link = models.OneToOneField(PartyLink, on_delete=models.PROTECT, null=True, blank=True, related_name="signature")
    role = models.CharField(_("rol"), max_length=20, choices=Party)
    method = models.CharField(_("getekend met"), max_length=10, choices=Method)
    code = models.OneToOneField(
        SigningCode, on_delete=models.PROTECT, null=True, blank=True, related_name="signature", verbose_name=_("code")
    )
    scan = models.OneToOneField(
        "trajectories.Scan", on_delete=models.PROTECT, null=True, blank=True, related_name="signature"
    )
    typed_name = NameField(_("getypte naam"), max_length=120)
    # Word for word what the party confirmed.
    statements = ArrayField(models.CharField(max_length=300), default=list, verbose_name=_("bevestigd"))
    channel = models.CharField(_("code per"), max_length=6, choices=Channel, blank=True)
    channel_masked = models.CharField(_("code naar"), max_length=120, blank=True)
    signed_at = models.DateTimeField(_("getekend op"))
    # The Dutch calendar day: what counts for R4 and R17 is last signature date ≤ start date.
    signed_on = models.DateField(_("datum"))
    document_sha256 = models.CharField(_("vingerafdruk van het plan"), max_length=64)
    ip_address = models.GenericIPAddressField(_("IP-adres"), null=True, blank=True)
    user_agent = models.CharField(_("apparaat"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("handtekening")
        verbose_name_plural = _("handtekeningen")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "role"], name="signature_once_per_party"),
            models.UniqueConstraint(fields=["paper", "role"], name="paper_signature_once_per_party"),
            of_one("signature_of_plan_or_paper"),
        ]

    @property
    def signable(self) -> Signable:
        """What was signed."""
        return self.plan or promised(self.paper)

    @property
    def is_on_paper(self) -> bool:
        return self.method == self.Method.PAPER

    @property
    def is_with_code(self) -> bool:
        return self.method == self.Method.CODE
