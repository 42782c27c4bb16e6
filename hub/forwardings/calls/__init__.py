"""The sender asks the recipient by phone, WhatsApp or in person: who was reached, and what they said."""
