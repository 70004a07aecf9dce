"""A plain Django app that stores one beat a POST: `startproject` middleware, a model, a view, the ORM, SQLite.

It gets what a careful Django project has: WAL, synchronous=FULL, IMMEDIATE transactions, persistent connections, a signed
token instead of a session lookup, one INSERT a beat (the unique constraint catches repeats). Run with BASELINE_DB set.
"""

import json
import os
import sys
from typing import Any, ClassVar

import django
import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from django.conf import settings  # noqa: E402  (the safe SQLite build takes the name first)

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA cache_size=-32000;"

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["BASELINE_DB"],
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
            "CONN_MAX_AGE": None,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.core import signing  # noqa: E402  (after setup, as in any single-file Django app)
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import IntegrityError, connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


class Beat(models.Model):
    sid = models.CharField(max_length=32)
    person_id = models.BigIntegerField(db_index=True)
    seq = models.BigIntegerField()
    received = models.DateTimeField(auto_now_add=True)
    body = models.JSONField()

    class Meta:
        app_label = "baseline"
        constraints: ClassVar = [models.UniqueConstraint(fields=["sid", "seq"], name="beat_once")]


@csrf_exempt
def beats(request: HttpRequest) -> HttpResponse:
    post = json.loads(request.body)
    try:
        facts: dict[str, Any] = signing.loads(post["token"])
    except signing.BadSignature:
        return JsonResponse({"error": "bad token"}, status=401)
    for beat in post["beats"]:
        try:
            Beat.objects.create(sid=facts["sid"], person_id=facts["person_id"], seq=beat["seq"], body=beat)
        except IntegrityError:
            return JsonResponse({"error": "repeated"}, status=409)
    return JsonResponse({"durable_seq": post["beats"][-1]["seq"]})


def durability(request: HttpRequest) -> HttpResponse:
    """Read back from the connection the view writes through."""
    found = {}
    with connection.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "mmap_size"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    return JsonResponse(found)


def token(number: int) -> str:
    return signing.dumps({"sid": f"{number:024x}", "person_id": number})


def prepare(path: str) -> None:
    """Make the table in a database file of its own."""
    connection.close()
    connection.settings_dict["NAME"] = path
    with connection.schema_editor() as editor:
        editor.create_model(Beat)
    connection.close()


def stored(path: str) -> int:
    """How many beats a database file holds."""
    connection.close()
    connection.settings_dict["NAME"] = path
    return Beat.objects.count()


urlpatterns = [path("api/beats", beats), path("durability", durability)]
application = get_wsgi_application()
asgi_application = get_asgi_application()
