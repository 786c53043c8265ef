#!/usr/bin/env python3
"""Drives Chromium through chromedriver (W3C WebDriver), one step per call; the browser lives on between calls.

usage: browser.py SESSION-FILE STEP [ARGUMENT...]
    start                 opens the browser (chromedriver listens on 127.0.0.1:9515)
    open URL              loads a page
    fill SELECTOR TEXT    types into the field that a CSS selector names
    click SELECTOR        clicks it; when that loads a page, the page has loaded afterwards
    show [FILE.png]       changes nothing; takes a screenshot
    stop                  closes the browser
Every step but `stop` prints the page it ends on as one JSON object: url, title, text, bytes (transferred), seconds (loading).
Exit status 1 and a message when a step failed."""
import base64
import json
import sys
import urllib.error
import urllib.request

DRIVER = "http://127.0.0.1:9515"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's reference, fixed by W3C WebDriver §12.1
# A phone's window; French, because that is what the visitors' browsers ask for.
FLAGS = ["headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-first-run", "window-size=412,915",
         "accept-lang=fr-FR,fr", "disable-background-networking", "disable-component-update", "disable-sync",
         "disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter"]


def call(method, path, body=None):
    """One WebDriver command; ends the program with the driver's own words when it is refused."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(DRIVER + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        # No proxy, whatever the environment says: the driver is on this very machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(opener.open(request, timeout=45))["value"]
    except urllib.error.HTTPError as error:
        sys.exit("browser: " + json.load(error)["value"]["message"].splitlines()[0])
    except OSError as error:
        sys.exit("browser: %s" % error)


def find(session, selector):
    return call("POST", session + "/element", {"using": "css selector", "value": selector})[ELEMENT]


def page(session):
    """What a person would see of the page."""
    script = """const timing = performance.getEntriesByType('navigation')[0] || {};
        return {text: document.body ? document.body.innerText : '', bytes: timing.transferSize || 0,
                seconds: (timing.loadEventEnd || 0) / 1000};"""
    seen = call("POST", session + "/execute/sync", {"script": script, "args": []})
    return {"url": call("GET", session + "/url"), "title": call("GET", session + "/title"), **seen}


def main(file, step, *arguments):
    if step == "start":
        options = {"binary": "/usr/bin/chromium", "args": ["--" + flag for flag in FLAGS]}
        wish = {"acceptInsecureCerts": True, "goog:chromeOptions": options, "timeouts": {"pageLoad": 40000}}
        session = call("POST", "/session", {"capabilities": {"alwaysMatch": wish}})["sessionId"]
        with open(file, "w") as out:
            out.write("/session/" + session)
    with open(file) as saved:
        session = saved.read()
    if step == "open":
        call("POST", session + "/url", {"url": arguments[0]})
    elif step == "fill":
        field = find(session, arguments[0])
        call("POST", "%s/element/%s/clear" % (session, field), {})
        call("POST", "%s/element/%s/value" % (session, field), {"text": arguments[1]})
    elif step == "click":
        call("POST", "%s/element/%s/click" % (session, find(session, arguments[0])), {})
    elif step == "show" and arguments:
        with open(arguments[0], "wb") as out:
            out.write(base64.b64decode(call("GET", session + "/screenshot")))
    elif step == "stop":
        call("DELETE", session)
        return
    elif step not in ("start", "show"):
        sys.exit(__doc__)
    print(json.dumps(page(session)))


if len(sys.argv) < 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
