"""Who may reach a route. Every view declares it; one that does not is refused for everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """`capabilities` empty: anyone signed in. `public`: nobody needs to sign in."""

    public: bool = False
    capabilities: frozenset[str] = frozenset()


def public(view: View) -> View:
    """Open to everyone: sign-in, health, links and verification."""
    return _declare(view, Access(public=True))


def signed_in(view: View) -> View:
    """Open to every person with an account; what they see is decided by the visibility rule."""
    return _declare(view, Access())


def needs(*capabilities: str) -> Callable[[View], View]:
    """Open to persons who have at least one of `capabilities` (hub.accounts.rules.Capability)."""
    return lambda view: _declare(view, Access(capabilities=frozenset(capabilities)))


def declared(app: Flask, endpoint: str) -> Access | None:
    """What the view behind `endpoint` declares; static files are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Access(public=True)
    return getattr(app.view_functions[endpoint], "access", None)


def enforce() -> ResponseReturnValue | None:
    """Before each request: deny by default. A forbidden page says so; it never hints at what lies behind it."""
    if request.endpoint is None:
        return None  # no such address: 404 follows
    access = declared(current_app, request.endpoint)
    if access is None:
        abort(403)
    if access.public:
        return None
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined, no-any-return]
    if access.capabilities and not any(current_user.may(capability) for capability in access.capabilities):
        abort(403)
    return None


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view
