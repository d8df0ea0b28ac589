"""What changes rows of macro, one verb each."""

from upwell.practice.macro.actions.aide import (
    aide_act,
    aide_act_confirm,
    aide_ask,
    aide_ask_answer,
    link_make,
    link_take_back,
)
from upwell.practice.macro.actions.issue import issue_rest, issue_tell
from upwell.practice.macro.actions.project import ProjectFields, project_begin, project_change, project_plan
from upwell.practice.macro.actions.proposal import (
    DecisionFields,
    ProposalFields,
    contact_log,
    proposal_bring,
    proposal_change,
    proposal_decide,
    proposal_deliver,
    proposal_make,
    target_add,
)

__all__ = [
    "DecisionFields",
    "ProjectFields",
    "ProposalFields",
    "aide_act",
    "aide_act_confirm",
    "aide_ask",
    "aide_ask_answer",
    "contact_log",
    "issue_rest",
    "issue_tell",
    "link_make",
    "link_take_back",
    "project_begin",
    "project_change",
    "project_plan",
    "proposal_bring",
    "proposal_change",
    "proposal_decide",
    "proposal_deliver",
    "proposal_make",
    "target_add",
]
