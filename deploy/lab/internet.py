#!/usr/bin/env python3
"""The lab's Internet: one web page, whatever the host name. usage: internet.py ADDRESS"""
import http.server
import sys


class Page(http.server.BaseHTTPRequestHandler):
    """Answers the captive-portal probe of phones with 204, `/bytes/N` with N octets and all else with a greeting."""

    def do_GET(self):
        if self.path.startswith("/generate_204"):
            self.send_response(204)
            self.end_headers()
            return
        body = b"<!doctype html><title>Internet</title><h1>INTERNET-OK</h1>"
        if self.path.startswith("/bytes/"):
            body = b"x" * min(int(self.path[7:]), 50_000_000)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        # A page that the browser took from its cache would prove nothing.
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer((sys.argv[1], 80), Page).serve_forever()
