"""What imports cannot show of the work rooms: the model graph, the marks, the words, actions, templates, migrations."""

import ast
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from upwell.practice.accounts.keys import OneWayKey
from upwell.practice.accounts.models import Worker
from upwell.practice.accounts.permissions import RIGHTS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "upwell"
WORK = [*sorted((SOURCE / "practice").rglob("*.py")), *sorted((SOURCE / "web").rglob("*.py"))]
MODULES = [path for path in WORK if "migrations" not in path.parts]
TEMPLATES = sorted([*(SOURCE / "practice").rglob("*.html"), *(SOURCE / "web").rglob("*.html")])
PRIVATE = {"person", "micro"}
SHARED = {"macro", "organizing", "bridge", "environment"}


def where(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def expect_none(found: Iterable[str]) -> None:
    """Fail with one line for each, whole."""
    if lines := sorted(found):
        pytest.fail(f"{len(lines)} found:\n  " + "\n  ".join(lines), pytrace=False)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def written(node: ast.AST) -> str:
    """A dotted name as written; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{written(node.value)}.{node.attr}"
    return ""


# --- the model graph ---


def models_of(labels: set[str]) -> list[type[models.Model]]:
    return [
        model for label in sorted(labels) for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]


def label(model: type[models.Model]) -> str:
    return model._meta.app_label


def test_keys_from_the_case_side_go_one_way() -> None:
    two_way = [
        f"{model.__name__}.{field.name}"
        for model in models_of(PRIVATE)
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and label(field.related_model) not in PRIVATE
        and not isinstance(field, OneWayKey)
    ]

    expect_none(two_way)


def test_nothing_on_the_far_side_of_a_one_way_key_can_look_back() -> None:
    back = [
        f"{model.__name__} <- {relation.related_model.__name__}.{relation.field.name}"
        for model in apps.get_models(include_auto_created=True)
        if label(model) not in PRIVATE
        for relation in model._meta.related_objects
        if label(relation.related_model) in PRIVATE
    ]

    expect_none(back)


def neighbours(model: type[models.Model]) -> set[type[models.Model]]:
    """Every model that one step leads to: keys, many to many, and what looks back."""
    found = {field.related_model for field in model._meta.get_fields() if field.is_relation and field.related_model}
    return {one for one in found if isinstance(one, type)}


def reached(start: type[models.Model], *, not_through: frozenset[type[models.Model]] = frozenset()) -> set[type]:
    seen: set[type[models.Model]] = {start}
    waiting = [start]
    while waiting:
        for one in neighbours(waiting.pop()) - seen - not_through:
            seen.add(one)
            waiting.append(one)
    return seen


@pytest.mark.parametrize("model", models_of(SHARED), ids=lambda model: model._meta.label)
def test_from_the_shared_side_no_relation_leads_to_a_person(model: type[models.Model]) -> None:
    people = sorted(one._meta.label for one in reached(model) if label(one) in PRIVATE)

    expect_none(people)


def test_the_walk_would_find_a_way_if_there_were_one() -> None:
    """The test above is no test if walking finds nothing: from a concern it must reach the bridge and the person."""
    from_concern = {one._meta.label for one in reached(apps.get_model("micro", "Concern"))}

    assert {"person.Person", "bridge.Issue", "accounts.Worker", "environment.Place"} <= from_concern


def test_messages_on_the_bridge_name_no_worker() -> None:
    named = [
        f"{model.__name__}.{field.name}"
        for model in models_of({"bridge", "environment"})
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model is Worker
    ]

    expect_none(named)


GENERIC = {"GenericForeignKey", "GenericRelation"}


def test_no_key_hides_in_a_generic_relation() -> None:
    hidden = [where(path) for path in MODULES for word in GENERIC if word in path.read_text(encoding="utf-8")]

    expect_none(hidden)


# --- the marks ---

UNMARKED = {
    "account_inactive": "open",
    "account_login": "open",
    "account_logout": "open",
    "account_reauthenticate": "signed in, by allauth",
    "mfa_activate_totp": "signed in, by allauth",
    "mfa_authenticate": "half signed in, by allauth",
    "mfa_deactivate_totp": "signed in, by allauth",
    "mfa_download_recovery_codes": "signed in, by allauth",
    "mfa_generate_recovery_codes": "signed in, by allauth",
    "mfa_index": "signed in, by allauth",
    "mfa_reauthenticate": "signed in, by allauth",
    "mfa_view_recovery_codes": "signed in, by allauth",
}
"""allauth's own views, which carry no mark of ours."""

OPEN = {
    "open: public": {
        "home",
        "invitation",
        # people who opt in or learn, on their own phones
        *("join", "join_picture", "join_sheet", "leave", "learning_check", "check_picture"),
        # the demo's stage, not there in a real installation
        *("start", "start_aide", "start_become", "start_night"),
    },
    "open: health": {"health_live", "health_ready"},
    "open: signed link": {"aide", "aide_act", "aide_ask"},
    "open: client": set(),
}
"""Door -> names of the addresses behind it. What begins with portal_ is a client's own."""


def addresses(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one)
        else:
            yield one


def mark_of(view: Callable[..., Any]) -> str:
    return str(getattr(view, "right", ""))


def is_listed(name: str, door: str) -> bool:
    if door in {"open: client", "open: public"} and name.startswith("portal_"):
        return True
    return name in OPEN.get(door, set())


def test_every_address_has_a_name() -> None:
    nameless = [str(one.pattern) for one in addresses() if not one.name]

    expect_none(nameless)


def test_no_two_views_share_a_name() -> None:
    """One view may have two addresses of one name: with and without an argument."""
    views: dict[str | None, set[Callable[..., Any]]] = {}
    for one in addresses():
        views.setdefault(one.name, set()).add(one.callback)

    expect_none(str(name) for name, shared in views.items() if len(shared) > 1)


def test_every_view_is_marked_with_a_right_or_a_listed_door() -> None:
    strange = [
        f"{one.name}: {mark_of(one.callback) or 'no mark'}"
        for one in addresses()
        if mark_of(one.callback) not in RIGHTS
        and one.name not in UNMARKED
        and not is_listed(one.name or "", mark_of(one.callback))
    ]

    expect_none(strange)


def test_only_allauths_views_go_without_a_mark() -> None:
    ours = [one.name for one in addresses() if one.name in UNMARKED and "allauth" not in one.callback.__module__]

    expect_none(ours)


def test_views_are_plain_functions() -> None:
    classes = [one.name for one in addresses() if hasattr(one.callback, "view_class") and one.name not in UNMARKED]
    drawn = [
        where(path, node.lineno)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and any("View" in written(base) and written(base).endswith("View") for base in node.bases)
    ]

    expect_none(classes + drawn)


def test_every_right_opens_something() -> None:
    """A right that no view asks for is a promise on the rights page that nobody keeps."""
    asked = {mark_of(one.callback) for one in addresses()}
    in_code = {
        right
        for path in [*MODULES, *TEMPLATES]
        if path.name != "permissions.py"
        for right in re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", path.read_text(encoding="utf-8"))
    }

    expect_none(sorted(set(RIGHTS) - asked - in_code))


# --- the words ---

ROWS_BY_THE_THOUSAND = "practice/micro/caseload/rows.py"
BACKUP = "web/backup/tables.py"
SHARED_ROLE = "web/shared_role.py"

SIDE_DOORS: dict[str, set[str]] = {
    "import_module": set(),
    "__import__": set(),
    "get_model": set(),
    "get_models": {BACKUP, SHARED_ROLE, "web/management/commands/keys_rotate.py"},
    "get_app_config": set(),
    "raw": set(),
    "cursor": {BACKUP, ROWS_BY_THE_THOUSAND, SHARED_ROLE},
    "extra": set(),
    "RawSQL": set(),
}
"""A word in code -> the files that may say it, for each is a way past the models' walls.

A backup takes every table whole and encrypts it; rotating keys walks every encrypted field; an import puts 10^5 rows.
"""

IN_BULK = {"update", "bulk_create", "bulk_update", "executemany"}
MAY_WRITE_IN_BULK = {
    BACKUP: "what was saved comes back as it was",
    ROWS_BY_THE_THOUSAND: "one row in the audit for the import",
    "practice/micro/crossing/actions.py": "a candidate becomes stale, which is nobody's act",
    "practice/micro/crossing/gather.py": "candidates are overtaken, and a job says how far it is",
    "practice/micro/crossing/jobs.py": "a job claims its row: only one may",
    "practice/micro/crossing/pending.py": "the outbox, which holds nothing of anybody",
    "practice/person/rotation.py": "the same text under a newer key, only if nobody wrote meanwhile",
}
"""Files that write past the models -> why the audit may miss it."""


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            name = written(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
            yield node, name


def short(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_words_that_open_side_doors_stand_in_listed_files_only() -> None:
    said = [
        f"{where(path, node.lineno)} {name}"
        for path in MODULES
        for node, name in calls(path)
        for word in [name.split(".")[-1]]
        if word in SIDE_DOORS and short(path) not in SIDE_DOORS[word]
    ]

    expect_none(said)


def test_no_query_follows_a_hidden_reverse_name() -> None:
    asked = [where(path) for path in MODULES if "+__" in path.read_text(encoding="utf-8")]

    expect_none(asked)


def writes_rows(node: ast.Call) -> bool:
    """Whether `.update(...)` is a queryset's: a dictionary's or digest's takes a positional argument."""
    return bool(node.keywords) and not node.args


def test_rows_are_written_in_bulk_in_listed_files_only() -> None:
    bulk = [
        f"{where(path, node.lineno)} {name.split('.')[-1]}"
        for path in MODULES
        for node, name in calls(path)
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in IN_BULK
        and (node.func.attr != "update" or writes_rows(node))
        and short(path) not in MAY_WRITE_IN_BULK
    ]

    expect_none(bulk)


def test_listed_files_are_there() -> None:
    named = {name for files in SIDE_DOORS.values() for name in files} | set(MAY_WRITE_IN_BULK)

    expect_none(sorted(name for name in named if not (SOURCE / name).is_file()))


def test_the_house_has_no_signals_and_no_models_that_save_by_themselves() -> None:
    """accounts/models.py refuses to change a row of the audit: the one save that is not Django's."""
    connected = [
        where(path, node.lineno)
        for path in MODULES
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals")
        or (isinstance(node, ast.Call) and written(node.func).endswith(("receiver", "signal.connect")))
    ]
    saving = [
        model.__name__
        for model in models_of(PRIVATE | SHARED | {"accounts"})
        if model.save is not models.Model.save and "Audit" not in model.__name__ and model is not Worker
    ]

    expect_none(connected + saving)


# --- actions ---


def action_modules() -> list[Path]:
    return [
        path
        for path in MODULES
        if "practice" in path.parts
        and (path.name == "actions.py" or path.parent.name == "actions")
        and path.name != "__init__.py"
    ]


def public_functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree(path).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def marks(node: ast.FunctionDef) -> set[str]:
    return {written(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list}


LEDGER_FIRST = {
    "practice/micro/crossing/actions.py:candidate_approve",
    "practice/micro/crossing/actions.py:candidate_return",
}
"""Actions under the ledger's lock: its line is durable before the one transaction begins, inside the lock."""

AUDITED_ELSEWHERE = {"practice/micro/crossing/actions.py:candidate_approve": "practice/micro/crossing/finish.py"}
"""Actions whose last step lies in a module of its own, which a crash resumes."""


def actions() -> list[tuple[Path, ast.FunctionDef]]:
    return [(path, node) for path in action_modules() for node in public_functions(path)]


def test_every_action_is_one_transaction() -> None:
    loose = [
        f"{where(path, node.lineno)} {node.name}"
        for path, node in actions()
        if "transaction.atomic" not in marks(node) and f"{short(path)}:{node.name}" not in LEDGER_FIRST
    ]

    expect_none(loose)


def test_every_action_takes_its_arguments_by_name() -> None:
    by_place = [
        f"{where(path, node.lineno)} {node.name}" for path, node in actions() if node.args.args or node.args.posonlyargs
    ]

    expect_none(by_place)


def names_of_actions() -> set[str]:
    return {node.name for path in action_modules() for node in public_functions(path)}


def audited(path: Path) -> set[str]:
    """Functions of a module, private ones too, that write to the audit, call another action, or call one that does."""
    functions = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]
    known = names_of_actions()
    called = {
        node.name: {written(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)} for node in functions
    }
    found = {
        name
        for name, used in called.items()
        if any(one.startswith("audit.") or (one.split(".")[-1] in known - {name}) for one in used)
    }
    while more := {name for name, used in called.items() if name not in found and used & found}:
        found |= more
    return found


def test_actions_that_are_audited_elsewhere_are() -> None:
    silent = [
        action
        for action, module in AUDITED_ELSEWHERE.items()
        if not any(name.startswith("audit.record") for _, name in calls(SOURCE / module))
    ]

    expect_none(silent)


def test_every_action_writes_to_the_audit() -> None:
    silent = [
        f"{where(path, node.lineno)} {node.name}"
        for path, node in actions()
        if node.name not in audited(path) and f"{short(path)}:{node.name}" not in AUDITED_ELSEWHERE
    ]

    expect_none(silent)


# --- pages ---

INLINE = re.compile(r"""<style|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE)


def test_pages_hold_no_inline_style_or_script() -> None:
    """The content policy would block it, and the page would break without a word."""
    inline = [
        f"{where(path, number)} {found.group()}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := INLINE.search(line))
    ]

    expect_none(inline)


def test_pages_load_nothing_from_elsewhere() -> None:
    elsewhere = [
        f"{where(path, number)}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"""(?:src|action)\s*=\s*["']?(?:https?:)?//|<link[^>]+href\s*=\s*["']?(?:https?:)?//""", line)
    ]

    expect_none(elsewhere)


def test_every_form_that_changes_something_carries_the_token() -> None:
    bare = [
        f"{where(path)}"
        for path in TEMPLATES
        for form in re.findall(
            r"""<form[^>]*method=["']post["'].*?</form>""", path.read_text(encoding="utf-8"), re.DOTALL
        )
        if "csrf_token" not in form
    ]

    expect_none(bare)


def test_templates_mark_nothing_as_safe() -> None:
    """What a person typed must never become markup. A picture drawn on the server escapes what it is given."""
    safe = [
        f"{where(path, number)}"
        for path in [*TEMPLATES, *MODULES]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\|\s*safe\b|autoescape off|mark_safe\(", line) and short(path) not in DRAWN
    ]

    expect_none(safe)


DRAWN = {"practice/macro/pictures.py"}
"""Files that draw pictures; a test of theirs feeds them markup."""


def test_templates_are_short() -> None:
    long = [where(path, lines) for path in TEMPLATES if (lines := len(path.read_text().splitlines())) > 120]

    expect_none(long)


def test_vendored_files_are_those_of_the_manifest() -> None:
    folder = SOURCE / "web/static/vendor"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    here = {path.name for path in folder.iterdir()} - {"manifest.json", "LICENCES.txt"}

    wrong = [
        name
        for name, about in manifest.items()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != about["sha256"]
    ]

    expect_none(wrong)
    assert here == set(manifest)


# --- migrations ---


@pytest.mark.django_db
def test_migrations_say_what_the_models_say(settings: Any) -> None:
    settings.MIGRATION_MODULES = {}
    out = StringIO()

    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(f"Models and migrations differ:\n{out.getvalue()}")
