"""All addresses. Each app has its own list; the portals' addresses are in the app whose data they show."""

from django.urls import include, path

from topjob import health, library_pages

handler400 = "topjob.failures.bad_request"
handler403 = "topjob.failures.not_allowed"
handler404 = "topjob.failures.not_found"
handler500 = "topjob.failures.server_error"

urlpatterns = [
    path("gezond/leeft/", health.live, name="live"),
    path("gezond/gereed/", health.ready, name="ready"),
    path("gezond/werk/", health.work, name="work"),
    *library_pages.urlpatterns,
    path("", include("trajectories.urls")),
    path("", include("candidates.urls")),
    path("", include("employers.urls")),
    path("", include("matching.urls")),
    path("", include("accounts.urls")),
    path("", include("demo.urls")),
]
