"""Room: what a person's own row says – confirming it, corrections, phone, e-mail – and the password that belongs to it."""
