import pytest

from overt.core.checkpoint import Checkpoint
from overt.core.destruction import read_certificate
from overt.core.transparency import CompactRange
from overt.errors import CertificateWrongError

CHECKPOINT = Checkpoint("log.example/overt", CompactRange(0, ()).head()).text()


@pytest.mark.parametrize(
    "below",
    ["", "Certificate of something else\nmade: 1\n", "made: 1\n"],
    ids=["nothing", "another title", "no title"],
)
def test_a_signed_text_that_is_no_certificate_is_refused(below):
    """A checkpoint alone, or one above other words, certifies no destruction (R-19)."""
    with pytest.raises(CertificateWrongError, match="certificate of destruction"):
        read_certificate(CHECKPOINT + below)
