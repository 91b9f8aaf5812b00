"""What a generated rehearsal scene looks like: sizes, speeds and disturbances."""

from __future__ import annotations

from dataclasses import dataclass

from overt.errors import SettingInvalidError

MOST_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """Everything that shapes a scene; with the cast it fixes every pixel.

    Attributes:
        seed: Source of all randomness; not negative.
        n_passages: How many times somebody goes through the picture.
        max_at_once: Most faces in the picture at one time, 1 to 12.
        size_wh: Width and height of the picture in pixels.
        fps: Frames a second.
        camera_id: Which camera the scene plays.
        face_px: Shorter side of a face where an approach begins, and where the
            face reaches the lower edge of the picture, in pixels. A face that is
            leaving over that edge grows a little further.
        walk_s: Shortest and longest walk through the picture in seconds.
        crossing_share: Share of passages that cross the picture instead of
            coming towards the camera, in [0, 1].
        sway_share: Sideways sway of a walking head, in head heights.
        roll_deg: Largest tilt of a head in degrees.
        gain: Least and greatest brightness of a person, 1 is as photographed.
        blur_px: Least and greatest defocus (box radius) in pixels.
        shutter_share: Share of a frame's time in which the shutter is open: a
            moving face is smeared over that share of its way.
        noise_sigma: Standard deviation of the sensor's noise in grey levels, at most 8.
        occlusion_share: Share of passages in which an umbrella or a pole hides
            the face for a short while, in [0, 1].
    """

    seed: int
    n_passages: int = 24
    max_at_once: int = 6
    size_wh: tuple[int, int] = (1280, 720)
    fps: float = 25.0
    camera_id: str = "rehearsal"
    face_px: tuple[float, float] = (48.0, 140.0)
    walk_s: tuple[float, float] = (3.0, 6.0)
    crossing_share: float = 0.3
    sway_share: float = 0.03
    roll_deg: float = 2.5
    gain: tuple[float, float] = (0.75, 1.1)
    blur_px: tuple[float, float] = (0.0, 0.6)
    shutter_share: float = 0.25
    noise_sigma: float = 2.5
    occlusion_share: float = 0.2
    return_after_s: float = 10.0

    def __post_init__(self) -> None:
        """Refuse settings that no scene can have.

        Raises:
            SettingInvalidError: A number is out of range; it is named.
        """
        _check("seed", self.seed, 0)
        _check("n_passages", self.n_passages, 1)
        _check("max_at_once", self.max_at_once, 1, MOST_AT_ONCE)
        _check("size_wh", min(self.size_wh), 160)
        _check("fps", self.fps, 5, 120)
        _check_range("face_px", self.face_px, 12, min(self.size_wh) / 3)
        _check_range("walk_s", self.walk_s, 1, 60)
        _check_range("gain", self.gain, 0.2, 3)
        _check_range("blur_px", self.blur_px, 0, 5)
        _check("sway_share", self.sway_share, 0, 0.2)
        _check("roll_deg", self.roll_deg, 0, 15)
        _check("noise_sigma", self.noise_sigma, 0, 8)
        _check("return_after_s", self.return_after_s, 0)
        for name in ("crossing_share", "shutter_share", "occlusion_share"):
            _check(name, getattr(self, name), 0, 1)


def _check(name: str, value: float, least: float, most: float = float("inf")) -> None:
    if not least <= value <= most:
        msg = f"{name} must lie between {least:g} and {most:g}, found {value:g}"
        raise SettingInvalidError(msg, setting=name, value=value)


def _check_range(name: str, values: tuple[float, float], least: float, most: float) -> None:
    low, high = values
    _check(name, low, least, most)
    _check(name, high, low, most)
