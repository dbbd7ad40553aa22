"""Production refuses to start on a missing or unsafe setting, and says which."""

import os
import subprocess
import sys

import pytest

from topjob.settings import BASE_DIR

SAFE = {
    "TOPJOB_MODE": "production",
    "SITE_URL": "https://topjob.example",
    "ALLOWED_HOSTS": "topjob.example",
    "SECRET_KEY": "s" * 30 + "3f9a7c5e1b8d2460" * 2,
    "FIELD_ENCRYPTION_KEY": "f" * 30 + "3f9a7c5e1b8d2460",
    "LOOKUP_KEY": "l" * 30 + "3f9a7c5e1b8d2460",
    "DATABASE_URL": "postgres://topjob_app:x@db/topjob",
    "DATABASE_DESTROYER_URL": "postgres://topjob_destroyer:x@db/topjob",
    "REDIS_URL": "redis://redis:6379/0",
    "DEFAULT_FROM_EMAIL": "post@topjob.example",
    "EMAIL_URL": "smtp+tls://user:word@mail:587",
    "SEAL_PKCS12": "/srv/topjob/zegel.p12",
    "SEAL_PASSWORD": "a-password",
}


TOLD = "s.DATABASES['default']['USER'], s.EMAIL_HOST, s.EMAIL_PORT, s.CLOCK_FILE, s.SITE_URL"


def start(told: str = TOLD, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own, with these variables and no others of ours."""
    variables = {**SAFE, **changes}
    environment = {
        "PATH": os.environ["PATH"],
        "TOPJOB_ENV_FILE": os.devnull,
        **{key: value for key, value in variables.items() if value is not None},
    }
    code = f"import topjob.settings as s; print({told})"
    return subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, env=environment, capture_output=True, text=True)


def test_safe_settings_start():
    assert start().stdout.split() == ["topjob_app", "mail", "587", "None", "https://topjob.example"]


def test_production_asks_staff_for_a_second_factor_from_the_start():
    told = "s.SECOND_FACTOR_FROM, s.STEP_UP_MINUTES, s.SESSION_LONGEST_HOURS, s.PROXY_COUNT"
    assert start(told=told).stdout.split() == ["2026-01-01", "10", "12", "0"]
    assert start(told=told, TRUST_PROXY="true", PROXY_COUNT="2").stdout.split()[-1] == "2"


OIDC = ("ISSUER", "NAME", "CLIENT_ID", "CLIENT_SECRET")
OWNER = {"TOPJOB_DB_ROLE": "owner", "DATABASE_OWNER_URL": "postgres://topjob_owner:x@db/topjob"}


def test_the_owner_migrates():
    assert start(**OWNER).stdout.split()[0] == "topjob_owner"


def test_web_and_beat_need_no_address_but_their_own():
    assert start(DATABASE_DESTROYER_URL=None).stdout.split()[0] == "topjob_app"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DATABASE_OWNER_URL": OWNER["DATABASE_OWNER_URL"]}, "only the process that migrates"),
        ({**OWNER, "DATABASE_OWNER_URL": None}, "DATABASE_OWNER_URL is missing"),
        ({"TRUST_PROXY": "true", "PROXY_COUNT": "0"}, "PROXY_COUNT is 1 or more"),
        ({"OIDC_ISSUER": "https://login.example"}, "all or none"),
        ({f"OIDC_{name}": "http://login.example" for name in OIDC}, "OIDC_ISSUER must start with https://"),
        ({"SECOND_FACTOR_FROM": "morgen"}, "SECOND_FACTOR_FROM is a day"),
        ({"STEP_UP_MINUTES": "0"}, "STEP_UP_MINUTES 1 to 60"),
        ({"SESSION_LONGEST_HOURS": "720"}, "SESSION_LONGEST_HOURS is 1 to 24"),
        ({**OWNER, "DATABASE_URL": None}, "DATABASE_URL is missing"),
        ({**OWNER, "DATABASE_URL": OWNER["DATABASE_OWNER_URL"]}, "the same role"),
        ({"DATABASE_DESTROYER_URL": SAFE["DATABASE_URL"]}, "the same role"),
        ({"TOPJOB_DB_ROLE": "destroyer", "DATABASE_DESTROYER_URL": None}, "DATABASE_DESTROYER_URL is missing"),
    ],
)
def test_each_process_has_its_own_role_and_no_other(changes, words):
    result = start(**changes)
    assert result.returncode != 0 and words in result.stderr


def test_compose_gives_each_service_what_it_needs_and_no_more():
    """Every service that gets .env has what it needn't know emptied; passwords reach the database alone."""
    import yaml

    services = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())["services"]
    own = {name: row["environment"] for name, row in services.items() if "env_file" in row}
    assert set(own) == {"migrate", "web", "worker", "beat"}
    secrets = ["POSTGRES_PASSWORD", "TOPJOB_OWNER_PASSWORD", "TOPJOB_APP_PASSWORD", "TOPJOB_DESTROYER_PASSWORD"]
    assert {name: [row[secret] for secret in secrets] for name, row in own.items()} == dict.fromkeys(own, [""] * 4)
    urls = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DESTROYER_URL")
    holds_password = {name: [url for url in urls if "PASSWORD" in row[url]] for name, row in own.items()}
    assert holds_password == {
        "migrate": ["DATABASE_OWNER_URL"],
        "web": ["DATABASE_URL"],
        "worker": ["DATABASE_URL", "DATABASE_DESTROYER_URL"],
        "beat": ["DATABASE_URL"],
    }
    assert all(row["DATABASE_OWNER_URL"] == "" for name, row in own.items() if name != "migrate")
    told = {secret: [name for name in own if own[name][secret]] for secret in ("SEAL_PASSWORD", "OIDC_CLIENT_SECRET")}
    assert told == {"SEAL_PASSWORD": ["worker"], "OIDC_CLIENT_SECRET": ["web"]}
    assert [name for name in own if own[name]["TOPJOB_SEALS"] == "true"] == ["worker"]


def test_who_does_not_seal_is_not_told_the_password():
    told = "repr(s.SEAL_PASSWORD), repr(s.SEAL_PKCS12)"
    assert start(told=told, TOPJOB_SEALS="false", SEAL_PASSWORD=None, SEAL_PKCS12=None).stdout.split() == ["''", "''"]
    result = start(TOPJOB_SEALS="false")
    assert result.returncode != 0 and "SEAL_PASSWORD is known here" in result.stderr


def test_links_of_the_demo_lead_to_the_port_it_runs_on():
    assert start(TOPJOB_MODE="demo", SITE_URL=None, PORT="8123").stdout.split()[-1] == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, None) for name in SAFE if name not in {"TOPJOB_MODE", "DATABASE_DESTROYER_URL"}),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "change-me-change-me-change-me-change-me-change-me"),
        ("SECRET_KEY", "demo-only-secret-key-not-secret-at-all-0123456789"),
        ("FIELD_ENCRYPTION_KEY", "short"),
        ("LOOKUP_KEY", "short"),
        ("ALLOWED_HOSTS", "*"),
        ("SITE_URL", "http://topjob.example"),
        ("DEBUG", "true"),
        ("CLOCK_FILE", "/tmp/clock"),
        ("EMAIL_URL", "ftp://mail"),
    ],
)
def test_unsafe_settings_do_not_start(name, value):
    result = start(**{name: value})
    assert result.returncode != 0
    assert "ImproperlyConfigured" in result.stderr
    assert name in result.stderr.splitlines()[-1] or any(name in line for line in result.stderr.splitlines()[-12:])


def test_every_variable_is_documented():
    """`.env.example` names each variable that the settings read."""
    import re

    source = (BASE_DIR / "topjob" / "settings.py").read_text()
    names = set(re.findall(r'(?:env\.\w+|required|secret)\(\s*"([A-Z_]+)"', source))
    documented = (BASE_DIR / ".env.example").read_text()
    assert names, "no variables found"
    assert [name for name in sorted(names) if not re.search(rf"^#? ?{name}=", documented, re.M)] == []


def test_the_only_clock_is_topjob_clock():
    """Nothing else asks what day it is (decision 18)."""
    import re

    asks = re.compile(r"timezone\.now\(|date\.today\(|datetime\.(now|today|utcnow)\(|localdate\(")
    apps = ["topjob", "accounts", "candidates", "employers", "matching", "trajectories"]
    found = [
        f"{path.relative_to(BASE_DIR)}:{number}"
        for app in apps
        for path in (BASE_DIR / app).rglob("*.py")
        if path != BASE_DIR / "topjob" / "clock.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asks.search(line)
    ]
    assert found == []
