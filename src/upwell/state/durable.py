"""Writing that survives a power cut: either the old bytes or the new ones are there afterwards, never half of them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable; a file whose name is lost is lost, however well its bytes were written."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte and wait until the disk has them. Raises OSError when it cannot (disk full)."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def write_file(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put a file that is not there yet; raises FileExistsError rather than replace one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        write_all(descriptor, content)
    except BaseException:
        path.unlink()
        raise
    finally:
        os.close(descriptor)


def write_once(path: Path, content: bytes, *, mode: int = 0o600) -> bool:
    """Put a file whole, unless one is there. True when it was ours that stayed (two writers: one wins, none tears)."""
    fresh = _beside(path)
    write_file(fresh, content, mode=mode)
    try:
        os.link(fresh, path)  # unlike rename, fails when the name is taken
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    sync_folder(path.parent)
    return True


def replace(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put a file whole in the place of whatever was there."""
    fresh = _beside(path)
    write_file(fresh, content, mode=mode)
    try:
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink()
        raise
    sync_folder(path.parent)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
