from django.urls import path

from demo.views import home, tour

app_name = "demo"

urlpatterns = [
    path("demo/", home.home, name="home"),
    path("demo/inloggen/<int:pk>/", home.log_in, name="login"),
    path("demo/klok/", home.move_clock, name="clock"),
    path("demo/sms/", home.texts, name="texts"),
    path("demo/post/", home.mails, name="mails"),
    path("demo/post/<slug:key>/", home.mail, name="mail"),
    path("demo/rondleiding/<int:number>/", tour.stop, name="tour"),
    path("demo/rondleiding/stoppen/", tour.leave, name="tour_leave"),
]
