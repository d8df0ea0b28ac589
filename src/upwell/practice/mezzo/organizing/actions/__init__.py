"""What changes rows of organizing, one verb each."""

from upwell.practice.mezzo.organizing.actions.initiative import (
    initiative_end,
    initiative_start,
    issue_confirm,
    meeting_add,
    meeting_publish,
    minutes_write,
)
from upwell.practice.mezzo.organizing.actions.session import (
    SessionFields,
    check_answer,
    session_change,
    session_go_on,
    session_plan,
)
from upwell.practice.mezzo.organizing.actions.supporter import Joined, door_open, join, leave, supporter_erase

__all__ = [
    "Joined",
    "SessionFields",
    "check_answer",
    "door_open",
    "initiative_end",
    "initiative_start",
    "issue_confirm",
    "join",
    "leave",
    "meeting_add",
    "meeting_publish",
    "minutes_write",
    "session_change",
    "session_go_on",
    "session_plan",
    "supporter_erase",
]
