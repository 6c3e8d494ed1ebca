"""Chat templates as transformers renders them: the reference of ChatTemplateTest.

    python scripts/reference/chat_templates.py > lib/src/test/resources/dev/sparktune/template/chat/references.jsonl
    python scripts/reference/chat_templates.py FILE_OR_DIRECTORY...

A JSON line for each template and conversation: template (the file's name), messages, tools, variables, and text, or
error with its message. Of a tokenizer_config.json (or a directory with one) it takes the chat_template. The clock stands still.
"""
import datetime
import json
import sys
from pathlib import Path

from transformers.utils import chat_template_utils

HERE = Path(__file__).parents[2] / "lib/src/test/resources/dev/sparktune/template/chat"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


class StandingClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 7, 4, 15, 6, 7)


chat_template_utils.datetime = StandingClock

ASK = {"role": "user", "content": " What's «très» good? {{ 7*7 }} <b>&</b> 😀\n"}
SYSTEM = {"role": "system", "content": "Be brief.\n"}
ANSWER = {"role": "assistant", "content": "\n<think>\nhm, \"well\"\n</think>\n\nThe dryer. "}
PLAIN = {"role": "assistant", "content": " Fine. "}
CALL = {"type": "function", "id": "abcdefghi", "function": {"name": "find", "arguments": {"word": "träum'", "n": 2, "deep": {"a": [1.5, None, True]}}}}
TOOL = {
    "type": "function",
    "function": {
        "name": "find",
        "description": "Finds <things> & \"more\" – é",
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}, "n": {"type": "integer"}}, "required": ["word"]},
    },
}
CALLING = {"role": "assistant", "content": "", "tool_calls": [CALL]}
RESULT = {"role": "tool", "name": "find", "tool_call_id": "abcdefghi", "content": "[1, 2]"}
CONVERSATIONS = [
    ([ASK], None, {}),
    ([ASK], None, {"add_generation_prompt": True}),
    ([SYSTEM, ASK, ANSWER, ASK], None, {"add_generation_prompt": True}),
    ([SYSTEM, ASK, ANSWER, ASK, ANSWER], None, {}),
    ([ASK, PLAIN, ASK], None, {"add_generation_prompt": True, "enable_thinking": False}),
    ([ASK, dict(PLAIN, reasoning="because\n")], None, {"enable_thinking": True}),
    ([ASK], [TOOL], {"add_generation_prompt": True}),
    ([SYSTEM, ASK, CALLING, RESULT], [TOOL], {"add_generation_prompt": True}),
    ([SYSTEM, ASK, CALLING, RESULT, PLAIN, ASK], [TOOL, TOOL], {}),
    ([ASK, dict(CALLING, tool_calls=[CALL, CALL]), RESULT, RESULT, PLAIN], [TOOL], {}),
    ([ASK, dict(CALLING, tool_calls=[dict(CALL, id="short")])], None, {}),
    ([ASK, dict(CALLING, content="Let me look.")], [TOOL], {"builtin_tools": ["find", "code_interpreter"], "tools_in_user_message": False}),
    ([ASK, ASK], None, {}),
    ([PLAIN], None, {}),
    ([dict(ASK, role="critic")], None, {}),
    ([SYSTEM], [TOOL], {}),
    ([ASK, dict(ASK, content="stop"), ASK], None, {"date_string": "1 May"}),
    ([ASK], None, {"push": True}),
]


def templates(arguments):
    for argument in arguments:
        path = Path(argument)
        for file in sorted(path.glob("*.jinja")) if path.is_dir() else [path]:
            yield file.name, file.read_text()
        config = path / "tokenizer_config.json" if path.is_dir() else None
        if config and config.exists():
            yield path.name, json.loads(config.read_text())["chat_template"]


def render(template, messages, tools, variables):
    options = {"add_generation_prompt": False, **TOKENS, **variables}
    try:
        (text,), _ = chat_template_utils.render_jinja_template([messages], tools=tools, chat_template=template, **options)
        return {"text": text}
    except Exception as error:
        return {"error": str(error)}


def main():
    arguments = sys.argv[1:]
    for name, template in templates(arguments or [HERE]):
        source = {"source": template} if arguments else {}
        for messages, tools, variables in CONVERSATIONS:
            case = {"template": name, **source, "messages": messages, "tools": tools, "variables": variables}
            print(json.dumps({**case, **render(template, messages, tools, variables)}))


if __name__ == "__main__":
    main()
