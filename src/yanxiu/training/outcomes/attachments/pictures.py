"""The child process that draws an image anew: `python -m …pictures jpg`, the image on stdin, the new one on stdout.

Nothing of the original's container survives: no place and camera it was taken with, no second file hidden behind it. The
process has little memory and time, and no Django: a bomb breaks only itself.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

__all__ = ["main", "redrawn"]

CPU_SECONDS = 15
ADDRESS_SPACE = 1024 * 1024 * 1024
LONGEST_SIDE = 3_000
MOST_PIXELS = 80_000_000
FORMATS = {"jpg": "JPEG", "png": "PNG"}


def redrawn(kind: str, data: bytes) -> bytes:
    """The same picture, upright, at most `LONGEST_SIDE` pixels long."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(data), formats=[FORMATS[kind]]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError(opened.size)
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = upright.convert("RGB" if kind == "jpg" or upright.mode not in {"RGBA", "LA", "P"} else "RGBA")
    target = io.BytesIO()
    if kind == "jpg":
        plain.save(target, "JPEG", quality=85)
    else:
        plain.save(target, "PNG")
    return target.getvalue()


def main() -> None:
    """Limit, read, draw, answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(redrawn(sys.argv[1], sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
