"""A deployment from its draft until it may go live, by five people, on a real console."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.browser.looking import barriers

from overt.core.watchlist_cells import REQUIRED_COLUMNS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1200, "height": 900}, "timezone_id": "Europe/London"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DOCUMENTS = 5
WITHIN_MS = 90_000  # two busy cores load the networks
ROW = "{},wanted_by_courts,Warrant of 3 January,{},Custody,2025-06-01,amber,no"


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Return files that are sent: a list, two portraits that anybody may use, an SVG, signs."""
    from matplotlib import cbook
    from PIL import Image
    from skimage import data

    folder = tmp_path_factory.mktemp("sent")
    Image.fromarray(data.astronaut()).save(folder / "a.jpg", quality=95)
    with cbook.get_sample_data("grace_hopper.jpg") as file:
        Image.open(file).convert("RGB").save(folder / "b.jpg", quality=95)
    (folder / "c.jpg").write_bytes(SVG)
    names = ("a.jpg", "b.jpg", "c.jpg", "../../d.jpg")
    rows = [ROW.format(f"N-{i}", name) for i, name in enumerate(names, start=1)]
    (folder / "list.csv").write_text("\n".join([",".join(REQUIRED_COLUMNS), *rows]))
    (folder / "feed.csv").write_text("reference\nN-9\n")
    for n in range(DOCUMENTS):
        (folder / f"document-{n}.pdf").write_bytes(f"%PDF-1.7 document {n}".encode())
    for n, colour in enumerate(("white", "red"), start=1):
        Image.new("RGB", (64, 64), colour).save(folder / f"sign-{n}.png")
    return folder


@pytest.fixture
def look(save_screen):
    """Return what keeps a screen in light and dark, and finds no barrier in either."""

    def look_at(page, name):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert barriers(page) == [], (name, scheme)
            save_screen(page, f"desk-{name}-{scheme}")
        page.emulate_media(color_scheme="light")

    return look_at


def alert(page):
    """Return what is read out as an alert."""
    return page.inner_text("[role=alert]:visible")


def write_application(page, sent, opens):
    """Fill the application in, as somebody does who has all of it."""
    texts = {
        "aim": "Find people wanted by the courts",
        "legal_basis": "Common law",
        "necessity": "Arrests at home have failed",
        "less_intrusive_options": "Patrols were tried",
        "proportionality": "One square, two hours",
        "size_cap": "10",
        "threshold": "0.93",
        "threshold_evidence": "TEST-7",
        "notice_plan": "Four signs, one on every way in",
        "no_public_notice_reason": "A threat that came up this morning",
    }
    page.click("button:has-text('Add a site')")
    for name, text in texts.items():
        page.fill(f"[name='{name}']", text)
    page.select_option("[name=no_public_notice_code]", "critical_threat")
    page.check("[name=categories][value=wanted_by_courts]")
    page.fill("[name$='.place']", "The square")
    page.select_option("[name$='.reason_code']", "serious_crime_here")
    page.fill("[name$='.reason_evidence']", "INT-2026-11")
    page.fill("[name$='.presence_grounds']", "Arrests were made here")
    for field in page.query_selector_all("[name*='.sensitive_places.']"):
        field.fill("none within 300 m")
    page.fill("[name$='.starts_at']", f"{opens:%Y-%m-%dT%H:%M}")
    page.fill("[name$='.ends_at']", f"{opens + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.fill("[name$='.camera_id']", "square-east")
    page.fill("[name$='.address']", "rtsp://user:word@192.0.2.7/east")
    for n, kind in enumerate(page.query_selector_all("[name$='.file']")):
        kind.set_input_files(sent / f"document-{n}.pdf")
    for day in page.query_selector_all("[name$='.review_by']"):
        day.fill(f"{opens.year + 1}-12-31")


@pytest.fixture
def at_desk(console, sign_in):
    """Return what signs somebody in at a page, with patience for two busy cores."""

    def go(actor_id, path, **options):
        page = sign_in(console, actor_id, path, **(options or DESK))
        page.set_default_timeout(WITHIN_MS)
        return page

    return go


def draft(page, look):
    """Draft a deployment and return the address of its overview."""
    look(page, "list")
    page.click("text=Draft a deployment")
    look(page, "new")
    page.fill("[name=name]", "Square, today")
    page.click("button:has-text('Draft it')")
    page.wait_for_selector("text=conditions are to be met")
    look(page, "overview-draft")
    return page.url.partition("?")[0]


def apply_with_everything(page, place, sent, look):
    """Apply too early, follow the first link, fill everything in, and apply."""
    page.goto(f"{place}/application")
    page.click("button:has-text('Save and apply')")
    assert "Not applied" in alert(page)
    look(page, "application-refused")
    page.click("section.banner-bad li a >> nth=0")
    assert page.evaluate("location.hash") == "#aim"
    opens = (datetime.now(UTC) + timedelta(minutes=6)).astimezone(ZoneInfo("Europe/London"))
    write_application(page, sent, opens)
    assert len(page.input_value("[name='documents.DPIA.sha256']")) == 64
    page.wait_for_selector("[data-saved]:has-text('Saved at')", timeout=WITHIN_MS)
    assert page.input_value("[name$='.address']") == ""
    assert "Kept encrypted: rtsp://192.0.2.7/***" in page.inner_text("main")
    page.click("button:has-text('Add a window')")
    assert page.locator("[data-rows=windows] [data-row]").count() == 2
    page.click("button:has-text('Take out this window') >> nth=1")
    assert page.locator("[data-rows=windows] [data-row]").count() == 1
    look(page, "application")
    page.click("button:has-text('Save and apply')")
    page.wait_for_selector("text=The application is in")


def grant(page, look):
    """Grant the authority, with a double click."""
    look(page, "authority")
    page.fill("#authorise-reason", "Necessary and proportionate")
    page.fill("#authorise-conditions", "Two officers at each sign")
    page.dblclick("button:has-text('Grant the authority')")
    page.wait_for_selector("text=The authority is granted")
    look(page, "authority-granted")


def compose(page, place, sent, look):
    """Send a list of four rows, of which two pass; nobody approves their own."""
    page.goto(f"{place}/watchlist/compose")
    page.set_input_files("[name=list]", sent / "list.csv")
    page.set_input_files("[name=photographs]", [sent / f"{name}.jpg" for name in "abc"])
    look(page, "compose")
    page.click("button:has-text('Send and compose')")
    page.wait_for_selector("text=2 entries wait for a second person", timeout=WITHIN_MS)
    shown = page.inner_text("main")
    assert "the photograph cannot be read" in shown
    assert "leads out of the folder" in shown
    look(page, "composed")
    with page.expect_download() as fetched:
        page.click("text=Fetch them with their references")
    assert "N-3" in fetched.value.path().read_text()
    page.goto(f"{place}/watchlist/approve")
    page.click("button:has-text('Approve all')")
    assert "cannot approve" in alert(page)


def approve(page, look):
    """See both portraits, refuse one with a reason, approve the other."""
    page.wait_for_function(
        "() => [...document.images].every((one) => one.complete && one.naturalWidth)"
    )
    look(page, "approve")
    page.check("input[name=refuse] >> nth=1")
    page.fill(".entry input[type=text] >> nth=1", "Another person")
    page.click("button:has-text('Approve all')")
    page.wait_for_selector("text=The watchlist is approved")
    look(page, "watchlist")


def plan_signs(page, place, look):
    """Plan the two ways in, as a table."""
    page.goto(f"{place}/notices/plan")
    for n, longitude in enumerate(("-0.1278", "-0.1291")):
        page.fill(f"[name='plan.name'] >> nth={n}", f"way {n}")
        page.fill(f"[name='plan.latitude'] >> nth={n}", "51.5074")
        page.fill(f"[name='plan.longitude'] >> nth={n}", longitude)
        page.fill(f"[name='plan.distance'] >> nth={n}", "120")
    page.fill("#reason", "The two ways in")
    look(page, "sign-plan")
    page.click("button:has-text('Log the plan')")
    page.wait_for_selector("text=The plan of the signs is logged")


def put_up_signs(page, sent, look):
    """Log two signs on a phone."""
    for n, longitude in enumerate(("-0.1278", "-0.1291"), start=1):
        page.fill("[name=latitude]", "51.5074")
        page.fill("[name=longitude]", longitude)
        page.fill("[name=distance]", "120")
        page.set_input_files("[name=photo]", sent / f"sign-{n}.png")
        page.click("button:has-text('Log the sign')")
        page.wait_for_function(f"() => document.querySelectorAll('.card .tag-good').length === {n}")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    look(page, "notices-phone")


def fix_the_point(page, look):
    """Fix the operating point with the pack of this machine, every file verified."""
    page.fill("[name=threshold]", "0.95")
    page.fill("[name=evidence]", "CAL-7")
    page.fill("[name=reason]", "As tested")
    look(page, "operating-point")
    page.click("button:has-text('Fix the operating point')")
    page.wait_for_selector("text=The operating point is fixed", timeout=WITHIN_MS)


def be_ready(page, place, running, look):
    """See that nothing is missing but the hour; another deployment runs, so this one cannot."""
    page.goto(place)
    missing = page.locator(".banner-warn li").all_inner_texts()
    assert all("an open window" in each for each in missing), missing
    look(page, "overview-ready")
    page.goto(f"{place}/running")
    look(page, "running")
    page.click("button:has-text('Go live')")
    page.wait_for_selector("[role=alert]", timeout=WITHIN_MS)
    assert "one deployment runs at a time" in alert(page)
    assert running in page.inner_text("main")
    look(page, "running-refused")


def test_a_deployment_from_its_draft_until_it_may_go_live(console, at_desk, sign_in, sent, look):
    """Six people, none of whom could have done it alone; one signs on a phone in the street."""
    applicant = at_desk("ap-1", "/deployments")
    place = draft(applicant, look)
    path = place.removeprefix(console.address)
    apply_with_everything(applicant, place, sent, look)
    officer = at_desk("ao-1", f"{path}/authority")
    grant(officer, look)
    compose(applicant, place, sent, look)
    plan_signs(applicant, place, look)
    second = at_desk("ap-2", f"{path}/watchlist/approve")
    approve(second, look)
    operator = at_desk("op-1", f"{path}/watchlist")
    operator.set_input_files("[name=feed]", sent / "feed.csv")
    operator.click("button:has-text('Compare the list')")
    operator.wait_for_selector("text=nobody on it is listed")
    street = at_desk("eo-1", f"{path}/notices", **PHONE)
    put_up_signs(street, sent, look)
    engineer = at_desk("se-1", f"{path}/operating-point")
    fix_the_point(engineer, look)
    be_ready(operator, place, console.deployment_id, look)

    for page in (applicant, officer, second, operator, street, engineer):
        noted = sign_in.noted[page]
        # The browser itself writes down every refusal of a form as a failed resource.
        assert [e for e in noted.errors if "Failed to load resource" not in e] == []
        assert noted.elsewhere == []


def test_the_desk_fits_a_phone(at_desk, save_screen):
    """360 px wide without sideways scrolling, page by page."""
    page = at_desk("ap-2", "/deployments", **PHONE)
    page.click("h2 a:has-text('Station forecourt')")
    page.wait_for_selector("h1:has-text('Overview')")
    place = page.url
    ends = ("", "/application", "/authority", "/watchlist", "/notices", "/running", "/closing")
    for end in ends:
        page.goto(f"{place}{end}")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, end
        save_screen(page, f"desk-phone{end.replace('/', '-') or '-overview'}")


def test_the_desk_works_without_scripts(console, at_desk, sign_in):
    """A row is added, a draft saved, a refusal shown."""
    page = at_desk("ap-2", "/deployments")
    link = page.get_attribute("h2 a:has-text('Station forecourt')", "href")
    cookies = page.context.cookies()
    plain = sign_in.somebody(console, java_script_enabled=False, **DESK)
    plain.context.add_cookies(cookies)
    plain.set_default_timeout(WITHIN_MS)
    plain.goto(f"{console.address}{link}/application")
    plain.fill("[name=aim]", "Written without a script")
    plain.click("button:has-text('Add a site')")
    plain.wait_for_selector("text=The draft is saved")
    assert plain.input_value("[name=aim]") == "Written without a script"
    sites = plain.locator("fieldset.site").count()
    plain.click("button:has-text('Take out this site') >> nth=0")
    assert plain.locator("fieldset.site").count() == sites - 1
    plain.click("button:has-text('Save and apply')")
    assert "Not applied" in plain.inner_text("[role=alert]")
