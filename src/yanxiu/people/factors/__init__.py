"""Room: second factors (authenticator app, recovery codes) and passkeys."""
