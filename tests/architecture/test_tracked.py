"""What may not stand in any file of the repository."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DOT = r"\."
REGISTRIES = [
    DOT.join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("crates", "io"), ("rubygems", "org"), ("conda", "anaconda", "org"), ("unpkg", "com"), ("jsdelivr", "net"),
        ("cdnjs", "cloudflare"), ("proxy", "golang", "org"),
    )
]  # fmt: skip
"""Hosts of package registries, put together from pieces so that this file names none."""

MACHINE = [rf"(?<![\w.]){root}" for root in ("/" + "work/", "/" + r"home/\w", "/" + r"Users/\w", "/" + r"root/\w")]
LOCKS = {"uv.lock", "pylock.toml", "package-lock.json", "yarn.lock", "poetry.lock", "pnpm-lock.yaml", "Pipfile.lock"}


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout: nothing is tracked here")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        content = path.read_bytes()
        if b"\0" in content[:4096]:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    return found


def test_no_file_names_a_package_registry(tracked: list[Path]) -> None:
    assert lines_with(re.compile("|".join(REGISTRIES)), tracked) == []


def test_no_file_names_a_folder_of_somebodys_machine(tracked: list[Path]) -> None:
    assert lines_with(re.compile("|".join(MACHINE)), tracked) == []


def test_no_lock_file_is_tracked(tracked: list[Path]) -> None:
    assert [path.name for path in tracked if path.name in LOCKS] == []


def test_constraints_are_names_versions_and_markers_only() -> None:
    line = re.compile(r"[a-z0-9][a-z0-9._-]*==[0-9][0-9a-z.+!]*( ; [a-z_]+ .+)?")
    strange = [
        text for text in (ROOT / "constraints.txt").read_text().splitlines() if text and not line.fullmatch(text)
    ]

    assert strange == []
    assert not re.search(r"://|@|--hash", (ROOT / "constraints.txt").read_text())


def test_no_shared_data_is_tracked(tracked: list[Path]) -> None:
    shared = ROOT.parent / "shared" / "data"
    if not shared.is_dir():
        pytest.skip(f"the shared data is not beside this checkout ({shared.name})")
    theirs = {(path.name, path.stat().st_size) for path in shared.rglob("*") if path.is_file()}

    copied = [path for path in tracked if (path.name, path.stat().st_size) in theirs and path.stat().st_size > 200]

    assert copied == []


def test_tests_that_need_shared_data_say_so_when_it_is_absent(tracked: list[Path]) -> None:
    """A file that reaches for the shared data must be able to skip, in words."""
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked
        if path.suffix == ".py" and path.is_relative_to(ROOT / "tests") and path != Path(__file__)
        if re.search(r"[\"']shared[\"'/]", text := path.read_text()) and "skip" not in text
    ]

    assert silent == []
