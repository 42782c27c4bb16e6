"""Mails to receive."""


def letter(subject: str, text: str = "Surat sudah kami terima.\n") -> bytes:
    """What a person writes, as it lies in a mailbox."""
    head = (
        "From: Rina Maheswari <rina@kantor.example>",
        "To: penghubung@hub.example",
        f"Subject: {subject}",
        "Date: Mon, 02 Nov 2026 09:00:00 +0700",
        f"Message-ID: <{subject.replace(' ', '-')}@kantor.example>",
    )
    return "\r\n".join((*head, "", *text.split("\n"))).encode()
