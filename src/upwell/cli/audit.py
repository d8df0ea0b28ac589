"""`upwell audit`: whether the record of what was done and looked at is as it was written."""

from __future__ import annotations

import click

from upwell.cli import web


@click.group()
def audit() -> None:
    """Check the record of who did and looked at what.

    \b
    Example:  ./upwell audit verify
    """


@audit.command()
def verify() -> None:
    """Check that no entry of the audit was changed, moved or deleted since it was sealed.

    Exit code 1 names the first batch that is not as it was.

    \b
    Example:  ./upwell audit verify
    """
    web.manage("audit_verify")
