from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Matchen")

    def ready(self) -> None:
        from matching import handlers  # noqa: F401  registers the work that follows a change
