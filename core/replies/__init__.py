"""Replies: what people answer in a text, a call, a chat or a mail, and what they are told back."""
