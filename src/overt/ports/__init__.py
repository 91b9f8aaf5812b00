"""What overt needs from the outside, as protocols; adapters fulfil them."""

from overt.ports.engine import (
    Clock as Clock,
    Embedder as Embedder,
    FaceAligner as FaceAligner,
    FaceDetector as FaceDetector,
    FaceModels as FaceModels,
    FrameSource as FrameSource,
)
from overt.ports.store import (
    Ids as Ids,
    UnitOfWork as UnitOfWork,
    UnitOfWorkFactory as UnitOfWorkFactory,
)
