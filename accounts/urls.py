from django.urls import path

from accounts.views import demo, law, log, manage, outbox, reference, users, verify

app_name = "accounts"

urlpatterns = [
    path("account/", manage.profile, name="profile"),
    path("sessie/", manage.keep_alive, name="keep_alive"),
    path("beheer/", manage.manage, name="manage"),
    path("beheer/componenten/", manage.gallery, name="gallery"),
    path("beheer/gebruikers/", users.users, name="users"),
    path("beheer/gebruikers/nieuw/", users.invite, name="invite"),
    path("beheer/gebruikers/<int:pk>/", users.user, name="user"),
    path("beheer/gebruikers/<int:pk>/bewerken/", users.edit_user, name="edit_user"),
    path("beheer/gebruikers/<int:pk>/rol/", users.add_role, name="add_role"),
    path("beheer/gebruikers/<int:pk>/rol/<int:membership_pk>/weg/", users.remove_role, name="remove_role"),
    path("beheer/gebruikers/<int:pk>/uitnodigen/", users.send_invitation, name="send_invitation"),
    path("beheer/gebruikers/<int:pk>/uit/", users.deactivate, name="deactivate"),
    path("beheer/gebruikers/<int:pk>/aan/", users.reactivate, name="reactivate"),
    path("beheer/organisaties/opties/", users.organisation_options, name="organisation_options"),
    path("beheer/opdrachtgevers/opties/", users.client_options, name="client_options"),
    path("beheer/regels/", law.law, name="law"),
    path("beheer/regels/nieuw/", law.add_law_value, name="add_law_value"),
    path("beheer/regels/<int:pk>/intrekken/", law.withdraw_law_value, name="withdraw_law_value"),
    path("beheer/tabellen/", reference.tables, name="tables"),
    path("beheer/tabellen/<slug:slug>/", reference.table, name="table"),
    path("beheer/tabellen/<slug:slug>/nieuw/", reference.add_row, name="add_row"),
    path("beheer/tabellen/<slug:slug>/<int:pk>/", reference.edit_row, name="edit_row"),
    path("beheer/tabellen/<slug:slug>/<int:pk>/weg/", reference.remove_row, name="remove_row"),
    path("beheer/logboek/", log.log, name="log"),
    path("beheer/logboek/export/", log.export_log, name="export_log"),
    path("beheer/werk/", outbox.messages_list, name="outbox"),
    path("beheer/werk/alles-opnieuw/", outbox.requeue_all, name="requeue_all"),
    path("beheer/controle/", verify.checks, name="checks"),
    path("beheer/controle/nu/", verify.check_now, name="check_now"),
    path("beheer/werk/<int:pk>/", outbox.message, name="message"),
    path("beheer/werk/<int:pk>/opnieuw/", outbox.requeue, name="requeue"),
    path("demo/", demo.home, name="demo"),
    path("demo/inloggen/<int:pk>/", demo.log_in, name="demo_login"),
    path("demo/klok/", demo.move_clock, name="demo_clock"),
    path("demo/post/", demo.mails, name="demo_mails"),
    path("demo/post/<slug:key>/", demo.mail, name="demo_mail"),
]
