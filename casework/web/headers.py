"""Security headers, on every answer."""

from flask import Response, request

from casework.web.access import instance

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        # A page that follows a long work, or asks for a passkey's challenge, asks its own server.
        "connect-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS = ", ".join(
    (
        "camera=()",
        "geolocation=()",
        "microphone=()",
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    )
)


def harden(response: Response) -> Response:
    """No inline script, no frame, no referrer, nothing kept by the browser."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)  # a file shown has a stricter one
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = PERMISSIONS
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    if not instance().local_http:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
