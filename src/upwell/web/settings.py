"""Settings of the web application. An installation is changed by the environment alone (docs/reference/settings.md)."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from upwell.state import folder
from upwell.state.secret import secret_key
from upwell.web.database import database

UPWELL_HOME = folder.ready(folder.where(os.environ))
UPWELL_DEMO = os.environ.get("UPWELL_DEMO") == "1"
HERE = Path(__file__).resolve().parent

SECRET_KEY = secret_key(UPWELL_HOME)
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("UPWELL_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host not in {"127.0.0.1", "localhost", "[::1]"}]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "upwell.practice.accounts",
    "upwell.practice.person",
    "upwell.practice.environment",
    "upwell.practice.bridge",
    "upwell.practice.micro",
    "upwell.practice.mezzo.organizing",
    "upwell.practice.macro",
    "upwell.web",
]

MIDDLEWARE = [
    "upwell.web.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "upwell.web.middleware.worker_language",
    "upwell.practice.accounts.lock.screen_lock",
    "upwell.practice.accounts.second_factor.second_factor",
    "upwell.web.middleware.private_pages",
]

ROOT_URLCONF = "upwell.web.urls"
WSGI_APPLICATION = "upwell.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "upwell.web.navigation.navigation",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ, UPWELL_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "upwell.web.cache.SharedFiles",
        "LOCATION": folder.ready(UPWELL_HOME / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.Worker"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "upwell.practice.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Upwell"
MFA_ADAPTER = "upwell.practice.accounts.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from administrators; there may be no mail to verify them with

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "upwell.web.errors.csrf_failed"
HTTPS = os.environ.get("UPWELL_HTTPS") == "1"
ALLAUTH_TRUSTED_PROXY_COUNT = max(0, int(os.environ.get("UPWELL_PROXIES") or HTTPS))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPWELL_UPLOAD_BYTES = int(os.environ.get("UPWELL_UPLOAD_MB", "512")) * 1_000_000
FILE_UPLOAD_TEMP_DIR = folder.ready(UPWELL_HOME / "incoming")
FILE_UPLOAD_HANDLERS = [
    "upwell.web.uploads.OneDoor",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [HERE / "locale"]
USE_TZ = True
TIME_ZONE = os.environ.get("UPWELL_TIME_ZONE", "America/New_York")

STATIC_URL = "static/"
STATIC_ROOT = UPWELL_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = os.environ.get("UPWELL_EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST = os.environ.get("UPWELL_EMAIL_HOST", "localhost")
DEFAULT_FROM_EMAIL = os.environ.get("UPWELL_EMAIL_FROM", "upwell@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"()": "upwell.web.logs.BareFormatter"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "root": {"handlers": ["err"], "level": os.environ.get("UPWELL_LOG", "WARNING")},
    "loggers": {
        "upwell": {"handlers": ["err"], "level": os.environ.get("UPWELL_LOG", "INFO"), "propagate": False},
        "django": {"handlers": ["err"], "level": "ERROR", "propagate": False},
    },
}
