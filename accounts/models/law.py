"""The rules of today as data: value, valid-from, source, override per opdrachtgever (RULES-2026.md)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Organisation


class LawSetting(models.Model):
    """One value of a rule from one day on; a row with a client overrides the general one for that client."""

    class Key(models.TextChoices):
        TRIAL_MONTHS = "proefperiode_maanden", _("Proefperiode: aantal kalendermaanden")
        PERMISSION_MONTHS = "proefplaatsing_maanden", _("Proefplaatsing met uitkering: maanden per besluit")
        PERMISSION_MAX_MONTHS = "proefplaatsing_maximaal", _("Proefplaatsing: maanden ten hoogste, met verlenging")
        PERMISSION_MODE = "proefplaatsing_zonder_besluit", _("Start zonder besluit: blokkeren of waarschuwen")
        PERMISSION_WARN_DAYS = "proefplaatsing_waarschuwing", _("Waarschuwing vóór het einde van het besluit, in dagen")
        RETENTION_MONTHS = "bewaartermijn_maanden", _("Bewaartermijn van een dossier na sluiting, in maanden")
        RETENTION_REGISTRATION = (
            "bewaartermijn_aanmelding",
            _("Bewaartermijn van een aanmelding waaruit geen traject kwam, in maanden"),
        )
        AFTERCARE_MONTHS = "nazorg_maanden", _("Nazorg ten hoogste, in maanden")
        CONTRACT_MIN_MONTHS = "leerwerk_minimaal", _("Leerwerkcontract ten minste, in maanden")
        CONTRACT_MAX_MONTHS = "leerwerk_maximaal", _("Leerwerkcontract ten hoogste, in maanden")
        NOTICE_MONTHS = "aanzegtermijn_maanden", _("Aanzegtermijn, in maanden")
        LINK_DAYS = "tekenlink_dagen", _("Geldigheid van een ondertekenlink, in dagen")
        LINK_PAUSE = "tekenlink_wachttijd", _("Nieuwe link op z'n vroegst na, in minuten")
        REMIND_FIRST = "herinnering_eerste", _("Eerste herinnering aan een link na, in dagen")
        REMIND_SECOND = "herinnering_tweede", _("Tweede herinnering aan een link na, in dagen")
        CODE_MINUTES = "tekencode_minuten", _("Geldigheid van de code om te tekenen, in minuten")
        CODE_ATTEMPTS = "tekencode_pogingen", _("Code om te tekenen: keren raden")
        CODE_PAUSE = "tekencode_wachttijd", _("Nieuwe code op z'n vroegst na, in seconden")
        CODES_PER_DAY = "tekencode_per_dag", _("Codes per link ten hoogste per dag")
        BSN_ALLOWED = "bsn_toegestaan", _("BSN vastleggen")
        MINIMUM_WAGE = "minimumloon_uur", _("Wettelijk minimumloon per uur (21 jaar en ouder)")
        LKS_MAX = "lks_maximaal", _("Loonkostensubsidie ten hoogste, in procent")
        QUOTA_ACTIVE = "quotum_actief", _("Quotum arbeidsbeperkten actief")
        QUOTA_EXEMPT_BELOW = "quotum_vrij_onder", _("Quotum: vrijgesteld onder dit aantal werknemers")
        INTENTION_MONTHS = "intentie_maanden", _("Intentieverklaring na de proefplaatsing, ten minste in maanden")
        DECISION_WEEKS = "proefplaatsing_beslistermijn", _("Proefplaatsing: beslistermijn in weken")
        WAGE_AGE_20 = "minimumloon_20", _("Minimumloon bij 20 jaar, in procent")
        WAGE_AGE_19 = "minimumloon_19", _("Minimumloon bij 19 jaar, in procent")
        WAGE_AGE_18 = "minimumloon_18", _("Minimumloon bij 18 jaar, in procent")
        WAGE_AGE_17 = "minimumloon_17", _("Minimumloon bij 17 jaar, in procent")
        WAGE_AGE_16 = "minimumloon_16", _("Minimumloon bij 16 jaar, in procent")
        WAGE_AGE_15 = "minimumloon_15", _("Minimumloon bij 15 jaar, in procent")
        BBL_AGE_20 = "bbl_loon_20", _("BBL met praktijkovereenkomst: minimumloon bij 20 jaar, in procent")
        BBL_AGE_19 = "bbl_loon_19", _("BBL met praktijkovereenkomst: minimumloon bij 19 jaar, in procent")
        BBL_AGE_18 = "bbl_loon_18", _("BBL met praktijkovereenkomst: minimumloon bij 18 jaar, in procent")
        PRACTICE_DAYS = "praktijkovereenkomst_dagen", _("Praktijkovereenkomst van de school binnen, in dagen")
        WAGE_RISE_DAYS = "loonstijging_dagen", _("Hoger minimumloon melden aan werkgever en deelnemer, dagen vooraf")
        LKS_FLAT = "lks_forfaitair", _("Loonkostensubsidie forfaitair, in procent")
        LKS_FLAT_MONTHS = "lks_forfaitair_maanden", _("Loonkostensubsidie forfaitair ten hoogste, in maanden")
        LKS_DECISION_WEEKS = "lks_beslistermijn", _("Loonkostensubsidie: beslistermijn in weken")
        NO_RISK_YEARS = "no_riskpolis_jaren", _("No-riskpolis, in jaren (banenafspraak: zonder einde)")
        LKS_CHARGES = "lks_werkgeverslasten", _("Loonkostensubsidie: vergoeding werkgeverslasten, in procent ervan")
        LKV_HOUR = "lkv_uur", _("Loonkostenvoordeel banenafspraak per uur, in euro")
        LKV_YEAR = "lkv_jaar", _("Loonkostenvoordeel banenafspraak ten hoogste per jaar, in euro")
        COACH_LIGHT = "jobcoach_licht", _("Jobcoach licht: uren in jaar 1, 2 en 3")
        COACH_MIDDLE = "jobcoach_midden", _("Jobcoach midden: uren in jaar 1, 2 en 3")
        BBL_PRACTICE_HOURS = "bbl_praktijk", _("BBL: uren beroepspraktijk per jaar, ten minste")
        ESCALATE_DAYS = "termijn_doorgeven_dagen", _("Termijn te laat: na zoveel dagen naar de coördinator")
        PLAN_ANSWER_DAYS = "startplan_antwoord_dagen", _("Startplan verstuurd: antwoord binnen, in dagen")
        START_NEAR_DAYS = "startdatum_nabij_dagen", _("Startplan getekend vóór de startdatum, in dagen")
        EVALUATION_INVITE_DAYS = "evaluatie_uitnodigen_dagen", _("Evaluatie: uitnodigen vóór het einde, in dagen")
        VIEWS_DAYS = "oordelen_dagen", _("Evaluatie geopend: oordelen en besluit binnen, in dagen")
        WAGE_VALUE_DAYS = "loonwaarde_dagen", _("Loonwaarde bekend vóór het einde van de proefperiode, in dagen")
        NOTICE_FROM_MONTHS = "aanzegging_vanaf_maanden", _("Aanzeggen hoeft bij een contract vanaf, in maanden")
        QUALIFICATION_DAYS = "diploma_nagaan_dagen", _("Diploma nagaan vóór het einde van de opleiding, in dagen")
        AGREEMENT_END_DAYS = (
            "overeenkomst_einde_dagen",
            _("Vervolg bespreken vóór het einde van een overeenkomst, in dagen"),
        )
        COACHING_DAYS = "jobcoachgesprek_dagen", _("Jobcoachgesprek ten minste eens in, in dagen")
        CLOSING_DAYS = "afsluiten_dagen", _("Dossier afsluiten binnen, in dagen")
        BBL_GUIDED_HOURS = "bbl_begeleid", _("BBL: begeleide onderwijsuren per jaar, ten minste")
        HOLIDAY_PAY = "vakantiebijslag", _("Vakantiebijslag, in procent")
        LKS_FULL_WEEK = "lks_volledige_week", _("Loonkostensubsidie: uren van een volledige week")
        LKV_DECLARATION_MONTHS = "lkv_verklaring_maanden", _("LKV: doelgroepverklaring aanvragen binnen, in maanden")
        EXTENSION_NEEDS_PERMISSION = "verlengen_met_toestemming", _("Proefperiode verlengen alleen met toestemming")
        PROBATION_MAX = "proeftijd_maximaal", _("Proeftijd ten hoogste, in maanden")
        PROBATION_SHORT = "proeftijd_bepaald", _("Proeftijd ten hoogste bij een contract korter dan 2 jaar, in maanden")
        WORK_FROM_AGE = "werken_vanaf_leeftijd", _("Werken kan niet vóór deze leeftijd")
        HOURS_UNDER_16 = "werken_uren_tot_16", _("Uren per week ten hoogste tot 16 jaar, naast school")
        HOURS_UNDER_18 = "werken_uren_tot_18", _("Uren per week ten hoogste bij 16 en 17 jaar, school telt mee")
        VOLUNTEER_HOUR = "vrijwilliger_uur", _("Vrijwilligersvergoeding ten hoogste per uur, vanaf 21 jaar, in euro")
        VOLUNTEER_HOUR_YOUNG = (
            "vrijwilliger_uur_jong",
            _("Vrijwilligersvergoeding ten hoogste per uur, tot 21 jaar, in euro"),
        )
        VOLUNTEER_MONTH = "vrijwilliger_maand", _("Vrijwilligersvergoeding ten hoogste per maand, in euro")
        VOLUNTEER_YEAR = "vrijwilliger_jaar", _("Vrijwilligersvergoeding ten hoogste per jaar, in euro")
        PROBATION_FROM = "proeftijd_vanaf", _("Geen proeftijd bij een contract tot en met, in maanden")

    class Certainty(models.TextChoices):
        VERIFIED = "V", _("nagelezen in de bron")
        GENERAL = "G", _("controleer")

    key = models.CharField(_("regel"), max_length=40, choices=Key)
    value = models.CharField(_("waarde"), max_length=40)
    valid_from = models.DateField(_("geldig vanaf"))
    client = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Organisation.Kind.CLIENT},
        verbose_name=_("alleen voor opdrachtgever"),
    )
    source = models.CharField(_("bron"), max_length=200)
    certainty = models.CharField(_("zekerheid"), max_length=1, choices=Certainty, default=Certainty.GENERAL)
    legal_basis = models.CharField(_("grondslag"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("instelling")
        verbose_name_plural = _("instellingen")
        ordering = ["key", "client", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "client", "valid_from"],
                nulls_distinct=False,
                name="law_setting_once_per_day",
                violation_error_message=_("Er is al een waarde met deze ingangsdatum."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()}: {self.value}"

    @property
    def is_to_be_checked(self) -> bool:
        """Nobody read it in its source yet."""
        return self.certainty == self.Certainty.GENERAL
