"""The acts of the story, each as a person does it: by what stands on the page."""

from __future__ import annotations

import re
from datetime import date, timedelta

from upwell.practice.bridge.models import Issue

NOTE = "Eve still waits for her birth certificate. The office takes requests by post only; eleven weeks now. No lease."
TITLE = "Birth certificates take eleven weeks"


def write_a_note(stage, ana):
    """From Today to a signed note."""
    stage.go(ana, "today")
    ana.get_by_role("link", name="Eve Ostrowska", exact=True).first.click()
    ana.get_by_role("button", name="Write a note").first.click()
    ana.get_by_label("What happened").fill(NOTE)
    ana.get_by_role("button", name="Save the note").click()
    ana.wait_for_url(re.compile("/saved"))


def raise_the_concern(stage, ana):
    """From the saved note to a concern, without typing."""
    ana.get_by_role("button", name="Yes: raise it").click()
    ana.get_by_text("Delayed", exact=True).click()
    ana.get_by_label("Which rule or institution?").select_option(f"p:{stage.world.policy.pk}")
    ana.get_by_role("button", name="Save the concern").click()
    ana.wait_for_url(re.compile("/concerns/"))


def offer_consents(stage, ana):
    """Ana asks Eve, on Eve's own page, for two purposes one by one."""
    for purpose in ("Count me in patterns, without my name", "Tell me what became of what I told"):
        stage.go(ana, "consent_offer", stage.world.case.pk)
        ana.get_by_label(purpose, exact=True).check()
        ana.get_by_label("Offer it on their own page; they answer there").check()
        ana.get_by_role("button", name="Keep it").click()


def eve_signs_in(stage, code):
    """Eve types the code from the paper, on her phone."""
    eve = stage.page_of(None)
    stage.go(eve, "portal_sign_in")
    eve.locator("input[name=code]").fill(code)
    eve.locator("main form button").click()
    eve.wait_for_url(re.compile("/me/home"))
    return eve


def eve_agrees(stage, eve):
    """Each offered purpose, one by one."""
    for _purpose in range(2):
        stage.go(eve, "portal_consents")
        eve.locator("button[name=act][value=give]").first.click()
        eve.wait_for_load_state()


def ask_macro(stage, ana):
    """Ana asks whether it is lawful; the fields cross at once."""
    stage.go(ana, "ask_make", stage.world.case.pk)
    ana.get_by_text("Is this lawful?", exact=True).click()
    ana.get_by_role("button", name=re.compile("ask$|^Ask$")).last.click()
    ana.wait_for_url(re.compile("/asked/"))


def ben_lets_it_cross(stage, ben):
    """Ben reads what would cross, writes the issue in his own words and approves."""
    stage.go(ben, "desk")
    ben.get_by_role("link", name="Counts of what many cases share").first.click()
    ben.get_by_text("The chain is whole").wait_for()
    ben.get_by_role("button", name=re.compile("^Write a statement")).first.click()
    ben.get_by_label("Title").fill(TITLE)
    ben.get_by_label("What happens").fill("People wait eleven weeks for a certificate and lose the lease they had.")
    ben.get_by_label("Whom it touches").fill("People without papers who look for a home")
    ben.get_by_label("Where in life").select_option("documents")
    ben.get_by_label("What stands in the way").select_option("too-slow")
    ben.get_by_label("Rule or practice").select_option(str(stage.world.policy.pk))
    ben.get_by_label("County").select_option(str(stage.world.county.pk))
    ben.get_by_role("button", name="Approve and let cross").click()
    ben.wait_for_load_state()
    return Issue.objects.get()


def cleo_reads_and_answers(stage, cleo, issue):
    """Board, radar, the thread; and Ana's question."""
    for name in ("board", "radar"):
        stage.go(cleo, name)
        cleo.get_by_role("link", name=TITLE).first.wait_for()
    stage.go(cleo, "issue", issue.pk)
    stage.go(cleo, "asks")
    cleo.get_by_role("main").get_by_role("link").filter(has_text="lawful").first.click()
    cleo.locator("textarea").first.fill("The office must answer within thirty days. Legal aid writes the complaint.")
    cleo.get_by_role("button", name="Send the answer").click()
    cleo.wait_for_load_state()


def two_people_confirm(stage, cleo, issue):
    """Two people who live with it opt in under names of their own and say yes."""
    stage.go(cleo, "issue_confirm", issue.pk)
    cleo.get_by_role("button", name="Make the page").click()
    cleo.wait_for_load_state()
    door = issue.door if hasattr(issue, "door") else None
    link = door.link if door else re.search(r"/join/([0-9a-f-]{36})", cleo.content()).group(1)
    for called in ("Wren", "Sparrow"):
        somebody = stage.page_of(None)
        stage.go(somebody, "join", link)
        somebody.get_by_text("Yes, this is how it is").click()
        somebody.get_by_text("This touches my own life").click()
        somebody.get_by_label("What should we call you?").fill(called)
        somebody.get_by_role("button", name="I join").click()
        somebody.wait_for_load_state()
    stage.go(cleo, "issue_confirm", issue.pk)
    cleo.get_by_label("What everyone who raised it will hear").fill("People who wait for papers said: yes, so it is.")
    cleo.get_by_role("button", name="Confirmed: make it an issue").click()
    cleo.wait_for_load_state()


def start_an_initiative(stage, cleo, issue):
    """An initiative, and its first public meeting."""
    stage.go(cleo, "initiative_start", issue.pk)
    cleo.get_by_label("Name of the initiative").fill("Papers in thirty days")
    cleo.get_by_label("What should be different in the end?").fill("A certificate within thirty days.")
    cleo.get_by_label("First meeting: when").fill(f"{date.today() + timedelta(days=9)}T18:00")
    cleo.get_by_label("First meeting: where").fill("Library, back room")
    cleo.get_by_label("What everyone who raised it will hear").fill("People have come together to change it.")
    cleo.get_by_role("button", name="Start and open the public page").click()
    cleo.wait_for_url(re.compile("/initiatives/"))


def hold_a_session(stage, cleo):
    """A session built from the issue; the check is open before, then after, then closed."""
    cleo.get_by_role("link", name="Plan a session in English").click()
    cleo.get_by_role("button", name="Keep the session").click()
    cleo.wait_for_url(re.compile("/sessions/"))
    for phase in ("before", "after"):
        cleo.get_by_role("button", name=f"Open the check {phase}").click()
        cleo.wait_for_load_state()
        link = re.search(r"/check/([0-9a-f-]{36})", cleo.content()).group(1)
        somebody = stage.page_of(None)
        stage.go(somebody, "learning_check", link)
        for group in somebody.locator("main fieldset").all():
            group.locator("label").first.click()
        somebody.get_by_role("button", name="Hand it in").click()
        somebody.wait_for_load_state()
    cleo.get_by_role("button", name="Close it").click()
    cleo.get_by_text(re.compile("fewer than 11")).first.wait_for()


def plan_and_start_a_project(stage, cleo, issue):
    """A project with a declared measure; starting it locks the measure."""
    stage.go(cleo, "project_start", issue.pk)
    cleo.get_by_label("Name of the project").fill("Thirty days for a certificate")
    cleo.get_by_label("Goal").fill("People get their certificate within thirty days.")
    cleo.get_by_role("button", name="Plan it").click()
    cleo.get_by_role("button", name="Start the project").click()
    cleo.get_by_label("What everyone who raised it will hear").fill("There is a plan, with a date and a measure.")
    cleo.get_by_role("button", name="Lock it and start").click()
    cleo.wait_for_url(re.compile("/project/[0-9a-f-]+$"))


def make_a_proposal(stage, cleo):
    """One ask to one official role, tied to the policy; delivered; and a signed link. Gives the link's address."""
    cleo.get_by_role("button", name="Make a proposal").click()
    cleo.get_by_label("The ask, in one sentence").fill("Take requests at the counter and answer within thirty days.")
    cleo.get_by_label("The law, rule or practice it would change").select_option(str(stage.world.policy.pk))
    cleo.get_by_text("The office is not in the list").click()
    cleo.get_by_label("Not in the list: the office").fill("County Records Office")
    cleo.get_by_label("Not in the list: the role in it").fill("Director")
    cleo.get_by_label("What we do not know").fill("How many people gave up before they asked us.")
    cleo.get_by_label("How the office reaches the agency").fill("By post to the agency")
    cleo.get_by_text("No lobbying", exact=False).first.click()
    cleo.get_by_label("Why that class").fill("It asks for a practice, and names no bill.")
    cleo.get_by_role("button", name="Keep the proposal").click()
    cleo.wait_for_url(re.compile("/proposal/[0-9a-f-]+$"))
    cleo.get_by_role("button", name="It was delivered").click()
    cleo.get_by_label("What everyone who raised it will hear").fill("The request lies with the records office.")
    cleo.get_by_role("button", name=re.compile("^Keep it")).click()
    cleo.wait_for_url(re.compile("/proposal/[0-9a-f-]+$"))
    cleo.get_by_role("button", name="Make a page for thirty days").click()
    cleo.wait_for_load_state()
    return cleo.locator("a[href*='/o/']").first.get_attribute("href")


def the_aide_reads_asks_and_acts(stage, address):
    """Without an account: one page, a question back, an action."""
    aide = stage.page_of(None)
    aide.goto(address if address.startswith("http") else stage.base + address)
    aide.locator("form textarea, form input[name=words]").first.fill("Is it only in this county?")
    aide.get_by_role("button", name="Send the question").click()
    aide.wait_for_load_state()
    aide.get_by_text("A hearing was set").click()
    aide.get_by_role("button", name="Record it").click()
    aide.wait_for_load_state()
    return aide


def answer_and_decide(stage, cleo, proposal, decision):
    """Cleo answers the aide, confirms the action, and records what was decided."""
    stage.go(cleo, "proposal", proposal.pk)
    cleo.get_by_role("link", name="Answer", exact=True).click()
    cleo.locator("main textarea").fill("We know of this county alone; we have asked elsewhere.")
    cleo.get_by_role("button", name="Put it on the office's page").click()
    cleo.wait_for_url(re.compile("/proposal/[0-9a-f-]+$"))
    cleo.get_by_role("link", name="Confirm", exact=True).click()
    cleo.locator("main textarea").first.fill("The office has set a hearing.")
    cleo.get_by_role("button", name="Confirm, and tell everyone").click()
    stage.go(cleo, "proposal_decide", proposal.pk)
    cleo.get_by_text(decision, exact=True).click()
    cleo.get_by_label("Official record").fill("Notice 14 of the office")
    for label in ("Our reading", "What everyone who raised it will hear"):
        cleo.get_by_label(label).fill("Requests are taken at the counter from January. Thirty days were not promised.")
    cleo.get_by_role("button", name=re.compile("^Keep it")).click()
    cleo.wait_for_url(re.compile("/proposal/[0-9a-f-]+$"))


def write_a_practice_note(stage, cleo, issue):
    """What changed, whom it touches, what to do; sent."""
    stage.go(cleo, "practice_note_write", issue.pk)
    cleo.get_by_label("What changed, in one line").fill("Certificates can be asked for at the counter")
    cleo.get_by_label("What changed?").fill("The records office takes requests at its counter.")
    cleo.get_by_label("Whom does it touch?").fill("Everybody who waits for a certificate.")
    cleo.get_by_label("What can a worker do now?").fill("Go there with the form; bring the hospital's letter.")
    cleo.get_by_role("button", name="Keep the draft and look at it").click()
    cleo.get_by_role("button", name="Send it").click()
    cleo.wait_for_load_state()


def call_for_evidence(stage, cleo, issue):
    """Macro asks micro to watch for something."""
    stage.go(cleo, "call_open", issue.pk)
    cleo.get_by_label("What should workers watch for?").fill("Were people sent away at the counter?")
    cleo.get_by_label("Why do you ask?").fill("We want to know whether the change reaches the desk.")
    cleo.get_by_label("What will those who answer hear?").fill("What was found, within a month.")
    cleo.get_by_role("button", name="Open the call").click()
    cleo.wait_for_load_state()
