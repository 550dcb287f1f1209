"""Why an alert went the way it went: whom it paged when on what, and why it did not page somebody. Pure."""
