"""The rules of docs/architecture.md and CONTRIBUTING.md that a machine can check. `make lint` checks the import rule as well."""

import ast
import importlib
import pkgutil
import re
import socket
from pathlib import Path

import pytest

import settings
from settings import PROJECT

PACKAGES = ("actions", "analytics", "api", "bench", "dashboard", "demo", "jobs", "ml", "models", "providers", "stores")
ROOTS = ("errors.py", "manage.py", "settings.py", "supervisor.py", "wsgi.py")
OURS = {*PACKAGES, *(name.removesuffix(".py") for name in ROOTS)}
MAX_LINES = 300

TESTED = ("analytics/", "actions/", "stores/")

# Modules whose tests stand under another name, and which.
TESTED_ELSEWHERE = {
    "actions/upload_values.py": "tests/actions/test_upload_rows.py",
    "actions/upload_events.py": "tests/actions/test_upload_rows.py",
    "actions/upload_orders.py": "tests/actions/test_upload_rows.py",
    "actions/upload_profiles.py": "tests/actions/test_customers.py",
    "actions/upload_counting.py": "tests/actions/test_upload_preview.py",
    "actions/upload_errors.py": "tests/jobs/test_imports.py",
    "actions/upload_storing.py": "tests/jobs/test_imports.py",
    "analytics/values.py": "tests/analytics/test_overview.py",
    "analytics/funnel_marks.py": "tests/analytics/test_funnel.py",
    "analytics/funnel_units.py": "tests/analytics/test_funnel_scope.py",
    "stores/embedded_process.py": "tests/stores/test_embedded.py",
    "stores/event_log_entry.py": "tests/stores/test_event_log.py",
    "stores/embedded_servers.py": "tests/stores/test_embedded.py",
    "stores/embedded_engine.py": "tests/stores/test_embedded_clickhouse.py",
}

SOURCES = sorted(path for package in PACKAGES for path in (PROJECT / package).rglob("*.py")) + [PROJECT / name for name in ROOTS]
SQL_START = re.compile(
    r"\s*(SELECT|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|ALTER\s+TABLE|CREATE\s+TABLE|DROP\s+TABLE|WITH\s+\w+\s+AS)\b", re.I
)


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imports_of(tree: ast.Module) -> set[str]:
    """The dotted names that a module imports, `from a import b` as both `a` and `a.b`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_every_module_says_what_it_is_for():
    assert [name_of(path) for path in SOURCES if not ast.get_docstring(tree_of(path))] == []


def test_no_module_is_longer_than_a_few_screens():
    assert [name_of(path) for path in SOURCES if len(path.read_text().splitlines()) > MAX_LINES] == []


def test_no_sql_is_put_together_from_values():
    """SQL is a constant: never an f-string with parts, never `.format` or `%` on text that begins like a statement."""
    assert [f"{name_of(path)}:{node.lineno}" for path in SOURCES for node in ast.walk(tree_of(path)) if is_built_sql(node)] == []


def is_built_sql(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        first = node.values[0] if node.values else None
        has_parts = any(isinstance(value, ast.FormattedValue) for value in node.values)
        return has_parts and is_sql(first)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return is_sql(node.func.value)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and is_sql(node.left)


def is_sql(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(SQL_START.match(node.value))


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("f'SELECT a FROM t WHERE b = {c}'", True),
        ("'SELECT {}'.format(a)", True),
        ("'DELETE FROM t WHERE a = %s' % a", True),
        ("'SELECT a FROM t WHERE b = {b:String}'", False),
        ("f'selected {n} rows'", False),
    ],
)
def test_the_check_for_built_sql_finds_it(code, is_found):
    assert any(is_built_sql(node) for node in ast.walk(ast.parse(code))) == is_found


def test_settings_and_errors_import_nothing_of_ours():
    imported = {
        name: {module.split(".")[0] for module in imports_of(tree_of(PROJECT / name))} & OURS for name in ("settings.py", "errors.py")
    }
    assert imported == {"settings.py": {"errors"}, "errors.py": set()}


def test_delivery_sees_of_the_jobs_only_the_queue():
    delivery = [path for path in SOURCES if name_of(path).startswith(("api/", "dashboard/"))]
    seen = {(name_of(path), name) for path in delivery for name in imports_of(tree_of(path)) if name.split(".")[0] == "jobs"}
    assert {(path, name) for path, name in seen if name != "jobs" and name.split(".")[1] != "queue"} == set()


def test_only_stores_opens_connections():
    """SQLAlchemy's constructs are for everybody, its engine is not."""
    opening = [name_of(path) for path in SOURCES if "sqlalchemy.create_engine" in imports_of(tree_of(path))]
    assert [name for name in opening if not name.startswith("stores/")] == []


def test_every_question_change_and_store_has_tests_of_its_name():
    needing = [path for path in SOURCES if name_of(path).startswith(TESTED) and path.name != "__init__.py"]
    missing = [name_of(path) for path in needing if not expected_tests(path).exists()]
    assert not missing, "modules without tests of their name:\n" + "\n".join(missing)


def expected_tests(path: Path) -> Path:
    relative = path.relative_to(PROJECT)
    return PROJECT / TESTED_ELSEWHERE.get(str(relative), f"tests/{relative.parent}/test_{relative.name}")


def test_importing_any_module_connects_to_nothing(monkeypatch):
    """Every module can be imported without an address to connect to, and in any order."""

    def refuse(*_):
        raise AssertionError("a module connected while it was imported")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for package in PACKAGES:
        for found in pkgutil.walk_packages([str(PROJECT / package)], f"{package}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)


def test_the_application_can_be_made_twice_in_one_process(servers):
    from api.app import create_app

    first, second = create_app(settings.current()), create_app(settings.current())
    assert {rule.rule for rule in first.url_map.iter_rules()} == {rule.rule for rule in second.url_map.iter_rules()}
    assert first.test_client().get("/health").status_code == second.test_client().get("/health").status_code == 200
