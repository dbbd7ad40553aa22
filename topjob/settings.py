"""Settings, from the environment. Every variable is explained in `.env.example`.

`TOPJOB_MODE` decides what may be left out: `demo` (make run) and `test` fill in unsafe values and start embedded servers;
`production` refuses to start when anything is missing or unsafe.
"""

import sys
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django
import environ
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from topjob import embedded, logs
from topjob.ready import POSTGRES_SCHEMES

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
RUNNING_TESTS = "pytest" in sys.modules
ENV_FILE = Path(env.str("TOPJOB_ENV_FILE", str(BASE_DIR / ".env")))
if ENV_FILE.is_file() and not RUNNING_TESTS:
    env.read_env(ENV_FILE)
TOPJOB_MODE = env.str("TOPJOB_MODE", "test" if RUNNING_TESTS else "demo")
if TOPJOB_MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"TOPJOB_MODE is demo, test or production, not {TOPJOB_MODE!r}.")
PRODUCTION = TOPJOB_MODE == "production"

PROBLEMS: list[str] = []


def required(name: str, outside_production: str) -> str:
    """A variable that production can't do without; elsewhere it has a default that production refuses."""
    value = env.str(name, "")
    if PRODUCTION and (not value or value == outside_production):
        PROBLEMS.append(f"{name} is missing." if not value else f"{name} still has the demo's value.")
    return value or outside_production


def secret(name: str) -> str:
    """A key that only production's operator knows: long, and nobody else's."""
    value = required(name, f"demo-only-{name.lower().replace('_', '-')}-not-secret-at-all-0123456789")
    if PRODUCTION and value and (len(value) < 40 or "change-me" in value):
        PROBLEMS.append(f"{name} is too short or an example: use at least 40 random characters.")
    return value


# --- Where things are ------------------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("TOPJOB_VAR", str(BASE_DIR / "var" / ("test" if TOPJOB_MODE == "test" else ""))))
BUILD_DIR = BASE_DIR / "build"
PORT = int(env.str("PORT", "8000")) if env.str("PORT", "8000").isdecimal() else 0  # where `make run` serves
if not 0 < PORT < 65536:
    raise ImproperlyConfigured(f"PORT is a number from 1 to 65535, not {env.str('PORT')!r}.")
SITE_URL = required("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
if PRODUCTION and not SITE_URL.startswith("https://"):
    PROBLEMS.append("SITE_URL must start with https://: personal links are sent with it.")

# The demo's and the tests' clock can be moved by writing this file (topjob/clock.py); production's can't.
CLOCK_FILE = env.str("CLOCK_FILE", "") or (None if PRODUCTION else str(VAR_DIR / "clock"))
if PRODUCTION and CLOCK_FILE:
    PROBLEMS.append("CLOCK_FILE is set: production runs on the real time.")

# --- Security --------------------------------------------------------------------------------------------------------
SECRET_KEY = secret("SECRET_KEY")
# Encrypts personal numbers in the database; several values, separated by commas, allow a change of key (newest first).
SALT_KEY = [secret("FIELD_ENCRYPTION_KEY")] if not PRODUCTION else secret("FIELD_ENCRYPTION_KEY").split(",")
# Makes the look-up column beside an encrypted number (HMAC); changing it needs a rebuild of those columns.
LOOKUP_KEY = secret("LOOKUP_KEY")
DEBUG = env.bool("DEBUG", False)
if PRODUCTION and DEBUG:
    PROBLEMS.append("DEBUG is on: it shows secrets to visitors.")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    PROBLEMS.append("ALLOWED_HOSTS must name the hosts, without *.")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if PRODUCTION else []
# How many proxies of our own a request comes through; decides which entry is the visitor's (topjob/visitor.py).
TRUST_PROXY = env.bool("TRUST_PROXY", False)
PROXY_COUNT = env.int("PROXY_COUNT", 1) if TRUST_PROXY else 0
if PROXY_COUNT < 0 or (TRUST_PROXY and not PROXY_COUNT):
    PROBLEMS.append(
        "PROXY_COUNT is 1 or more: how many proxies add to X-Forwarded-For. Without any: TRUST_PROXY=false."
    )
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^gezond/"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if TRUST_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60
# The most that one login gives, however often somebody says to be still there.
SESSION_LONGEST_HOURS = env.int("SESSION_LONGEST_HOURS", 12)
# Before what says much or is hard to undo (access.STEP_UP) people show anew who they are, unless they did these minutes ago.
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", 10 if PRODUCTION else 0)
if PRODUCTION and not (0 < SESSION_LONGEST_HOURS <= 24 and 0 < STEP_UP_MINUTES <= 60):
    PROBLEMS.append("SESSION_LONGEST_HOURS is 1 to 24, STEP_UP_MINUTES 1 to 60.")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Bootstrap's stylesheet holds its few drawings (arrow, tick) as data: images.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if RUNNING_TESTS:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.Unlike"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.Uncommon"},
    {"NAME": "accounts.passwords.NotOnlyNumbers"},
]

# --- Apps ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "topjob",
    "accounts",
    "candidates",
    "employers",
    "matching",
    "trajectories",
    "demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "phonenumber_field",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "topjob.middleware.CompressMiddleware",
    "topjob.middleware.ClockMiddleware",
    "topjob.incoming.WellFormedMiddleware",
    "topjob.incoming.CleanAddressMiddleware",
    "accounts.private.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "topjob.incoming.CleanFormMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "topjob.visitor.LogMiddleware",
    "accounts.devices.DeviceMiddleware",
    "accounts.resuming.ResumeMiddleware",
    "accounts.reading.ReadingMiddleware",
    "accounts.access.GateMiddleware",
    "candidates.middleware.JoinedFileMiddleware",
    "topjob.middleware.RefusedMiddleware",
]
ROOT_URLCONF = "topjob.urls"
WSGI_APPLICATION = "topjob.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "topjob.context.site",
                "candidates.frame.around",
            ],
            "builtins": ["topjob.templatetags.once"],
        },
    },
    {
        "NAME": "rows",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates", Path(django.__file__).parent / "forms/jinja2"],
        "OPTIONS": {"environment": "topjob.rows.environment"},
    },
]
FORM_RENDERER = "topjob.rows.FieldRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PHONENUMBER_DEFAULT_REGION = "NL"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"

# --- Database --------------------------------------------------------------------------------------------------------
EMBEDDED = {"postgres": not env.str("DATABASE_URL", ""), "valkey": not env.str("REDIS_URL", "")}
SERVICES_HOME = embedded.home_for(BASE_DIR, "test" if TOPJOB_MODE == "test" else "run")
# Which of the three roles this process is: `app` runs, `owner` migrates, `destroyer` carries out retention (decisions 19, 11).
DB_ROLE = env.str("TOPJOB_DB_ROLE", "app")
DB_ROLE_VARIABLES = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "destroyer": "DATABASE_DESTROYER_URL"}
if DB_ROLE not in DB_ROLE_VARIABLES:
    raise ImproperlyConfigured(f"TOPJOB_DB_ROLE is app, owner or destroyer, not {DB_ROLE!r}.")


def database_url(role: str) -> str:
    """The address of the database as one of the three roles; with a plain DATABASE_URL one role does it all."""
    if EMBEDDED["postgres"] and not PRODUCTION:
        return embedded.postgres_url(SERVICES_HOME, f"topjob_{role}")
    return env.str(DB_ROLE_VARIABLES[role], "") or env.str("DATABASE_URL", "postgres://")


# How much a word must look like a name to be taken for a typing error of it (topjob.finding).
SEARCH = "-c pg_trgm.strict_word_similarity_threshold=0.4"

# A page asks for one thing with all that belongs to it. In which order ten tables are joined for that makes no difference,
# and to think of every order takes PostgreSQL up to thirty times as long as the question itself: it thinks of four at a time.
JOINING = "-c join_collapse_limit=4"

# A question asked for the third time on a connection keeps its plan: a third of the work of the database. What makes tables
# can't be asked that way.
PLANNED: dict[bool, dict[str, object]] = {False: {"server_side_binding": True, "prepare_threshold": 3}, True: {}}


def database(role: str) -> dict[str, object]:
    """Django's description of the database as one of the three roles."""
    address = database_url(role)
    if urlsplit(address).scheme not in POSTGRES_SCHEMES:
        name = DB_ROLE_VARIABLES[role] if env.str(DB_ROLE_VARIABLES[role], "") else "DATABASE_URL"
        raise ImproperlyConfigured(f"{name} is no address of a PostgreSQL database.")
    config = environ.Env.db_url_config(address)
    config["HOST"] = unquote(config["HOST"])
    limits = "" if role == "owner" else " -c statement_timeout=15s -c idle_in_transaction_session_timeout=60s"
    options = {"connect_timeout": 3, "options": f"-c jit=off {SEARCH} {JOINING}{limits}", **PLANNED[role == "owner"]}
    options |= config.get("OPTIONS", {})
    return {**config, "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def role_name(role: str) -> str:
    """What a role is called in the database; empty when this process of production isn't told, because it needn't know."""
    if PRODUCTION and not env.str(DB_ROLE_VARIABLES[role], ""):
        return ""
    return str(database(role)["USER"])


DATABASES = {"default": database(DB_ROLE)}
DATABASE_ROLE_NAMES = {role: role_name(role) for role in DB_ROLE_VARIABLES}
if PRODUCTION:
    # Each process knows the addresses it works with and no others; who migrates knows whom to give rights.
    needed = {"DATABASE_URL", DB_ROLE_VARIABLES[DB_ROLE]}
    PROBLEMS += [f"{name} is missing." for name in sorted(needed) if not env.str(name, "")]
    if DB_ROLE != "owner" and DATABASE_ROLE_NAMES["owner"]:
        PROBLEMS.append("DATABASE_OWNER_URL is known here: only the process that migrates may have it.")
    elif DATABASE_ROLE_NAMES["app"] in {DATABASE_ROLE_NAMES["owner"], DATABASE_ROLE_NAMES["destroyer"]} - {""}:
        PROBLEMS.append(
            "DATABASE_URL names the same role as DATABASE_OWNER_URL or DATABASE_DESTROYER_URL: what is signed would not"
            " be protected."
        )
AUTH_USER_MODEL = "accounts.User"

# Roles that say why before they see one person outside their own work ("breaking the glass"); none unless named.
ASK_REASON_ROLES = env.list("ASK_REASON_ROLES", default=[])

# --- Tasks -----------------------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
if PRODUCTION and not REDIS_URL:
    PROBLEMS.append("REDIS_URL is missing.")
CELERY_BROKER_URL = REDIS_URL or embedded.broker_url(SERVICES_HOME)
# How often beat asks to look; a deadline or an outbox row never depends on it having asked in time (R17).
SWEEP_SECONDS = env.float("SWEEP_SECONDS", 5)
# How soon what was logged is in the chain; nobody waits for it (docs/adr/0014).
SEAL_LOG_SECONDS = env.float("SEAL_LOG_SECONDS", 5)
DEADLINE_SECONDS = env.float("DEADLINE_SECONDS", 60)
# How long a worker gives to one round through all cases (`rounds.py`) before it looks at other work; well within a task's limit.
ROUND_SECONDS = env.float("ROUND_SECONDS", 120)

# Shared by all processes: Redis, and the database while Redis is away; nothing a visitor waits for depends on it. Tests have the
# database only, which forgets with them.
CACHES = {
    "default": {
        "BACKEND": "topjob.shared.SharedCache",
        "LOCATION": "" if RUNNING_TESTS else CELERY_BROKER_URL,
        "KEY_PREFIX": "topjob",
    }
}

# --- Logging in ------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/inloggen/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/inloggen/"
ACCOUNT_FORMS = {"reset_password": "accounts.login_forms.ResetPasswordForm"}
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/inloggen/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Top Job: "
ACCOUNT_RATE_LIMITS = {
    # In the demo and the tests everybody logs in from one address.
    "login": "30/m/ip" if PRODUCTION else "3000/m/ip",
    # Wrong passwords and codes are counted by accounts/throttle.py.
    "login_failed": False,
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
# Nobody signs up here, so there is no address of somebody else to wait on (allauth means that by it).
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "accounts.second.EncryptingAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.second.ActivateForm",
    "authenticate": "accounts.second.AuthenticateForm",
    "reauthenticate": "accounts.second.ReauthenticateForm",
    "add_webauthn": "accounts.passkeys.AddForm",
    "edit_webauthn": "accounts.passkeys.RenameForm",
    "authenticate_webauthn": "accounts.passkeys.AuthenticateForm",
    "reauthenticate_webauthn": "accounts.passkeys.ReauthenticateForm",
}
# From which day staff can't work without a second factor; in production from the start, unless a day is given.
SECOND_FACTOR_FROM = None
try:
    if day := env.str("SECOND_FACTOR_FROM", "2026-01-01" if PRODUCTION else ""):
        SECOND_FACTOR_FROM = date.fromisoformat(day)
except ValueError:
    PROBLEMS.append("SECOND_FACTOR_FROM is a day, such as 2026-12-01.")
MFA_TOTP_ISSUER = "Top Job"
# Staff may log in with their organisation's own account, when its provider is named here (accounts/oidc.py).
OIDC_ISSUER, OIDC_NAME = env.str("OIDC_ISSUER", ""), env.str("OIDC_NAME", "")
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_ID", ""), env.str("OIDC_CLIENT_SECRET", "")
# What the provider says (`amr` or `acr`) when it asked for a second factor itself; without it ours is asked as well.
OIDC_SECOND_FACTOR = env.list("OIDC_SECOND_FACTOR", default=[])
SOCIALACCOUNT_ADAPTER = "accounts.oidc.Adapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
if len({bool(value) for value in (OIDC_ISSUER, OIDC_NAME, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET)}) > 1:
    PROBLEMS.append("OIDC_ISSUER, OIDC_NAME, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together: all or none.")
if PRODUCTION and OIDC_ISSUER and not OIDC_ISSUER.startswith("https://"):
    PROBLEMS.append("OIDC_ISSUER must start with https://.")

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands")]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True

# --- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "collected"
(BUILD_DIR / "static").mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", BUILD_DIR / "static"]
# `make run` and production serve what collectstatic gathered (compressed, named by content); development and tests don't.
COLLECTED_STATIC = PRODUCTION or env.bool("TOPJOB_COLLECTED_STATIC", False)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "topjob.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Uploads and signed PDFs: never under the static root, only served by views that ask who is looking.
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = ""
FILE_UPLOAD_PERMISSIONS = 0o640
# Numbers of what retention destroyed, outside the database: keep it apart from the backups (docs/operations.md).
DESTRUCTION_JOURNAL = Path(env.str("DESTRUCTION_JOURNAL", str(VAR_DIR / "vernietigd.jsonl")))
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "topjob.uploads.SizeCap",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# More than all files of one form together: nothing of it is read (topjob/incoming.py).
MAX_BODY_BYTES = MAX_UPLOAD_BYTES * DATA_UPLOAD_MAX_NUMBER_FILES + DATA_UPLOAD_MAX_MEMORY_SIZE
# Fonts that are embedded in PDFs, by file; made by `make` from the packages in package.json.
PDF_FONTS_DIR = BUILD_DIR / "fonts"

# --- The seal under signed documents ----------------------------------------------------------------------------------
# PKCS#12 with key and certificate; only the worker reads it. Outside production one is made here on first use. A process that
# doesn't seal needn't know, and says so: then it isn't told either.
SEALS = env.bool("TOPJOB_SEALS", True)
SEAL_PKCS12 = (required("SEAL_PKCS12", "") or str(VAR_DIR / "zegel" / "zegel.p12")) if SEALS else ""
SEAL_PASSWORD = required("SEAL_PASSWORD", "demo-only-seal-password") if SEALS else ""
if not SEALS and env.str("SEAL_PASSWORD", ""):
    PROBLEMS.append("SEAL_PASSWORD is known here: only the process that seals may have it.")
# How many days before the certificate's end the beheerder hears of it.
SEAL_WARN_DAYS = env.int("SEAL_WARN_DAYS", 60)

# --- Mail ------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = required("DEFAULT_FROM_EMAIL", "Top Job <post@topjob.example>")
EMAIL_TIMEOUT = 15
MAIL_DIR = VAR_DIR / "mail"
if PRODUCTION or env.str("EMAIL_URL", ""):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    mail = urlsplit(required("EMAIL_URL", ""))
    if mail.scheme not in {"smtp", "smtps", "smtp+tls"} and env.str("EMAIL_URL", ""):
        PROBLEMS.append("EMAIL_URL must start with smtp://, smtp+tls:// or smtps://.")
    EMAIL_HOST, EMAIL_PORT = mail.hostname or "", mail.port or (465 if mail.scheme == "smtps" else 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(mail.username or ""), unquote(mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = mail.scheme == "smtp+tls", mail.scheme == "smtps"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR

# --- SMS -------------------------------------------------------------------------------------------------------------
# none: no SMS · http: the gateway below · database: kept and shown on /demo/sms/, outside production.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", "")
SMS_SENDER = env.str("SMS_SENDER", "Top Job")
SMS_TIMEOUT = 10
SMS_BACKEND = ("http" if SMS_GATEWAY_URL else "none") if PRODUCTION else "database"
if PRODUCTION and SMS_GATEWAY_URL and not (SMS_GATEWAY_URL.startswith("https://") and SMS_GATEWAY_TOKEN):
    PROBLEMS.append("SMS_GATEWAY_URL must start with https:// and needs SMS_GATEWAY_TOKEN.")

# --- Logs ------------------------------------------------------------------------------------------------------------
LOGGING = logs.configuration(
    json=PRODUCTION, level=env.str("LOG_LEVEL", "INFO" if TOPJOB_MODE != "test" else "WARNING")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20
structlog.configure(**logs.structlog_configuration())

if PROBLEMS:
    raise ImproperlyConfigured("Top Job does not start in production mode:\n- " + "\n- ".join(PROBLEMS))
