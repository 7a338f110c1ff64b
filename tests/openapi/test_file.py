"""server/openapi.yaml by itself: its schemas are schemas, its references lead somewhere, its examples are what they should."""

import unittest

import jsonschema
from contract import CONTRACT

DOCUMENT = CONTRACT.document
SCHEMAS = DOCUMENT["components"]["schemas"]


def refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for element in node:
            yield from refs(element)


def bodies(node):
    """Everything that has a schema and perhaps examples."""
    if isinstance(node, dict):
        if "schema" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for element in node:
            yield from bodies(element)


class File(unittest.TestCase):
    def test_schemas_are_schemas(self):
        for name, schema in SCHEMAS.items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)

    def test_references_lead_somewhere_and_nothing_is_left_over(self):
        used = set(refs(DOCUMENT))
        for reference in used:
            CONTRACT.resolve({"$ref": reference})
        # Those of security are called by their names alone.
        used |= {f"#/components/securitySchemes/{name}" for way in DOCUMENT["security"] for name in way}
        for kind, components in DOCUMENT["components"].items():
            for name in components:
                self.assertIn(f"#/components/{kind}/{name}", used)

    def test_schemas_examples_are_examples(self):
        for name, schema in SCHEMAS.items():
            for example in schema.get("examples", ()):
                CONTRACT.validate(SCHEMAS[name], example, name)

    def test_examples_are_examples(self):
        compared = 0
        for media in bodies(DOCUMENT["paths"]):
            for name, example in media.get("examples", {}).items():
                with self.subTest(name):
                    CONTRACT.validate(media["schema"], example["value"], name)
                    compared += 1
        self.assertGreater(compared, 20)

    def test_the_layers_with_conditions_are_all_layers(self):
        for rules in ("LayerMembers", "SettledMembers"):
            named = []
            for rule in SCHEMAS[rules]["allOf"]:
                op = rule["if"]["properties"]["op"]
                named += op["enum"] if "enum" in op else [op["const"]]
            self.assertEqual(len(set(named)), len(named), rules)
            self.assertLessEqual(set(named), set(SCHEMAS["Op"]["enum"]))


if __name__ == "__main__":
    unittest.main()
