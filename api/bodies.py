"""Request bodies of the tracking paths: read and unpacked under one limit, whatever their length says and however they are packed."""

import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

CHUNK = 65_536
TYPES = ("application/json", "text/plain", "")


def read(environ: dict, limit: int) -> bytes:
    """The body, unpacked. Raises 413 as soon as it is known to be longer than `limit`, 415 for a type or packing nobody knows, 400
    for one that is broken."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind not in TYPES and not kind.endswith("+json"):
        raise UnsupportedMediaType(f"The body is {kind}; send application/json or text/plain.")
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit)
    stream = environ["wsgi.input"]
    packed = stream.read(int(length)) if length.isdigit() else stream.read(limit + 1)
    if len(packed) > limit:
        raise _too_large(limit)
    if length.isdigit() and len(packed) < int(length):
        raise BadRequest("The body is shorter than its Content-Length.")
    return _unpacked(packed, environ.get("HTTP_CONTENT_ENCODING", ""), limit)


def _unpacked(packed: bytes, encoding: str, limit: int) -> bytes:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return packed
    if name not in UNPACKERS:
        raise UnsupportedMediaType(f"The body is packed with {name[:40]}; gzip, deflate, br and zstd can be read.")
    parts, size = [], 0
    try:
        for part in UNPACKERS[name](packed):
            parts.append(part)
            size += len(part)
            if size > limit:
                raise _too_large(limit)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as problem:
        raise BadRequest(f"The body is no valid {name}.") from problem
    return b"".join(parts)


def _zlib(window: int) -> Callable[[bytes], Iterator[bytes]]:
    def unpack(packed: bytes) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(window)
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, CHUNK)
            packed = unpacker.unconsumed_tail
        if not unpacker.eof:
            raise EOFError

    return unpack


def _deflate(packed: bytes) -> Iterator[bytes]:
    """HTTP's deflate has zlib's header, though some senders leave it out."""
    has_header = len(packed) > 1 and packed[0] & 15 == 8 and int.from_bytes(packed[:2]) % 31 == 0
    return _zlib(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)(packed)


def _brotli(packed: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    yield unpacker.process(packed, output_buffer_limit=CHUNK)
    while not unpacker.is_finished():
        if unpacker.can_accept_more_data():
            raise EOFError
        yield unpacker.process(b"", output_buffer_limit=CHUNK)


def _zstd(packed: bytes) -> Iterator[bytes]:
    with zstandard.ZstdDecompressor(max_window_size=1 << 23).stream_reader(packed) as reader:
        while part := reader.read(CHUNK):
            yield part


UNPACKERS = {"gzip": _zlib(16 + zlib.MAX_WBITS), "x-gzip": _zlib(16 + zlib.MAX_WBITS), "deflate": _deflate, "br": _brotli, "zstd": _zstd}


def _too_large(limit: int) -> RequestEntityTooLarge:
    return RequestEntityTooLarge(f"The body has more than {limit:,} bytes.")
