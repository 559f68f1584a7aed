"""All settings of the project, read from the environment through env.py.

Every variable read here is described in .env.example; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from dashboard import env
from dashboard.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# Process

DEBUG = env.flag("DEBUG", False)
HTTPS = env.flag("HTTPS", not DEBUG)
SECRET_KEY = env.secret("SECRET_KEY")
KEY_RING = env.secret("KEY_RING")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS")
SIGNUP_OPEN = env.flag("SIGNUP_OPEN", True)
METRICS_TOKEN = env.secret("METRICS_TOKEN", "")
LOG_FORMAT = env.text("LOG_FORMAT", "readable" if DEBUG else "json")
if LOG_FORMAT not in ("readable", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; use readable or json.")

# v0

V0_BASE_URL = env.text("V0_BASE_URL", "https://api.v0.dev").rstrip("/")
V0_TIMEOUT: float = env.number("V0_TIMEOUT", 30, least=1)
V0_RETRIES = env.number("V0_RETRIES", 3)
PREVIEW_SOURCES = env.listing(
    "PREVIEW_SOURCES", "https://*.vusercontent.net,https://*.v0.build,https://*.vercel.app"
)
PREVIEW_ORIGIN = env.text("PREVIEW_ORIGIN", "")
DASHBOARD_ORIGINS = env.listing("DASHBOARD_ORIGINS")
if PREVIEW_ORIGIN:
    env.check_preview_origin(PREVIEW_ORIGIN, DASHBOARD_ORIGINS, ALLOWED_HOSTS)
    PREVIEW_SOURCES.append(PREVIEW_ORIGIN)
IMAGE_SOURCES = env.listing(
    "IMAGE_SOURCES",
    "https://*.vusercontent.net,https://*.public.blob.vercel-storage.com,https://v0.dev,"
    "https://v0.app,https://vercel.com,https://api.v0.dev",
)
if V0_BASE_URL != "https://api.v0.dev":
    v0_origin = "{0.scheme}://{0.netloc}".format(urlsplit(V0_BASE_URL))
    PREVIEW_SOURCES.append(v0_origin)
    IMAGE_SOURCES.append(v0_origin)

# Application

INSTALLED_APPS = [
    "dashboard.apps.DashboardConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "dashboard.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads its answers at random against BREACH
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.htmx.HtmxErrors",
    "dashboard.bodies.BodyLimit",
    "dashboard.addresses.WithoutNul",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.account.SessionActivity",
    "dashboard.account.SealedPages",
]
ROOT_URLCONF = "dashboard.urls"
ASGI_APPLICATION = "dashboard.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["dashboard.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.context.frame",
            ],
        },
    }
]

# Data

DATABASES = {"default": env.database("DATABASE_URL")}
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": env.number("DATABASE_POOL_SIZE", 10, least=1),
    "timeout": 10,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.secret("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "dashboard.cache.SharedCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},  # seconds
        "KEY_PREFIX": env.text("REDIS_PREFIX", "v0dash"),
    }
}

# Work outside the request (see dashboard/celery.py)

CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):
    socket = urlsplit(REDIS_URL)
    CELERY_BROKER_URL = f"redis+socket://{socket.path}?virtual_host={socket.query[3:] or '0'}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A dead worker's task comes back after this long; must exceed the longest task.
    "visibility_timeout": 35 * 60,
    "unacked_restore_throttle": 1,
    "unacked_restore_interval": 5,
    "global_keyprefix": env.text("REDIS_PREFIX", "v0dash") + ":",
}

# People

AUTH_USER_MODEL = "dashboard.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "dashboard.account.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = env.text("EMAIL_VERIFICATION", "optional")
if ACCOUNT_EMAIL_VERIFICATION not in ("mandatory", "optional", "none"):
    raise ImproperlyConfigured("EMAIL_VERIFICATION must be mandatory, optional or none.")
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "dashboard.account.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "v0 dashboard"
USERSESSIONS_TRACK_ACTIVITY = True

# E-mail

EMAIL_URL = urlsplit(env.secret("EMAIL_URL", "console://"))
if EMAIL_URL.scheme not in ("console", "smtp", "smtps"):
    raise ImproperlyConfigured("EMAIL_URL must start with smtp://, smtps:// or console://.")
EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format(
    "console" if EMAIL_URL.scheme == "console" else "smtp"
)
EMAIL_HOST = EMAIL_URL.hostname or ""
EMAIL_PORT = EMAIL_URL.port or (465 if EMAIL_URL.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(EMAIL_URL.username or "")
EMAIL_HOST_PASSWORD = unquote(EMAIL_URL.password or "")
EMAIL_USE_TLS = EMAIL_URL.scheme == "smtp" and EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_URL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "v0 dashboard <dashboard@localhost>")

# Trust

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # browsers let no other host of the domain set cookies of such names
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "dashboard.htmx.form_expired"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.flag("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "dashboard.logs.SecretsFilter"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "img-src": [SELF, "data:", *IMAGE_SOURCES],
        "frame-src": PREVIEW_SOURCES,
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Static files

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 300
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no others; halves the time to compress

# Words and numbers

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = False
USE_TZ = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LOGGING = logging_config(LOG_FORMAT)
