"""核验：由台账和审计历史重算已冻结的报告，检查两条哈希链，指出每一处不同。"""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from yanxiu.config.wiring import plug_engines
from yanxiu.record.certificates.queries import broken_certificates
from yanxiu.record.reports import signing
from yanxiu.record.reports.queries import (
    Difference,
    Drift,
    Verification,
    drift,
    frozen_reports,
    report_by_id,
    verify_chains,
    verify_report,
)

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Exactly one of what to check."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--report", type=int, metavar="N", help="编号为 N 的报告")
    what.add_argument("--audit", action="store_true", help="只检查审计日志和学时台账的哈希链")
    what.add_argument("--all", action="store_true", help="两条哈希链、所有已冻结的报告和全部证书")
    what.add_argument("--public-key", action="store_true", help="输出本系统的公钥（PEM），供离线核验")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出（docs/schemas/verify.json）")


def run(args: argparse.Namespace) -> int:
    """0 nothing differs, 1 something does, 2 there is no such report."""
    plug_engines()
    if args.public_key:
        sys.stdout.write(signing.public_key_pem().decode())
        return 0
    reports = frozen_reports() if args.all else []
    if args.report is not None:
        report = report_by_id(args.report)
        if report is None:
            print(f"没有编号为 {args.report} 的报告。", file=sys.stderr)
            return 2
        reports = [report]
    chains = tuple(verify_chains())
    found = [(verify_report(report), drift(report)) for report in reports]
    broken = sorted(broken_certificates()) if args.all else []
    ok = not chains and not broken and all(verification.is_sound for verification, _later in found)
    if args.json:
        print(json.dumps(_shape(ok, chains, found) | {"certificates": broken}, ensure_ascii=False, indent=2))
    else:
        _print(chains, found)
        for number in broken:
            print(f"✗ 证书 {number}：记录与签名不符。")
    return 0 if ok else 1


def _difference(each: Difference) -> dict[str, Any]:
    return {"where": each.where, "code": each.code, "message": each.message, "rows": list(each.rows)}


def _shape(ok: bool, chains: Sequence[Difference], found: Sequence[tuple[Verification, list[Drift]]]) -> dict[str, Any]:
    return {
        "ok": ok,
        "key_id": signing.key_id(),
        "chains": [_difference(each) for each in chains],
        "reports": [
            {
                "reference": verification.reference,
                "ok": verification.is_sound,
                "digest": verification.digest,
                "figures": verification.figures,
                "rows": verification.rows,
                "differences": [_difference(each) for each in verification.differences],
                "drift": [
                    {
                        "key": each.key, "label": each.label, "unit": each.unit, "frozen": each.frozen, "now": each.now,
                        "rows_added": each.rows_added, "rows_gone": each.rows_gone,
                    }
                    for each in later
                ],
            }
            for verification, later in found
        ],
    }  # fmt: skip


def _print(chains: Sequence[Difference], found: Sequence[tuple[Verification, list[Drift]]]) -> None:
    for each in chains:
        print(f"✗ {each.message}")
    if not chains:
        print("✓ 审计日志与学时台账的哈希链完整。")
    for verification, later in found:
        for difference in verification.differences:
            print(f"✗ {verification.reference}：{difference.message}")
            for row in difference.rows:
                print(f"    {row}")
        if verification.is_sound:
            print(
                f"✓ {verification.reference}：{verification.figures} 项指标由 {verification.rows} 条记录重算一致，签名有效"
                f"（摘要 {verification.digest[:12]}）。"
            )
        for one in later:
            print(
                f"· {verification.reference}：冻结以后“{one.label}”由 {one.frozen} 变为 {one.now}{one.unit}，报告不变。"
            )
