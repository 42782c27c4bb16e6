"""Mails made to stop whoever reads them: each is a few lines of code and may be megabytes."""

from collections.abc import Callable

_PERSON = b"From: a@kantor.example\nTo: penghubung@hub.example\nSubject: Surat\n"
_WIDE = 200_000


def _plain(text: str) -> bytes:
    return _PERSON + b"Content-Type: text/plain; charset=utf-8\n\n" + text.encode()


def _bounce(text: str) -> bytes:
    head = b"From: MAILER-DAEMON@kantor.example\nSubject: Undelivered Mail Returned to Sender\n\n"
    return head + text.encode()


def _html(text: str) -> bytes:
    return _PERSON + b"Content-Type: text/html; charset=utf-8\n\n" + text.encode()


def _nested(levels: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(levels))
    return _PERSON + head.encode() + b"Content-Type: text/plain\n\nhalo\n"


def _forwarded(levels: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * levels + _plain("halo")


def _report(levels: int) -> bytes:
    """A bounce that returns a bounce that returns …"""
    inner = _bounce("halo")
    for level in range(levels):
        head = f'From: MAILER-DAEMON@a.example\nContent-Type: multipart/report; boundary="r{level}"\n\n--r{level}\n'
        inner = head.encode() + b"Content-Type: message/rfc822\n\n" + inner + f"\n--r{level}--\n".encode()
    return inner


def _coded(charset: str, content: bytes = b"aGFsbw==\n" * 10_000) -> bytes:
    head = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
    return _PERSON + head.encode() + content


def _header(line: bytes) -> bytes:
    return _PERSON + line + b"\n\nhalo\n"


_REPEATED = {
    "addresses": "a@",
    "quotes": ">",
    "attributions": "Pada ",
    "on": "On a ",
    "dashes": "-",
    "underscores": "_",
    "stars": "*",
    "spaces": " ",
    "tabs and spaces": "\t ",
    "dots": "a.",
    "open brackets": "<a@b.c",
    "square brackets": "[cid:",
    "dates": "1/1/2026 ",
    "times": "10.00 ",
    "until": "sampai ",
    "words of absence": "saya sedang cuti ",
    "thanks": "terima kasih ",
    "mailbox": "mailbox ",
    "letter numbers": "B-1/",
    "numbers": "550 ",
    "status codes": "5.1.1 ",
    "double quotes": '"',
    "colons": "Dari: ",
    "dear": "kepada yth ",
    "urgent": "mendesak ",
    "original message": "-- pesan asli ",
    "email": "email anda ",
    "office": "kantor ",
    "wrote": "menulis ",
    "json": '"notificationType":',
    "angle": "<",
    "user unknown": "user unknown ",
    "to": "to <",
    "newlines and spaces": "\n ",
    "newlines and dashes": "\n--",
    "newlines and quotes": "\n>",
    "newlines and on": "\nPada 2026 ",
    "newlines and from": "\nDari: ",
    "newlines and fields": "\nFinal-Recipient: ",
    "newlines and boundaries": "\n--x\n\n",
    "newlines and addresses": "\n<a@b.example>",
    "empty lines": "\n\n",
    "newlines and received": "\nReceived: ",
    "newlines and history": "\nFrom: a\nSent: b",
}

_BLANK = " " * 3000 + "@\n"

MAILS: dict[str, Callable[[], bytes]] = {
    "parts a thousand deep": lambda: _nested(1000),
    "parts ten thousand deep": lambda: _nested(10_000),
    "ten thousand boundaries": lambda: (
        _PERSON + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\nContent-Type: text/plain\n\nx\n" * 10_000
    ),
    "boundaries that were not announced": lambda: (
        _PERSON + b"Content-Type: multipart/mixed\n\n" + b"".join(b"--%d\nx\n" % number for number in range(30_000))
    ),
    "the same boundary everywhere": lambda: (
        _PERSON + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n" * 100_000
    ),
    "messages in messages": lambda: _forwarded(1000),
    "reports in reports": lambda: _report(500),
    "a header line of five megabytes": lambda: _header(b"X-Long: " + b"x" * 5_000_000),
    "a subject of five megabytes": lambda: _header(b"Subject: " + b"=?utf-8?q?x?= " * 350_000),
    "a header folded a hundred thousand times": lambda: _header(b"References: " + b"<a@b>\n " * 100_000 + b"x"),
    "a hundred thousand headers": lambda: _header(b"X-A: b\n" * 100_000 + b"X-B: c"),
    "a hundred thousand recipients": lambda: _header(b"Cc: " + b"a@b.example, " * 100_000 + b"x"),
    "brackets in an address": lambda: _header(b"From: " + b"(" * 50_000),
    "quotes in an address": lambda: _header(b"From: " + b'"' * 50_000),
    "parameters without end": lambda: _header(b"Content-Type: text/plain; " + b"a=b; " * 100_000),
    "numbered parameters": lambda: _header(
        b"Content-Type: text/plain; " + b"".join(b"name*%d=x; " % n for n in range(20_000))
    ),
    "backslashes in a parameter": lambda: _header(b'Content-Type: text/plain; name="' + b"\\" * 100_000),
    "zero bytes in headers": lambda: b"From: a\0b@kantor.example\nSubject: Su\0rat\n\nhalo\0halo\n",
    "zero bytes in a thread": lambda: _header(b"In-Reply-To: =?utf-8?q?<a=00b@c.example>?="),
    "half characters in a thread": lambda: _header(b"References: =?unicode_escape?q?<a=5Cud800@c.example>?="),
    "half characters in names": lambda: _header(
        b"Cc: =?utf-7?q?+2AA-?= <=?utf-7?q?+2AA-?=@c.example>\nSubject: \xed\xa0\x80"
    ),
    "half characters in a file name": lambda: (
        _PERSON + b"Content-Type: application/pdf; name*=unicode_escape''%5Cud800.pdf\n\nhalo\n"
    ),
    "numbers of tokens": lambda: _header(b"To: " + b"hub+r-zzzzzzz-0123456789abcdef@hub.example, " * 5000),
    "raw bytes in every header": lambda: bytes(range(128, 256)) * 10 + b": x\nFrom: \xff\xfe\nSubject: \x80\n\n\xff",
    "zero bytes only": lambda: b"\0" * 1_000_000,
    "line ends only": lambda: b"\r" * 1_000_000,
    "no end of the headers": lambda: b"a" * 1_000_000,
    "broken base64": lambda: _coded("utf-8", b"=!x" * 300_000),
    "broken quoted-printable": lambda: (
        _PERSON + b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n" + b"=" * 1_000_000
    ),
    "uuencoded nonsense": lambda: (
        _PERSON + b"Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n" + b"M" * 500_000
    ),
    **{
        f"charset {name}": lambda name=name: _coded(name)  # type: ignore[misc]
        for name in (
            "punycode",
            "idna",
            "zlib",
            "bz2",
            "hex",
            "rot13",
            "utf-7",
            "unicode_escape",
            "undefined",
            "x" * 5000,
        )
    },
    "half characters": lambda: (
        _PERSON + b"Content-Type: text/plain; charset=unicode_escape\n\nhalo \\ud800 \\u0000 halo\n"
    ),
    "half characters in utf-7": lambda: _PERSON + b"Content-Type: text/plain; charset=utf-7\n\nhalo +2AA- halo\n",
    "blanks before an address": lambda: _bounce(_BLANK * 60),
    "blanks behind a recipient": lambda: _bounce(f"rcpt to{_BLANK}" * 60),
    "blanks behind an attribution": lambda: _plain(f"Pada 1 Mei menulis menulis menulis{_BLANK}" * 60),
    "blanks before a device": lambda: _plain(_BLANK * 60),
    "blanks behind a quoted sender": lambda: _plain(f"{' ' * 200}<{'a@' * 400}{_BLANK}" * 50),
    "a field name without end": lambda: (
        b"From: MAILER-DAEMON@a.example\nContent-Type: message/delivery-status\n\n"
        b"Final-Recipient: rfc822; a@b.example\nAction: failed\n" + b"a" * 190_000
    ),
    "a field folded without end": lambda: _bounce("Final-Recipient: a@b.example\nAction: failed\n" + " x\n" * 60_000),
    "divs": lambda: _html("<div>" * 100_000 + "halo"),
    "divs that close": lambda: _html("<div>" * 100_000 + "halo" + "</div>" * 100_000),
    "quoted divs": lambda: _html('<div class="gmail_quote">' * 50_000 + "halo"),
    "tables": lambda: _html("<table><tr><td>" * 50_000 + "halo"),
    "unclosed comments": lambda: _html("<!--" * 100_000),
    "unclosed tags": lambda: _html("<a " * 100_000),
    "unclosed declarations": lambda: _html("<![" * 100_000),
    "unclosed instructions": lambda: _html("<?" * 100_000),
    "unclosed scripts": lambda: _html("<script>" * 50_000),
    "ends without beginnings": lambda: _html("</" * 100_000),
    "attributes": lambda: _html("<a " + "b=c " * 100_000 + ">halo</a>"),
    "entities": lambda: _html("&" * 200_000),
    "unclosed addresses": lambda: _html("to <a@b.c" * 20_000),
    "many lines": lambda: _html("\n--\n " * 40_000),
    "numbers of characters": lambda: _html("&#9999999999;" * 50_000),
    "open brackets in html": lambda: _html("<" * 200_000),
    **{
        f"{kind.__name__[1:]} of {name}": lambda kind=kind, piece=piece: kind(  # type: ignore[misc]
            piece * (_WIDE // len(piece))
        )
        for kind in (_plain, _bounce)
        for name, piece in _REPEATED.items()
    },
    **{
        f"header of {name}": lambda piece=piece: (
            b"From: %b\nSubject: %b\nTo: %b\n\nhalo\n"  # type: ignore[misc]
            % (((piece.replace("\n", " ") * (_WIDE // len(piece))).encode(),) * 3)
        )
        for name, piece in _REPEATED.items()
    },
}
