from tests.unit.services.listing import a_workplace, secrets_of

from overt.services.list_faces import Face, delete_astray_faces, keep_faces


class Counted:
    """A store that counts commits."""

    def __init__(self, workplace):
        self._open, self.n_commits = workplace.open, 0

    def __call__(self):
        uow = self._open()
        commit = uow.commit

        def counted():
            self.n_commits += 1
            commit()

        uow.commit = counted
        return uow


def test_the_writer_is_free_every_few_faces():
    """450 faces come with three commits and go with three: 900 secrets, 400 at once."""
    workplace = a_workplace()
    faces = {f"entry-{n:03}": Face(b"picture %d" % n, b"vector %d" % n) for n in range(450)}
    opened = Counted(workplace)
    kept = keep_faces(opened, "d-1", faces)

    assert opened.n_commits == 3
    assert secrets_of(workplace, "image") == {name: face.picture for name, face in faces.items()}
    assert secrets_of(workplace, "template") == {n: face.template for n, face in faces.items()}
    assert kept.images.keys() == kept.templates.keys() == faces.keys()

    opened = Counted(workplace)
    assert delete_astray_faces(opened, "d-1") == 900
    assert opened.n_commits == 3
    assert secrets_of(workplace, "image") == {}


def test_nothing_astray_needs_no_commit():
    """Nor do no faces."""
    opened = Counted(a_workplace())
    keep_faces(opened, "d-1", {})
    assert delete_astray_faces(opened, "d-1") == 0
    assert opened.n_commits == 0
