#!/usr/bin/python3
"""A gateway whose RADIUS is pyrad's: logs a visitor in, reports the session, obeys what comes.

usage: pyrad_gateway.py SERVER AUTH-PORT ACCT-PORT COA-PORT SECRET NAME PASSWORD

Standard output has a line of JSON for each step. It ends after a Disconnect-Request, when its Stop is answered. Requests
that pyrad cannot verify, and those without the session that is open, are told and not obeyed."""
import io
import json
import sys
import threading

from pyrad.client import Client
from pyrad.dictionary import Dictionary
from pyrad.packet import AccessAccept, AccountingResponse
from pyrad.server import RemoteHost, Server

SERVER, AUTH, ACCT, COA, SECRET, NAME, PASSWORD = sys.argv[1:]
DICTIONARY = """
ATTRIBUTE User-Name 1 string
ATTRIBUTE User-Password 2 string
ATTRIBUTE NAS-IP-Address 4 ipaddr
ATTRIBUTE Framed-IP-Address 8 ipaddr
ATTRIBUTE Reply-Message 18 string
ATTRIBUTE Class 25 octets
ATTRIBUTE Vendor-Specific 26 octets
ATTRIBUTE Session-Timeout 27 integer
ATTRIBUTE Idle-Timeout 28 integer
ATTRIBUTE Calling-Station-Id 31 string
ATTRIBUTE NAS-Identifier 32 string
ATTRIBUTE Acct-Status-Type 40 integer
ATTRIBUTE Acct-Input-Octets 42 integer
ATTRIBUTE Acct-Output-Octets 43 integer
ATTRIBUTE Acct-Session-Id 44 string
ATTRIBUTE Acct-Session-Time 46 integer
ATTRIBUTE Acct-Terminate-Cause 49 integer
ATTRIBUTE Event-Timestamp 55 date
ATTRIBUTE Message-Authenticator 80 octets
ATTRIBUTE Acct-Interim-Interval 85 integer
ATTRIBUTE Error-Cause 101 integer
"""
SESSION = "pyrad-1"
STATION = "02-00-5E-00-53-01"
ended = threading.Event()


def tell(step, **facts):
    print(json.dumps({"step": step, **facts}), flush=True)


def words(packet):
    """The attributes that the dictionary names, by name."""
    return {key: str(value[0]) for key in packet.keys() if isinstance(key, str) for value in [packet[key]]}


class Gateway(Server):
    """What is commanded from outside."""

    def obey(self, packet):
        known = packet.VerifyCoARequest() and "Acct-Session-Id" in packet and packet["Acct-Session-Id"] == [SESSION]
        reply = self.CreateReplyPacket(packet)
        reply.code = packet.code + (1 if known else 2)
        if not known:
            reply["Error-Cause"] = 503
        tell("command", code=packet.code, obeyed=known, **words(packet))
        self.SendReplyPacket(packet.fd, reply)
        return known

    def HandleCoaPacket(self, packet):
        self.obey(packet)

    def HandleDisconnectPacket(self, packet):
        if self.obey(packet):
            ended.set()


def account(client, status, **attributes):
    packet = client.CreateAcctPacket(User_Name=NAME, NAS_IP_Address="127.0.0.1")
    packet["Acct-Status-Type"] = status
    packet["Acct-Session-Id"] = SESSION
    packet["Calling-Station-Id"] = STATION
    for name, value in attributes.items():
        packet[name.replace("_", "-")] = value
    reply = client.SendPacket(packet)
    tell("account", status=status, answered=reply.code == AccountingResponse)


def login(client, password):
    packet = client.CreateAuthPacket(User_Name=NAME, NAS_IP_Address="127.0.0.1")
    packet["User-Password"] = packet.PwCrypt(password)
    packet["Calling-Station-Id"] = STATION
    reply = client.SendPacket(packet)
    tell("login", accepted=reply.code == AccessAccept, **words(reply))
    return reply


dictionary = Dictionary(io.StringIO(DICTIONARY))
client = Client(SERVER, int(AUTH), int(ACCT), secret=SECRET.encode(), dict=dictionary)
client.timeout = 3
gateway = Gateway(dict=dictionary, coaport=int(COA), auth_enabled=False, acct_enabled=False, coa_enabled=True)
gateway._realauthfds = gateway._realacctfds = []  # pyrad 2.1 asks for them though it serves neither
gateway.hosts[SERVER] = RemoteHost(SERVER, SECRET.encode(), "socle")
gateway.BindToAddress("127.0.0.1")
threading.Thread(target=gateway.Run, daemon=True).start()

login(client, PASSWORD + "-wrong")
accept = login(client, PASSWORD)
owner = {"Class": accept["Class"][0]} if "Class" in accept else {}
account(client, 1, **owner)
account(client, 3, Acct_Session_Time=60, Acct_Input_Octets=1000, Acct_Output_Octets=20000, **owner)
if not ended.wait(60):
    sys.exit("nobody ended the session")
account(client, 2, Acct_Session_Time=90, Acct_Input_Octets=1500, Acct_Output_Octets=30000, Acct_Terminate_Cause=6, **owner)
