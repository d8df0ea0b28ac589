"""What each consent asks, in plain words: what happens, the risk, what if not, how long, and what taking back stops."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upwell.practice.person.models import Consent

Text = str | Promise
Purpose = Consent.Purpose

_NO_CHANGE = _("Nothing changes in the help you get.")
_UNTIL_BACK = _("Until you take it back.")
_A_YEAR = _("12 months at the most. You can take it back before.")
_A_YEAR_LATER = _(
    "12 months at the most. In the first 3 days nobody uses it: think it over. You can take it back any time."
)


@dataclass(frozen=True)
class ConsentWords:
    """Said to the person before they answer. stops: what taking it back ends, and what it cannot end."""

    what: Text
    risk: Text
    without: Text
    how_long: Text
    stops: Text


WORDS: dict[str, ConsentWords] = {
    Purpose.SERVICE: ConsentWords(
        what=_("We keep a file about what you tell us and what we do together."),
        risk=_("Those who work on your case can read it. Sometimes a court can order us to show it."),
        without=_("You can still talk with us and ask where to find help. Some help cannot be given without a file."),
        how_long=_UNTIL_BACK,
        stops=_("We write nothing new into the file. What the law makes us keep stays, locked away."),
    ),
    Purpose.SHARE: ConsentWords(
        what=_("We tell this one service what it needs to know to help you, and nothing more."),
        risk=_("What they know, they keep. We cannot make them forget it."),
        without=_("You can go there yourself and tell them what you want. We help you all the same."),
        how_long=_A_YEAR,
        stops=_("We tell them nothing more. What they know already, they keep."),
    ),
    Purpose.COUNT: ConsentWords(
        what=_("We count you, without your name, among many others, to see which rules make life hard for people."),
        risk=_(
            "Only numbers about many people leave our office, no small ones. What was published cannot be called back."
        ),
        without=_NO_CHANGE,
        how_long=_UNTIL_BACK,
        stops=_("You are not counted any more, from the next count on. Numbers published before stay as they are."),
    ),
    Purpose.TELL: ConsentWords(
        what=_("When something moves because of what you told, you can read it on your page."),
        risk=_("Whoever can open your page can read it. Keep the paper with your code in a safe place."),
        without=_("Nothing changes in the help you get. What you told can still help to change a rule."),
        how_long=_UNTIL_BACK,
        stops=_("Your page no longer shows what became of what you told."),
    ),
    Purpose.STORY: ConsentWords(
        what=_("Your story is told, without your name, to change a rule. Each time, you read it first."),
        risk=_("Somebody who knows you may recognize you. Once a story is public, it cannot be fully called back."),
        without=_("Nothing changes in the help you get. Your story stays between us."),
        how_long=_A_YEAR_LATER,
        stops=_("Nobody uses your story any more. Where it was told already, we ask them to take it down."),
    ),
    Purpose.APPEAR: ConsentWords(
        what=_("You speak in public yourself, for example at a hearing."),
        risk=_(
            "Your face and name may be seen, recorded and kept on the internet. "
            "If somebody must not find you, or you fear for your papers, talk with us first."
        ),
        without=_("Nothing changes in the help you get. Others can speak, and you can stay at home."),
        how_long=_A_YEAR_LATER,
        stops=_("We do not ask you to speak, and we cancel what was planned. What was recorded cannot be called back."),
    ),
    Purpose.RESEARCH: ConsentWords(
        what=_("People who study how to help better learn facts about your case, without your name."),
        risk=_("If your story is unusual, somebody might guess that it is you."),
        without=_NO_CHANGE,
        how_long=_A_YEAR,
        stops=_("They get nothing more about you. What they have worked out already stays."),
    ),
}
