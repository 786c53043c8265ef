#!/usr/bin/env python3
"""A second reader of segments, written from ArchiveFormat.md alone: prints a segment's records, one a line.

reader.py SEGMENT KEY [KEY]: the key file of the auditor, or those of two officers. Needs python3-cryptography and
libzstd. Integers are decimal, addresses and octet strings hexadecimal ("-" for none), in the order of the kind.
"""
import base64
import ctypes
import ctypes.util
import hashlib
import hmac
import struct
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

COMMON = [14, 15, 16, 17, 18, 19, 23]
TRANSLATION = [4, 5, 7, 1, 2, 3, 6, 8, 9, 12, 13] + COMMON
SESSION = [12, 1, 2, 3, 8, 13] + COMMON
KINDS = {
    1: TRANSLATION,
    2: TRANSLATION + [10, 11],
    3: [8, 1, 2, 3, 12, 13] + COMMON,
    4: SESSION,
    5: SESSION + [20, 21, 22],
    6: [1, 2, 3, 13] + COMMON + [24],
}
ADDRESSES, TEXTS, SIGNED = {4, 8, 10}, {13, 14, 15, 22, 23, 24}, {1, 2, 3, 18}
BASES = {2: 1, 3: 2, 6: 5}


def check(condition, what):
    if not condition:
        raise SystemExit("refused: " + what)


def extract(salt, key):
    return hmac.new(salt or bytes(32), key, hashlib.sha256).digest()


def expand(key, info, length):
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def hpke_open(private, encapsulated, info, additional, ciphertext):
    """RFC 9180 section 5.1.1 and 6.1: base mode, one message."""
    def labelled_extract(suite, salt, label, key):
        return extract(salt, b"HPKE-v1" + suite + label + key)

    def labelled_expand(suite, key, label, info, length):
        return expand(key, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)

    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    raw = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    secret = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    shared = labelled_expand(
        kem, labelled_extract(kem, b"", b"eae_prk", secret), b"shared_secret", encapsulated + raw, 32)
    context = b"\x00" + labelled_extract(suite, b"", b"psk_id_hash", b"") + labelled_extract(
        suite, b"", b"info_hash", info)
    secret = labelled_extract(suite, shared, b"secret", b"")
    key = labelled_expand(suite, secret, b"key", context, 32)
    nonce = labelled_expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, additional)


class Octets:
    def __init__(self, octets):
        self.octets, self.place = octets, 0

    def take(self, count):
        check(self.place + count <= len(self.octets), "truncated")
        self.place += count
        return self.octets[self.place - count:self.place]

    def number(self, count):
        return int.from_bytes(self.take(count), "little")

    def text(self):
        return self.take(self.number(1))

    def finish(self):
        check(self.place == len(self.octets), "octets left over")


def read_key(path):
    lines = open(path, encoding="utf-8").read().split("\n")
    check(lines[0] == "-----BEGIN SOCLE PRIVATE KEY-----", "not a private key")
    checked = "SOCLE PRIVATE KEY\n" + "".join(line + "\n" for line in lines[1:6])
    check(lines[6] == "check: " + hashlib.sha256(checked.encode()).hexdigest()[:16], "checksum of the key file")
    values = dict(line.split(": ", 1) for line in lines[1:6])
    return values, X25519PrivateKey.from_private_bytes(base64.b64decode(values["x25519"]))


class Segment:
    def __init__(self, octets):
        head = Octets(octets)
        check(head.take(8) == b"SOCLESEG" and head.number(2) == 1, "not a segment")
        length = head.number(4)
        self.head = octets[:length]
        self.id, self.kind, suite = head.take(16), head.number(2), head.number(1)
        check(suite == 1 and self.kind in KINDS, "unknown suite or kind")
        self.period = head.take(16)
        head.take(16)
        self.records, self.blocks, self.pages = head.number(4), head.number(4), head.number(4)
        body, self.commitment = head.number(8), head.take(32)
        self.recordclass, self.tenant, _, _ = head.text(), head.text(), head.text(), head.text()
        self.wrapped = []
        for _ in range(head.number(1)):
            role, pair, _, name, _ = head.number(1), head.number(1), head.number(4), head.take(8), head.text()
            self.wrapped.append((role, pair, name, head.take(32), head.take(48)))
        check(head.place == length, "length of the header")
        self.parts = []
        count = self.blocks + self.pages + 1
        place = length + count * 36
        for _ in range(count):
            size, digest = head.number(4), head.take(32)
            part = octets[place:place + size]
            check(hashlib.sha256(part).digest() == digest, "hash of part %d" % len(self.parts))
            self.parts.append(part)
            place += size
        check(place == len(octets) and sum(map(len, self.parts)) == body, "length of the segment")

    def shares(self, values, private):
        found = {}
        for role, pair, name, encapsulated, ciphertext in self.wrapped:
            if name.hex() != values["id"]:
                continue
            info = b"socle-segment-1 key\n" + self.id + struct.pack("<H", self.kind) + self.period
            for text in (self.recordclass, self.tenant):
                info += bytes([len(text)]) + text
            info += bytes([role, pair])
            found[pair] = hpke_open(private, encapsulated, info, self.commitment, ciphertext)
        return found

    def unlock(self, keys):
        shares = [self.shares(*key) for key in keys]
        if len(shares) == 1:
            check(0 in shares[0], "one officer alone opens nothing")
            key = shares[0][0]
        else:
            common = set(shares[0]) & set(shares[1])
            check(len(common) == 1 and 0 not in common, "these two make no pair")
            pair = common.pop()
            key = bytes(a ^ b for a, b in zip(shares[0][pair], shares[1][pair]))
        secret = extract(self.id, key)
        check(expand(secret, b"socle-segment-1 commitment", 32) == self.commitment, "not the key of this segment")
        self.key = AESGCM(expand(secret, b"socle-segment-1 parts", 32))

    def open(self, number, kind):
        additional = b"socle-segment-1 part\n" + hashlib.sha256(self.head).digest() + bytes([kind])
        nonce = bytes(4) + struct.pack("<Q", number)
        return expand_frame(self.key.decrypt(nonce, self.parts[number], additional + struct.pack("<I", number)))

    def dictionary(self, entries):
        addresses = []
        for page in range(self.pages):
            octets = self.open(self.blocks + page, 2)
            count = min(4096, entries - page * 4096)
            check(len(octets) == 16 * count, "length of a page")
            addresses += [bytes(octets[plane * count + n] for plane in range(16)) for n in range(count)]
        return addresses

    def rows(self):
        index = Octets(self.open(self.blocks + self.pages, 3))
        check(index.number(4) == self.blocks, "count of blocks")
        addresses = self.dictionary(index.number(4))
        for number in range(self.blocks):
            count = index.number(4)
            index.take(54)
            block = Octets(self.open(number, 1))
            columns = {}
            for field in KINDS[self.kind]:
                column = Octets(block.take(block.number(4)))
                columns[field] = decode(column, field, count, addresses, columns)
                column.finish()
            block.finish()
            for row in range(count):
                yield [show(field, columns[field][row]) for field in KINDS[self.kind]]
        index.finish()


def expand_frame(frame):
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    size = zstd.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
    check(size <= 1 << 26, "size of a frame")
    room = ctypes.create_string_buffer(size or 1)
    written = zstd.ZSTD_decompress(room, ctypes.c_size_t(size), frame, ctypes.c_size_t(len(frame)))
    check(written == size, "a frame that does not expand")
    return room.raw[:size]


def planes(column, count):
    width = column.number(1)
    octets = column.take(width * count)
    return [sum(octets[plane * count + n] << 8 * plane for plane in range(width)) for n in range(count)]


def decode(column, field, count, addresses, before):
    encoding = column.number(1)
    if field in ADDRESSES:
        if encoding == 6:
            return [addresses[n] for n in planes(column, count)]
        check(encoding == 4, "encoding of an address")
        mask, first = column.number(2), column.take(16)
        values = [bytearray(first) for _ in range(count)]
        for place in range(16):
            if mask >> place & 1:
                for value, octet in zip(values, column.take(count)):
                    value[place] = octet
        return values
    if field in TEXTS:
        check(encoding == 5, "encoding of an octet string")
        entries = [column.take(column.number(2)) for _ in range(column.number(4))]
        return [entries[n] for n in planes(column, count)]
    if encoding == 0:
        values = [column.number(8)] * count
    elif encoding == 1:
        base = column.number(8)
        values = [base + plane for plane in planes(column, count)]
    elif encoding == 2:
        value, values = column.number(8), []
        for zigzag in planes(column, count):
            value += zigzag // 2 if zigzag % 2 == 0 else -(zigzag + 1) // 2
            values.append(value)
    else:
        check(encoding == 3, "encoding of an integer")
        entries = [column.number(8) for _ in range(column.number(4))]
        values = [entries[n] for n in planes(column, count)]
    if field in BASES:
        values = [value + base for value, base in zip(values, before[BASES[field]])]
    return [value % 2**64 for value in values]


def show(field, value):
    if field in ADDRESSES or field in TEXTS:
        return bytes(value).hex() or "-"
    return str(value - 2**64 if field in SIGNED and value >= 2**63 else value)


def main():
    segment = Segment(open(sys.argv[1], "rb").read())
    segment.unlock([read_key(path) for path in sys.argv[2:]])
    count = 0
    for row in segment.rows():
        print(" ".join(row))
        count += 1
    check(count == segment.records, "count of records")


main()
