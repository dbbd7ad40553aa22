from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrajectoriesConfig(AppConfig):
    name = "trajectories"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Trajecten")

    def ready(self) -> None:
        from trajectories import handlers  # noqa: F401  (registers the work that follows a change)
