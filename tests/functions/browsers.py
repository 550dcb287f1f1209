"""A browser without a screen, for tests of pages: it asks for HTML, keeps cookies, and presses buttons of forms."""

import html
import re

from tests.apps import API_TOKEN, App

HTML = "text/html; charset=utf-8"
ACCEPT = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Browser:
    def __init__(self, app: App) -> None:
        self.http = app.flask.test_client()

    def get(self, path, **headers):
        return self.http.get(path, headers=ACCEPT | headers)

    def post(self, path, headers=None, **form):
        return self.http.post(path, data=form, headers=ACCEPT | (headers or {}))

    def sign_in(self, token=API_TOKEN, **form):
        return self.post("/sign-in", token=token, **form)

    def csrf(self, path="/you"):
        return re.search(r'name="csrf" value="(\w+)"', self.get(path).text)[1]

    def press(self, path, **form):
        return self.post(path, csrf=self.csrf(), **form)

    def cookie(self):
        return self.http.get_cookie("__Host-rung")

    def take(self, cookie):
        """Show this cookie from now on."""
        self.http.set_cookie("__Host-rung", cookie)
        return self


def signed_in(app, token=API_TOKEN):
    browser = Browser(app)
    assert browser.sign_in(token).status_code == 303
    return browser


def text(answer):
    """What a person reads."""
    assert answer.headers["Content-Type"] == HTML
    without = re.sub(r"(?s)<(style|script).*?</\1>", " ", answer.text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without)).split())
