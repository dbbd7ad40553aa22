from django.apps import AppConfig


class TopjobConfig(AppConfig):
    name = "topjob"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Top Job"

    def ready(self) -> None:
        from celery.signals import task_postrun
        from django.core.signals import request_finished
        from django.db.backends.signals import connection_created

        from topjob.database import keep_plans
        from topjob.entry import fields_read_dutch
        from topjob.incoming import fields_know_their_lines
        from topjob.saying import fields_speak_plainly
        from topjob.storage import remove_rolled_back

        fields_know_their_lines()
        fields_read_dutch()
        fields_speak_plainly()

        connection_created.connect(keep_plans, dispatch_uid="topjob.database")
        # The end of a request or a task is the end of its transactions.
        request_finished.connect(remove_rolled_back, dispatch_uid="topjob.storage")
        task_postrun.connect(remove_rolled_back, dispatch_uid="topjob.storage")
