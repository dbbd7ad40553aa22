from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Gebruikers en beheer")

    def ready(self) -> None:
        from accounts import devices, mails, reference, sessions  # noqa: F401 – they register themselves
