"""Fakes of the ports, and builders of values, for tests of overt and of what is built on it."""

from overt.testing.engine import (
    ANNA as ANNA,
    BERTA as BERTA,
    CLARA as CLARA,
    FAKE_PACK as FAKE_PACK,
    STARTED_AT as STARTED_AT,
    FakeAligner as FakeAligner,
    FakeClock as FakeClock,
    FakeDetector as FakeDetector,
    FakeEmbedder as FakeEmbedder,
    FakeFace as FakeFace,
    FakeModels as FakeModels,
    FakeSource as FakeSource,
    a_frame as a_frame,
    a_gallery as a_gallery,
    a_picture as a_picture,
    a_search_result as a_search_result,
    a_template as a_template,
    an_alert as an_alert,
    an_operating_point as an_operating_point,
)
from overt.testing.notices import (
    FakeLanguage as FakeLanguage,
    FakeLanguages as FakeLanguages,
    FakePress as FakePress,
)
from overt.testing.sign_in import FakeHasher as FakeHasher
from overt.testing.store import (
    FakeIds as FakeIds,
    FakeStore as FakeStore,
    FakeUnitOfWork as FakeUnitOfWork,
)
