"""What imports may do, and what imports cannot show."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "upwell"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
EVIDENCE = sorted((SOURCE / "evidence").rglob("*.py"))
DYNAMIC = {SOURCE / "cli" / "main.py"}
"""Files that may import by name: the list of commands, so that `--help` stays quick."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.AST) -> str:
    """A dotted name as written, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return ""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield name_of(node.func), node.lineno


def where(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )

    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    assert "0 broken" in run.stdout


def test_every_package_is_named_by_a_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {
        f"{container}.{part.strip(' ()')}"
        for contract in contracts
        if contract["type"] == "layers"
        for container in contract["containers"]
        for layer in contract["layers"]
        for part in layer.split("|")
    }
    rooms = [path for path in (*SOURCE.iterdir(), *(SOURCE / "evidence").iterdir()) if path.name != "__pycache__"]
    here = {
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for path in rooms
        if (path.is_dir() or path.suffix == ".py") and path.name != "__init__.py"
    }

    assert sorted(here - named) == []


def test_only_the_gate_makes_a_release() -> None:
    """protect.py, and its own last step in assemble.py, which nobody else may call; release.py reads one back."""
    room = SOURCE / "evidence/disclosure"
    gate = {room / "protect.py", room / "assemble.py"}

    made = [
        where(path, line)
        for path in MODULES
        for name, line in calls(path)
        if name.split(".")[-1] == "Release" and path not in {*gate, room / "release.py"}
    ]
    reached = [
        where(path)
        for path in MODULES
        for name in imported(path)
        if name.startswith("upwell.evidence.disclosure.assemble") and path not in gate
    ]

    assert made + reached == []


def test_a_release_is_a_leaf() -> None:
    ours = [name for name in imported(SOURCE / "evidence/disclosure/release.py") if name.startswith("upwell")]

    assert ours == []


def test_the_disclosure_room_opens_nothing_by_itself() -> None:
    assert tree(SOURCE / "evidence/disclosure/__init__.py").body == []


def test_a_brief_knows_of_evidence_only_the_release() -> None:
    allowed = ("upwell.evidence.brief", "upwell.evidence.disclosure.release", "upwell.evidence.errors")
    strange = [
        f"{where(path)} {name}"
        for path in sorted((SOURCE / "evidence/brief").rglob("*.py"))
        for name in imported(path)
        if name.startswith("upwell") and not name.startswith(allowed)
    ]

    assert strange == []


def test_the_attacker_shares_no_code_with_whom_it_attacks() -> None:
    forbidden = ("upwell.evidence.disclosure.suppression", "upwell.evidence.disclosure.protect")

    auditor = imported(SOURCE / "evidence/disclosure/attacking/attack.py")
    assert [name for name in auditor if name.startswith(forbidden)] == []


IMPURE_CALLS = {
    "open", "print", "input", "date.today", "datetime.now", "datetime.today", "datetime.utcnow",
    "datetime.datetime.now",
    "datetime.date.today", "time.time", "uuid.uuid4", "uuid.uuid1", "secrets.token_bytes", "secrets.token_hex",
    "random.random", "random.seed", "random.shuffle", "random.choice", "random.randint", "np.random.seed",
    "np.random.rand", "np.random.random", "np.random.choice", "np.random.shuffle", "np.random.permutation",
}  # fmt: skip
IMPURE_IMPORTS = {"os", "pathlib", "random", "time", "secrets", "uuid", "tempfile", "shutil", "subprocess", "socket"}
WHERE_KERNELS_ARE_CACHED = {"engine", "kernels"}
"""Modules that may read os.environ or a path: numba is told where its compiled kernels may lie, and the engine reads
the rows of a file that it is given, with a folder for what DuckDB spills; nothing else."""


def test_evidence_is_pure() -> None:
    """No clock, no files, no global randomness: today, seed and policy come in as arguments."""
    called = [
        f"{where(path, line)} {name}"
        for path in EVIDENCE
        for name, line in calls(path)
        if name in IMPURE_CALLS or name.endswith((".write_text", ".write_bytes", ".unlink", ".mkdir"))
    ]
    unseeded = [
        where(path, node.lineno)
        for path in EVIDENCE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and name_of(node.func).endswith("default_rng") and not node.args
    ]
    loaded = [
        f"{where(path)} {name}"
        for path in EVIDENCE
        for name in imported(path)
        if name.split(".")[0] in IMPURE_IMPORTS and not WHERE_KERNELS_ARE_CACHED & set(path.with_suffix("").parts)
    ]

    assert called + unseeded + loaded == []


def test_modules_are_loaded_by_name_in_listed_files_only() -> None:
    dynamic = [
        where(path, line)
        for path in MODULES
        for name, line in calls(path)
        if name in {"importlib.import_module", "import_module", "__import__", "exec", "eval"} and path not in DYNAMIC
    ]

    assert dynamic == []


DOORS = {
    "cli/main.py",
    "web/manage.py",
    "web/backup/restore.py",
    "web/jobs.py",
    "web/management/commands/work.py",
    "practice/micro/caseload/jobs.py",
    "practice/micro/crossing/jobs.py",
}
"""Where a process or a job ends: nobody above could say in words what went wrong."""


def test_broad_rescues_stand_at_the_door_only() -> None:
    broad = [
        where(path, node.lineno)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or name_of(node.type) == "Exception")
        and path.relative_to(SOURCE).as_posix() not in DOORS
    ]

    assert broad == []


def functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = ast.get_docstring(node, clean=False)
            assert node.end_lineno is not None
            yield node, node.end_lineno - node.lineno + 1 - (words.count("\n") + 1 if words else 0)


def test_no_function_is_longer_than_forty_lines() -> None:
    long = [f"{where(path, node.lineno)} {lines}" for path in MODULES for node, lines in functions(path) if lines > 40]

    assert long == []


def is_glue(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A click command takes what the command line holds, and a compiled kernel can take no keyword-only argument."""
    names = [name_of(mark.func if isinstance(mark, ast.Call) else mark) for mark in function.decorator_list]
    return any(name.endswith(("command", "njit", "compile_cached")) for name in names)


def test_no_function_takes_more_than_five_arguments_by_position() -> None:
    many = [
        where(path, node.lineno)
        for path in MODULES
        for node, _ in functions(path)
        if len([a for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in {"self", "cls"}]) > 5
        and not is_glue(node)
    ]

    assert many == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = [where(path, lines) for path in MODULES if (lines := len(path.read_text().splitlines())) > 400]

    assert long == []


def test_no_module_is_a_drawer() -> None:
    assert [path for path in MODULES if path.stem in {"utils", "util", "helpers", "misc", "common", "services"}] == []


@pytest.mark.parametrize("room", ["records", "evidence", "state", "cli"])
def test_every_module_says_what_it_is_for(room: str) -> None:
    silent = [
        where(path)
        for path in sorted((SOURCE / room).rglob("*.py"))
        if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]

    assert silent == []
