#!/usr/bin/python3
"""Packets that scapy makes and breaks, sent to one RADIUS port of this machine; root, for raw sockets.

usage: malformed.py PORT SECRET COUNT

Standard output has one object of JSON: how many requests were authentic (one as IP fragments) and how many of those were
answered; how many were broken, and how many datagrams came back though nothing authentic was out."""
import hashlib
import hmac
import json
import os
import random
import select
import socket
import sys

from scapy.config import conf
from scapy.layers.inet import IP, UDP, fragment
from scapy.layers.radius import Radius, RadiusAttr_Message_Authenticator, RadiusAttr_User_Name, RadiusAttribute
from scapy.packet import Raw, fuzz
from scapy.sendrecv import send
from scapy.supersocket import L3RawSocket

PORT, SECRET, COUNT = int(sys.argv[1]), sys.argv[2].encode(), int(sys.argv[3])
conf.L3socket = L3RawSocket  # the loopback is no link layer that scapy could write to
conf.verb = 0
numbers = random.Random(2865)
random.seed(2865)  # what fuzz() uses

inbox = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
inbox.bind(("127.0.0.1", 0))
source = inbox.getsockname()[1]
ADDRESSED = IP(src="127.0.0.1", dst="127.0.0.1") / UDP(sport=source, dport=PORT)


def replies(wait):
    """How many datagrams come before it is quiet for that long."""
    count = 0
    while select.select([inbox], [], [], wait)[0]:
        inbox.recv(4096)
        count += 1
    return count


def status_server(number):
    """An authentic Status-Server, computed here and not by scapy; padded so that it makes several fragments."""
    filler = [RadiusAttribute(type=33, value=bytes(200))] * 4
    packet = Radius(
        code=12, id=number, authenticator=os.urandom(16),
        attributes=[RadiusAttr_Message_Authenticator(value=bytes(16))] + filler)
    octets = bytearray(bytes(packet))
    octets[22:38] = hmac.new(SECRET, bytes(octets), hashlib.md5).digest()
    return bytes(octets)


def authentic(number, fragmented=False):
    datagram = ADDRESSED / Raw(status_server(number))
    send(fragment(datagram, fragsize=64) if fragmented else datagram)
    return 1 if select.select([inbox], [], [], 5)[0] and inbox.recv(4096)[1] == number else 0


def attributes():
    """Well-formed attributes in numbers and sizes that nobody sends."""
    return [
        RadiusAttribute(type=numbers.randrange(256), value=os.urandom(numbers.choice([0, 1, 15, 16, 17, 200, 253])))
        for _ in range(numbers.randrange(1, 16))
    ]


def signature(length):
    return RadiusAttribute(type=80, value=os.urandom(length))


def broken():
    """One packet that nobody signed, wrong in one of ten ways."""
    name = RadiusAttr_User_Name(value=b"scapy")
    kind = numbers.randrange(10)
    code = numbers.choice([1, 1, 1, 4, 12, 40, 43, 0, 2, 5, 11, 255])
    made = {
        0: lambda: fuzz(Radius(code=1)),
        1: lambda: Radius(code=code, attributes=attributes() + [signature(16)]),
        2: lambda: Radius(code=code, len=numbers.randrange(65536), attributes=attributes() + [signature(16)]),
        3: lambda: Radius(code=code, attributes=[name, RadiusAttribute(type=24, len=numbers.choice([0, 1]), value=b"x"), signature(16)]),
        4: lambda: Radius(code=code, attributes=[name, RadiusAttribute(type=79, len=255, value=b"\x02\x01\x00\x04")]),
        5: lambda: Radius(code=code, attributes=[signature(16), signature(16)]),
        6: lambda: Radius(code=code, attributes=[signature(numbers.choice([0, 15, 17, 200]))]),
        7: lambda: Radius(code=code, attributes=[RadiusAttribute(type=0, value=b"zero"), signature(16)]),
        8: lambda: Radius(code=code, attributes=[RadiusAttribute(type=26, value=os.urandom(numbers.randrange(7))), signature(16)]),
        9: lambda: Radius(code=code, attributes=[RadiusAttribute(type=1, value=b"\x00")] * numbers.randrange(1, 1300) + [signature(16)]),
    }[kind]()
    octets = bytes(made)
    cut = numbers.randrange(len(octets) + 1) if numbers.randrange(4) == 0 else len(octets)
    return octets[: min(cut, 4500)]


told = {"authentic": 2, "answered": authentic(1) + authentic(2, fragmented=True), "broken": 0, "replies": 0}
for index in range(COUNT):
    inbox.sendto(broken(), ("127.0.0.1", PORT))
    told["broken"] += 1
    if index % 50 == 49:
        # Keeps pace, so that no socket's buffer overflows: what it asks is answered behind the others.
        told["replies"] += replies(0)
        told["authentic"] += 1
        told["answered"] += authentic(3 + index // 50 % 250)
told["replies"] += replies(1)
print(json.dumps(told))
