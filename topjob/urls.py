"""All addresses. Each app has its own list; the portals' addresses are in the app whose data they show."""

from allauth.account import views as allauth
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from topjob import health

handler500 = "topjob.failures.server_error"

urlpatterns = [
    path("gezond/leeft/", health.live, name="live"),
    path("gezond/gereed/", health.ready, name="ready"),
    path("gezond/werk/", health.work, name="work"),
    path("account/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("account/logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("account/", include("allauth.urls")),
    # After the library's own: the last of two addresses with one name is the one that links and forms get.
    path("inloggen/", allauth.login, name="account_login"),
    path("uitloggen/", allauth.logout, name="account_logout"),
    path("beheer/django/", admin.site.urls),
    path("", include("trajectories.urls")),
    path("", include("candidates.urls")),
    path("", include("employers.urls")),
    path("", include("matching.urls")),
    path("", include("accounts.urls")),
]
