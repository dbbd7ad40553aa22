"""The door for gunicorn, with a point after the answer was made and before it is given."""

from __future__ import annotations

from topjob.wsgi import application as product

from tests.faults import effects, points  # isort: skip - the product sets Django up

effects.register()
points.install()


def application(environ, start_response):
    body = product(environ, start_response)
    if environ["REQUEST_METHOD"] == "POST":
        points.point("answered")
    return body
