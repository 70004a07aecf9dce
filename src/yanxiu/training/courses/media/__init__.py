"""Files of lessons: videos, captions, posters, handouts, readings; kept under the digest of their content, served by signed links."""
