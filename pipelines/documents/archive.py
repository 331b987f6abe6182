"""Archives are listed, not unpacked: the names of their files, whatever code page they are in."""

from __future__ import annotations

import contextlib
import io
import tarfile
import zlib

from pipelines.documents.flow import Flow, clean
from pipelines.documents.model import DocumentText, Limits
from pipelines.documents.sniff import MEDIA_TYPES
from pipelines.documents.zipped import Container, decode_name
from pipelines.errors import DocumentError, EncryptedDocumentError

_OFFICE = ("[Content_Types].xml", "OFD.xml", "word/", "xl/", "ppt/", "Doc_0/", "META-INF/manifest.xml", "content.xml")
"""Members by which a zip with its directory cut off is still known as a document."""


def read_archive(raw: bytes, kind: str, limits: Limits) -> DocumentText:
    """An archive's member names as `members` and as its text; flag `encrypted` where contents need a password."""
    flags: list[str] = []
    names = _READERS[kind](raw, limits, flags)
    names = [clean(name.replace("\n", " ")) for name in names if name and not name.endswith(("/", "\\"))]
    if any(part == ".." for name in names for part in name.replace("\\", "/").split("/")):
        flags.append("unsafe_names")
    flow = Flow(limits)
    for name in names:
        flow.paragraph(name)
    return flow.finish(MEDIA_TYPES[kind], members=names, flags=[*flags, "archive"])


def _zip(raw: bytes, limits: Limits, flags: list[str]) -> list[str]:
    container = Container(raw, limits)
    if container.truncated:
        if any(name.startswith(_OFFICE) for name in container.names):
            raise DocumentError("the file is cut off: its end is missing")
        flags.append("truncated")
    elif container.encrypted:
        flags.append("encrypted")
    return container.names


def _tar(raw: bytes, limits: Limits, flags: list[str]) -> list[str]:
    names: list[str] = []
    with contextlib.suppress(tarfile.TarError, OSError, ValueError, EOFError):
        with tarfile.open(fileobj=io.BytesIO(raw), mode="r:", encoding="utf-8", errors="surrogateescape") as file:
            for member in file:
                raw_name = member.name.encode("utf-8", "surrogateescape")
                names.append(decode_name(raw_name) + ("/" if member.isdir() else ""))
                if len(names) >= limits.members:
                    break
        return names
    flags.append("truncated")
    return names


def _gzip(raw: bytes, limits: Limits, flags: list[str]) -> list[str]:
    name = ""
    if len(raw) > 10 and raw[3] & 8:
        start = 10 + (2 + int.from_bytes(raw[10:12], "little") if raw[3] & 4 else 0)
        name = decode_name(raw[start : raw.find(b"\0", start)])
    engine = zlib.decompressobj(31)
    try:
        head = engine.decompress(raw, 1 << 20)
    except zlib.error:
        flags.append("truncated")
        return [name] if name else []
    if head[257:262] == b"ustar":
        pieces, size = [head], len(head)
        with contextlib.suppress(zlib.error):
            while engine.unconsumed_tail and size < min(limits.unpacked, 32 << 20):
                piece = engine.decompress(engine.unconsumed_tail, 1 << 20)
                size += len(piece)
                pieces.append(piece)
        return _tar(b"".join(pieces), limits, flags)
    return [name] if name else []


def _rar(raw: bytes, limits: Limits, flags: list[str]) -> list[str]:
    return _rar5(raw, limits, flags) if raw.startswith(b"Rar!\x1a\x07\x01\x00") else _rar4(raw, limits, flags)


def _rar4(raw: bytes, limits: Limits, flags: list[str]) -> list[str]:
    names: list[str] = []
    position = 7
    while position + 7 <= len(raw) and len(names) < limits.members:
        kind, bits = raw[position + 2], int.from_bytes(raw[position + 3 : position + 5], "little")
        size = int.from_bytes(raw[position + 5 : position + 7], "little")
        if size < 7:
            flags.append("truncated")
            break
        if kind == 0x73 and bits & 0x80:
            raise EncryptedDocumentError("the archive's names need a password")
        body = raw[position + 7 : position + size]
        data = int.from_bytes(body[:4], "little") if bits & 0x8000 or kind == 0x74 else 0
        if kind == 0x74 and len(body) >= 25:
            if bits & 4 and "encrypted" not in flags:
                flags.append("encrypted")
            start = 25 + (8 if bits & 0x100 else 0)
            name = body[start : start + int.from_bytes(body[19:21], "little")]
            folder = bits & 0xE0 == 0xE0
            names.append((_rar4_unicode(name) if bits & 0x200 else decode_name(name)) + ("/" if folder else ""))
            if bits & 0x100:
                data += int.from_bytes(body[25:29], "little") << 32
        if kind == 0x7B:
            break
        position += size + data
    else:
        if position > len(raw):
            flags.append("truncated")
    return names


def _rar4_unicode(field: bytes) -> str:
    """A RAR 4 Unicode name: the 8-bit name, a NUL, then high bytes packed two flag bits a character."""
    plain, _, packed = field.partition(b"\0")
    if not packed:
        return decode_name(plain)
    high, position, result = packed[0], 1, []
    flags = count = 0
    while position < len(packed):
        if count == 0:
            flags, count = packed[position], 8
            position += 1
        count -= 2
        way = flags >> count & 3
        rest = packed[position : position + 2]
        if way == 0 and rest:
            result.append(rest[0])
            position += 1
        elif way == 1 and rest:
            result.append(rest[0] | high << 8)
            position += 1
        elif way == 2 and len(rest) == 2:
            result.append(rest[0] | rest[1] << 8)
            position += 2
        elif way == 3 and rest:
            length = rest[0]
            position += 1
            correction = packed[position] if length & 0x80 and position < len(packed) else None
            position += 1 if length & 0x80 else 0
            for _ in range((length & 0x7F) + 2):
                if len(result) >= len(plain):
                    break
                low = plain[len(result)]
                result.append(low if correction is None else (low + correction & 0xFF) | high << 8)
        else:
            break
    return "".join(map(chr, result))


def _rar5(raw: bytes, limits: Limits, flags: list[str]) -> list[str]:
    names: list[str] = []
    position = 8
    while position + 7 < len(raw) and len(names) < limits.members:
        size, start = _vint(raw, position + 4)
        kind, at = _vint(raw, start)
        bits, at = _vint(raw, at)
        extra, at = _vint(raw, at) if bits & 1 else (0, at)
        data, at = _vint(raw, at) if bits & 2 else (0, at)
        if kind == 4:
            raise EncryptedDocumentError("the archive's names need a password")
        if kind == 2:
            file_bits, at = _vint(raw, at)
            for _ in range(2):
                _, at = _vint(raw, at)
            at += (4 if file_bits & 2 else 0) + (4 if file_bits & 4 else 0)
            for _ in range(2):
                _, at = _vint(raw, at)
            length, at = _vint(raw, at)
            names.append(decode_name(raw[at : at + min(length, 4096)]) + ("/" if file_bits & 1 else ""))
            if extra and b"\x01" in raw[start + size - extra : start + size][1:2] and "encrypted" not in flags:
                flags.append("encrypted")
        if kind == 5 or size == 0:
            break
        position = start + size + data
    if position > len(raw):
        flags.append("truncated")
    return names


def _vint(raw: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(raw) and shift < 64:
        byte = raw[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return value, position


def _7z(raw: bytes, limits: Limits, _flags: list[str]) -> list[str]:
    """Names of a 7z archive whose header is stored or packed with LZMA (the usual case)."""
    import lzma

    start = 32 + int.from_bytes(raw[12:20], "little")
    header = raw[start : start + int.from_bytes(raw[20:28], "little")]
    if not header:
        raise DocumentError("the archive's directory is missing")
    if header[0] == 0x17:
        packed = _7z_packed_header(header, raw)
        if packed is None:
            raise EncryptedDocumentError("the archive's names need a password or an unknown packer")
        decoder, data, size = packed
        try:
            header = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[decoder]).decompress(
                data, max_length=min(size, 8 << 20)
            )
        except (lzma.LZMAError, ValueError):
            raise DocumentError("the archive's directory is broken") from None
    return _7z_names(header, limits)


def _7z_number(raw: bytes, position: int) -> tuple[int, int]:
    if position >= len(raw):
        raise DocumentError("the archive's directory is broken")
    first, mask, value, i = raw[position], 0x80, 0, 0
    while mask and first & mask:
        value |= int.from_bytes(raw[position + 1 + i : position + 2 + i], "little") << (8 * i)
        mask >>= 1
        i += 1
    if mask:
        value |= (first & (mask - 1)) << (8 * i)
    return value, position + 1 + i


def _7z_packed_header(header: bytes, raw: bytes) -> tuple[dict[str, int], bytes, int] | None:
    position, pack_start, pack_size, unpacked, decoder = 1, 0, 0, 0, None
    while position < len(header):
        mark = header[position]
        position += 1
        if mark == 6:
            pack_start, position = _7z_number(header, position)
            _, position = _7z_number(header, position)
        elif mark == 9:
            pack_size, position = _7z_number(header, position)
        elif mark == 0x0B:
            _, position = _7z_number(header, position)
            position += 1
            _, position = _7z_number(header, position)
            flag = header[position] if position < len(header) else 0
            codec = header[position + 1 : position + 1 + (flag & 15)]
            position += 1 + (flag & 15)
            size, position = _7z_number(header, position) if flag & 0x20 else (0, position)
            properties = header[position : position + size]
            position += size
            decoder = _lzma_filter(codec, properties)
            if decoder is None:
                return None
        elif mark == 0x0C:
            unpacked, position = _7z_number(header, position)
        elif mark == 0x0A:
            position += 5
        elif mark not in {0, 7}:
            break
    if decoder is None:
        return None
    return decoder, raw[32 + pack_start : 32 + pack_start + pack_size], unpacked


def _lzma_filter(codec: bytes, properties: bytes) -> dict[str, int] | None:
    import lzma

    if codec == b"\x03\x01\x01" and len(properties) == 5 and properties[0] < 225:
        rest, lc = divmod(properties[0], 9)
        pb, lp = divmod(rest, 5)
        size = min(max(int.from_bytes(properties[1:5], "little"), 4096), 64 << 20)
        return {"id": lzma.FILTER_LZMA1, "dict_size": size, "lc": lc, "lp": lp, "pb": pb}
    if codec == b"\x21":
        return {"id": lzma.FILTER_LZMA2, "dict_size": 16 << 20}
    return None


def _7z_names(header: bytes, limits: Limits) -> list[str]:
    """The names block: property 0x11, its size, a zero (not external), then NUL-ended UTF-16 names."""
    position = -1
    while (position := header.find(b"\x11", position + 1)) >= 0:
        size, start = _7z_number(header, position + 1)
        block = header[start : start + size]
        if 3 < size == len(block) and block[0] == 0 and block.endswith(b"\0\0") and size % 2 == 1:
            names = block[1:].decode("utf-16-le", "replace").split("\0")
            if names[-1] == "" and all(name.isprintable() for name in names):
                return [name for name in names if name][: limits.members]
    return []


_READERS = {"zip": _zip, "rar": _rar, "7z": _7z, "gzip": _gzip, "tar": _tar}
