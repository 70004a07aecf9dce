"""Django settings. Everything an installation may choose is an option (config.options); the rest is decided here."""

import hashlib
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pysqlite3

# Python's bundled SQLite may carry the WAL-reset corruption bug (3.7.0-3.51.2): docs/decisions/0002. Django imports the
# module by name, so the safe build takes that name before anything else does.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from yanxiu.config import options  # noqa: E402  (the line above must come first)
from yanxiu.config.mail import parse_email_url  # noqa: E402  (as above)

BASE = Path(__file__).resolve().parent.parent
ORIGIN = urlsplit(options.option("origin"))
SECURE = ORIGIN.scheme == "https"
DEMO = options.option("demo") == "1"

DATA_DIR = options.data_dir()
OWN_ORIGIN = options.option("origin")
MEDIA_ACCEL = options.option("media_accel")
BEATS_KEY = options.secret("beats")  # signs session tokens
SECRET_KEY = hashlib.sha256(b"django" + options.secret("master")).hexdigest()
FACTORS_KEY = options.secret("factors")  # seals the secrets of authenticator apps
STAFF_SECOND_FACTOR = "off" if DEMO else options.option("staff_second_factor")
FRESH_SECONDS = (
    None if DEMO else options.number("fresh_minutes", 1440) * 60
)  # None: never asked (nobody has a password there)
DEBUG = False
ALLOWED_HOSTS = [ORIGIN.hostname or "127.0.0.1", "127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"{ORIGIN.scheme}://{ORIGIN.netloc}"]
ROOT_URLCONF = "yanxiu.config.urls"
ASGI_APPLICATION = "yanxiu.config.asgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_prose_editor",  # its static files only: docs/decisions/0016
    "django_tasks",
    "django_tasks_db",
    "yanxiu.kit",
    "yanxiu.people",
    "yanxiu.training",
    "yanxiu.study",
    "yanxiu.record",
    "yanxiu.faces.frame",
    "yanxiu.faces.staff",
    "yanxiu.faces.learner",
    "yanxiu.faces.portal",
]

MIDDLEWARE = [
    "yanxiu.faces.frame.middleware.SecurityHeaders",
    "yanxiu.faces.frame.middleware.LightPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yanxiu.faces.frame.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yanxiu.faces.frame.middleware.ViewerMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "yanxiu.faces.frame.context.frame",
            ],
        },
    }
]

_FULL = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA cache_size=-8000; "
    "PRAGMA secure_delete=ON;"  # what was erased is overwritten: docs/decisions/0036
)


def _sqlite(mode: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": options.data_dir() / "yanxiu.sqlite3",
        "OPTIONS": {"transaction_mode": mode, "timeout": 20, "init_command": _FULL},
        "CONN_MAX_AGE": None,
    }


DATABASES = {
    "default": _sqlite("IMMEDIATE"),
    # `record` reads through this one: kit.snapshot
    "snapshot": _sqlite("DEFERRED") | {"TEST": {"MIRROR": "default"}},
}
DATABASE_ROUTERS = ["yanxiu.kit.snapshot.SnapshotRouter"]
TELLINGS = "yanxiu.config.running.tellings.TELLINGS"  # who is told of which deed: kit.telling
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["yanxiu.people.backend.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "yanxiu.people.passwords.PasswordPolicy"}]
PASSWORD_HASHERS = ["yanxiu.people.passwords.CalibratedArgon2Hasher"]
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_FAILURE_VIEW = "yanxiu.faces.frame.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600  # a working day; offices share their PCs
LOGIN_URL = "portal:sign_in"

LANGUAGE_CODE = options.option("language")
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [options.data_dir() / "locale"]  # compiled from src/yanxiu/locale at set-up: config.messages
LANGUAGE_COOKIE_NAME = "lang"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # of pages outside any class; a class shows its own zone

STATIC_URL = "/static/"
STATIC_ROOT = options.data_dir() / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "yanxiu.config.static.ModuleManifestStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

# Through Django's mail everywhere; without the option nothing is sent and pages say so.
EMAIL = parse_email_url(options.option("email_url"))
EMAIL_HOST, EMAIL_PORT, EMAIL_TIMEOUT = EMAIL.host, EMAIL.port, 20
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.user, EMAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.tls == "starttls", EMAIL.tls == "tls"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = options.option("email_from") or EMAIL.user or "yanxiu@localhost"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
