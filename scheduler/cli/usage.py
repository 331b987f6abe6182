"""What the command line parser says, in the program's words: wrong usage, and help in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipelines.messages import say

Say = Callable[[re.Match[str]], str]
RULES: tuple[tuple[re.Pattern[str], Say], ...] = (
    (re.compile(r"Missing argument '(.+?)'"), lambda m: say("{name} is missing", name=m[1])),
    (re.compile(r"Missing option '(.+?)'"), lambda m: say("{name} is missing", name=m[1])),
    (re.compile(r"Missing command"), lambda _: say("a command is missing")),
    (re.compile(r"No such command '(.*)'"), lambda m: say("there is no command {name}", name=m[1])),
    (re.compile(r"No such option: (\S+)"), lambda m: say("there is no option {name}", name=m[1])),
    (
        re.compile(r"No such option: (\S+) \((?:Possible options|Did you mean):? (.+?)\)?\??"),
        lambda m: say("there is no option {name}; there is {known}", name=m[1], known=m[2]),
    ),
    (re.compile(r"Option '(.+?)' requires an argument"), lambda m: say("{name} needs a value", name=m[1])),
    (re.compile(r"Got unexpected extra arguments? \((.+)\)"), lambda m: say("{text} is too much", text=m[1])),
    (re.compile(r"Input should be greater than or equal to (\S+)"), lambda m: say("at least {number}", number=m[1])),
    (re.compile(r"Input should be less than or equal to (\S+)"), lambda m: say("at most {number}", number=m[1])),
    (re.compile(r"Input should be a valid integer.*"), lambda _: say("a whole number is needed")),
    (re.compile(r"'(.*)' is not one of (.+)"), lambda m: say("{name} is none of {known}", name=m[1], known=m[2])),
)  # fmt: skip
"""The parser's messages, whole, and how we say them."""
NAMED = re.compile(r"Invalid value for (.+?): (.+)", re.DOTALL)


def usage_error(message: str) -> str:
    """A message of the parser in one line of our words; one that is not known stays."""
    text = " ".join(message.removeprefix("Invalid value: ").replace("Value error, ", "").split()).rstrip(".")
    if named := NAMED.fullmatch(text):
        return say("{name}: {text}", name=named[1].replace("'", ""), text=usage_error(named[2]))
    for pattern, words in RULES:
        if found := pattern.fullmatch(text):
            return words(found)
    return text


HELP = {
    "Show this message and exit.": "显示此帮助后退出。",
    "Install completion for the current shell.": "为当前 shell 安装补全。",
    "Show completion for the current shell, to copy it or customize the installation.": "显示当前 shell 的补全脚本。",
}
"""Help texts that come with the parser."""
