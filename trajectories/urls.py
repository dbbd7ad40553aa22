from trajectories.views import candidate, cases, client, employer, followup, plans, trials

app_name = "trajectories"
urlpatterns = [
    *cases.urlpatterns,
    *plans.urlpatterns,
    *trials.urlpatterns,
    *followup.urlpatterns,
    *candidate.urlpatterns,
    *employer.urlpatterns,
    *client.urlpatterns,
]
