from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidatesConfig(AppConfig):
    name = "candidates"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Kandidaten")

    def ready(self) -> None:
        from candidates import mails  # noqa: F401  (registers its outbox handlers)

        self.register_reference_tables()

    def register_reference_tables(self) -> None:
        """Let the beheerder edit this app's reference tables."""
        from accounts.reference import PEOPLE, Table, register, rows
        from candidates.models import EligibilityRule, LifeArea, Referrer, TargetGroup

        register(rows("verwijzers", Referrer, PEOPLE))
        register(rows("leefgebieden", LifeArea, PEOPLE))
        extra = ("benefit", "payer", "needs_wage_value", "projects_and_stream_1_only")
        register(rows("doelgroepen", TargetGroup, PEOPLE, *extra))
        columns = ("target_group", "age_from", "age_until", "verdict")
        register(
            Table(
                slug="doelgroepregels",
                model=EligibilityRule,
                group=PEOPLE,
                fields=columns,
                columns=columns,
                removable=True,
                search=("target_group__name",),
            )
        )
