from django.apps import AppConfig


class TopjobConfig(AppConfig):
    name = "topjob"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Top Job"

    def ready(self) -> None:
        from topjob.incoming import fields_know_their_lines

        fields_know_their_lines()
