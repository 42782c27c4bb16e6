"""Stands in for parts of the house that are not built yet. Goes away with the last gap."""

import sys
import types
import warnings
from importlib import import_module
from pathlib import Path

import hub


def stand_in() -> None:
    for models in Path(hub.__file__).parent.glob("*/models.py"):
        import_module(f"hub.{models.parent.name}.models")
    _module("hub.accounts.service", load_account=_load_account)
    _module("hub.webkit.setup", install=_install)
    _module("hub.directory.service", seed=_seed_directory)
    _module("hub.workdays.service", seed=lambda: None)
    hub.PACKAGES_WITH_PAGES = tuple(name for name in hub.PACKAGES_WITH_PAGES if _is_built(name))


def _module(name: str, **members: object) -> None:
    try:
        import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        stub = types.ModuleType(name)
        for key, member in members.items():
            setattr(stub, key, member)
        sys.modules[name] = stub
        package, _, short = name.rpartition(".")
        setattr(import_module(package), short, stub)


def _is_built(package: str) -> bool:
    try:
        import_module(f"hub.{package}.views").blueprint
    except Exception as problem:
        if getattr(problem, "name", "") != f"hub.{package}.views":
            warnings.warn(f"pages of hub.{package} left out: {problem!r}", stacklevel=2)
        return False
    return True


def _load_account(id):
    from hub.accounts.models import Account
    from hub.extensions import db

    return db.session.get(Account, int(id))


def _install(app, babel, load_account):
    from flask import request
    from hub.extensions import login
    from hub.webkit import access

    babel.init_app(app, locale_selector=lambda: "id")
    login.user_loader(load_account)
    app.before_request(access.enforce)

    @app.after_request
    def guard(response):
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        return response


def _seed_directory():
    from hub.directory.models import Institution, InstitutionKind, Region
    from hub.extensions import db

    for code, name, kind, parent in (
        ("33", "Jawa Tengah", "provinsi", None),
        ("35", "Jawa Timur", "provinsi", None),
        ("33.74", "Kota Semarang", "kota", "33"),
        ("35.13", "Kabupaten Probolinggo", "kabupaten", "35"),
        ("35.14", "Kabupaten Pasuruan", "kabupaten", "35"),
        ("35.74", "Kota Probolinggo", "kota", "35"),
    ):
        db.session.add(Region(code=code, name=name, kind=kind, parent_code=parent, zone="WIB"))
        db.session.flush()
        db.session.add(
            Institution(
                code=code,
                name=f"Inspektorat {name}",
                region_code=code,
                zone="WIB",
                head_title="Inspektur",
                seat=name,
                kind={"provinsi": InstitutionKind.PROVINCE, "kota": InstitutionKind.CITY}.get(
                    kind, InstitutionKind.REGENCY
                ),
                number_template="700/{running}/{year}",
            )
        )
    for code, kind in (("KSN-DUMAS", InstitutionKind.KEMENSETNEG), ("ORI-15", InstitutionKind.OMBUDSMAN_OFFICE)):
        db.session.add(
            Institution(
                code=code,
                name=code,
                kind=kind,
                zone="WIB",
                head_title="Kepala",
                seat="Jakarta",
                number_template="B-{running}/{year}",
            )
        )
    db.session.flush()
