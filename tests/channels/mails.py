"""Mails as they come: plain ones, odd ones, broken ones, and some that are made to break whoever reads them.

Each is bytes, as a server hands them over. `CORPUS` holds them by name; tests of reading, of mutation and of
taking in all use these.
"""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage
from email.policy import SMTP

US = "hello@brand.example"
SAM = "Sam Rivers <sam@people.example>"


def mail(body: str = "Does it whistle?", *, html: str = "", data: bytes = b"", **headers: str) -> bytes:
    """A mail to us; `from_` and `reply_to` become the headers of that name."""
    made = EmailMessage(policy=SMTP)
    given = {
        "From": SAM,
        "To": US,
        "Subject": "The kettle",
        "Date": "Mon, 30 Nov 2026 10:00:00 +0100",
        "Message-ID": "<one@people.example>",
    }
    given |= {
        name.strip("_").replace("_", "-").title().replace("-Id", "-ID"): value
        for name, value in headers.items()
    }
    for name, value in given.items():
        if value:
            made[name] = value
    made.set_content(body)
    if html:
        made.add_alternative(html, subtype="html")
    if data:
        made.add_attachment(data, maintype="application", subtype="pdf", filename="receipt.pdf")
    return made.as_bytes()


def raw(headers: str, body: bytes | str = b"") -> bytes:
    """A mail exactly as written here."""
    body = body if isinstance(body, bytes) else body.encode()
    return headers.strip().replace("\n", "\r\n").encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


HEAD = f"From: {SAM}\nTo: {US}\nSubject: The kettle\nMessage-ID: <%s@people.example>\n"
DATE = "Date: Mon, 30 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"


def head(name: str) -> str:
    return HEAD % name + DATE


def multipart(kind: str, *parts: str, boundary: str = "b1") -> str:
    lines = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f"{lines}--{boundary}--\r\n"


def nested(depth: int) -> bytes:
    inner = "Content-Type: text/plain\r\n\r\nAt the bottom."
    for i in range(depth):
        top = f'Content-Type: multipart/mixed; boundary="n{i}"\r\n\r\n'
        inner = top + multipart("mixed", inner, boundary=f"n{i}")
    return head("nested").strip().replace("\n", "\r\n").encode() + b"\r\n" + inner.encode()


def many_parts(count: int) -> bytes:
    parts = [f"Content-Type: text/plain\r\n\r\nPart {i}" for i in range(count)]
    return raw(head("many") + 'Content-Type: multipart/mixed; boundary="b1"', multipart("mixed", *parts))


REPORT = """\
This is the mail system at host mx.people.example.

<gone@people.example>: host mx.people.example said: 550 5.1.1 No such user here"""


def bounce(original_id: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report, as Postfix writes them."""
    delivery = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.people.example\r\n\r\n"
        f"Final-Recipient: rfc822; gone@people.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} No such user here\r\n"
    )
    headers = f"From: {US}\r\nMessage-ID: <{original_id}>\r\nSubject: Re: x\r\n"
    original = f"Content-Type: text/rfc822-headers\r\n\r\n{headers}"
    text = f"Content-Type: text/plain\r\n\r\n{REPORT}\r\n"
    return raw(
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.people.example (Mail Delivery System)\n"
        f"To: {US}\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        f"Message-ID: <report-{original_id[:20]}@mx.people.example>\n{DATE}"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
        multipart("report", text, delivery, original),
    )


GMAIL_REPLY = """<div dir="ltr">Yes please, the <b>green</b> one.</div><br><div class="gmail_quote">
<div dir="ltr" class="gmail_attr">On Mon, Nov 30, 2026 at 9:00
Dana &lt;hello@brand.example&gt; wrote:<br></div>
<blockquote
 class="gmail_quote" style="margin:0px">We have two colours.</blockquote></div>"""

OUTLOOK_REPLY = """<html><body><div>Ja gern.</div><div id="appendonsend"></div><hr>
<div id="divRplyFwdMsg"><b>Von:</b>
 Dana<br><b>Gesendet:</b> Montag</div><div>Wir haben zwei Farben.</div></body></html>"""

NEWSLETTER = """<html><head><style>.x{color:red}</style><title>News</title></head><body>
<div style="display:none">Open me</div><img src="https://track.example/pixel.gif" width="1" height="1">
<script>alert(1)</script><h1>Big news</h1><p onclick="x()">Our <a href="https://shop.example/new?utm=1">shop</a></p>
<img src="cid:logo" alt="Logo"><a href="javascript:alert(1)">click</a><table background="https://t.example/b.gif">
<tr><td style="background:url(https://t.example/c.gif);color:red">One</td><td>Two</td></tr></table></body></html>"""

CALENDAR = (
    """BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Tasting\r\nEND:VEVENT\r\nEND:VCALENDAR"""
)

CORPUS: dict[str, bytes] = {
    "plain": mail(),
    "html and text": mail("Yes please, the green one.", html=GMAIL_REPLY),
    "html alone": raw(head("html") + "Content-Type: text/html; charset=utf-8", GMAIL_REPLY),
    "outlook": raw(head("outlook") + "Content-Type: text/html; charset=utf-8", OUTLOOK_REPLY),
    "newsletter": raw(head("news") + "List-Id: <news.shop.example>\nContent-Type: text/html", NEWSLETTER),
    "attachment": mail("See the receipt.", data=b"%PDF-1.4 a receipt"),
    "null bytes": raw(head("null") + "Content-Type: text/plain", b"Before\x00after \x00\x00 end"),
    "iso-2022-jp": raw(
        head("jp") + "Content-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: 7bit",
        "やかんは鳴りますか".encode("iso-2022-jp"),
    ),
    "windows-1252": raw(
        head("w1252") + "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit",
        "It’s “lovely” – 5 €".encode("windows-1252"),
    ),
    "wrong charset": raw(
        head("wrong") + "Content-Type: text/plain; charset=us-ascii", "Schön, größer".encode()
    ),
    "unknown charset": raw(
        head("x-unknown") + "Content-Type: text/plain; charset=x-klingon", "Schön".encode()
    ),
    "codec that is none": raw(head("zip") + "Content-Type: text/plain; charset=zip_codec", b"Plain words."),
    "utf-8 subject": mail("Hi", subject="=?utf-8?B?U2Now7ZuZXMgV2Fzc2Vya29jaGVyIOKYlQ==?="),
    "split letter": raw(
        f"From: {SAM}\nTo: {US}\nSubject: =?utf-8?B?U2Now7Y=?= =?utf-8?B?biDi?=\n =?utf-8?B?mJU=?=\n"
        f"Message-ID: <split@people.example>\n{DATE}",
        "Hi",
    ),
    "raw 8 bit subject": raw(
        f"From: {SAM}\nTo: {US}\nMessage-ID: <raw8@people.example>\n{DATE}Subject: Sch\udcf6ner Kessel", "Hi"
    ),
    "broken encoded word": mail("Hi", subject="=?utf-8?B?AAA?= =?x?Q?=ZZ?= =?utf-8?q?ok=3f?="),
    "flowed": raw(
        head("flowed") + "Content-Type: text/plain; format=flowed; delsp=no",
        "A long line that was \r\nbroken by its program \r\nand goes on.\r\n\r\nA new paragraph.\r\n",
    ),
    "bidi": mail("Look at \u202egnp.exe\u202c please", from_="\u202eSam\u202c <sam@people.example>"),
    "calendar": raw(
        head("cal") + 'Content-Type: multipart/mixed; boundary="b1"',
        multipart(
            "mixed",
            "Content-Type: text/plain\r\n\r\nCome to our tasting.",
            f"Content-Type: text/calendar; method=REQUEST\r\n\r\n{CALENDAR}",
        ),
    ),
    "smime": raw(
        head("smime")
        + 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary="b1"',
        multipart(
            "signed",
            "Content-Type: text/plain\r\n\r\nSigned words.",
            "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\nMIIB",
        ),
    ),
    "tnef": raw(
        head("tnef") + 'Content-Type: multipart/mixed; boundary="b1"',
        multipart(
            "mixed",
            "Content-Type: text/plain\r\n\r\nSee attached.",
            "Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + b64encode(b"\x78\x9f\x3e\x22" * 20).decode(),
        ),
    ),
    "forwarded as attachment": raw(
        head("fwd") + 'Content-Type: multipart/mixed; boundary="b1"',
        multipart(
            "mixed",
            "Content-Type: text/plain\r\n\r\nLook what they wrote.",
            "Content-Type: message/rfc822\r\n\r\n" + mail("The inner words.").decode(),
        ),
    ),
    "empty body": raw(head("empty")),
    "no headers": b"Just some words without any header at all\r\n",
    "nothing": b"",
    "no sender": raw(f"To: {US}\nSubject: Who am I?\n{DATE}", "Guess."),
    "no id": raw(f"From: {SAM}\nTo: {US}\nSubject: No id\n{DATE}", "Hello without an id."),
    "huge header": raw(
        head("huge") + "X-Huge: " + "a" * 300_000 + "\nReferences: " + "<a@b> " * 20_000, "Hi"
    ),
    "broken date": mail("Hi", date="Yesterday, 99 Foo 20265 99:99:99 +9999"),
    "date of the far future": mail("Hi", date="Mon, 30 Nov 9999 10:00:00 +0000"),
    "no boundary": raw(head("nobound") + "Content-Type: multipart/mixed", "--x\r\n\r\nWhere do I begin?\r\n"),
    "boundary that never comes": raw(
        head("never") + 'Content-Type: multipart/mixed; boundary="zzz"', "No part ever starts here."
    ),
    "broken base64": raw(
        head("b64") + "Content-Type: text/plain\nContent-Transfer-Encoding: base64",
        "!!!!AAECAwQFBgcICQ==####",
    ),
    "one broken part": raw(
        head("onebroken") + 'Content-Type: multipart/mixed; boundary="b1"',
        multipart(
            "mixed",
            "Content-Type: text/plain\r\n\r\nThis part is fine.",
            'Content-Type: multipart/related; boundary="zzz"\r\n\r\nNothing starts here.',
        ),
    ),
    "nested 30": nested(30),
    "nested 100": nested(100),
    "many parts": many_parts(10_000),
    "bounce": bounce("unknown@brand.example"),
    "uuencoded": raw(
        head("uu") + "Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode",
        "begin 644 a.txt\n#0V%T\n`\nend\n",
    ),
}
