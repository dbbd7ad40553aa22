from trajectories.views import (
    candidate,
    cases,
    check,
    client,
    employer,
    evaluating,
    feed,
    followup,
    money,
    papers,
    plans,
    templates,
    trials,
    wages,
)

app_name = "trajectories"
urlpatterns = [
    *cases.urlpatterns,
    *plans.urlpatterns,
    *check.urlpatterns,
    *templates.urlpatterns,
    *papers.urlpatterns,
    *trials.urlpatterns,
    *evaluating.urlpatterns,
    *wages.urlpatterns,
    *money.urlpatterns,
    *followup.urlpatterns,
    *candidate.urlpatterns,
    *employer.urlpatterns,
    *client.urlpatterns,
    *feed.urlpatterns,
]
