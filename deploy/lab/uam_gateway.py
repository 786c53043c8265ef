#!/usr/bin/env python3
"""A gateway of the UAM kind, for want of CoovaChilli in Debian: sends what CoovaChilli 1.9 sends and does what it does.

usage: uam_gateway.py PORTAL-URL UAM-SECRET RADIUS-SECRET   (by `lab start DIR uam gateway ...`)

A visitor who is not logged in is redirected to PORTAL-URL with the gateway's parameters and a challenge; /logon takes the
answer, asks the RADIUS server with radclient (a client nobody here wrote) and lets the visitor through nftables; /logoff
or a Disconnect-Request ends the session. The conversation with the RADIUS server goes to standard output."""
import hashlib
import html
import http.server
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
import urllib.parse

PORTAL, UAM_SECRET, RADIUS_SECRET = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
PLACES = dict(re.findall(r"^(\w+)=(\S+)$", open(HERE + "/addresses").read(), re.M))
PORT = 3990
visitors = {}  # by address: challenge, session, user, attributes of the Access-Accept

RULES = """
table ip uam {
    set open { type ipv4_addr; }
    chain captive { type nat hook prerouting priority dstnat; iifname "lan0" ip saddr != @open tcp dport 80 redirect to :%d; }
    chain passing {
        type filter hook forward priority filter; policy accept;
        ip saddr @open accept
        iifname "lan0" ip daddr %s tcp dport { 8080, 8443 } accept
        iifname "lan0" meta l4proto tcp reject with tcp reset
    }
}
""" % (PORT, PLACES["server_address"])


def nft(commands):
    subprocess.run(["nft", "-f", "-"], input=commands, text=True, check=True)


def radius(kind, port, attributes):
    """One exchange: (code of the reply or None, its attributes)."""
    request = "".join("%s = %s\n" % pair for pair in attributes)
    command = ["radclient", "-x", "-r", "2", "-t", "2", "%s:%d" % (PLACES["server_address"], port), kind, RADIUS_SECRET]
    output = subprocess.run(command, input=request, text=True, capture_output=True).stdout
    print(output, flush=True)
    reply = output.partition("Received ")[2]
    # Of an attribute that comes twice, the first counts, as for CoovaChilli.
    return (reply.split()[0] if reply else None), dict(reversed(re.findall(r"^\t([\w-]+) = (.*)$", reply, re.M)))


def identity(address, visitor):
    return [("User-Name", '"%s"' % visitor["user"]), ("NAS-IP-Address", PLACES["gateway_address"]),
            ("NAS-Identifier", '"uam"'), ("NAS-Port-Type", "Wireless-802.11"), ("NAS-Port", "1"),
            ("Framed-IP-Address", address), ("Calling-Station-Id", '"%s"' % device().replace(":", "-").upper()),
            ("Called-Station-Id", '"02-00-5E-00-53-FE"'), ("Acct-Session-Id", '"%s"' % visitor["session"])]


def device():
    return PLACES["client_mac"]


def account(status, address, visitor, *more):
    echoed = [("Class", visitor["accept"]["Class"])] if "Class" in visitor["accept"] else []
    radius("acct", 1813, [("Acct-Status-Type", status), *identity(address, visitor), *echoed, *more])


class Gateway(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path, query = urllib.parse.urlsplit(self.path)[2:4]
        address, fields = self.client_address[0], dict(urllib.parse.parse_qsl(query))
        if self.headers.get("Host") != "%s:%d" % (PLACES["gateway_lan"], PORT):
            return self.to_portal("notyet", address, userurl="http://%s%s" % (self.headers.get("Host"), self.path))
        if path == "/logon":
            return self.logon(address, fields)
        if path == "/logoff":
            return self.logoff(address)
        return self.to_portal("notyet", address)

    def to_portal(self, outcome, address, **more):
        """What CoovaChilli's redirection carries, in its order; `md` signs all that is before it."""
        visitor = visitors.setdefault(address, {"session": secrets.token_hex(8), "accept": {}})
        fields = {"res": outcome, "uamip": PLACES["gateway_lan"], "uamport": PORT}
        if outcome in ("notyet", "failed", "logoff"):
            # Kept until a login has used it: a browser asks for more than the page that its user looks at.
            visitor.setdefault("challenge", secrets.token_bytes(16))
            fields["challenge"] = visitor["challenge"].hex()
        fields |= {"called": "02-00-5E-00-53-FE", "mac": device().replace(":", "-").upper(), "ip": address,
                   "nasid": "uam", "sessionid": visitor["session"], **more}
        url = PORTAL + "?" + urllib.parse.urlencode(fields, quote_via=urllib.parse.quote)
        url += "&md=" + hashlib.md5((url + UAM_SECRET).encode()).hexdigest().upper()
        self.send_response(302)
        self.send_header("Location", url)
        self.end_headers()
        self.wfile.write(b'<a href="%s">login</a>' % html.escape(url).encode())

    def logon(self, address, fields):
        visitor = visitors.get(address)
        if visitor is None or "challenge" not in visitor or "username" not in fields:
            return self.to_portal("notyet", address)
        challenge = hashlib.md5(visitor.pop("challenge") + UAM_SECRET.encode()).digest()
        visitor["user"] = fields["username"]
        if "response" in fields:
            proof = [("CHAP-Password", "0x00" + fields["response"]), ("CHAP-Challenge", "0x" + challenge.hex())]
        else:
            hidden = bytes.fromhex(fields.get("password", ""))
            octets = bytes(octet ^ challenge[i % 16] for i, octet in enumerate(hidden)).rstrip(b"\0")
            proof = [("User-Password", '"%s"' % octets.decode(errors="replace"))]
        request = [*identity(address, visitor), *proof, ("Service-Type", "Login-User"), ("Message-Authenticator", "0x00")]
        code, reply = radius("auth", 1812, request)
        if code != "Access-Accept":
            return self.to_portal("failed", address, reply=reply.get("Reply-Message", "").strip('"'))
        visitor["accept"] = reply
        nft("add element ip uam open { %s }" % address)
        account("Start", address, visitor)
        self.to_portal("success", address, uid=visitor["user"], timeleft=reply.get("Session-Timeout", "0"))

    def logoff(self, address):
        close(address, "User-Request")
        self.to_portal("logoff", address)


def close(address, cause):
    visitor = visitors.pop(address, None)
    if visitor and visitor["accept"]:
        nft("delete element ip uam open { %s }" % address)
        account("Stop", address, visitor, ("Acct-Session-Time", "2"), ("Acct-Input-Octets", "20000"),
                ("Acct-Output-Octets", "1000"), ("Acct-Terminate-Cause", cause))


def obey():
    """Disconnect-Requests (RFC 5176): the session is found by User-Name and Acct-Session-Id, as CoovaChilli does."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((PLACES["gateway_address"], 3799))
    while True:
        packet, sender = listener.recvfrom(4096)
        head, authenticator, rest = packet[:4], packet[4:20], packet[20:]
        if packet[0] != 40 or hashlib.md5(head + bytes(16) + rest + RADIUS_SECRET.encode()).digest() != authenticator:
            print("a Disconnect-Request that is none, or not with our secret", flush=True)
            continue
        attributes, offset = {}, 0
        while offset + 2 <= len(rest) and rest[offset + 1] >= 2:
            attributes[rest[offset]] = rest[offset + 2:offset + rest[offset + 1]].decode(errors="replace")
            offset += rest[offset + 1]
        found = [address for address, visitor in visitors.items() if visitor["accept"]
                 and (visitor["user"], visitor["session"]) == (attributes.get(1), attributes.get(44))]
        print("Disconnect-Request for %s: %s" % (attributes.get(44), found), flush=True)
        for address in found:
            close(address, "Admin-Reset")
        cause = b"" if found else bytes([101, 6, 0, 0, 1, 247])  # Error-Cause 503, Session-Context-Not-Found
        reply = bytes([41 if found else 42, packet[1], 0, 20 + len(cause)])
        listener.sendto(reply + hashlib.md5(reply + authenticator + cause + RADIUS_SECRET.encode()).digest() + cause, sender)


nft(RULES)
threading.Thread(target=obey, daemon=True).start()
http.server.ThreadingHTTPServer((PLACES["gateway_lan"], PORT), Gateway).serve_forever()
