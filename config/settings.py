"""All settings, read from the environment.

There is one file for all: what differs between a developer's machine, a practice site and production
is a variable, not a module. Settings of libraries that no environment changes are in config/api.py and
config/auth.py.
"""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import validate

from accounts.identity_providers.configuration import allauth_providers, read_identity_providers
from config.api import (
    REST_FRAMEWORK,  # noqa: F401  # Django reads them here
    SPECTACULAR_SETTINGS,  # noqa: F401  # Django reads them here
)
from config.auth import *  # noqa: F403  # and these
from config.environment import ListedEnv, url_with_password
from config.version import VERSION  # noqa: F401  # shown on pages, in the log and by /readyz

env = ENVIRONMENT = ListedEnv()  # `manage.py settings` lists what was read
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / ".data")))

# --- what kind of instance this is ------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
PRACTICE = env.bool("PRACTICE", False)  # allows a practice site; the database records whether this is one
BASE_URL = env.str("BASE_URL", "http://localhost:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = env.str("SECRET_KEY")
if not SECRET_KEY.strip():
    raise ImproperlyConfigured(
        "SECRET_KEY is empty. Set it to at least 50 random characters: "
        'python3 -c "import secrets; print(secrets.token_hex(32))" prints some.'
    )
_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SECRET_KEY_FALLBACKS = [key for key in _FALLBACKS if key.strip()]
HOST = urlsplit(BASE_URL).hostname or ""
# This machine's own names are always allowed: health checks use them.
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", []), HOST, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "workflow",
    "accounts",
    "partners",
    "procurement",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "lucide",
]

MIDDLEWARE = [
    "workflow.http.middleware.DatabaseUnavailableMiddleware",
    "workflow.http.request_log.RequestLogMiddleware",
    "workflow.http.metrics.RequestCountMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",  # above what answers by itself: redirects to https, wrong hosts
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "workflow.http.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "workflow.http.middleware.PageGZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SessionUserMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SessionAndLocaleMiddleware",
    "accounts.middleware.SignInThrottleMiddleware",
    "accounts.middleware.RequireSecondFactorMiddleware",
    "workflow.http.idempotency.ReplayFormMiddleware",
    "workflow.http.middleware.PostOnlyPageMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "workflow.http.template_loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workflow.http.pages.page_frame",
            ],
            "builtins": [
                "lucide.templatetags.lucide",
                *(
                    f"workflow.templatetags.{noun}"
                    for noun in ("labels", "figures", "names", "charts", "moves", "history", "forms", "frame")
                ),
            ],
        },
    },
]
FORM_RENDERER = "workflow.http.forms.FormRenderer"

# --- data -------------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "postgresql://twinlane@localhost/twinlane")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
if _DATABASE_PASSWORD := env.str("DATABASE_PASSWORD", ""):
    DATABASES["default"]["PASSWORD"] = _DATABASE_PASSWORD
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
_OPTIONS.setdefault("connect_timeout", 3)  # seconds; a server that does not answer counts as away
DATABASES["default"]["ENGINE"] = "config.postgresql"  # with our limits on locks and idle transactions
ASSUMED_INSURANCE_PERCENT = Decimal(
    env.str("ASSUMED_INSURANCE_PERCENT", "0.5")
)  # of the insured value, where an offer names none; shown as an assumption
REDIS_URL = url_with_password(env.str("REDIS_URL", "redis://localhost:6379/0"), env.str("REDIS_PASSWORD", ""))
# A socket has two names: kombu's redis+socket://path?virtual_host=0 and the client library's unix://path?db=0.
REDIS_CLIENT_URL = REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
# Signing in needs the cache for rate limits and used authenticator codes. It is in PostgreSQL, like the sessions, so people can
# sign in while Redis is away. Its table comes with a migration. The maximum is high: a dropped entry loses the count of a limit.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
# Where `manage.py backup` writes, how many it keeps, and a key that encrypts them.
BACKUP_DIR = Path(env.str("BACKUP_DIR", str(DATA_DIR / "backups")))
BACKUP_KEEP = env.int("BACKUP_KEEP", 14)
BACKUP_KEY = env.str("BACKUP_KEY", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- background -------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis however long it is away
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
TICK_SECONDS = env.int("TICK_SECONDS", 30)
OUTBOX_LEASE = env.int(
    "OUTBOX_LEASE", 120
)  # seconds a sender holds a message; if it dies, another one takes over after that time
# Celery application through which a commit wakes the periodic job; if empty, only the beat wakes it.
NUDGE = env.str("NUDGE", "config.celery.app")
# Hosts and networks of this organisation to which webhooks may be sent, though they are not public:
# erp.city.internal,10.20.0.0/16.
WEBHOOK_INTERNAL_HOSTS: list[str] = env.list("WEBHOOK_INTERNAL_HOSTS", [])
WEBHOOK_ALLOW_HTTP = env.bool("WEBHOOK_ALLOW_HTTP", False)  # webhooks without TLS; for development only
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "procurement.tasks.tick",
        "schedule": TICK_SECONDS,
        "options": {"expires": TICK_SECONDS * 5 / 6},
    },
    "check_counters": {
        "task": "procurement.tasks.check_counters",
        "schedule": 3600,
        "options": {"expires": 3000},
    },
}

# --- mail -------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", "Twinlane <no-reply@twinlane.example>")
MAIL_REPLY_TO = env.str("MAIL_REPLY_TO", "")  # for mail that names no person for replies
# Envelope sender: bounces go there, and `manage.py read_bounces` reads them. If empty, they go to MAIL_FROM.
MAIL_BOUNCES = env.str("MAIL_BOUNCES", "")
MAIL_DIR = DATA_DIR / "mail"  # a practice site writes its mail here, and the outbox page shows it
# A provider whose API sends the mail and reports delivery, instead of a mail server (docs/adr/0003). None by default.
MAIL_PROVIDERS = {
    name.lower(): f"anymail.webhooks.{name.lower()}.{name}TrackingWebhookView"
    for name in ("Brevo", "Mailgun", "Mailjet", "Mailtrap", "Postmark", "SparkPost")
}
_NAMED_PROVIDER = env.str("MAIL_PROVIDER", "", validate=validate.OneOf(["", *MAIL_PROVIDERS]))
MAIL_PROVIDER = "" if PRACTICE else _NAMED_PROVIDER
# user:password, which the provider must send with its reports; if empty, no report is accepted.
MAIL_EVENTS_SECRET = env.str("MAIL_EVENTS_SECRET", "")
_PROVIDER_OPTIONS: dict[str, str] = env.dict("MAIL_PROVIDER_OPTIONS", {})
ANYMAIL = {
    **{f"{MAIL_PROVIDER}_{name}".upper(): value for name, value in _PROVIDER_OPTIONS.items()},
    "WEBHOOK_SECRET": MAIL_EVENTS_SECRET,
    "REQUESTS_TIMEOUT": 20,  # seconds; a whole mail stays below the lease of 120
    "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},  # readers are not tracked
    "IGNORE_UNSUPPORTED_FEATURES": True,  # not every provider can turn tracking off
}
# starttls: as on port 587; tls: from the first byte, as on port 465; none: nothing is encrypted.
SMTP_TLS = env.str("SMTP_TLS", "starttls", validate=validate.OneOf(["starttls", "tls", "none"]))
if PRACTICE:
    MAILERS = {
        "default": {
            "BACKEND": "workflow.outbox.file_backend.FileEmailBackend",
            "OPTIONS": {"folder": MAIL_DIR},
        }
    }
elif MAIL_PROVIDER:
    MAILERS = {"default": {"BACKEND": f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"}}
else:
    MAILERS = {
        "default": {
            "BACKEND": "workflow.outbox.smtp.SmtpTransport",
            "OPTIONS": {
                "host": env.str("SMTP_HOST", "localhost"),
                "port": env.int("SMTP_PORT", 587),
                "username": env.str("SMTP_USER", ""),
                "password": env.str("SMTP_PASSWORD", ""),
                "use_ssl": SMTP_TLS == "tls",
                "use_tls": SMTP_TLS == "starttls",
                "timeout": 10,  # for each answer of the server; a whole mail stays below the lease of 120 s
            },
        }
    }

# --- accounts ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# Number of our own proxies in front of the web server.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # passkeys on localhost, over plain http
# Sign-in by the identity providers of cities: a JSON list, which docs/operations.md explains.
IDENTITY_PROVIDERS = read_identity_providers(env.str("IDENTITY_PROVIDERS", ""))
SOCIALACCOUNT_PROVIDERS = allauth_providers(IDENTITY_PROVIDERS)
# Who needs a second factor: those who may change anything, or everyone who signs in.
SECOND_FACTOR = env.str("SECOND_FACTOR", "writers", validate=validate.OneOf(["writers", "everyone"]))
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = int(
    timedelta(hours=12).total_seconds()
)  # absolute; idle time is in accounts/middleware.py
SESSION_IDLE_TIMEOUT = timedelta(minutes=60)
LINK_DAYS = env.int("LINK_DAYS", 7)

# --- the browser ------------------------------------------------------------------------------------------------
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# __Host- and Secure need https: over plain http on localhost the cookies carry neither, and nothing else runs there.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# The cookie of a link is the one exception: its path is the object's address, and __Host- demands "/" (docs/adr/0030).
# A browser sends a cookie to every port of a host: two demos side by side would sign each other out. Hence the port.
_PORT = urlsplit(BASE_URL).port or 80
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else f"session-{_PORT}"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else f"csrf-{_PORT}"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else f"device-{_PORT}"
THEME_COOKIE_NAME = "__Host-theme" if HTTPS else "theme"
MESSAGES_COOKIE_NAME = "__Host-messages" if HTTPS else "messages"
MESSAGE_STORAGE = "config.message_storage.CookieThenSessionStorage"
# Hosts that browsers reach by https only, for so many seconds after a visit (RFC 6797).
HSTS = env.str("HSTS", "host", validate=validate.OneOf(["off", "host", "subdomains", "preload"]))
HSTS_SECONDS = env.int("HSTS_SECONDS", 31536000)
# Django asks for subdomains and preload. Whether other hosts of the domain may be bound is the operator's choice.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Machines beside the web server call these without the proxy that terminates https.
    SECURE_REDIRECT_EXEMPT = [r"^healthz(/background)?$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = HSTS_SECONDS if HSTS != "off" else 0
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS in ("subdomains", "preload")
    SECURE_HSTS_PRELOAD = HSTS == "preload"

# --- languages --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr-ca", _("French")), ("zh-hans", _("Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = True

# --- static files -----------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(DATA_DIR / "static")))  # the container image has its own
NODE_MODULES = Path(env.str("NODE_MODULES", str(BASE_DIR / "node_modules")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    NODE_MODULES / ".built",  # config/fonts.py writes it
    ("npm/barcode-detector", NODE_MODULES / "barcode-detector/dist/iife"),
    ("npm/bootstrap", NODE_MODULES / "bootstrap/dist"),
    ("npm/htmx", NODE_MODULES / "htmx.org/dist"),
    ("npm/zxing-wasm", NODE_MODULES / "zxing-wasm/dist/reader"),
]
STATICFILES_FINDERS = ["config.static.ProjectFilesFinder", "config.static.AppFilesFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.CompressedManifestStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DJANGO_TABLES2_TEMPLATE = "django_tables2/table.html"

# --- log --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "workflow.http.middleware.RedactTokensFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(request)s %(name)s: %(message)s"},
        "json": {"()": "workflow.http.request_log.JsonLineFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", "line", validate=validate.OneOf(["line", "json"])),
            "filters": ["no_tokens"],
        }
    },
    "loggers": {"flufl.bounce": {"level": "WARNING"}},  # it names each form of bounce that it tries
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
}
FILE_MINUTES = env.int(
    "FILE_MINUTES", 5
)  # a signed address of a file works for at least this long, and at most twice as long
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", "")  # a socket path or host:port; empty: no virus scanner
# Whom to tell of a weakness: https://… or mailto:…, and the last day on which that holds; shown in security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
_LAST_DAY = env.str("SECURITY_EXPIRES", "")
SECURITY_EXPIRES = date.fromisoformat(_LAST_DAY) if _LAST_DAY else None
# The bearer token for /metrics; if empty, only this machine may read it.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
# The address of a monitoring service that is requested after each run of the periodic job; if empty, none is.
HEARTBEAT_URL = env.str("HEARTBEAT_URL", "")
TEST_RUNNER = "django.test.runner.DiscoverRunner"
