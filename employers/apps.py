from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmployersConfig(AppConfig):
    name = "employers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Werkgevers")

    def ready(self) -> None:
        self.register_reference_tables()

    def register_reference_tables(self) -> None:
        """Let the beheerder edit this app's reference tables."""
        from accounts.reference import ROW_FIELDS, WORK, Table, register
        from employers.models import Stream

        extra = ("age_from", "age_until", "typical_fte", "training_months", "jobcoach_required")
        texts = ("who", "work", "trial", "support", "training", "intake", "prospect", "qualification", "good_practice")
        outlook = ("plans", "promising", "clients")
        register(
            Table(
                slug="stromen",
                model=Stream,
                group=WORK,
                fields=(*ROW_FIELDS, "number", *extra, *texts, *outlook),
                columns=("name", "number", "age_from", "age_until", "typical_fte", "jobcoach_required", "is_active"),
                fixed=("code", "number"),
            )
        )
