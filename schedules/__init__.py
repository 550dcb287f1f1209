"""Time knocks. One file = one RQ job or one periodic task."""
