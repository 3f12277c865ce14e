"""Pictures (JPEG, PNG, TIFF, HEIC) become pages: upright, on white, sRGB, 8 bits, no metadata.

Runs inside the sandbox. A JPEG that already is all that passes unchanged but for its metadata; everything else is
decoded completely and encoded anew, which also proves that it is complete.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pillow_heif

# Pillow loads its plugins at first use, which the sandbox no longer allows; the five of its first round are named here.
from PIL import (  # noqa: F401
    BmpImagePlugin,
    GifImagePlugin,
    ImageCms,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
)
from PIL import Image as PillowImage
from PIL.Image import Image

from edge_node.capture.foreign_tail import refuse_foreign_tail
from edge_node.capture.jpeg_stream import read_jpeg_stream
from edge_node.capture.untrusted import DecodedPage, DecodeLimits, FileKind, PageOrigin, Reason, Refusal

_FORMATS: dict[str, list[str]] = {"jpeg": ["JPEG"], "png": ["PNG"], "tiff": ["TIFF"], "heic": ["HEIF"]}
_QUALITY = 92
_UNKNOWN_DPI = 72
_ORIENTATION = 0x0112


def read_pages(
    content: bytes, kind: FileKind, limits: DecodeLimits, first: int, count: int
) -> tuple[int, list[DecodedPage], set[str]]:
    """Decode up to `count` frames from frame `first`: (frames in the file, pages, warning words).

    Raises:
        Refusal: damaged, image_too_big, too_many_pages, too_complex, mixed_kinds or animated.
    """
    pillow_heif.register_heif_opener()
    PillowImage.MAX_IMAGE_PIXELS = None  # our own limits, checked before any pixel is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings: set[str] = set()
    try:
        with PillowImage.open(io.BytesIO(content), formats=_FORMATS[kind]) as image:
            frames = _frame_count(image, kind, limits)
            pages = []
            for frame in range(first, min(first + count, frames)):
                image.seek(frame)
                check_size(image.width, image.height, limits)
                pages.append(_page(image, content, kind, frame, limits, warnings))
            return frames, pages, warnings
    except (MemoryError, Refusal):
        raise
    except Exception as problem:  # Pillow's plugins raise whatever their format library does
        told = str(problem).lower()
        reason: Reason = "too_complex" if "too large" in told or "decompress" in told else "damaged"
        raise Refusal(reason, type(problem).__name__) from problem


def check_size(width_px: int, height_px: int, limits: DecodeLimits) -> None:
    """Refuse a picture by its declared size, before memory is taken for it.

    Raises:
        Refusal: `image_too_big`.
    """
    if width_px < 1 or height_px < 1:
        raise Refusal("damaged", "picture without area")
    if max(width_px, height_px) > limits.side_px or width_px * height_px > limits.page_megapixels * 1_000_000:
        raise Refusal("image_too_big", f"{width_px}x{height_px}")


def _frame_count(image: Image, kind: FileKind, limits: DecodeLimits) -> int:
    if kind != "tiff":
        # Further frames of a JPEG or HEIC are previews and depth maps of the same shot.
        return 1
    frames = 0
    for frame in _frames(image):
        frames = frame + 1
        if frames > limits.pages:
            raise Refusal("too_many_pages", "tiff")
    image.seek(0)
    return frames


def _frames(image: Image) -> Iterator[int]:
    frame = 0
    while True:
        try:
            image.seek(frame)
        except EOFError:
            return
        yield frame
        frame += 1


def _page(
    image: Image, content: bytes, kind: FileKind, frame: int, limits: DecodeLimits, warnings: set[str]
) -> DecodedPage:
    dpi = _dpi_of(image)
    if kind == "jpeg":
        stream = read_jpeg_stream(content, scans_max=limits.jpeg_scans)
        if stream.tail and refuse_foreign_tail(stream.tail):
            warnings.add("tail_cut_off")
        passes = stream.is_common
        is_upright = image.getexif().get(_ORIENTATION, 1) in (0, 1)
        if passes and is_upright and image.mode in ("L", "RGB") and "icc_profile" not in image.info:
            image.load()
            return make_page(image, stream.clean, "image/jpeg", dpi, frame, "unchanged")
    if image.info.get("transparency") is not None or image.mode in ("LA", "PA", "RGBA", "RGBa", "La"):
        warnings.add("transparency_on_white")
    return encode_page(_to_plain(image, warnings), dpi, frame, "re-encoded")


def _dpi_of(image: Image) -> int:
    try:
        horizontal, vertical = image.info.get("dpi", (0, 0))[:2]
        value = round(float(min(horizontal, vertical)))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return 0
    # 72 is what cameras and programs write when they do not know.
    return value if 30 <= value <= 4800 and value != _UNKNOWN_DPI else 0


def _to_plain(image: Image, warnings: set[str]) -> Image:
    """Return the picture upright in mode 1, L or RGB (sRGB)."""
    profile = image.info.get("icc_profile")
    image.load()
    plain = ImageOps.exif_transpose(image)
    if plain.mode.startswith("I"):
        # 16 bits per sample; 8 are what sRGB pages have.
        plain = plain.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif plain.mode == "F":
        raise Refusal("damaged", "floating point samples are not a scan")
    if profile and plain.mode in ("L", "RGB", "CMYK", "LAB"):
        plain = _through_profile(plain, profile, warnings)
    if plain.mode in ("1", "L", "RGB"):
        return plain
    if plain.mode in ("CMYK", "YCbCr", "HSV"):
        return plain.convert("RGB")
    if plain.mode == "LAB":
        converted = ImageCms.profileToProfile(plain, ImageCms.createProfile("LAB"), _srgb(), outputMode="RGB")
        return converted if converted is not None else plain.convert("RGB")
    layered = plain.convert("RGBA")
    sheet = PillowImage.new("RGB", layered.size, "white")
    sheet.paste(layered, mask=layered.getchannel("A"))
    return sheet


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _through_profile(image: Image, profile: bytes, warnings: set[str]) -> Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _srgb(), outputMode="L" if image.mode == "L" else "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A broken or grey-to-RGB profile changes shades, never what is written; the picture is kept.
        warnings.add("colour_profile_ignored")
        return image
    return converted if converted is not None else image


def encode_page(image: Image, dpi: int, frame: int, origin: PageOrigin) -> DecodedPage:
    """Encode a plain picture (mode 1, L or RGB) as a page: PNG for black and white, JPEG 4:4:4 otherwise."""
    target = io.BytesIO()
    resolution = {"dpi": (dpi, dpi)} if dpi else {}
    if image.mode == "1":
        image.save(target, "PNG", **resolution)
        return make_page(image, target.getvalue(), "image/png", dpi, frame, origin)
    image.info.clear()
    image.save(target, "JPEG", quality=_QUALITY, subsampling=0, **resolution)
    return make_page(image, target.getvalue(), "image/jpeg", dpi, frame, origin)


def make_page(image: Image, content: bytes, media_type: str, dpi: int, frame: int, origin: PageOrigin) -> DecodedPage:
    """A page value for already encoded bytes of this picture."""
    return DecodedPage(
        content=content,
        media_type="image/png" if media_type == "image/png" else "image/jpeg",
        width_px=image.width,
        height_px=image.height,
        dpi=dpi,
        is_colour=image.mode == "RGB",
        source_frame=frame,
        origin=origin,
    )
