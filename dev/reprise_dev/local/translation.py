"""The template as AWS's own translator sees it. Runs in the emulator's environment, which is the one that has it.

    python translation.py < template.yaml

prints {"written": the template, its short tags as long ones; "code": the folder of each function's and layer's code;
"translated": the plain resources that become of it}. Code is taken to lie at s3://artifacts/NAME.zip.

The emulator could translate by itself, but it ignores the OpenAPI body in which the translator puts an API's routes.
"""

from __future__ import annotations

import copy
import json
import sys
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

SOURCE_OF_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
# What a parameter without a default is taken to be; only its shape matters here, CloudFormation gets the real one.
UNKNOWN = "https://music.example.org"

# A template is JSON, nested and open-ended.
Json = dict[str, Any]


def main() -> None:
    written = yaml_parse(sys.stdin.read())
    uploaded = copy.deepcopy(written)
    code = {}
    for name, resource in uploaded["Resources"].items():
        if resource["Type"] in SOURCE_OF_CODE:
            where = SOURCE_OF_CODE[resource["Type"]]
            code[name] = resource["Properties"][where]
            resource["Properties"][where] = f"s3://artifacts/{name}.zip"
    json.dump({"written": written, "code": code, "translated": _translated(uploaded)}, sys.stdout)


def _translated(source: Json) -> Json:
    parameters = {name: each.get("Default", UNKNOWN) for name, each in source["Parameters"].items()}
    result: Json = Translator({}, Parser()).translate(source, parameters)
    result.pop("Transform", None)
    return result


if __name__ == "__main__":
    main()
