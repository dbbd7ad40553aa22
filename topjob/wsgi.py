"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from topjob.incoming import OnlyUtf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "topjob.settings")
application = OnlyUtf8(get_wsgi_application())
