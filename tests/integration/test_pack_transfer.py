"""Pulling and importing packs: whole and right, or not there at all."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.integration.networks import manifest_text, write_pack

from overt.adapters.models.manifest import Manifest, parse_manifest, read_manifest
from overt.adapters.models.pack_transfer import _swap, import_pack, pull_pack
from overt.adapters.models.packs import DEFAULT_PACK, InstalledPack, find_pack
from overt.adapters.models.whole_file import write_whole
from overt.errors import (
    DigestMismatchError,
    DownloadFailedError,
    FolderUnusableError,
    ManifestInvalidError,
    ModelFileMissingError,
    OutputUnwritableError,
)

DETECTOR, EMBEDDER = b"detector" * 100_000, b"embedder"


@pytest.fixture(autouse=True)
def _without_a_proxy(monkeypatch):
    """Reach the loopback directly, whatever this machine's environment says."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class Answers(BaseHTTPRequestHandler):
    """Gives what the test laid out, each path its own answer."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, length, body = self.server.answers.get(self.path, (404, 0, b""))
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        if status == 302:
            self.send_header("Location", "file:///etc/hostname")
        self.end_headers()
        self.server.n_sent = 0
        try:
            for start in range(0, len(body), 1 << 16):
                self.server.n_sent += self.wfile.write(body[start : start + (1 << 16)])
        except OSError:
            self.server.hung_up.set()
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def server(answers):
    """Serve answers on the loopback; yield the server and its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as http:
        http.answers, http.hung_up, http.daemon_threads = answers, threading.Event(), False
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield http, f"http://127.0.0.1:{http.server_address[1]}"
        finally:
            http.shutdown()
            thread.join()


def a_pack(folder: Path, detector_url: str, embedder_url: str) -> InstalledPack:
    """Return a pack of which no file is here."""
    text = manifest_text(DETECTOR, EMBEDDER, urls=(detector_url, embedder_url))
    return InstalledPack(parse_manifest(text.encode(), "pack.toml"), folder)


def quiet(*_args: object) -> None:
    """Show no progress."""


def names(folder: Path) -> list[str]:
    """Return the names in a folder, hidden ones too; none when it is missing."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


RIGHT = {
    "/d": (200, len(DETECTOR), DETECTOR),
    "/e": (200, len(EMBEDDER), EMBEDDER),
}


def test_missing_files_are_fetched_once(tmp_path):
    """Both at first, none the second time, and only the one that was changed the third time."""
    with server(RIGHT) as (_, address):
        pack = a_pack(tmp_path / "home" / "tiny", f"{address}/d", f"{address}/e")
        first = pull_pack(pack, quiet)
        second = pull_pack(pack, quiet)
        (pack.folder / "embedder.onnx").write_bytes(b"changed!")
        third = pull_pack(pack, quiet)

    assert (first, second, third) == (("detector.onnx", "embedder.onnx"), (), ("embedder.onnx",))
    assert names(pack.folder) == ["detector.onnx", "embedder.onnx"]
    assert (pack.folder / "detector.onnx").read_bytes() == DETECTOR
    assert (pack.folder / "embedder.onnx").read_bytes() == EMBEDDER


def test_progress_is_told(tmp_path):
    """Name, bytes so far and bytes in all; the last call has them all."""
    told = []
    with server(RIGHT) as (_, address):
        pack = a_pack(tmp_path / "tiny", f"{address}/d", f"{address}/e")
        pull_pack(pack, lambda *call: told.append(call))
    received = [so_far for name, so_far, _ in told if name == "detector.onnx"]

    assert received == sorted(set(received))
    assert received[-1] == len(DETECTOR)
    assert told[-1] == ("embedder.onnx", 8, 8)


WRONG = {
    "cut short": ((200, len(EMBEDDER), EMBEDDER[:5]), DownloadFailedError),
    "too short": ((200, 5, EMBEDDER[:5]), DownloadFailedError),
    "too long": ((200, len(EMBEDDER) + 1, EMBEDDER + b"!"), DownloadFailedError),
    "empty": ((200, 0, b""), DownloadFailedError),
    "not there": ((404, 4, b"none"), DownloadFailedError),
    "broken": ((500, 8, EMBEDDER), DownloadFailedError),
    "sent to a file": ((302, 0, b""), DownloadFailedError),
    "another file": ((200, 8, b"EMBEDDER"), DigestMismatchError),
}


@pytest.mark.parametrize(("answer", "error"), WRONG.values(), ids=list(WRONG))
def test_what_is_not_whole_and_right_never_appears(tmp_path, answer, error):
    """The first file is kept, of the second nothing is; one clear error names it."""
    with server({**RIGHT, "/e": answer}) as (_, address):
        pack = a_pack(tmp_path / "tiny", f"{address}/d", f"{address}/e")
        with pytest.raises(error, match=r"embedder\.onnx") as refused:
            pull_pack(pack, quiet)

    assert names(pack.folder) == ["detector.onnx"]
    assert refused.value.fields["file"] == "embedder.onnx"


def test_a_right_file_stays_until_another_is_whole(tmp_path):
    """A failing download does not take away what is there, even if that is wrong."""
    with server({"/e": WRONG["cut short"][0]}) as (_, address):
        pack = a_pack(tmp_path / "tiny", "", f"{address}/e")
        pack.folder.mkdir()
        (pack.folder / "detector.onnx").write_bytes(DETECTOR)
        (pack.folder / "embedder.onnx").write_bytes(b"old one!")
        with pytest.raises(DownloadFailedError):
            pull_pack(pack, quiet)

    assert (pack.folder / "embedder.onnx").read_bytes() == b"old one!"


def test_an_endless_answer_is_cut_off(tmp_path):
    """One that goes on for 512 MiB is left soon after the 8 bytes that were expected."""
    endless = memoryview(bytes(1 << 16) * 8192)
    with server({"/e": (200, len(endless), endless)}) as (http, address):
        pack = a_pack(tmp_path / "tiny", f"{address}/e", f"{address}/e")
        with pytest.raises(DownloadFailedError, match="expected 800000 bytes, found more"):
            pull_pack(pack, quiet)
        assert http.hung_up.wait(10)

    assert http.n_sent < len(endless) / 4


def test_nobody_answers(tmp_path):
    """Connection refused: one clear error, without the address, which may hold a password."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pack = a_pack(tmp_path / "tiny", f"http://user:secret@127.0.0.1:{port}/d", "")
    with pytest.raises(DownloadFailedError, match=r"detector\.onnx could not be") as refused:
        pull_pack(pack, quiet)

    assert "secret" not in str(refused.value)
    assert not pack.folder.exists()


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("file:///etc/hostname", ModelFileMissingError),
        ("ftp://127.0.0.1/d", ModelFileMissingError),
        ("", ModelFileMissingError),
        ("detector.onnx", ModelFileMissingError),
        ("http://[::1/d", DownloadFailedError),
        ("http://127.0.0.1:port/d", DownloadFailedError),
        ("http:///d", DownloadFailedError),
        ("http://a b/d", DownloadFailedError),
    ],
)
def test_only_addresses_of_the_web_are_fetched(tmp_path, url, error):
    """Never a file of this machine."""
    with pytest.raises(error):
        pull_pack(a_pack(tmp_path / "tiny", url, ""), quiet)


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path):
    """A file lies where the models' folder should be."""
    (tmp_path / "home").write_bytes(b"")
    with server(RIGHT) as (_, address):
        pack = a_pack(tmp_path / "home" / "tiny", f"{address}/d", f"{address}/e")
        with pytest.raises(OutputUnwritableError, match="cannot be written"):
            pull_pack(pack, quiet)


def test_there_is_nothing_to_pull_for_the_bundled_pack(tmp_path):
    """Its files come with packages."""
    assert pull_pack(find_pack(DEFAULT_PACK, tmp_path), quiet) == ()


def test_a_packages_file_that_is_not_the_manifests_is_told(tmp_path):
    """It cannot be fetched: another release of the package is installed."""
    pack = find_pack(DEFAULT_PACK, tmp_path)
    first = pack.manifest.files[0].model_copy(update={"sha256": "0" * 64})
    files = (first, *pack.manifest.files[1:])
    other = InstalledPack(pack.manifest.model_copy(update={"files": files}), pack.folder)
    with pytest.raises(DigestMismatchError):
        pull_pack(other, quiet)


def test_a_pack_is_imported_from_a_folder(tmp_path):
    """Manifest and files, nothing else that lies beside them."""
    source = write_pack(tmp_path / "stick")
    (source / "letter.txt").write_text("private", encoding="utf-8")
    home = tmp_path / "new" / "home"
    pack = import_pack(source, home)

    assert pack == find_pack("tiny", home)
    assert pack.folder == home / "tiny"
    assert names(home) == ["tiny"]
    assert names(pack.folder) == ["detector.onnx", "embedder.onnx", "pack.toml"]


def test_importing_again_replaces(tmp_path):
    """The older files are gone; a file beside them too."""
    home = tmp_path / "home"
    import_pack(write_pack(tmp_path / "old", detector=b"old"), home)
    (home / "tiny" / "left-over").write_bytes(b"")
    import_pack(write_pack(tmp_path / "new", detector=b"new one"), home)

    assert names(home) == ["tiny"]
    assert names(home / "tiny") == ["detector.onnx", "embedder.onnx", "pack.toml"]
    assert (home / "tiny" / "detector.onnx").read_bytes() == b"new one"
    assert read_manifest(home / "tiny" / "pack.toml").files[0].size_bytes == 7


def changed(source: Path) -> None:
    """Change a byte of the second file."""
    (source / "embedder.onnx").write_bytes(b"E")


def lost(source: Path) -> None:
    """Lose the second file."""
    (source / "embedder.onnx").unlink()


def broken(source: Path) -> None:
    """Break the manifest."""
    (source / "pack.toml").write_text("name = ", encoding="utf-8")


def bare(source: Path) -> None:
    """Lose the manifest."""
    (source / "pack.toml").unlink()


def climbing(source: Path) -> None:
    """Name a file outside the folder."""
    text = (source / "pack.toml").read_text(encoding="utf-8")
    (source / "pack.toml").write_text(text.replace("embedder.onnx", "../x.onnx"), encoding="utf-8")
    (source.parent / "x.onnx").write_bytes(b"e")


FAULTS = {
    changed: DigestMismatchError,
    lost: ModelFileMissingError,
    broken: ManifestInvalidError,
    bare: FolderUnusableError,
    climbing: ManifestInvalidError,
}


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "again"])
@pytest.mark.parametrize(("fault", "error"), FAULTS.items(), ids=lambda f: f.__name__)
def test_a_faulty_folder_changes_nothing(tmp_path, fault, error, is_there):
    """Nothing new appears; what was there stays whole."""
    home, source = tmp_path / "home", write_pack(tmp_path / "stick")
    if is_there:
        import_pack(source, home)
    fault(source)
    with pytest.raises(error):
        import_pack(source, home)

    assert names(home) == ["tiny"] * is_there
    if is_there:
        assert (home / "tiny" / "embedder.onnx").read_bytes() == b"e"


def test_a_link_on_the_stick_is_copied_as_a_file(tmp_path):
    """The machine must not depend on the stick."""
    source = write_pack(tmp_path / "stick")
    (source / "embedder.onnx").rename(tmp_path / "elsewhere")
    (source / "embedder.onnx").symlink_to(tmp_path / "elsewhere")
    pack = import_pack(source, tmp_path / "home")

    assert not (pack.folder / "embedder.onnx").is_symlink()
    assert (pack.folder / "embedder.onnx").read_bytes() == b"e"


def test_a_link_in_the_packs_place_is_replaced_and_its_target_left_alone(tmp_path):
    """The folder it leads to belongs to somebody else."""
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "file").write_bytes(b"theirs")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "tiny").symlink_to(tmp_path / "others")
    pack = import_pack(write_pack(tmp_path / "stick"), tmp_path / "home")

    assert not pack.folder.is_symlink()
    assert (tmp_path / "others" / "file").read_bytes() == b"theirs"


@pytest.mark.parametrize("name", [DEFAULT_PACK, "opencv-zoo"])
def test_a_shipped_packs_name_is_taken(tmp_path, name):
    """Another pack cannot come in under it."""
    with pytest.raises(ManifestInvalidError, match="is a shipped pack, and not this one"):
        import_pack(write_pack(tmp_path / "stick", name=name), tmp_path / "home")

    assert names(tmp_path / "home") == []


def test_a_shipped_pack_itself_can_be_imported(tmp_path):
    """Its manifest beside its files: for vans without a network."""
    shipped = Path(parse_manifest.__code__.co_filename).parent / "manifests" / "overt-default.toml"
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / "pack.toml").write_bytes(shipped.read_bytes())
    pack = import_pack(tmp_path / "stick", tmp_path / "home")

    assert pack == find_pack(DEFAULT_PACK, tmp_path / "home")


def test_models_home_that_cannot_be_written_is_one_clear_error(tmp_path):
    """A file lies in its place."""
    (tmp_path / "home").write_bytes(b"")
    with pytest.raises(OutputUnwritableError):
        import_pack(write_pack(tmp_path / "stick"), tmp_path / "home")


def test_a_replacement_that_fails_leaves_the_old_pack(tmp_path):
    """The old folder goes back where it was."""
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "file").write_bytes(b"old")
    with pytest.raises(OSError, match="missing"):
        _swap(tmp_path / "missing", tmp_path / "target", aside=tmp_path / "aside")

    assert (tmp_path / "target" / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["target"]


def test_a_file_that_cannot_take_its_name_leaves_nothing(tmp_path):
    """A folder has the name already."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(OSError, match="b"):
        write_whole(tmp_path / "a" / "b", b"data")

    assert names(tmp_path / "a") == ["b"]


def test_manifests_of_the_test_are_whole():
    """The pack that the tests above break."""
    assert isinstance(a_pack(Path(), "", "").manifest, Manifest)
