"""Every setting of an install, each with its reason. What may differ comes from the environment:

GOODWORD_HOME          where database, keys and files are (default: var/ in the checkout)
DATABASE_URL           sqlite:////absolute/path (default: in the home) or postgresql://...
GOODWORD_URL           the public base address, as people type it (default: http://localhost:8000)
GOODWORD_ALLOWED_HOSTS further host names, separated by commas
GOODWORD_TRUSTED_PROXY addresses of your own proxies, separated by commas; 1 means: on this machine
GOODWORD_BACKUPS       where backups go, best on another disk (default: backups/ in the home)
GOODWORD_NO_BACKUP     set to 1 when you see to backups yourself: none is made nightly, none before an upgrade
GOODWORD_PRIVATE_HOSTS host:port,... of private addresses that channels and pictures may reach
GOODWORD_MAIL          smtp://name:password@host:587 or smtps://...: who takes letters to our own teammates
GOODWORD_MAIL_FROM     the address they come from (default: the name in GOODWORD_MAIL)
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from goodword import CHECKOUT
from goodword.store import environment
from goodword.store.databases import database_from
from goodword.store.keys import key_in

HOME = environment.folder(Path(os.environ.get("GOODWORD_HOME") or CHECKOUT / "var").absolute())
KEYS = HOME / "keys"  # outside the database: a stolen copy of it opens no connection
MEDIA_CACHE = HOME / "media"  # pictures of posts, fetched once by us; a reader's browser never leaves us
ATTACHMENTS = HOME / "attachments"  # files that came with posts: no address gives them again
UPLOADS = HOME / "uploads"  # files that somebody brought, until they are imported
UPLOADS.mkdir(exist_ok=True, mode=0o700)
LEDGER = HOME / "ledger"  # what was deleted at its source: a backup that is restored must not bring it back
BACKUPS = Path(os.environ.get("GOODWORD_BACKUPS") or HOME / "backups").absolute()
MAKES_BACKUPS = os.environ.get("GOODWORD_NO_BACKUP", "") in ("", "0")

SECRET_KEY = key_in(KEYS / "sessions")
VAULT_KEY = key_in(KEYS / "vault")  # encrypts the secrets of connections
PUSH_KEY = key_in(KEYS / "push")  # push servers know us by it: with another one, devices subscribe anew

URL = environment.address("GOODWORD_URL", "http://localhost:8000")
HTTPS = URL.startswith("https://")
PRIVATE_HOSTS = frozenset(filter(None, os.environ.get("GOODWORD_PRIVATE_HOSTS", "").split(",")))

DEBUG = False  # an error page with source lines helps attackers more than shop owners
ALLOWED_HOSTS = [
    urlsplit(URL).hostname or "localhost",
    "localhost",
    "127.0.0.1",
    *environment.words(os.environ.get("GOODWORD_ALLOWED_HOSTS", "")),
]
CSRF_TRUSTED_ORIGINS = [URL]
# Only they are believed what they say of the one behind them: see web/proxies.py.
TRUSTED_PROXIES = environment.networks("GOODWORD_TRUSTED_PROXY", os.environ.get("GOODWORD_TRUSTED_PROXY", ""))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "goodword",
    "goodword.store",
    "goodword.team",
    "goodword.people",
    "goodword.listening",
    "goodword.conversations",
    "goodword.notifying",
    "goodword.web",
]

MIDDLEWARE = [
    "goodword.web.proxies.forwarded",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "goodword.web.security.headers",
    "goodword.web.who.teammate_of_request",
    "goodword.web.reader.language_of_request",
]

ROOT_URLCONF = "goodword.urls"
ASGI_APPLICATION = "goodword.asgi.application"
WSGI_APPLICATION = "goodword.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [CHECKOUT / "goodword/web/templates"],
        "OPTIONS": {
            "environment": "goodword.web.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "goodword.web.frame.frame",
            ],
        },
    },
    # allauth renders a few one-line messages with Django's own templates.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

DATABASES = {"default": database_from(os.environ.get("DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What is counted against guessing must hold for all web processes, and survive a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "store_kept",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # a stranger who floods it must not push a count out
    }
}

# --- signing in ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/inbox/"
ACCOUNT_ADAPTER = "goodword.web.accounts.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the owner hands the invitation over; no mail server is needed
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # passwords and codes
    "reset_password": "20/h/ip,3/h/key",  # letters that a stranger can cause
    "reauthenticate": "10/m/user",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = False  # our letters stand in team/letters.py
MFA_ADAPTER = "goodword.web.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an owner vouches for who is invited
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: telephones and servers do not agree on the time

# --- letters to our own teammates (team/letters.py lists them) --------------------------------------

_MAIL = environment.mail_server("GOODWORD_MAIL", "GOODWORD_MAIL_FROM")
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port  # no host: nothing is written, and the screens say so
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.name, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.tls == "start", _MAIL.tls == "whole"
EMAIL_TIMEOUT = 10  # seconds: the worker that waits for it also sends replies
DEFAULT_FROM_EMAIL = _MAIL.sender

# --- cookies and transport -------------------------------------------------------------------------

# The __Host- prefix binds a cookie to this host and to HTTPS; browsers refuse it over plain HTTP.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = COOKIE_PREFIX + "session"
CSRF_COOKIE_NAME = COOKIE_PREFIX + "csrf"
LANGUAGE_COOKIE_NAME = COOKIE_PREFIX + "language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # its cookie has no such prefix
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 30 * 86_400 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- limits, files, languages ----------------------------------------------------------------------

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a form; files are streamed to disk
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_TEMP_DIR = str(UPLOADS)  # not /tmp, often small: from here they are only moved
STATIC_URL = "/static/"
STATICFILES_DIRS = [CHECKOUT / "goodword/web/static"]

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [CHECKOUT / "goodword/locale"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("GOODWORD_LOG", "WARNING")},
    # What a request carried (passwords among it) stays out of the log.
    "loggers": {
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        # A stranger who guesses host names must not fill the log.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}

# --- how Goodword behaves --------------------------------------------------------------------------

UNDO_SECONDS = environment.seconds("GOODWORD_UNDO_SECONDS", 6)  # a reply waits so long before it goes out
