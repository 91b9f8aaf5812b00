"""Draws the people of a generated scene into a picture, the farthest first.

All arithmetic on pixels is Pillow's on 8-bit pictures of the sprite's own
size, so that a crowd of twelve is drawn faster than the camera's clock.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from overt.adapters.video.head_outline import HEAD_TOP
from overt.adapters.video.scene_body import BODY_LEFT, BODY_TOP, BODY_UNIT_PX, paint_body
from overt.adapters.video.scene_cover import COAT_SHARE

if TYPE_CHECKING:
    from overt.adapters.video.scene_body import Body
    from overt.adapters.video.scene_cover import Occluder
    from overt.adapters.video.scene_plan import Walker

_LEVEL_STEP = 0.75
_SMALLEST_LEVEL_PX = 12.0
_BLUR_FROM_PX = 0.15
_HEAD_REACH_X, _HEAD_REACH_DOWN = 0.86, 0.38
_UMBRELLA, _COAT, _POLE = (34, 36, 44), (44, 42, 46), (74, 76, 78)


class Costume:
    """A walker's sprites: the lit head at several sizes, and the painted body.

    Made when a walk begins and dropped when it ends.
    """

    def __init__(self, walker: Walker, grey_limits: tuple[int, int]) -> None:
        """Prepare the sprites.

        Args:
            walker: Whose they are.
            grey_limits: Darkest and brightest value a pixel may have.
        """
        self._walker = walker
        self._limits = grey_limits
        self._levels = self._head_levels()
        self._body = self._painted_body()

    def draw(self, frame: Image.Image, step: int, shutter_share: float) -> None:
        """Draw the walker into a frame.

        Args:
            frame: RGB picture, changed in place.
            step: Which frame of the walk, from 0.
            shutter_share: Share of a frame's time in which the shutter is open.
        """
        self._draw_body(frame, step)
        self._draw_head(frame, step, shutter_share)

    def _head_levels(self) -> list[tuple[float, Image.Image, Image.Image]]:
        cutout, look = self._walker.cutout, self._walker.look
        pixels = cutout.pixels_rgba[:, :, :3].astype(np.float32)
        across = np.linspace(-1.0, 1.0, pixels.shape[1], dtype=np.float32)
        pixels *= look.gain * (1.0 + look.shading * across)[None, :, None]
        rgb = Image.fromarray(np.clip(pixels, *self._limits).astype(np.uint8))
        alpha = Image.fromarray(np.ascontiguousarray(cutout.pixels_rgba[:, :, 3]))
        levels = [(1.0, rgb, alpha)]
        scale = _LEVEL_STEP
        while scale * cutout.face_px > _SMALLEST_LEVEL_PX:
            size_wh = (round(rgb.width * scale), round(rgb.height * scale))
            smaller = [image.resize(size_wh, Image.Resampling.BOX) for image in (rgb, alpha)]
            levels.append((scale, smaller[0], smaller[1]))
            scale *= _LEVEL_STEP
        return levels

    def _painted_body(self) -> Body:
        look = self._walker.look
        skin = self._walker.cutout.skin_rgb
        return paint_body(
            skin, look.outfit_seed, gain=look.gain, shading=look.shading, grey_limits=self._limits
        )

    def _draw_body(self, frame: Image.Image, step: int) -> None:
        walk = self._walker.walk
        picture, mask = self._body.at(float(walk.stride[step]))
        scale = float(walk.unit_px[step]) / BODY_UNIT_PX
        left = float(walk.chin_xy[step, 0]) + BODY_LEFT * BODY_UNIT_PX * scale
        top = float(walk.chin_xy[step, 1]) + BODY_TOP * BODY_UNIT_PX * scale
        box = _inner_box(frame, (left, top), (picture.width * scale, picture.height * scale))
        if box is None:
            return
        size_wh = (box[2] - box[0], box[3] - box[1])
        part = (
            (box[0] - left) / scale,
            (box[1] - top) / scale,
            (box[2] - left) / scale,
            (box[3] - top) / scale,
        )
        method = Image.Resampling.BILINEAR
        frame.paste(
            picture.resize(size_wh, method, part), box[:2], mask.resize(size_wh, method, part)
        )

    def _draw_head(self, frame: Image.Image, step: int, shutter_share: float) -> None:
        walk, cutout = self._walker.walk, self._walker.cutout
        unit = float(walk.unit_px[step])
        chin_x, chin_y = (float(value) for value in walk.chin_xy[step])
        left, top = chin_x - _HEAD_REACH_X * unit, chin_y - (HEAD_TOP + 0.12) * unit
        reach = (2 * _HEAD_REACH_X * unit, (HEAD_TOP + 0.12 + _HEAD_REACH_DOWN) * unit)
        box = _touched_box(frame, (left, top), reach)
        if box is None:
            return
        scale = unit / cutout.unit_px
        level, rgb, alpha = self._level(scale)
        # Sprite pixels of the picture's pixel (0, 0) of the box, turned about the chin.
        ratio, angle = level / scale, math.radians(float(walk.roll_deg[step]))
        cos, sin = ratio * math.cos(angle), ratio * math.sin(angle)
        face = cutout.face_box_xyxy
        pivot_x, pivot_y = (face[0] + face[2]) / 2 * level, face[3] * level
        x, y = box[0] - chin_x, box[1] - chin_y
        turn = (cos, sin, pivot_x + cos * x + sin * y, -sin, cos, pivot_y - sin * x + cos * y)
        size_wh = (box[2] - box[0], box[3] - box[1])
        method = Image.Resampling.BILINEAR
        head = rgb.transform(size_wh, Image.Transform.AFFINE, turn, method)
        mask = alpha.transform(size_wh, Image.Transform.AFFINE, turn, method)
        frame.paste(self._blurred(head, step, shutter_share), box[:2], mask)

    def _level(self, scale: float) -> tuple[float, Image.Image, Image.Image]:
        return next(
            (level for level in reversed(self._levels) if level[0] >= scale), self._levels[0]
        )

    def _blurred(self, head: Image.Image, step: int, shutter_share: float) -> Image.Image:
        chin = self._walker.walk.chin_xy
        before = max(step - 1, 0)
        moved = np.abs(chin[before + 1] - chin[before]) * shutter_share / 2
        focus = self._walker.look.blur_px
        radii = (math.hypot(focus, float(moved[0])), math.hypot(focus, float(moved[1])))
        if max(radii) < _BLUR_FROM_PX:
            return head
        return head.filter(ImageFilter.BoxBlur(radii))


def draw_occluder(frame: Image.Image, occluder: Occluder, step: int) -> None:
    """Draw an umbrella or a pole into a frame.

    Args:
        frame: RGB picture, changed in place.
        occluder: What to draw.
        step: Which of the occluder's frames, from 0.
    """
    left, top, right, bottom = (float(side) for side in occluder.boxes_xyxy[step])
    brush = ImageDraw.Draw(frame)
    if not occluder.is_umbrella:
        brush.rectangle((left, top, right, bottom), fill=_POLE)
        bright = tuple(value + 24 for value in _POLE)
        brush.rectangle(
            (left + 0.3 * (right - left), top, left + 0.5 * (right - left), bottom), fill=bright
        )
        return
    inset = (1.0 - COAT_SHARE) / 2 * (right - left)
    brush.rounded_rectangle(
        (left + inset, bottom - 2, right - inset, frame.height + 200), 0.8 * inset, fill=_COAT
    )
    brush.pieslice((left, top, right, 2 * bottom - top), 180, 360, fill=_UMBRELLA)
    for share in (0.3, 0.5, 0.7):
        rib = left + share * (right - left)
        brush.line(((left + right) / 2, top, rib, bottom), fill=(52, 54, 62), width=2)


def _touched_box(
    frame: Image.Image, corner: tuple[float, float], size_wh: tuple[float, float]
) -> tuple[int, int, int, int] | None:
    left, top = max(0, math.floor(corner[0])), max(0, math.floor(corner[1]))
    right = min(frame.width, math.ceil(corner[0] + size_wh[0]))
    bottom = min(frame.height, math.ceil(corner[1] + size_wh[1]))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _inner_box(
    frame: Image.Image, corner: tuple[float, float], size_wh: tuple[float, float]
) -> tuple[int, int, int, int] | None:
    left, top = max(0, math.ceil(corner[0])), max(0, math.ceil(corner[1]))
    right = min(frame.width, math.floor(corner[0] + size_wh[0]))
    bottom = min(frame.height, math.floor(corner[1] + size_wh[1]))
    return (left, top, right, bottom) if left < right and top < bottom else None
