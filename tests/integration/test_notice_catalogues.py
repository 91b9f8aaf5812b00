from __future__ import annotations

import shutil
from datetime import date, time, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from overt.adapters.publish.notice_catalogues import Catalogues, problems_of
from overt.adapters.publish.notice_fonts import letters, require_letters
from overt.adapters.publish.reading_age import reading_age, reading_age_of_notices
from overt.core.notice_texts import NoticeText as T
from overt.core.notice_words import Words
from overt.errors import NoticeLanguageUnknownError, NoticeTextUnfitError

CODES = Catalogues().codes()
SHIPPED = Path(str(files("overt.adapters.publish").joinpath("notices", "locale")))
FSI, PDI = "\u2068", "\u2069"


def say(code, text, **values):
    """Return a sentence in a language."""
    return Catalogues().get(code).say(Words(text, values))


def test_which_languages_there_are():
    """English is the source; Welsh, French, Arabic, Polish and Bengali come with it."""
    assert CODES == ("en", "ar", "bn", "cy", "fr", "pl")
    assert [code for code in CODES if Catalogues().get(code).is_rtl] == ["ar"]


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_translated_with_its_values(code):
    """Nothing falls back to English in the middle of a page, and no time or place is lost."""
    language = Catalogues().get(code)

    assert problems_of(language.messages) == []
    assert list(language.messages) == [text.value for text in T]
    if code != "en":
        same = [text for text, said in language.messages.items() if text == said]
        assert same == []


@pytest.mark.parametrize("code", CODES)
def test_every_letter_of_a_catalogue_has_a_glyph(code):
    """Also in days and spans of time."""
    language = Catalogues().get(code)
    days = [say(code, T.UNTIL, day=date(2026, month, 1), end=time(9)) for month in range(1, 13)]
    spans = [
        say(code, T.KEPT_ALERT, span=timedelta(**{unit: count}))
        for unit in ("seconds", "minutes", "hours", "days")
        for count in (1, 2, 3, 5, 11, 31)
    ]

    require_letters([*language.messages.values(), *days, *spans])
    assert not [text for text in spans if "duration" in text]


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("en", "Tuesday, 3 March 2026, 10:00 to 16:30"),
        ("cy", "Dydd Mawrth, 3 Mawrth 2026, 10:00 tan 16:30"),
        ("fr", "mardi 3 mars 2026, de 10:00 à 16:30"),
        ("pl", "wtorek, 3 marca 2026, od 10:00 do 16:30"),
        ("ar", "الثلاثاء، 3 مارس 2026، من 10:00 إلى 16:30"),
        ("bn", "মঙ্গলবার, 3 মার্চ, 2026, 10:00 থেকে 16:30"),
    ],
)
def test_days_and_times(code, day):
    """By the rules of the language, with 24 hours and the digits of the clock in the street."""
    values = {"day": date(2026, 3, 3), "start": time(10), "end": time(16, 30)}

    assert say(code, T.WINDOW, **values) == day


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=90), "90 seconds"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(days=3), "3 days"),
        (timedelta(hours=744), "31 days"),
    ],
)
def test_spans_are_exact(span, said):
    """31 days are never a month."""
    assert said in say("en", T.KEPT_VIDEO, span=span)


def test_plural_forms():
    """Arabic and Polish count in more ways than English."""
    assert "3 ساعات" in say("ar", T.KEPT_ALERT, span=timedelta(hours=3))
    assert "24 ساعة" in say("ar", T.KEPT_ALERT, span=timedelta(hours=24))
    assert "3 godziny" in say("pl", T.KEPT_ALERT, span=timedelta(hours=3))
    assert "5 godzin" in say("pl", T.KEPT_ALERT, span=timedelta(hours=5))
    assert "12,345" in say("en", T.WHO_COUNT, count=12345)


def test_a_text_of_the_record_keeps_its_direction():
    """In a sentence from right to left, an address is not turned round."""
    assert say("ar", T.ASK_US, contact="101, lfr@police.example") == (
        f"اسألنا: {FSI}101, lfr@police.example{PDI}"
    )


def test_texts_of_the_record_are_said_as_the_force_said_them():
    """A place has a name of its own in each language, where somebody gave it."""
    welsh = Catalogues().get("cy", {"Market square": "Sgwar y Farchnad"})

    assert "Sgwar y Farchnad" in welsh.say(Words(T.WHY_AIM, {"aim": "Market square"}))
    assert welsh.written("High Street") is None
    assert Catalogues().get("en").written("High Street") == "High Street"


@pytest.mark.parametrize(("code", "length"), [("en", "100 m"), ("ar", "100 متر"), ("bn", "100 মি")])
def test_lengths(code, length):
    """Beside the scale of the map."""
    assert Catalogues().get(code).metres(100).replace("\u202f", " ") == length


def test_a_changed_translation_has_another_digest(tmp_path):
    """So that an approval of the old text does not hold for the new one."""
    copied = copy_of(tmp_path, "cy", "Adnabod wynebau byw", "Adnabod wynebau")

    assert Catalogues(copied).get("cy").sha256 != Catalogues().get("cy").sha256
    assert Catalogues(copied).codes() == ("en", "cy")


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('msgstr "Pam yma"', 'msgstr ""', "WHY: not translated"),
        ("Ein nod: {aim}", "Ein nod: {nod}", "WHY_AIM: values differ"),
        ("#. WHY\n", "#. WHY\n#, fuzzy\n", "WHY: not translated"),
        ('msgid "Why here"', 'msgid "Why there"', "WHY: not translated"),
        ('msgstr "Pam yma"', 'msgstr "Pam yma', "cannot be read"),
        ('msgstr "Pam yma"', 'msgstr "Pam yma"\nrubbish', "cannot be read"),
    ],
)
def test_a_damaged_catalogue_is_refused(tmp_path, old, new, part):
    """Missing, without its value, unsure, of another sentence, no catalogue at all."""
    copied = copy_of(tmp_path, "cy", old, new)

    with pytest.raises(NoticeLanguageUnknownError, match=part):
        Catalogues(copied).get("cy")


def test_a_language_without_a_catalogue():
    """Those that there are, are named."""
    with pytest.raises(NoticeLanguageUnknownError, match="en, ar, bn, cy, fr, pl"):
        Catalogues().get("tlh")


def test_the_fonts_have_every_script_that_is_claimed():
    """A place may be written in any of them."""
    require_letters(["Ŵŷ Żółć Ελλάδα Москва שלום سلام নমস্কার नमस्ते ਪੰਜਾਬੀ ગુજરાતી தமிழ் ไทย ქართული"])
    assert len(letters()) > 5000


def test_letters_without_a_glyph_are_named_by_number():
    """An error names no text."""
    with pytest.raises(NoticeTextUnfitError, match=r"2 of the letters: U\+5834, U\+5EE3"):
        require_letters(["廣場"])


def test_the_reading_age_of_the_english_text():
    """Twelve years at most, by the Flesch-Kincaid grade; the words of a policy need more."""
    assert reading_age_of_notices() <= 12
    assert reading_age(["The cat sat on the mat."]) < 8
    legal = (
        "The processing of biometric data for the purpose of uniquely identifying individuals is"
        " authorised subject to considerations of necessity and proportionality."
    )
    assert reading_age([legal]) > 18


def copy_of(folder, code, old, new):
    """Return a folder with one catalogue, changed in one place."""
    place = folder / "locale" / code / "LC_MESSAGES"
    place.mkdir(parents=True)
    shutil.copy(SHIPPED / code / "LC_MESSAGES" / "notices.po", place)
    path = place / "notices.po"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder / "locale"
