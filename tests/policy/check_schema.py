"""Judges YAML files by a JSON Schema, as an editor would.

check_schema.py SCHEMA FILE…: prints the schema's own mistakes, or "FILE: ok" / "FILE: PATH: what is wrong".
"""
import json
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: yes, no and dates are text."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^([-+]?[0-9]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))


def main(schema_file, files):
    with open(schema_file, encoding="utf-8") as source:
        schema = json.load(source)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    for name in files:
        with open(name, encoding="utf-8") as source:
            document = yaml.load(source, Loader)
        errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.path)))
        for error in errors[:1]:
            print(f"{name}: /{'/'.join(map(str, error.path))}: {error.message[:200]}")
        if not errors:
            print(f"{name}: ok")


main(sys.argv[1], sys.argv[2:])
