"""Messages between the levels. Rows carry an agency and a role, never a worker; nothing here can reach a person."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from upwell.practice.accounts.models import Agency, Role
from upwell.practice.bridge.measure_words import told
from upwell.practice.environment.coding import Barrier, Domain
from upwell.practice.environment.models import Place, Policy, System


class Stage(models.TextChoices):
    """How far a trouble has come (stages.toml orders and groups them)."""

    CONCERN = "concern", _("Concern")
    PATTERN = "pattern", _("Pattern")
    ISSUE = "issue", _("Issue")
    INITIATIVE = "initiative", _("Initiative")
    PROJECT = "project", _("Project")
    PROPOSAL = "proposal", _("Proposal")
    OFFICIAL = "official", _("Before officials")
    DECISION = "decision", _("Decided")
    IMPLEMENTATION = "implementation", _("Put into practice")
    RETURN = "return", _("Told to everyone")
    FELT = "felt", _("Felt in the cases")


class Crossed(models.Model):
    """A signed Release that the desk let cross, as bytes. The shared side can verify it and cannot make one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    release_id = models.CharField(max_length=16, unique=True)
    data = models.BinaryField()
    public_key = models.CharField(max_length=64)
    received_on = models.DateField()


class IssueStatement(models.Model):
    """What the trouble is, in fields, rewritten by a named role at the desk: no finer than county and half-year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    what_happens = models.TextField(max_length=500)
    who = models.CharField(max_length=200)
    domain = models.CharField(max_length=12, choices=Domain.choices)
    barrier = models.CharField(max_length=24, choices=Barrier.choices)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    county = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    half_year = models.CharField(max_length=7, help_text="2026-H1")
    not_known = models.TextField(max_length=500, blank=True, default="")
    written_by = models.CharField(max_length=20, choices=Role.choices)
    approved_on = models.DateField()


class Issue(models.Model):
    """A trouble that many share, on its way. owner: the role that has the next step, and by when.

    The current stage stands here; its history is in StageChange. state: open, parked (with a review date), closed.
    """

    class State(models.TextChoices):
        """Whether work goes on."""

        OPEN = "open", _("Open")
        PARKED = "parked", _("Parked")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="issues")
    statement = models.OneToOneField(IssueStatement, on_delete=models.PROTECT, related_name="issue")
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.PATTERN)
    stage_since = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    owner_role = models.CharField(max_length=20, choices=Role.choices, default=Role.ADVOCATE)
    next_step = models.CharField(max_length=200, blank=True, default="")
    next_due = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-stage_since", "pk"]

    def __str__(self) -> str:
        return self.statement.title


class StageChange(models.Model):
    """One move of an issue, forward or back, with the words that explain it. Kept for ever."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="moves")
    from_stage = models.CharField(max_length=16, choices=Stage.choices, blank=True, default="")
    to_stage = models.CharField(max_length=16, choices=Stage.choices)
    words = models.CharField(max_length=500)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class Figure(models.Model):
    """A number of an issue, and exactly where it stands in which signed Release.

    table, row: as in disclosure.release.Table. with_trouble, people: persons. expected_share: 0..1 or None.
    trend: "growing", "shrinking", "level" or "cannot tell".
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="figures")
    crossed = models.ForeignKey(Crossed, on_delete=models.PROTECT, related_name="figures")
    table = models.CharField(max_length=60)
    row = models.PositiveIntegerField()
    words = models.CharField(max_length=300)
    with_trouble = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    expected_share = models.FloatField(null=True, blank=True)
    p = models.FloatField(null=True, blank=True)
    trend = models.CharField(max_length=12, default="cannot tell")

    class Meta:
        ordering: ClassVar = ["-pk"]


class Reply(models.Model):
    """Word back to everyone whose concern belongs to an issue. The case side delivers it; the bridge never learns who.

    kind: "stage" (it moved), "asked" (an official asked something), "loss" (it was rejected or withdrawn), "news".
    """

    class Kind(models.TextChoices):
        """What sort of word."""

        STAGE = "stage", _("It moved")
        ASKED = "asked", _("An official asked")
        LOSS = "loss", _("It was not won")
        RESULT = "result", _("What came of it")
        NEWS = "news", _("News")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.STAGE)
    stage = models.CharField(max_length=16, choices=Stage.choices)
    words = models.TextField(max_length=600)
    what_next = models.CharField(max_length=300, blank=True, default="")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        verbose_name_plural = "replies"


class Ask(models.Model):
    """A question from micro to macro. Fields cross at once; free words only after the desk has read them.

    kind: what is asked. words: "" until released by the desk.
    """

    class Kind(models.TextChoices):
        """The usual questions."""

        LAWFUL = "lawful", _("Is this lawful?")
        WHO_DECIDES = "who_decides", _("Who decides this?")
        WHO_FIGHTS = "who_fights", _("Is anybody already working on it?")
        APPEAL = "appeal", _("How can it be appealed?")
        OTHERS = "others", _("Does this happen elsewhere?")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("Asked")
        TAKEN = "taken", _("Being looked into")
        ANSWERED = "answered", _("Answered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    domain = models.CharField(max_length=12, choices=Domain.choices)
    barrier = models.CharField(max_length=24, choices=Barrier.choices)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField(max_length=300, blank=True, default="")
    needed_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["-asked_on", "pk"]


class Answer(models.Model):
    """What macro says to an ask; other workers can find it by its coding. It holds nothing of a case."""

    ask = models.OneToOneField(Ask, on_delete=models.CASCADE, related_name="answer")
    words = models.TextField(max_length=3000)
    source = models.CharField(max_length=300, blank=True, default="")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    answered_at = models.DateTimeField(auto_now_add=True)


class CallForEvidence(models.Model):
    """Macro asks micro to watch for something: it appears when a note is written, until it closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="calls")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="calls")
    question = models.CharField(max_length=200)
    why = models.CharField(max_length=300)
    domain = models.CharField(max_length=12, choices=Domain.choices)
    barrier = models.CharField(max_length=24, choices=Barrier.choices)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    returned = models.CharField(max_length=300, help_text="What those who answer will hear")
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["closes_on"]
        verbose_name_plural = "calls for evidence"


class PracticeNote(models.Model):
    """What changed, whom it touches and what to do. The case finder runs it on the case side, over own cases only.

    finder_domains, finder_barriers: codes that make a case worth a look; policy, system: the same.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFTED = "drafted", _("Drafted")
        SENT = "sent", _("Sent")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="practice_notes")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    system = models.ForeignKey(System, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=120)
    what_changed = models.TextField(max_length=1000)
    who_affected = models.TextField(max_length=500)
    what_to_do = models.TextField(max_length=1000)
    effective_on = models.DateField()
    finder_domains = models.JSONField(default=list, blank=True)
    finder_barriers = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFTED)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-effective_on", "pk"]


class MeasureRequest(models.Model):
    """A declared measure: whose gap, by how much, by when. Locked when the project starts; computed on the case side.

    question: name of a question of the case side's table ("barrier too-slow", "policy <id>").
    column, group, reference: the two groups compared ("place", "Marlow Bend", "Fennhaven"); column "" is everyone.
    before_from..before_to, after_from..after_to: periods, ISO dates. better: "lower" (the only one so far).
    smallest: change, as a share 0..1, that would count as one.
    """

    class State(models.TextChoices):
        """How far it is."""

        DECLARED = "declared", _("Declared")
        LOCKED = "locked", _("Locked")
        ANSWERED = "answered", _("Answered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="measures")
    question = models.CharField(max_length=80)
    question_words = models.CharField(max_length=200)
    column = models.CharField(max_length=40, blank=True, default="")
    group = models.CharField(max_length=80, blank=True, default="")
    reference = models.CharField(max_length=80, blank=True, default="")
    before_from = models.DateField()
    before_to = models.DateField()
    after_from = models.DateField()
    after_to = models.DateField()
    smallest = models.FloatField(default=0.05)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DECLARED)
    locked_at = models.DateTimeField(null=True, blank=True)


class MeasureResult(models.Model):
    """What the case side could say of a measure. verdict: "fell", "rose", "no clear change" or "cannot tell".

    figures: {"before": {...}, "after": {...}, "change": {"value", "low", "high"}} of shares and shown counts.
    """

    request = models.OneToOneField(MeasureRequest, on_delete=models.CASCADE, related_name="result")
    crossed = models.ForeignKey(Crossed, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=16)
    words = models.TextField(max_length=800)
    figures = models.JSONField(default=dict)
    computed_on = models.DateField()

    @property
    def words_here(self) -> str:
        """The words in the language of the moment, where the answer can be built again."""
        request = self.request
        return told(self.words, self.figures, smallest=request.smallest, compared=bool(request.reference))
