"""Error pages, challenges and log-ins are told from reports; reports never from reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extraction.page import read_page
from pipelines.extraction.softerror import classify

URL = "http://www.yl.gov.cn/art/2024/3/1/art_1_1234.html"
KINDS = {"soft_404", "blocked", "error_page", "login_page"}
SHARED = Path(__file__).parents[3].parent / "shared" / "data"
MENU = "<ul>" + "".join(f"<li><a href=/{i}/>栏目{i}</a></li>" for i in range(30)) + "</ul>"


def kinds(page: str) -> set[str]:
    return KINDS & set(read_page(page.encode(), url=URL).flags)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ('<script>document.cookie="__jsl_clearance_s=1";location.href=location.pathname</script>', "blocked"),
        ("<html><head><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head><body></body></html>", "blocked"),
        ('<script>window.location="/WZWSREL3NqLw==?wzwschallenge=abc"</script>', "blocked"),
        ("<script>var arg1='AB';function setCookie(n,v){} // acw_sc__v2</script>", "blocked"),
        ("<title>Just a moment...</title>Enable JavaScript and cookies to continue", "blocked"),
        ('<script>document.cookie="t="+a+";path=/";window.location.reload();</script>', "blocked"),
        ("<title>访问提示</title><p>您的访问过于频繁，请完成安全验证后继续。</p>", "blocked"),
        ("<title>页面不存在</title><p>对不起，您访问的页面不存在或已被删除！</p><p>5秒后自动返回首页</p>", "soft_404"),
        (f"<title>云岭市人民政府</title>{MENU}<div>很抱歉，您要查看的信息不存在或已被删除。</div>", "soft_404"),
        ("<title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx", "soft_404"),
        ("该信息已删除", "soft_404"),
        ("<title>Page not found | Department</title><p>We can’t find the page you are looking for.</p>", "soft_404"),
        ("<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>", "error_page"),
        ("<title>系统维护中</title><p>网站正在升级维护，请稍后访问。</p>", "error_page"),
        ("<title>HTTP Status 500 – Internal Server Error</title><p>java.lang.NullPointerException</p>", "error_page"),
        ('{"msg":"系统错误","code":1000}', "error_page"),
        ("<title>用户登录</title><form><input name=u><input type='password' name=p></form>", "login_page"),
        (
            "<title>云岭市公安局门户网站</title>"
            + "".join(f"<p><a href=/{i}.html>做好第{i}号工作的动态</a></p>" for i in range(60)),
            "soft_404",
        ),
    ],
)
def test_no_report(page: str, kind: str) -> None:
    assert kinds(page) == {kind}


@pytest.mark.parametrize(
    "page",
    [
        "<title>关于网站系统维护的公告</title><h1>关于网站系统维护的公告</h1>"
        "<p>因系统升级维护，本网站将于3月2日22时至24时暂停服务。</p>",
        "<title>停电通知</title><h1>停电通知</h1><div>2024-03-01</div><p>明日全天停电。</p>",
        "<title>我市500强企业达4家</title><h1>我市500强企业达4家</h1><p>日前发布的榜单显示，我市4家企业入围500强。</p>",
        "<title>登录方式调整公告</title><form><input type=password></form><h1>登录方式调整公告</h1>"
        "<p>自4月1日起统一使用省账号登录。</p>",
        "<title>年报</title><h1>年报</h1><p><a href=/a.pdf>2023年年报.pdf</a></p>",
    ],
)
def test_a_report(page: str) -> None:
    assert kinds(page) == set()


def test_the_status_alone_is_enough() -> None:
    text = "很长的正文，" * 100
    for status, kind in ((404, "soft_404"), (521, "blocked"), (503, "error_page")):
        verdict = classify(title="报告", lines=[text], body=text, status=status)
        assert verdict is not None
        assert verdict.kind == kind
    assert classify(title="报告", lines=[text], body=text, status=200) is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="no real pages beside the project (../shared/data)")
def test_no_real_page_is_called_an_error() -> None:
    files = [*SHARED.glob("pages/*.html"), *SHARED.glob("lists/*.html"), *SHARED.glob("english/*.html")]
    assert {f.name: KINDS & set(read_page(f.read_bytes(), url=URL).flags) for f in files} == {
        f.name: set() for f in files
    }
