"""The only way to reach a worker: a notice that names a kind and nothing else."""

from __future__ import annotations

from typing import Literal

from upwell.practice.accounts.models import Notice, Worker

Kind = Literal["reply", "answer", "call", "practice_note", "desk", "ask", "question", "glass", "measure"]


def tell(worker: Worker, kind: Kind) -> Notice:
    """Something new waits for the worker. One unseen notice a kind is enough."""
    notice, _ = Notice.objects.get_or_create(worker=worker, kind=kind, seen=None)
    return notice
