"""列出每个地址：方法、给谁用、需要什么权限。"""

import argparse
import json
from typing import Any

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` for programs."""
    parser.add_argument("--json", action="store_true", help="按 docs/schemas/routes.json 输出 JSON")


def rows() -> list[dict[str, Any]]:
    """One row an address; `/api/beats` is answered before Django and is listed with the rest."""
    from yanxiu.config.urls import ROUTES  # slow import

    beats = {
        "pattern": "/api/beats", "name": "intake:beats", "methods": ["POST"],
        "audience": "learner", "permission": "session token",
    }  # fmt: skip
    declared = [
        {
            "pattern": "/" + route.pattern, "name": f"{face}:{route.name}", "methods": list(route.methods),
            "audience": route.audience, "permission": route.permission,
        }
        for face, routes in ROUTES.items() for route in routes
    ]  # fmt: skip
    known = {str(row["pattern"]) for row in declared}
    return declared if "/api/beats" in known else [*declared, beats]


def run(args: argparse.Namespace) -> int:
    """A route without an audience cannot exist (faces.frame.routes.Route), so the list is complete by construction."""
    listed = sorted(rows(), key=lambda row: str(row["pattern"]))
    if args.json:
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    for row in listed:
        print(f"{','.join(row['methods']):10} {row['pattern']:60} {row['audience']:10} {row['permission']}")
    return 0
