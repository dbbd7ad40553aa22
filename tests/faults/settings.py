"""The product's settings with the test's own pages and handlers beside them."""

from topjob.settings import *  # noqa: F403
from topjob.settings import INSTALLED_APPS, PASSWORD_HASHERS

ROOT_URLCONF = "tests.faults.urls"
# People of the test's world got their passwords from the quick hasher of the tests.
PASSWORD_HASHERS = [*PASSWORD_HASHERS, "django.contrib.auth.hashers.MD5PasswordHasher"]
# With a migration that is still to come (fault 27).
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.later"]
