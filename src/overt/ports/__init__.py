"""What overt needs from the outside, as protocols; adapters fulfil them."""

from overt.ports.engine import Clock as Clock
from overt.ports.engine import Embedder as Embedder
from overt.ports.engine import FaceAligner as FaceAligner
from overt.ports.engine import FaceDetector as FaceDetector
from overt.ports.engine import FaceModels as FaceModels
from overt.ports.engine import FrameSource as FrameSource
from overt.ports.records import Ids as Ids
from overt.ports.store import UnitOfWork as UnitOfWork
from overt.ports.store import UnitOfWorkFactory as UnitOfWorkFactory
