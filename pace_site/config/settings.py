"""Settings of the PACE tracker; everything that differs between places comes from the environment."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from pace_site.config.log_formats import LOG_FORMATS, log_format_in
from pace_site.config.production import refuse_published_key_elsewhere, refuse_unsafe, refuse_unsaid_elsewhere
from pace_site.config.replica_database import replica_of
from pace_site.config.single_sign_on import providers_in

BASE_DIR = Path(__file__).resolve().parents[2]
# A secret may also lie in a file: X_FILE names the one that holds X.
env = environ.FileAwareEnv()

DEBUG = env.bool("DEBUG", default=False)
DEVELOPMENT_KEY = "not-secret-development-key-of-the-pace-tracker-0123456789"
SECRET_KEY = env("SECRET_KEY", default=DEVELOPMENT_KEY)
# Former keys, while what they signed is still about.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PRODUCTION = env.bool("PRODUCTION", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# The demo and the tests may run with the published key; nothing else may.
refuse_published_key_elsewhere(key=SECRET_KEY, published=DEVELOPMENT_KEY, hosts=ALLOWED_HOSTS)
if not PRODUCTION:
    refuse_unsaid_elsewhere(hosts=ALLOWED_HOSTS, debug=DEBUG, given=env.ENVIRON)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "pace_site.accounts",
    "pace_site.audit",
    "pace_site.defences",
    "pace_site.backups",
    "pace_site.look",
    "pace_site.long_work",
    "pace_site.operations",
    "children",
    "milestones",
    "aims",
    "improvement",
    "pace_site.front.apps.FrontConfig",
    "pace_site.front.apps.PaceAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "pace_site.defences.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pace_site.operations.middleware.ProbesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "pace_site.audit.occasion.OccasionMiddleware",
    "pace_site.defences.body_limit.BodyLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pace_site.defences.request_lines.RequestLinesMiddleware",
    # Inside of WhiteNoise, which sends files that were compressed beforehand.
    "pace_site.defences.compressed.CompressedPagesMiddleware",
    "aims.feed.middleware.CookielessFeedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pace_site.accounts.middleware.BelongingMiddleware",
    "pace_site.front.rate_limits.RateLimitMiddleware",
    "pace_site.front.recording.kept_forms.KeptFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "pace_site.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

# Who may ask for figures of the site itself (`/metrics`); without one nothing is counted and there is no such page.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    _after_probes = MIDDLEWARE.index("pace_site.operations.middleware.ProbesMiddleware") + 1
    MIDDLEWARE.insert(_after_probes, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("pace_site.operations.request_metrics.CountByViewMiddleware")

ROOT_URLCONF = "pace_site.front.urls"
WSGI_APPLICATION = "pace_site.config.wsgi.application"

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
                "pace_site.look.context.site",
                "pace_site.front.tour.touring.banner",
            ],
        },
    },
]

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # What is deleted is overwritten: retention takes names away for good, from the file and from its backups.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
# A connection that was lost while nobody asked is made anew, instead of failing whoever asks next.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(SQLITE_OPTIONS)
# Where what only reads much is read, as far as it knows all that the primary knows (`pace_site/replica`).
if replica_url := env("REPLICA_DATABASE_URL", default=""):
    DATABASES["replica"] = replica_of(DATABASES["default"], env.db_url_config(replica_url))
# Seconds that a report waits for a replica that is behind, before it is read from the primary.
REPLICA_WAIT = env.float("REPLICA_WAIT", default=2.0)
DATABASE_ROUTERS = ["pace_site.replica.router.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CSRF_FAILURE_VIEW = "pace_site.front.recording.kept_forms.csrf_failure"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60  # a link for a new password opens an account: it is asked for when it is needed
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "pace_site.accounts.sign_in.ClosedSignUpAdapter"
# All that is counted is counted in the database, by axes below and by `front/rate_limits.py`: allauth counts in the
# memory of each process by itself, and by addresses behind which a whole council may sit.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "PACE tracker: "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address without an account is sent nothing

# How many proxies stand before this program and append to X-Forwarded-For; with none the header is not read.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

# The second step: codes of an authenticator app, passkeys, and recovery codes that are shown once.
MFA_ADAPTER = "pace_site.accounts.factor_keeping.EncryptedFactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG and not PRODUCTION
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "PACE tracker"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off; a code is taken once all the same
MFA_FORMS = {
    "authenticate": "pace_site.front.signing_in.code_forms.CodeForm",
    "reauthenticate": "pace_site.front.signing_in.code_forms.ConfirmCodeForm",
    "activate_totp": "pace_site.front.signing_in.code_forms.FirstCodeForm",
    "add_webauthn": "pace_site.front.signing_in.code_forms.NewPasskeyForm",
}
# Holds for people of fictional authorities alone, whatever it says; `check --deploy` asks that it be off.
FICTION_WITHOUT_SECOND_FACTOR = env.bool("FICTION_WITHOUT_SECOND_FACTOR", default=not PRODUCTION)

# Single sign-on: whoever comes by it must exist here. No account is made, linked or changed by it.
SOCIALACCOUNT_ADAPTER = "pace_site.front.signing_in.single_sign_on.CouncilSignInAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": providers_in(env, production=PRODUCTION)}}
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another host (form-action of the policy below)

# Lockout (`domain.md` 8): failures of a person at an address, people who fail at an address, failures of a person.
AXES_HANDLER = "pace_site.front.signing_in.lockout.LockoutHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_FAILURE_LIMIT = 10
# Names that failed at one address and have not got in from there since. Raise it for more than some 300 behind one.
LOCKOUT_PEOPLE_OF_ADDRESS = env.int("LOCKOUT_PEOPLE_OF_ADDRESS", default=50)
LOCKOUT_FAILURES_OF_PERSON = 20  # from all addresses together
AXES_RESET_ON_SUCCESS = True  # of the person at that address alone: `lockout.py`
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "pace_site.accounts.address.counted_address_of"
AXES_USERNAME_CALLABLE = "pace_site.front.signing_in.lockout.counted_name_of"
AXES_LOCKOUT_CALLABLE = "pace_site.front.signing_in.lockout.lockout_page"
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "ip_address", "code", "credential", "next"]
AXES_DISABLE_ACCESS_LOG = True  # the audit trail says who signed in
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True  # pages carry the form mark themselves; no script reads the cookie
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    # With such a name a browser takes a cookie over TLS alone, and from this very host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_ENGINE = "pace_site.accounts.sessions"
# What somebody is told may name a child: it waits with the session, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The twenty minutes are counted in `accounts/belonging.py`; this is when what was left lying is thrown away.
SESSION_COOKIE_AGE = 60 * 60
SECURE_SSL_REDIRECT = PRODUCTION
if TRUSTED_PROXIES:
    # The nearest proxy ends TLS and says so; it must write this header itself, whatever the visitor sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
LANGUAGES = [("en-gb", "British English")]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Where the links in e-mails lead.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
EMAIL = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = env("EMAIL_BACKEND", default=EMAIL["EMAIL_BACKEND"])
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"] or "localhost", EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"] or "", EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("EMAIL_USE_TLS", False), EMAIL.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", default="pace-tracker@localhost")
# Who is told of faults: the kind and the place, and nothing of what was asked or shown.
ADMINS = [("Administrator", address) for address in env.list("ADMINS", default=[])]
EMAIL_TIMEOUT = 20  # seconds; a mail server that hangs must not hang a run of reminders

# How long a restricted record stays open to whoever opened it by break-glass.
BREAK_GLASS_MINUTES = env.int("BREAK_GLASS_MINUTES", default=60)

# A file of an extract of this size or more is refused before it is read.
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_MB", default=50) * 1_000_000

# A request with more than this is refused before it is read. The largest that any page takes is a national file.
MOST_BYTES_ASKED = 12_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # of a form, apart from its file
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 12  # an extract has up to six
# The files of an extract together: 150,000 rows have about 6 MB.
MOST_BYTES_OF_AN_EXTRACT = env.int("IMPORT_REQUEST_MB", default=30) * 1_000_000
# So that no file that somebody sends is ever written to the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = max(MOST_BYTES_ASKED, MOST_BYTES_OF_AN_EXTRACT)

# Long work waits in the database for a worker (`manage.py work`).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Children times aims times files of a report: up to here it is made at once, about 100,000 in ten seconds.
REPORT_AT_ONCE = env.int("REPORT_AT_ONCE", default=100_000)
# Bytes of spreadsheets, unpacked, that are looked at at once: some two seconds of processor.
LOOK_AT_ONCE = 6_000_000
# Bytes of an extract that are tried and taken in at once, about 8,000 rows; and rows of an import undone at once.
IMPORT_AT_ONCE = env.int("IMPORT_AT_ONCE", default=300_000)
UNDO_AT_ONCE = 10_000

# Public keys (age1...) of those who may read a backup, separated by commas.
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
# The file with the private key: only where somebody restores or verifies.
BACKUP_IDENTITY_FILE = env("BACKUP_IDENTITY_FILE", default="")
# Where the nightly backup goes (`operations/timetable.py`), and how many are kept; without a folder none is made.
BACKUP_DIR = env("BACKUP_DIR", default="")
BACKUP_KEEP = env.int("BACKUP_KEEP", default=35)

# How much of the figures of whole authorities each process keeps in memory while nobody writes; 0 keeps nothing.
KEPT_FIGURES_BYTES = env.int("KEPT_FIGURES_MB", default=256) * 1_000_000

# How often one person may search and take files away, and one address may ask without signing in; 0 counts nothing.
SEARCHES_A_MINUTE = env.int("SEARCHES_A_MINUTE", default=60)
EXPORTS_AN_HOUR = env.int("EXPORTS_AN_HOUR", default=60)
# A whole council may come from one address and sign in at nine: six requests each, of which one asks for a password to
# be compared, which is slow by design.
UNSIGNED_REQUESTS_A_MINUTE = env.int("UNSIGNED_REQUESTS_A_MINUTE", default=1800)
SIGN_INS_A_MINUTE = env.int("SIGN_INS_A_MINUTE", default=300)
PASSWORD_LINKS_AN_HOUR = env.int("PASSWORD_LINKS_AN_HOUR", default=100)

# The log tells what broke and where, and never what was asked or shown (`defences/log_lines.py`).
EMAIL_SUBJECT_PREFIX = "PACE tracker: "
if not DEBUG:
    DEFAULT_EXCEPTION_REPORTER_FILTER = "pace_site.defences.fault_mail.SilentReporterFilter"
LOG_FORMAT = log_format_in(env, production=PRODUCTION)
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=PRODUCTION)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": LOG_FORMATS[LOG_FORMAT]},
        "mail": {"()": LOG_FORMATS["lines"]},
    },
    "handlers": {
        "lines": {"class": "logging.StreamHandler", "formatter": "lines"},
        "mail": {"class": "pace_site.defences.fault_mail.FaultMailHandler", "formatter": "mail"},
    },
    "root": {"handlers": ["lines", "mail"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "pace_site.audit.sealing": {"handlers": [], "level": "INFO"},
        "pace_site.operations": {"handlers": [], "level": "INFO"},
        "pace_site.requests": {"handlers": [], "level": "INFO" if LOG_REQUESTS else "WARNING"},
        "django.server": {"handlers": ["lines"], "level": "INFO", "propagate": False},
    },
}

if PRODUCTION:
    refuse_unsafe(globals(), published_key=DEVELOPMENT_KEY, given=env.ENVIRON)
