"""The focal-point hub: no letter is ever sent and forgotten."""

from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from hub import config, extensions
from hub.extensions import babel, db, migrate

PACKAGES_WITH_PAGES = (
    "accounts",
    "complaints",
    "coordination",
    "desk",
    "desk.signing",
    "directory",
    "exchange",
    "exchange.agenda",
    "exchange.inbox",
    "forwardings",
    "forwardings.calls",
    "forwardings.chain",
    "forwardings.followups",
    "letters.stationery",
    "monitoring",
    "post",
    "responses",
    "responses.declining",
    "responses.inventory",
    "responses.rollup",
    "responses.underway",
    "routing",
    "silence.approval",
    "silence.calendar",
    "silence.policy",
    "silence.recipients",
    "upkeep",
    "webkit",
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application. Raises ConfigurationError, one sentence a line, when settings are missing or wrong."""
    settings = settings or config.load()
    app = Flask(__name__, template_folder=str(config.ROOT / "templates"))
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # errors end in logs; what people wrote must not
        MAX_CONTENT_LENGTH=config.MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=config.MAX_TYPED_BYTES,
        BOOTSTRAP_SERVE_LOCAL=True,
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        SESSION_COOKIE_SAMESITE="Lax",
        BABEL_DEFAULT_LOCALE="id",
        WTF_CSRF_TIME_LIMIT=None,
        MAIL_SERVER=settings.mail_host,
        MAIL_PORT=settings.mail_port,
        MAIL_USERNAME=settings.mail_username or None,
        MAIL_PASSWORD=settings.mail_password.get_secret_value() or None,
        MAIL_USE_TLS=settings.mail_tls == "starttls",
        MAIL_USE_SSL=settings.mail_tls == "tls",
        MAIL_DEFAULT_SENDER=settings.mail_from,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # `extensions.mail`, not a name imported here: importing the package hub.mail would rebind it
    for extension in (db, extensions.login, extensions.mail, extensions.csrf, extensions.bootstrap):
        extension.init_app(app)
    migrate.init_app(app, db, directory=str(config.ROOT / "migrations"))
    _furnish(app)
    return app


def _furnish(app: Flask) -> None:
    from hub.accounts.service import load_account
    from hub.webkit import setup

    setup.install(app, babel, load_account)
    for package in PACKAGES_WITH_PAGES:
        app.register_blueprint(import_module(f"hub.{package}.views").blueprint)
    if app.extensions["settings"].demo:
        from hub.demo.views import blueprint

        app.register_blueprint(blueprint)
