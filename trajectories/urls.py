from topjob.addresses import found_in
from trajectories import views

app_name = "trajectories"
urlpatterns = found_in(views)
