"""The words in which effects and plants speak about people: columns and value keys as the CaseTable has them."""

from __future__ import annotations

import re

HOMELESS_TYPES = (0, 1, 2, 4, 8)  # HUD project types where an entry is an entry into homelessness
HOUSING_TYPES = (3, 9, 10, 13)

AGE_EDGES = (18, 25, 35, 45, 55, 65)  # years; a band ends below its edge
RACES = 9  # codes of race, the last unknown

PROJECT_TYPES = {
    0: "emergency-shelter",
    1: "emergency-shelter",
    2: "transitional",
    3: "supportive-housing",
    4: "street-outreach",
    12: "prevention",
    13: "rapid-rehousing",
    14: "coordinated-entry",
}
"""HUD project types of the county -> value key; both kinds of shelter are one, as in the CaseTable."""

VALUES: dict[str, tuple[str, ...]] = {
    "gender": ("women", "men", "another", "unknown"),
    "sex": ("female", "male", "unknown"),
    "race": (
        "indigenous",
        "asian",
        "black",
        "hispanic",
        "middle-eastern",
        "pacific",
        "white",
        "more-than-one",
        "unknown",
    ),
    "age": ("under-18", "18-24", "25-34", "35-44", "45-54", "55-64", "65-up", "unknown"),
    "household_type": ("without-children", "with-children", "only-children", "unknown"),
    "veteran": ("no", "yes", "child", "unknown"),
    "disabling": ("no", "yes", "unknown"),
    "project_type": tuple(dict.fromkeys(PROJECT_TYPES.values())),
    "prior_living": ("homeless", "institution", "temporary", "permanent", "other", "unknown"),
    "stay_before": ("one-night", "nights", "weeks", "to-90-days", "to-a-year", "years", "unknown"),
    "times_homeless": ("1", "2", "3", "4", "unknown"),
    "income": ("no", "yes", "unknown"),
    "insurance": ("no", "yes", "unknown"),
}
"""Column -> value keys, both as the CaseTable names them; code i in this room means VALUES[column][i].

project, agency and place take their values from the county (slug). gender is for FY2024, sex for FY2026.
"""

DATED_BY_EXIT = frozenset(
    ("exit_homeless", "return_6", "return_12", "return_24", "no_income_exit", "looking_for_work_exit")
)
"""Questions that a stay's exit places in time; benefit_lost by the last time it was asked, the others by the entry."""

GIVEAWAYS = {
    "jail": ("prior_living", "times_homeless"),
    "foster": ("prior_living", "times_homeless"),
    "hospital": ("prior_living", "times_homeless"),
    "homeless_12_months": ("prior_living", "stay_before", "times_homeless"),
    "no_income_exit": ("income",),
    "benefit_lost": ("insurance",),
    "insurance_denied": ("insurance",),
}
"""Columns a plant of the question may not restrict: they stand too near to its answer, or are not known before it."""

QUESTIONS = (
    "jail",
    "foster",
    "hospital",
    "exit_homeless",
    "return_6",
    "return_12",
    "return_24",
    "no_income_exit",
    "looking_for_work_exit",
    "benefit_lost",
    "insurance_denied",
    "no_move_in_120",
    "referral_refused",
    "referral_unanswered",
    "homeless_12_months",
    "violence",
)
"""Questions that a plant can raise; the other tables of effects.toml only make people alike or unlike."""


def slug(name: str) -> str:
    """The key that the CaseTable gives to a name of the export: letters and digits, hyphens between."""
    return re.sub(r"[^0-9a-z]+", "-", name.casefold()).strip("-")
