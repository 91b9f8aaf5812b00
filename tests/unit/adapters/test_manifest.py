"""A manifest: what is refused, and which field the message names."""

from __future__ import annotations

import pytest
from tests.integration.networks import manifest_text

from overt.adapters.models.manifest import MAX_FILE_BYTES, parse_manifest
from overt.errors import ManifestInvalidError

TEXT = manifest_text(b"detector", b"embedder")


def parse(text: str):
    """Return the manifest of a text."""
    return parse_manifest(text.encode(), "tiny/pack.toml")


def test_a_whole_manifest_is_read():
    """The text that the other tests break."""
    manifest = parse(TEXT)

    assert (manifest.name, manifest.use, manifest.aligner.side_px) == ("tiny", "research-only", 32)
    assert [file.name for file in manifest.files] == ["detector.onnx", "embedder.onnx"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        # a field is missing
        ('title = "made in a test"\n', "", "title"),
        ('[threshold]\nvalue = 0.5\ndata = "none"\n', "", "threshold"),
        ("dimension = 3\n", "", "embedder.dimension"),
        ("size_bytes = 8\n", "", "files.0.size_bytes"),
        # a field is of the wrong type or out of range
        ("value = 0.5", 'value = "high"', "threshold.value"),
        ("value = 0.5", "value = 1.5", "threshold.value"),
        ("value = 0.5", "value = nan", "threshold.value"),
        ("side_px = 32", "side_px = 31", "aligner.side_px"),
        ("side_px = 32", "side_px = 32\nbox_drop = inf", "aligner.box_drop"),
        ("side_px = 32", "side_px = 32\nbox_scale = 0", "aligner.box_scale"),
        ("dimension = 3", "dimension = 3\nscale = 0", "embedder.scale"),
        ("dimension = 3", "dimension = 3\nmean = nan", "embedder.mean"),
        ('kind = "yunet"', 'kind = "haar"', "detector.kind"),
        ('use = "research-only"', 'use = "anything"', "use"),
        ("size_bytes = 8", "size_bytes = 0", "files.0.size_bytes"),
        ("size_bytes = 8", f"size_bytes = {MAX_FILE_BYTES + 1}", "files.0.size_bytes"),
        ('sha256 = "', 'sha256 = "0', "files.0.sha256"),
        ('licence = "MIT"', 'licence = ""', "files.0.licence"),
        # a field nobody knows
        ('version = "1"', 'version = "1"\nversoin = "2"', "versoin"),
        # a name that leads elsewhere
        ('name = "tiny"', 'name = "../tiny"', "name"),
        ('name = "tiny"', 'name = "tiny\\n"', "name"),
        ('name = "tiny"', 'name = ""', "name"),
        ('name = "detector.onnx"', 'name = "../detector.onnx"', "files.0.name"),
        ('name = "detector.onnx"', 'name = "/detector.onnx"', "files.0.name"),
        ('name = "detector.onnx"', 'name = "a\\\\b"', "files.0.name"),
        ('name = "detector.onnx"', 'name = ".."', "files.0.name"),
        ('name = "detector.onnx"', 'name = ".hidden"', "files.0.name"),
        ('name = "detector.onnx"', 'name = "pack.toml"', "files.0"),
        # a package that leads elsewhere, or would be imported to be found
        ('url = ""', 'package = "numpy/../../secret"', "files.0.package"),
        ('url = ""', 'package = "numpy.core/file"', "files.0.package"),
        ('url = ""', 'package = "/etc/passwd"', "files.0.package"),
        ('url = ""', 'package = "numpy"', "files.0.package"),
        ('url = ""', 'package = "numpy/a"\nurl = "https://example.org/a"', "files.0"),
        # parts that do not fit together
        ('kind = "five-point"', 'kind = "dlib-5-point"', "aligner"),
    ],
)
def test_a_wrong_field_is_named(old, new, field):
    """One clear error with the code models.manifest_invalid and the field's place."""
    assert old in TEXT
    with pytest.raises(ManifestInvalidError) as refused:
        parse(TEXT.replace(old, new, 1))

    assert refused.value.fields == {"file": "tiny/pack.toml", "field": field}
    assert refused.value.message.startswith(f"tiny/pack.toml: {field}: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('file = "embedder.onnx"', 'file = "other.onnx"', "no [[files]] entry for other.onnx"),
        ('name = "embedder.onnx"', 'name = "detector.onnx"', "two [[files]] entries"),
    ],
)
def test_files_and_parts_fit_together(old, new, said):
    """Every file that a part uses is listed once."""
    with pytest.raises(ManifestInvalidError) as refused:
        parse(TEXT.replace(old, new, 1))

    assert said in refused.value.message


@pytest.mark.parametrize(
    "data",
    [b"name = ", b"\xff\xfe", b"a=" + b"[" * 100_000, b"name = 1\nname = 2"],
    ids=["cut short", "not UTF-8", "nested too deep", "a key twice"],
)
def test_what_is_no_toml_is_refused(data):
    """One clear error, whatever the parser raises."""
    with pytest.raises(ManifestInvalidError, match=r"tiny/pack\.toml: not a readable TOML file"):
        parse_manifest(data, "tiny/pack.toml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "made in a test"', 'title = "corrected"'),
        ("value = 0.5", "value = 0.6"),
        ('licence = "MIT"', 'licence = "CC0-1.0"'),
    ],
)
def test_texts_and_the_threshold_leave_templates_comparable(old, new):
    """The digest that every template keeps does not depend on them."""
    assert parse(TEXT.replace(old, new)).digest() == parse(TEXT).digest()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("side_px = 32", "side_px = 64"),
        ("dimension = 3", "dimension = 3\nmean = 127.5"),
        ("dimension = 3", 'dimension = 3\ncolour_order = "bgr"'),
        ('sha256 = "', 'sha256 = "' + "0" * 64 + '" # '),
    ],
)
def test_whatever_changes_a_template_changes_the_digest(old, new):
    """Files, geometry, colour order, scale."""
    assert parse(TEXT.replace(old, new, 1)).digest() != parse(TEXT).digest()
