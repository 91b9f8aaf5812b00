"""Every sentence that a notice can hold, in plain English: the source of its translations.

A word in braces stands for a value. Short sentences and everyday words: a reader of twelve
years follows them, which a test measures. Codes of the policy's closed lists have sentences
of their own here, as the policy's words are for officers.
"""

from __future__ import annotations

from enum import StrEnum


class NoticeText(StrEnum):
    """The sentences; a catalogue translates each of them."""

    TITLE_AHEAD = "Live facial recognition ahead"
    TITLE = "Live facial recognition"
    TITLE_REHEARSAL = "Test of live facial recognition"
    LEAD = "Police cameras check faces in a marked area. They look for people on a list."
    LEAD_REHEARSAL = (
        "We test our cameras with people who agreed to take part. We do not look for anyone else."
    )

    WHERE_WHEN = "Where and when"
    WINDOW = "{day}, {start} to {end}"
    WINDOW_OVER_NIGHT = "{day}, {start}, to {last_day}, {end}"
    UNTIL = "Until {day}, {end}"
    MORE_WINDOWS = "There are more days and places. The page named here lists them all."

    WHAT = "What happens"
    WHAT_CAMERAS = (
        "Cameras film people in the marked area. A computer compares each face with the faces"
        " on our list."
    )
    WHAT_ALERT = (
        "If two faces look alike, the computer gives an alert. It can be wrong, and it decides"
        " nothing."
    )
    WHAT_PEOPLE = (
        "People decide. An operator looks at both pictures first. Then an officer in the street"
        " chooses whether to speak to the person."
    )

    WHY = "Why here"
    WHY_SERIOUS_CRIME_HERE = "There is a lot of serious crime at this place."
    WHY_PROTECTIVE_SECURITY = "We want to keep an event or an important place safe."
    WHY_LISTED_PERSON_EXPECTED = "We have reason to think that people on the list may come here."
    WHY_AIM = "Our aim: {aim}"
    WHY_REHEARSAL = "We want to know how often the computer is right before we rely on it."

    WHO = "Who is on the list"
    WHO_COUNT = "People on the list: {count}"
    WHO_AT_MOST = "People on the list: {count} at most"
    WHO_VOLUNTEERS = "People who agreed to take part: {count}"
    WHO_WANTED_BY_POLICE = "People the police want to find"
    WHO_WANTED_BY_COURTS = "People the courts want to find"
    WHO_MISSING_OR_AT_RISK = "People who are missing, or who may come to harm"
    WHO_RISK_OF_HARM_TO_OTHERS = "People who may harm others"
    WHO_ORDER_CONDITIONS = "People with a court order that we check here"
    WHO_NOBODY_ELSE = "The cameras look for nobody else."

    KEPT = "What we keep, and how long"
    KEPT_NO_ALERT_AT_ONCE = "No alert about you: we delete your face data at once."
    KEPT_NO_ALERT = "No alert about you: we delete your face data within {span}."
    KEPT_ALERT_AT_ONCE = "An alert about you: we delete the picture and the face data at once."
    KEPT_ALERT = "An alert about you: we delete the picture and the face data within {span}."
    KEPT_LIST_AT_ONCE = "The list: we delete it as soon as this is over."
    KEPT_LIST = "The list: we delete it within {span} after the end."
    KEPT_NO_VIDEO = "Video: we do not keep any."
    KEPT_VIDEO = "Video: we keep it for {span} at most."

    WAY = "You may walk another way"
    WAY_FINE = "That is fine. It is not suspicious by itself. It is no reason to stop you."
    WAY_ON_MAP = "The map shows a way round."
    WAY_ASK = "Ask an officer here for a way round."

    RIGHTS = "Your rights"
    RIGHTS_ASK = "You can ask what we hold about you. You can ask if you were on the list."
    RIGHTS_COMPLAIN = "You can complain: {complaints}"
    RIGHTS_REGULATOR = "You can also go to: {regulator}"

    ASK = "Questions?"
    ASK_US = "Ask us: {contact}"
    RESULTS = (
        "After the day we publish how many alerts there were, and how many of them were wrong."
    )
    PAGE = "Read more, and see the results:"
    PAGE_REHEARSAL = "Read more:"

    MAP_ZONE = "Marked area: cameras look here"
    MAP_ROUTE = "A way round"
    MAP_SIGNS = "Signs"

    CARD_TITLE = "Why an officer spoke to you"
    CARD_WHAT = "What happened"
    CARD_FOUND = (
        "A camera saw your face. A computer found that it looks like a face on our list. This is"
        " called live facial recognition."
    )
    CARD_PEOPLE = (
        "An operator compared the two pictures. Then the officer chose to speak to you. The"
        " computer does not decide."
    )
    CARD_WRONG = (
        "If you are not the person on the list, we are sorry. We count a false alert, and we"
        " publish how many there were."
    )
    CARD_WRONG_REHEARSAL = (
        "If you are not the person on the list, we are sorry. We count a false alert."
    )
    CARD_KEPT_AT_ONCE = "We delete the picture and the face data of the alert at once."
    CARD_KEPT = "We delete the picture and the face data of the alert within {span}."
    CARD_DAY = "Day and time"
    CARD_OFFICER = "Officer"
    CARD_REFERENCE = "Reference"

    SOCIAL = (
        "{force}: live facial recognition at {place}. {when}. Why, who is on the list, and how to"
        " walk another way: {page}"
    )

    DEMONSTRATION = "DEMONSTRATION: nothing of this is real"
    TO_BE_REVIEWED = "Translation to be reviewed"
    RECORD = "Deployment {deployment}, policy {policy}"


WHY_BY_REASON = {
    "serious_crime_here": NoticeText.WHY_SERIOUS_CRIME_HERE,
    "protective_security": NoticeText.WHY_PROTECTIVE_SECURITY,
    "listed_person_expected": NoticeText.WHY_LISTED_PERSON_EXPECTED,
}
"""Code of the policy's ``location.reasons`` -> why here, in plain words."""

WHO_BY_CATEGORY = {
    "wanted_by_police": NoticeText.WHO_WANTED_BY_POLICE,
    "wanted_by_courts": NoticeText.WHO_WANTED_BY_COURTS,
    "missing_or_at_risk": NoticeText.WHO_MISSING_OR_AT_RISK,
    "risk_of_harm_to_others": NoticeText.WHO_RISK_OF_HARM_TO_OTHERS,
    "order_conditions": NoticeText.WHO_ORDER_CONDITIONS,
}
"""Code of the policy's ``watchlist.categories`` -> who is listed, in plain words."""
