"""OneWayKey: how a private row points to a shared one, so that no shared row can point back."""

from __future__ import annotations

from typing import Any

from django.db import models


class OneWayKey(models.ForeignKey):  # type: ignore[type-arg]  # generic only for the type checker
    """A foreign key that can be followed in one direction only: from the case side to the shared side.

    No related name, so neither code nor a query can go from an issue, a policy or a worker to the cases that hold it.
    Rows on the far side cannot be deleted while something here points to them.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:  # Any: Django's own signature
        kwargs["related_name"] = "+"
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:  # Any: Django's own signature
        """As Django's migrations want it, without the name that is always the same."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("related_name", None)
        return name, path, args, kwargs
