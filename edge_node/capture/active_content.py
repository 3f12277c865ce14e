"""Active content of a PDF: anything that runs, calls out, carries another file, or hides a bomb.

Runs inside the sandbox, on objects after qpdf has decoded names and object streams, so `/J#53` and scripts packed
into object streams are seen. A renderer's own counter of scripts is not enough: it finds neither launches nor
attachments.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pikepdf

from edge_node.capture.raster import check_size
from edge_node.capture.untrusted import DecodeLimits, Refusal

_DENIED_KEYS = {
    "/JS": "JavaScript",
    "/JavaScript": "JavaScript",
    "/AA": "hành động tự chạy",
    "/XFA": "biểu mẫu XFA",
    "/EF": "tệp đính kèm",
    "/EmbeddedFiles": "tệp đính kèm",
    "/RichMediaContent": "phim, âm thanh",
    "/RichMediaSettings": "phim, âm thanh",
    "/Collection": "tệp đính kèm",
    "/URI": "liên kết ra ngoài",
    "/FFilter": "tệp ở ngoài",
    "/OPI": "tệp ở ngoài",
}
_DENIED_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "lệnh mở chương trình",
    "/URI": "liên kết ra ngoài",
    "/SubmitForm": "gửi biểu mẫu ra ngoài",
    "/ImportData": "nạp dữ liệu từ ngoài",
    "/GoToR": "liên kết ra ngoài",
    "/GoToE": "tệp đính kèm",
    "/Movie": "phim, âm thanh",
    "/Sound": "phim, âm thanh",
    "/Rendition": "phim, âm thanh",
    "/RichMediaExecute": "phim, âm thanh",
    "/GoTo3DView": "mô hình 3D",
    "/Thread": "liên kết ra ngoài",
    "/Hide": "hành động đổi trang",
    "/ResetForm": "hành động đổi trang",
    "/SetOCGState": "hành động đổi trang",
}
_DENIED_SUBTYPES = {
    "/FileAttachment": "tệp đính kèm",
    "/RichMedia": "phim, âm thanh",
    "/Movie": "phim, âm thanh",
    "/Sound": "phim, âm thanh",
    "/Screen": "phim, âm thanh",
    "/3D": "mô hình 3D",
    "/PS": "mã PostScript",
}
_DEPTH_MAX = 60
_NODES_MAX = 2_000_000
_FLATE = ("/FlateDecode", "/Fl")
_SQUEEZING = (*_FLATE, "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL")


def refuse_active_content(pdf: pikepdf.Pdf, limits: DecodeLimits) -> set[str]:
    """Walk every object of the file and return warning words for harmless things worth telling.

    Raises:
        Refusal: `active_content` naming what was found, `too_complex` for nested or oversized streams.
    """
    warnings: set[str] = set()
    _check_open_action(pdf.Root.get("/OpenAction"))
    left_bytes = limits.all_streams_mb << 20
    for holder in _containers(pdf):
        _check_keys(holder)
        if isinstance(holder, pikepdf.Stream):
            if str(holder.get("/Subtype", "")) == "/Image":
                check_size(int(holder.get("/Width", 0)), int(holder.get("/Height", 0)), limits)
            left_bytes -= _decoded_bytes(holder, min(left_bytes, limits.stream_mb << 20))
        if holder.get("/Type") == "/FontDescriptor" and not any(f"/FontFile{n}" in holder for n in ("", 2, 3)):
            warnings.add("font_not_embedded")
    return warnings


def _check_open_action(action: pikepdf.Object | None) -> None:
    """An opening action may only turn to a page."""
    if action is None or isinstance(action, (pikepdf.Array, pikepdf.String, pikepdf.Name)):
        return  # a place in this document, spelled out or by its name
    if not (isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/GoTo"):
        raise Refusal("active_content", "hành động tự chạy")


def _check_keys(holder: pikepdf.Dictionary | pikepdf.Stream) -> None:
    denied = _DENIED_KEYS.keys() & set(holder.keys())
    if denied:
        raise Refusal("active_content", _DENIED_KEYS[min(denied)])
    action, subtype = str(holder.get("/S", "")), str(holder.get("/Subtype", ""))
    if action in _DENIED_ACTIONS:
        raise Refusal("active_content", _DENIED_ACTIONS[action])
    if subtype in _DENIED_SUBTYPES:
        raise Refusal("active_content", _DENIED_SUBTYPES[subtype])
    if holder.get("/Type") == "/EmbeddedFile":
        raise Refusal("active_content", "tệp đính kèm")
    is_elsewhere = isinstance(holder, pikepdf.Stream) and ("/F" in holder or (subtype == "/Form" and "/Ref" in holder))
    if is_elsewhere or holder.get("/Type") in ("/Filespec", "/F"):
        raise Refusal("active_content", "tệp ở ngoài")


def _containers(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary | pikepdf.Stream]:
    """Every dictionary and stream of the file: indirect objects in turn, direct ones inside them by depth."""
    nodes = 0
    for top in pdf.objects:
        waiting = [(top, 0)]
        while waiting:
            node, depth = waiting.pop()
            nodes += 1
            if nodes > _NODES_MAX or depth > _DEPTH_MAX:
                raise Refusal("too_complex", "pdf object nesting")
            if isinstance(node, (pikepdf.Dictionary, pikepdf.Stream)):
                yield node
                children = [value for _, value in node.items()]
            elif isinstance(node, pikepdf.Array):
                children = list(node)
            else:
                continue
            for child in children:
                is_container = isinstance(child, (pikepdf.Dictionary, pikepdf.Array, pikepdf.Stream))
                # Indirect children are visited in their own turn; following them here would never end on a cycle.
                if is_container and not child.is_indirect:
                    waiting.append((child, depth + 1))


def _decoded_bytes(stream: pikepdf.Stream, cap_bytes: int) -> int:
    """Size of a stream after its first decompression, without ever holding more than 64 KiB of it.

    Raises:
        Refusal: `too_complex` beyond the cap, or when one compression is wrapped in another; `encrypted` for a locked stream.
    """
    filters = stream.get("/Filter")
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters or []]
    if "/Crypt" in names:
        raise Refusal("encrypted")
    squeezing = [name for name in names if name in _SQUEEZING]
    if len(names) > 2 or len(squeezing) > 1:
        raise Refusal("too_complex", "stream filters chained")
    if not names or names[-1] not in _FLATE or len(names) > 1 or str(stream.get("/Subtype", "")) == "/Image":
        return 0  # a picture's size follows from its width and height, which were checked
    inflater, rest, total = zlib.decompressobj(), stream.read_raw_bytes(), 0
    while rest and not inflater.eof:
        try:
            total += len(inflater.decompress(rest, 65_536))
        except zlib.error:
            return total
        rest = inflater.unconsumed_tail
        if total > cap_bytes:
            raise Refusal("too_complex", "stream too large")
    return total
