from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Matchen")

    def ready(self) -> None:
        from matching import handlers  # noqa: F401  registers the work that follows a change

        self.register_reference_tables()

    def register_reference_tables(self) -> None:
        """Let the beheerder edit the competences and the places."""
        from accounts.reference import WORK, Table, register
        from matching.models import Place, Skill

        skills, places = ("name", "uri", "is_active"), ("pc4", "name", "x", "y")
        register(Table(slug="competenties", model=Skill, group=WORK, fields=skills, columns=skills))
        register(
            Table(
                slug="plaatsen",
                model=Place,
                group=WORK,
                fields=places,
                columns=places,
                fixed=("pc4",),
                search=("name", "pc4"),
            )
        )
