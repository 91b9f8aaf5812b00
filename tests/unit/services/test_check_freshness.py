import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.unit.core.governed import BUILT_AT, HOUR, MINUTE, live
from tests.unit.services.listing import (
    a_workplace,
    an_offer,
    approved,
    composed,
    deployment_of,
    entries_of,
    entry_of,
    events_of,
    kinds_of,
    secrets_of,
    three_offers,
)

from overt.core.deployment import DeploymentState
from overt.core.freshness_feed import FreshnessFeed
from overt.core.template_bytes import template_bytes
from overt.errors import (
    RoleForbiddenError,
    StoreCorruptError,
    StoreUnavailableError,
    TemplateMismatchError,
    WrongStateError,
)
from overt.services.check_freshness import FeedWatch, check_freshness, expire_entries
from overt.services.load_gallery import GalleryWatch, load_gallery
from overt.testing import CLARA, FAKE_PACK

DIGEST = "f" * 64


def a_feed(*references):
    """Return a feed."""
    return FreshnessFeed(frozenset(references), len(references), DIGEST)


def with_expiry(at):
    """Return a workplace in which one of three entries expires."""
    return approved(offers=[*three_offers()[:2], an_offer(CLARA, reference="N-3", expires_at=at)])


def gone_live(workplace):
    """Put the deployment into LIVE, as its other conditions are not of interest here."""
    with workplace.open() as uow:
        deployment = uow.deployments.get("d-1")
        uow.deployments.save(
            replace(live(), watchlist=deployment.watchlist, version=deployment.version)
        )
        uow.commit()
    return workplace


def a_watch(workplace):
    """Return a watch over the gallery."""
    return GalleryWatch(workplace.open, "d-1", FAKE_PACK, workplace.clock)


def references_in(workplace, gallery):
    """Return the references behind a gallery's rows."""
    by_id = {entry.entry_id: entry.reference for entry in entries_of(workplace)}
    return [by_id[entry_id] for entry_id in gallery.entry_ids]


def test_who_is_no_longer_wanted_leaves():
    """R-14, R-19, R-20: entry, face and listed period end at once; others stay."""
    workplace = approved()
    workplace.clock.at = BUILT_AT + HOUR
    done = check_freshness(workplace, "operator-1", "d-1", a_feed("N-2", "N-77"))

    entry = entry_of(workplace, "N-2")
    assert done.no_longer_wanted == (entry.entry_id,)
    assert (entry.status, entry.removed_reason) == ("removed", "no_longer_wanted")
    assert entry.entry_id not in secrets_of(workplace, "template")
    assert len(secrets_of(workplace, "image")) == 2
    with workplace.open() as uow:
        (period,) = uow.listed.was_listed("N-2", BUILT_AT.date(), BUILT_AT.tzinfo)
    assert period.listed_until == BUILT_AT + HOUR
    watchlist = deployment_of(workplace).watchlist
    assert (watchlist.n_entries, watchlist.freshness_checked_at) == (2, BUILT_AT + HOUR)
    assert watchlist.freshness_feed_sha256 == DIGEST


def test_the_log_names_entries_and_no_reference():
    """R-14, R-31: the feed's digest, its rows, and which entries left."""
    workplace = approved()
    entry_id = entry_of(workplace, "N-2").entry_id
    check_freshness(workplace, None, "d-1", a_feed("N-2"))
    removed, read = events_of(workplace)[-2:]

    assert (removed.kind, removed.actor_id) == ("EntryRemoved", "system")
    assert removed.details == {"entry_id": entry_id, "reason": "no_longer_wanted"}
    assert read.details == {"feed_sha256": DIGEST, "n_rows": 1, "n_removed": 1}
    assert "N-2" not in json.dumps([dict(event.details) for event in events_of(workplace)])


def test_a_feed_that_names_nobody_is_a_check_too():
    """R-14: nothing leaves; that it was checked is known and logged."""
    workplace = approved()
    done = check_freshness(workplace, "operator-1", "d-1", a_feed())

    assert (done.no_longer_wanted, done.expired) == ((), ())
    assert done.deployment.watchlist.freshness_checked_at == BUILT_AT
    assert kinds_of(workplace)[-1] == "NoLongerWantedFeedRead"


def test_the_same_feed_again_removes_nobody_twice():
    """R-14: who has left has left."""
    workplace = approved()
    check_freshness(workplace, "operator-1", "d-1", a_feed("N-2"))
    again = check_freshness(workplace, "operator-1", "d-1", a_feed("N-2"))

    assert again.no_longer_wanted == ()
    assert again.deployment.watchlist.n_entries == 2


def test_what_has_expired_leaves_with_the_check():
    """An entry of which both hold counts once."""
    workplace = with_expiry(BUILT_AT + HOUR)
    workplace.clock.at = BUILT_AT + HOUR
    done = check_freshness(workplace, "operator-1", "d-1", a_feed("N-3", "N-1"))

    assert done.expired == (entry_of(workplace, "N-3").entry_id,)
    assert done.no_longer_wanted == (entry_of(workplace, "N-1").entry_id,)
    assert done.deployment.watchlist.n_entries == 1


def test_only_some_roles_check():
    """R-14: an evaluator has no part in it; this is logged."""
    workplace = approved()
    with pytest.raises(RoleForbiddenError):
        check_freshness(workplace, "evaluator-1", "d-1", a_feed("N-2"))
    assert kinds_of(workplace)[-1] == "AccessDenied"
    assert entry_of(workplace, "N-2").status == "approved"


def test_there_must_be_a_list_to_check():
    """R-12."""
    with pytest.raises(WrongStateError):
        check_freshness(a_workplace(), None, "d-1", a_feed())


def test_expired_entries_leave_by_themselves():
    """Nothing is written while there are none."""
    workplace = with_expiry(BUILT_AT + HOUR)
    version = deployment_of(workplace).version

    assert expire_entries(workplace, "d-1") == ()
    assert deployment_of(workplace).version == version
    workplace.clock.at = BUILT_AT + HOUR
    assert expire_entries(workplace, "d-1") == (entry_of(workplace, "N-3").entry_id,)
    assert deployment_of(workplace).watchlist.n_entries == 2
    assert events_of(workplace)[-1].details["reason"] == "expired"


def test_the_gallery_holds_who_is_approved():
    """R-12, R-16: in order of identifier, each row that entry's template."""
    waiting = load_gallery(composed().open, "d-1", FAKE_PACK, BUILT_AT)
    workplace = approved()
    loaded = load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT)

    assert len(waiting.gallery) == 0
    assert references_in(workplace, loaded.gallery) == ["N-1", "N-2", "N-3"]
    assert loaded.gallery.matrix.shape == (3, 128)
    assert loaded.list_kind(loaded.gallery.entry_ids[0]) == "operational"
    assert (loaded.gallery.matrix @ loaded.gallery.matrix.T).diagonal().tolist() == pytest.approx(
        [1, 1, 1]
    )


def test_who_has_expired_is_not_loaded():
    """Whether or not somebody has taken the entry off yet."""
    workplace = with_expiry(BUILT_AT + HOUR)

    assert load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT).next_expiry == BUILT_AT + HOUR
    later = load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT + HOUR)
    assert references_in(workplace, later.gallery) == ["N-1", "N-2"]
    assert later.next_expiry is None


def test_templates_of_another_pack_are_refused():
    """R-51: a list enrolled with one pack is not searched with another."""
    with pytest.raises(TemplateMismatchError):
        load_gallery(approved().open, "d-1", "another pack", BUILT_AT)


def test_a_running_gallery_loses_who_is_no_longer_wanted():
    """R-14: the next look after the feed changed, while it is live."""
    workplace = gone_live(approved())
    watch = a_watch(workplace)
    feeds = iter([None, a_feed("N-2"), None])
    feed_watch = FeedWatch(workplace, "d-1", lambda: next(feeds))

    assert feed_watch.look() is None
    assert watch.look() is None
    assert len(feed_watch.look().no_longer_wanted) == 1
    assert deployment_of(workplace).state is DeploymentState.LIVE
    smaller = watch.look()
    assert references_in(workplace, smaller.gallery) == ["N-1", "N-3"]
    assert smaller.gallery.fingerprint != ""
    assert feed_watch.look() is None
    assert watch.look() is None


def test_a_changed_feed_is_offered_until_the_store_takes_it():
    """R-14: nobody stays on the list as the store was busy when the feed changed."""
    workplace = gone_live(approved())
    answers = iter([StoreUnavailableError("busy"), None])

    def busy_at_first():
        if (error := next(answers)) is not None:
            raise error
        return workplace.open()

    feeds = iter([a_feed("N-2"), None, None])
    feed_watch = FeedWatch(replace(workplace, open=busy_at_first), "d-1", lambda: next(feeds))

    with pytest.raises(StoreUnavailableError):
        feed_watch.look()
    assert len(feed_watch.look().no_longer_wanted) == 1
    assert feed_watch.look() is None


def test_a_refused_check_is_logged_once():
    """A feed is not offered again and again to a deployment that is over."""
    workplace = gone_live(approved())
    with workplace.open() as uow:
        deployment = uow.deployments.get("d-1")
        uow.deployments.save(replace(deployment, state=DeploymentState.ENDED))
        uow.commit()
    feeds = iter([a_feed("N-2"), None])
    feed_watch = FeedWatch(workplace, "d-1", lambda: next(feeds))

    with pytest.raises(WrongStateError):
        feed_watch.look()
    assert feed_watch.look() is None


def test_a_running_gallery_loses_who_expires():
    """By the clock alone, on the minute."""
    workplace = gone_live(with_expiry(BUILT_AT + HOUR))
    watch = a_watch(workplace)

    workplace.clock.at = BUILT_AT + HOUR - timedelta(seconds=1)
    assert watch.look() is None
    workplace.clock.at = BUILT_AT + HOUR
    assert references_in(workplace, watch.look().gallery) == ["N-1", "N-2"]
    workplace.clock.at += MINUTE
    assert watch.look() is None


def changed_secret(workplace, reference, data):
    """Put other bytes, or none, in place of an entry's template."""
    entry = entry_of(workplace, reference)
    with workplace.open() as uow:
        uow.secrets.delete(entry.template_secret_id)
        if data:
            uow.secrets.put("d-1", "template", entry.entry_id, data)
        uow.commit()


def test_an_approved_entry_without_a_template_is_damage():
    """R-12: nobody believes that they are searched for who are not."""
    workplace = approved()
    changed_secret(workplace, "N-2", b"")
    with pytest.raises(StoreCorruptError, match="1 approved"):
        load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT)


def test_templates_of_one_pack_have_one_length():
    """A shorter one is none of this pack."""
    workplace = approved()
    changed_secret(workplace, "N-2", template_bytes(np.ones(64, np.float32) / 8, FAKE_PACK))
    with pytest.raises(TemplateMismatchError, match="length"):
        load_gallery(workplace.open, "d-1", FAKE_PACK, BUILT_AT)
