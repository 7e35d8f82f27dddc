"""Where is the mail of this address, and what must its owner know before they can connect it?

A table of the providers most shops have; the rest is found by the domain itself: who takes its mail, what it
publishes for mail programs, and how everybody names such servers. Only names are looked up here; each is
connected to over TLS, checked, and never given a password unless its certificate is valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

WANTS_ANOTHER = (
    "The sign-in was refused. Your own password may not work here: %(place)s often wants another. %(how)s"
)


@dataclass(frozen=True)
class Servers:
    """Where mail is fetched and handed in, as host:port. Ports 993 and 465 speak TLS from the first byte."""

    imap: str
    smtp: str


@dataclass(frozen=True)
class Provider:
    key: str
    name: str
    servers: Servers
    domains: tuple[str, ...] = ()
    takes_mail: tuple[str, ...] = ()  # how the names of its mail exchangers end
    how: str = ""  # how its owner gets what they sign in with
    files_copies: bool = False  # what is sent lies in the Sent folder without our doing


_GOOGLE = (
    "Turn on 2-step verification in your Google account, then make an app password at "
    "myaccount.google.com/apppasswords and paste its 16 letters here."
)
_MICROSOFT = (
    "Microsoft lets programmes in only where an administrator allows it. For outlook.com addresses, forward "
    "the mail to another mailbox and connect that one; docs/email.md says how."
)
_APPLE = "Make one at account.apple.com under Sign-In and Security, App-Specific Passwords."
_YAHOO = "Make one in your account settings under Security, App passwords."

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "gmail",
        "Gmail",
        Servers("imap.gmail.com:993", "smtp.gmail.com:465"),
        ("gmail.com", "googlemail.com"),
        ("google.com", "googlemail.com"),
        _GOOGLE,
        files_copies=True,
    ),
    Provider(
        "outlook",
        "Outlook",
        Servers("outlook.office365.com:993", "smtp.office365.com:587"),
        ("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "hotmail.de", "hotmail.fr"),
        ("protection.outlook.com", "olc.protection.outlook.com"),
        _MICROSOFT,
        files_copies=True,
    ),
    Provider(
        "icloud",
        "iCloud",
        Servers("imap.mail.me.com:993", "smtp.mail.me.com:587"),
        ("icloud.com", "me.com", "mac.com"),
        ("mail.icloud.com",),
        _APPLE,
    ),
    Provider(
        "yahoo",
        "Yahoo",
        Servers("imap.mail.yahoo.com:993", "smtp.mail.yahoo.com:465"),
        ("yahoo.com", "yahoo.de", "yahoo.fr", "yahoo.es", "yahoo.co.uk", "ymail.com", "rocketmail.com"),
        ("yahoodns.net",),
        _YAHOO,
        files_copies=True,
    ),
    Provider(
        "aol",
        "AOL",
        Servers("imap.aol.com:993", "smtp.aol.com:465"),
        ("aol.com", "aim.com"),
        how=_YAHOO,
        files_copies=True,
    ),
    Provider(
        "fastmail",
        "Fastmail",
        Servers("imap.fastmail.com:993", "smtp.fastmail.com:465"),
        ("fastmail.com", "fastmail.fm"),
        ("messagingengine.com",),
        "Make one at Settings, Privacy and Security, App passwords.",
    ),
    Provider(
        "gmx",
        "GMX",
        Servers("imap.gmx.net:993", "mail.gmx.net:465"),
        ("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com"),
        how="Allow POP3 and IMAP in your mail settings at GMX first.",
    ),
    Provider(
        "web.de",
        "WEB.DE",
        Servers("imap.web.de:993", "smtp.web.de:465"),
        ("web.de",),
        how="Allow POP3 and IMAP in your mail settings at WEB.DE first.",
    ),
    Provider(
        "t-online",
        "Telekom",
        Servers("secureimap.t-online.de:993", "securesmtp.t-online.de:465"),
        ("t-online.de", "magenta.de"),
        how="Make a password for e-mail programmes in the Telekom customer centre.",
    ),
    Provider("ionos", "IONOS", Servers("imap.ionos.com:993", "smtp.ionos.com:465"), (), ("ionos.com",)),
    Provider(
        "ionos-de",
        "IONOS",
        Servers("imap.ionos.de:993", "smtp.ionos.de:465"),
        (),
        ("kundenserver.de", "ionos.de"),
    ),
    Provider("strato", "STRATO", Servers("imap.strato.de:993", "smtp.strato.de:465"), (), ("rzone.de",)),
    Provider("ovh", "OVHcloud", Servers("ssl0.ovh.net:993", "ssl0.ovh.net:465"), (), ("ovh.net",)),
    Provider(
        "infomaniak",
        "Infomaniak",
        Servers("mail.infomaniak.com:993", "mail.infomaniak.com:465"),
        (),
        ("infomaniak.ch",),
    ),
    Provider(
        "mailbox.org",
        "mailbox.org",
        Servers("imap.mailbox.org:993", "smtp.mailbox.org:465"),
        ("mailbox.org",),
        ("mailbox.org",),
    ),
    Provider(
        "posteo",
        "Posteo",
        Servers("posteo.de:993", "posteo.de:465"),
        ("posteo.de", "posteo.net"),
        ("posteo.de",),
    ),
    Provider(
        "orange",
        "Orange",
        Servers("imap.orange.fr:993", "smtp.orange.fr:465"),
        ("orange.fr", "wanadoo.fr"),
    ),
    Provider("free", "Free", Servers("imap.free.fr:993", "smtp.free.fr:465"), ("free.fr",)),
    Provider(
        "zoho",
        "Zoho Mail",
        Servers("imap.zoho.com:993", "smtp.zoho.com:465"),
        ("zoho.com", "zohomail.com"),
        ("zoho.com",),
        "Make one in your Zoho account under Security, App passwords.",
        files_copies=True,
    ),
    Provider(
        "zoho-eu",
        "Zoho Mail",
        Servers("imap.zoho.eu:993", "smtp.zoho.eu:465"),
        ("zohomail.eu",),
        ("zoho.eu",),
        "Make one in your Zoho account under Security, App passwords.",
        files_copies=True,
    ),
)

PUBLISHED = (
    "https://autoconfig.%(domain)s/mail/config-v1.1.xml?emailaddress=%(address)s",
    "https://%(domain)s/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=%(address)s",
)

Ask = Callable[[str], bytes]  # what lies at a web address; empty if nothing does
Exchangers = Callable[[str], list[str]]  # the names of the servers that take mail for a domain


def provider_of(domain: str, exchangers: Exchangers = lambda domain: []) -> Provider | None:
    """By the domain of the address, or by who takes its mail."""
    for provider in PROVIDERS:
        if domain in provider.domains:
            return provider
    names = exchangers(domain)
    for provider in PROVIDERS:
        if any(_ends(name, known) for name in names for known in provider.takes_mail):
            return provider
    return None


def candidates(address: str, provider: Provider | None, ask: Ask) -> Iterator[Servers]:
    """Where the mail of this address may be, likeliest first; asked for one by one, since each costs time."""
    if provider:
        yield provider.servers
        return
    domain = address.rpartition("@")[2]
    for pattern in PUBLISHED:
        if found := published(ask(pattern % {"domain": domain, "address": address})):
            yield found
    for imap, smtp in (("imap", "smtp"), ("mail", "mail")):
        yield Servers(f"{imap}.{domain}:993", f"{smtp}.{domain}:465")
        yield Servers(f"{imap}.{domain}:993", f"{smtp}.{domain}:587")


def published(xml: bytes) -> Servers | None:
    """What a domain tells mail programs about itself; None unless it offers IMAP and SMTP over TLS."""
    reader = _Published()
    try:
        reader.feed(xml[:50_000].decode("utf-8", "replace"))
    except Exception:  # a document of a stranger's server
        return None
    imap, smtp = reader.found.get("imap"), reader.found.get("smtp")
    return Servers(imap, smtp) if imap and smtp else None


class _Published(HTMLParser):
    """Reads the little of it that matters, without what makes XML dangerous."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._kind, self._tag, self._told = "", "", dict[str, str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("incomingserver", "outgoingserver"):
            self._kind, self._told = str(dict(attrs).get("type") or ""), {}
        self._tag = tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._told.setdefault(self._tag, data.strip()[:200])

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("incomingserver", "outgoingserver"):
            return
        host, port = self._told.get("hostname", ""), self._told.get("port", "")
        if host and port.isdecimal() and self._told.get("sockettype", "").upper() in ("SSL", "STARTTLS"):
            self.found.setdefault(self._kind, f"{host.lower()}:{port}")


def _ends(name: str, known: str) -> bool:
    name = name.rstrip(".").lower()
    return name == known or name.endswith(f".{known}")
