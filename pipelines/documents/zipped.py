"""Bounded reading of zip containers and of the XML inside them.

Sizes in a zip's directory are claims: every member is unpacked against a limit. A container cut off in transfer has no
directory; its members are then found one after another by their local headers.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any

from lxml import etree

from pipelines.documents.model import Limits
from pipelines.errors import DocumentError, DocumentLimitError, EncryptedDocumentError

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_MAX_RATIO = 1000
_RATIO_FROM = 1 << 22


class Container:
    """A zip file's members by name; `truncated` when the file's end is missing."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self._raw, self._limits = raw, limits
        self._file: zipfile.ZipFile | None = None
        self._offsets: dict[str, tuple[int, int, bool]] = {}
        self.truncated = False
        try:
            self._file = zipfile.ZipFile(io.BytesIO(raw))
            self.names = [zip_name(info) for info in self._file.infolist()[: limits.members]]
            self._infos = dict(zip(self.names, self._file.infolist(), strict=False))
        except (zipfile.BadZipFile, ValueError, struct.error, OSError, NotImplementedError, OverflowError):
            self.truncated = True
            self._scan()
            self.names = list(self._offsets)
            if not self.names:
                raise DocumentError("the container holds nothing that can be read") from None

    def _scan(self) -> None:
        position = self._raw.find(b"PK\x03\x04")
        while position >= 0 and len(self._offsets) < self._limits.members:
            header = self._raw[position : position + _LOCAL.size]
            if len(header) < _LOCAL.size:
                break
            _, _, bits, method, _, _, _, packed, _, name_size, extra_size = _LOCAL.unpack(header)
            start = position + _LOCAL.size + name_size + extra_size
            name = _decode_name(self._raw[position + _LOCAL.size : start - extra_size], bool(bits & 0x800))
            if method in {0, 8} and not bits & 1:
                self._offsets.setdefault(name, (start, packed, method == 8))
            position = self._raw.find(b"PK\x03\x04", max(start, start + packed if not bits & 8 else start))

    @property
    def encrypted(self) -> bool:
        """Whether a member needs a password."""
        return self._file is not None and any(info.flag_bits & 1 for info in self._infos.values())

    def find(self, name: str) -> str | None:
        """The member's own spelling of a name: leading slash and letter case do not count."""
        wanted = name.lstrip("/").lower()
        return next((n for n in self.names if n.lstrip("/").replace("\\", "/").lower() == wanted), None)

    def read(self, name: str) -> bytes | None:
        """A member's bytes; None when there is no such member.

        Raises:
            EncryptedDocumentError: it needs a password.
            DocumentLimitError: it unpacks to more than the limit, or is a bomb by its ratio.
            DocumentError: it is broken.
        """
        found = self.find(name)
        if found is None:
            return None
        if self._file is None:
            return self._salvage(*self._offsets[found])
        info = self._infos[found]
        if info.flag_bits & 1:
            raise EncryptedDocumentError("the file needs a password")
        pieces: list[bytes] = []
        size = 0
        try:
            with self._file.open(info) as stream:
                while piece := stream.read(1 << 20):
                    size += len(piece)
                    self._bound(size, max(info.compress_size, 1))
                    pieces.append(piece)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            if pieces:
                self.truncated = True
                return b"".join(pieces)
            raise DocumentError(f"a part of the container is broken: {type(error).__name__}") from None
        return b"".join(pieces)

    def _bound(self, size: int, packed: int) -> None:
        if size > self._limits.unpacked or (size > _RATIO_FROM and size > packed * _MAX_RATIO):
            raise DocumentLimitError("a part of the container unpacks to more than is read")

    def _salvage(self, start: int, packed: int, deflated: bool) -> bytes:
        data = self._raw[start : start + packed] if packed else self._raw[start:]
        if not deflated:
            return data
        engine = zlib.decompressobj(-15)
        pieces: list[bytes] = []
        size = 0
        try:
            while data and not engine.eof:
                piece = engine.decompress(data, 1 << 20)
                data = engine.unconsumed_tail
                size += len(piece)
                self._bound(size, len(self._raw))
                pieces.append(piece)
        except zlib.error:
            pass
        return b"".join(pieces)

    def xml(self, name: str) -> etree._Element | None:
        """A member parsed as XML; None when it is missing or holds no element."""
        raw = self.read(name)
        return None if raw is None else parse_xml(raw, broken=self.truncated)


def parse_xml(raw: bytes, *, broken: bool = False) -> etree._Element | None:
    """XML without entities, DTD or network; `broken` input is read as far as it goes."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        check_memory(parser.error_log)
        if broken:
            return None
        raise DocumentError(f"a part of the file is no XML: {str(error)[:80]}") from None
    check_memory(parser.error_log)
    return root if isinstance(root, etree._Element) else None


def check_memory(log: Iterable[Any]) -> None:
    """A parser that ran out of memory only notes it.

    Raises:
        DocumentLimitError: it did.
    """
    if any(entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in log):
        raise DocumentLimitError("the file needs more memory than is given to it")


def tag(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute by its name without namespace."""
    value = element.get(name)
    if value is not None:
        return str(value)
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), None)


_HAN = re.compile("[\u4e00-\u9fff]")
_MIXED = re.compile("[A-Za-z][\u4e00-\u9fff]|[\u4e00-\u9fff][A-Za-z]")
_HAN_NAME = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef\u2010-\u2026\x20-\x7e]+")


def zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name: zip names that are not marked UTF-8 are GBK in China, which zipfile reads as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return _decode_name(info.filename.encode("cp437"), False)
    except UnicodeEncodeError:
        return info.filename


def _decode_name(raw: bytes, utf8: bool) -> str:
    return raw.decode("utf-8", "replace") if utf8 else decode_name(raw)


def decode_name(raw: bytes) -> str:
    """A name of unmarked encoding: UTF-8 where it is that, else GBK.

    Some words in GBK are UTF-8 too, of letters from several scripts (目录 reads Ŀ¼): ideographs are more likely.
    """
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return raw.decode("gb18030")
        except UnicodeDecodeError:
            return raw.decode("utf-8", "replace")
    strange = [c for c in name if not c.isascii()]
    scripts = {unicodedata.name(c, "").partition(" ")[0] for c in strange}
    if not strange or _HAN.search(name) or (len(scripts) == 1 and "".join(strange).isalpha()):
        return name
    try:
        other = raw.decode("gbk")
    except UnicodeDecodeError:
        return name
    return other if _HAN_NAME.fullmatch(other) and not _MIXED.search(other) else name
