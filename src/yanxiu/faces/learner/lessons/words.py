"""What the player's scripts say, in the reader's language; {…} is filled in the browser."""

from django.utils.translation import gettext as _

__all__ = ["player_words"]


def player_words(*, practice: bool = False, reading: bool = False) -> dict[str, str]:
    """By the codes of study.js and meter.js."""
    return {
        "counting": _("正在计时（练习，不计入学时）") if practice else _("正在计时"),
        "paused": _("已暂停，未计时"),
        "opening": _("播放后开始计时") if not reading else _("正在连接，马上开始计时"),
        "hidden": _("页面在后台，未计时"),
        "stalled": _("网络缓冲中，未计时"),
        "ended": _("本讲已看完"),
        "idle": _("90 秒没有动作，未计时；滚动或点一下页面就继续"),
        "full": _("已满本讲规定的时长"),
        "offline": _("连不上服务器，还没有开始计时；正在重试"),
        "sign_in": _("登录已过期，未计时；请重新登录后再播放"),
        "stopped": _("现在不计时"),
        "queue_offline": _("网络断了，记录已存在本机，联网后自动补传"),
        "queue_sign_in": _("请重新登录：记录留在本机，登录后自动补传"),
        "lost": _("有 {n} 条学习记录没有被采纳：{why}。有疑问可以在“我的学时”里申诉。"),
        "lost_too_late": _("超过 72 小时才上传"),
        "lost_too_fast": _("播放快于本班允许的倍速"),
        "lost_conflict": _("与已上传的记录冲突"),
        "lost_malformed": _("格式不对"),
        "seek": _("您跳过了还没看的部分。这里看的先记下，补看 {at} 以后的部分，才会计入。"),
        "beyond": _("先记下，还没有计入"),
        "rate_cost": _("按 {rate} 倍速看完余下的 {left}，只用 {wall}，也只计 {wall}，少计 {gap}。"),
        "rate_tops": _(
            "按 {rate} 倍速看完余下的 {left}，只用 {wall}，也只计 {wall}；少计的 {gap}，看完全讲后重看可以补满。"
        ),
        "seconds": _("{n} 秒"),
        "minutes": _("{n} 分钟"),
        "rate_yes": _("用 {rate} 倍速"),
        "too_fast": _("本班最高 {rate} 倍速。"),
        "broken": _("视频放不出来。请刷新页面；还不行，请换“流畅”画质或联系班主任。"),
        "ask_title": _("您还在学习吗？"),
        "ask_text": _("请在 {seconds} 秒内点下面的按钮，视频不会停。离开、暂停都不算没答。"),
        "ask_left": _("还有 {seconds} 秒"),
        "missed_title": _("刚才没有点“我在”，已停止计时"),
        "missed_text": _(
            "{at} 以后的学习没有计入，以前的都在。点下面的按钮，从点的那一刻起继续计时；没计入的部分可以重看补回。"
        ),
    }
