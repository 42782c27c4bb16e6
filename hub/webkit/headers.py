"""Security headers: what a browser may do with a page of the hub. Nothing inline, nothing from elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, make_response, request

View = TypeVar("View", bound=Callable[..., Any])

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "script-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
PUBLIC = {**POLICY, "script-src": "'none'", "frame-src": "'none'"}
"""For pages behind links and slips: forms and style, no more."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    app.after_request(secure)


def secure(response: Response) -> Response:
    """What every response carries, unless its blueprint or view set something stricter before."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _written(POLICY))
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
    if (request.endpoint or "").endswith("static"):
        if "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def public(response: Response) -> Response:
    """Stricter, for pages anyone may open: `blueprint.after_request(headers.public)`."""
    response.headers["Content-Security-Policy"] = _written(PUBLIC)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def frameable(view: View) -> View:
    """Let a page of the hub itself show this view in a frame: the preview of a letter, a PDF."""

    @wraps(view)
    def framed(*args: Any, **kwargs: Any) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers.setdefault("Content-Security-Policy", _written({**POLICY, "frame-ancestors": "'self'"}))
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    return framed  # type: ignore[return-value]


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
