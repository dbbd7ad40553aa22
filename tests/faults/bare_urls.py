"""The product's pages with Django's own answer to an error."""

from topjob.urls import urlpatterns as urlpatterns

handler500 = "django.views.defaults.server_error"
