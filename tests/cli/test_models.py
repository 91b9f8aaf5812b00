"""``overt models``: list, verify, pull, import."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.integration.networks import manifest_text, sha256, write_pack
from tests.integration.rtsp_process import free_port

DETECTOR, EMBEDDER = b"detector", b"e"


def installed(overt, **options):
    """Write the tiny pack into the home and return its folder."""
    return write_pack(overt.home / "models" / "tiny", **options)


def test_the_list_names_each_pack_with_its_state(overt):
    """The bundled one is ready; one that must be fetched says how."""
    ran = overt("models", "list")

    assert ran.status == 0
    assert "overt-default" in ran.out
    assert "ready" in ran.out
    assert "overt models pull" in " ".join(ran.out.split())
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_the_list_as_json(overt):
    """State, use, digest, threshold with its evidence, files with licence."""
    installed(overt)

    packs = {pack["name"]: pack for pack in overt("models", "list", "--json").document}

    assert packs["overt-default"]["state"] == "ready"
    assert packs["opencv-zoo"]["state"] == "models.file_missing"
    tiny = packs["tiny"]
    assert (tiny["state"], tiny["use"], tiny["version"]) == ("ready", "research-only", "1")
    assert tiny["threshold"]["value"] == 0.5
    assert tiny["threshold"]["data"] == "none"
    assert len(tiny["digest"]) == 64
    assert [(file["name"], file["licence"]) for file in tiny["files"]] == [
        ("detector.onnx", "MIT"),
        ("embedder.onnx", "MIT"),
    ]


def test_verify_prints_what_is_right(overt):
    """Digest and name of each file, as ``sha256sum`` prints them."""
    installed(overt)

    ran = overt("models", "verify", "tiny")

    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"{sha256(DETECTOR)}  tiny/detector.onnx",
        f"{sha256(EMBEDDER)}  tiny/embedder.onnx",
    ]


def test_verify_without_a_name_takes_every_pack_that_is_here(overt):
    """One whose files were not fetched yet is nothing to verify."""
    installed(overt)

    ran = overt("models", "verify")

    assert ran.status == 0
    assert {line.split("  ")[1].split("/")[0] for line in ran.out.splitlines()} == {
        "overt-default",
        "tiny",
    }


@pytest.mark.parametrize("name", [["tiny"], []], ids=["named", "all"])
def test_a_changed_file_is_a_matter_of_integrity(overt, name):
    """Exit status 3, with what was expected and what was found."""
    (installed(overt) / "embedder.onnx").write_bytes(b"E")

    ran = overt("models", "verify", *name)

    assert ran.status == 3
    assert ran.err.endswith("[models.digest_mismatch]\n")
    assert sha256(EMBEDDER) in ran.err
    assert sha256(b"E") in ran.err
    assert "tiny/embedder.onnx" not in ran.out


def test_a_changed_file_stops_a_rehearsal(overt):
    """Before anything runs; nothing is kept."""
    (installed(overt) / "embedder.onnx").write_bytes(b"E")

    assert overt.fails("rehearse", "--consent", "abc", "--pack", "tiny") == (
        3,
        "models.digest_mismatch",
    )
    assert overt.records() == []


@pytest.mark.parametrize("command", ["verify", "pull"])
def test_an_unknown_pack_is_answered_with_the_known_ones(overt, command):
    """So that a typing error is seen."""
    ran = overt("models", command, "overt-defualt")

    assert ran.status == 2
    assert "overt-default" in ran.err
    assert ran.err.endswith("[models.unknown]\n")
    assert len(ran.err.splitlines()) == 1


def test_a_pack_is_imported_from_a_folder(overt, tmp_path):
    """Afterwards it is ready, also without the folder."""
    stick = write_pack(tmp_path / "stick")

    ran = overt("models", "import", stick)

    assert (ran.status, ran.out) == (0, "imported tiny: made in a test\n")
    assert overt("models", "verify", "tiny").status == 0


def no_manifest(folder):
    """Take the manifest away."""
    (folder / "pack.toml").unlink()


def broken_manifest(folder):
    """Leave half a line of the manifest."""
    (folder / "pack.toml").write_text("name = ")


def missing_file(folder):
    """Take one file away."""
    (folder / "embedder.onnx").unlink()


def changed_file(folder):
    """Put other bytes in place of a file."""
    (folder / "embedder.onnx").write_bytes(b"other")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (no_manifest, (2, "folder.unusable")),
        (broken_manifest, (2, "models.manifest_invalid")),
        (missing_file, (1, "models.file_missing")),
        (changed_file, (3, "models.digest_mismatch")),
    ],
)
def test_a_pack_is_imported_whole_or_not_at_all(overt, tmp_path, damage, expected):
    """One clear error; the home is as it was."""
    stick = write_pack(tmp_path / "stick")
    damage(stick)

    assert overt.fails("models", "import", stick) == expected
    assert not list(overt.home.glob("models/**/*.onnx"))
    assert "tiny" not in overt("models", "list").out


class Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, *arguments) -> None:
        """Write nothing."""


@contextmanager
def file_server(folder):
    """Serve a folder on this machine inside the block; yield the address."""
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def only_a_manifest(overt, address):
    """Install a pack whose files lie at an address; return its folder."""
    folder = overt.home / "models" / "tiny"
    folder.mkdir(parents=True)
    urls = (f"{address}/detector.onnx", f"{address}/embedder.onnx")
    text = manifest_text(DETECTOR, EMBEDDER, urls=urls)
    (folder / "pack.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_pack_is_pulled_once(overt, tmp_path):
    """The second time everything is here."""
    with file_server(write_pack(tmp_path / "served")) as address:
        only_a_manifest(overt, address)

        first, second = overt("models", "pull", "tiny"), overt("models", "pull", "tiny")

    assert (first.status, first.out) == (0, "tiny: fetched detector.onnx, embedder.onnx\n")
    assert (second.status, second.out) == (0, "tiny: already here\n")
    assert (first.err, second.err) == ("", "")
    assert overt("models", "verify", "tiny").status == 0


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        (b"detectoR", (3, "models.digest_mismatch")),
        (b"det", (1, "models.download_failed")),
        (b"detector and more", (1, "models.download_failed")),
        (None, (1, "models.download_failed")),
    ],
    ids=["other bytes", "too few", "too many", "not there"],
)
def test_what_comes_wrong_is_not_kept(overt, tmp_path, served, expected):
    """One clear error, and no file of that name."""
    source = write_pack(tmp_path / "served")
    (source / "detector.onnx").unlink()
    if served is not None:
        (source / "detector.onnx").write_bytes(served)
    with file_server(source) as address:
        folder = only_a_manifest(overt, address)

        assert overt.fails("models", "pull", "tiny") == expected

    assert [path.name for path in folder.iterdir()] == ["pack.toml"]


def test_an_address_that_nobody_listens_at(overt):
    """A download that failed, told in one line."""
    only_a_manifest(overt, f"http://127.0.0.1:{free_port()}")

    assert overt.fails("models", "pull", "tiny") == (1, "models.download_failed")


def test_a_broken_manifest_in_the_home_is_named(overt):
    """With its folder, and the field that is wrong."""
    folder = installed(overt)
    text = (folder / "pack.toml").read_text().replace("value = 0.5", "value = 5")
    (folder / "pack.toml").write_text(text)

    ran = overt("models", "list")

    assert ran.status == 2
    assert "threshold.value" in ran.err
    assert ran.err.endswith("[models.manifest_invalid]\n")
